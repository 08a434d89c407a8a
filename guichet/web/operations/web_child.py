"""The web server as a child of `guichet serve`: granian, which loads Django in its workers only.

Run as `python -m guichet.web.operations.web_child`.
"""

from __future__ import annotations

import argparse
import os
import signal
from typing import Any

from guichet.web.operations.children import end_with_parent

APPLICATION = "guichet.wsgi:application"
THREADS_A_WORKER = 4
THREAD_IDLE_SECONDS = 600
WORKER_MEMORY_MIB = 238
"""250 million bytes. A warm worker holds some 200: a file checked on the site goes beyond."""
MEMORY_SAMPLES = 10
"""Too much for five minutes, not for a moment."""
MEMORY_EVERY_SECONDS = 30
WORKER_STOP_SECONDS = 10
SUCCESSION_SECONDS = 12
"""What a new worker takes to load and to warm up while the old one still serves."""
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"keyed": {"()": "guichet.core.logs.KeyValueFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "keyed"}},
    "loggers": {
        "_granian": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "granian.access": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}


def main() -> None:
    options = read_arguments()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent(options.parent)

    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    server = Server(
        APPLICATION,
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=options.workers,
        blocking_threads=options.threads,
        blocking_threads_idle_timeout=THREAD_IDLE_SECONDS,
        websockets=False,
        log_level=LogLevels.error,
        log_dictconfig=LOGGING,
        respawn_failed_workers=True,
        workers_max_rss=WORKER_MEMORY_MIB,
        rss_samples=MEMORY_SAMPLES,
        rss_sample_interval=MEMORY_EVERY_SECONDS,
        respawn_interval=SUCCESSION_SECONDS,
        workers_kill_timeout=WORKER_STOP_SECONDS,
    )
    server.serve(target_loader=load_application, wrap_loader=False)


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, required=True)
    parser.add_argument("--threads", type=int, default=THREADS_A_WORKER)
    parser.add_argument("--parent", type=int, required=True)
    return parser.parse_args()


def load_application() -> Any:
    """Called in each worker of granian, which listens once it has it: the worker ends with the
    process that started it, and is warm before its first visitor."""
    end_with_parent(os.getppid(), grace_seconds=WORKER_STOP_SECONDS)
    from guichet.web.operations.warming import warm_up_for_a_while
    from guichet.wsgi import application

    warm_up_for_a_while(application)
    return application


if __name__ == "__main__":
    main()
