"""The worker of the queue as a child of `guichet serve`.

Run as `python -m guichet.web.operations.worker_child`. With `--database-home` it also holds the
embedded database open: were `guichet serve` killed, the worker is the one that stops it.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import threading
from pathlib import Path

from guichet.web.operations.children import STOP_SIGNALS, end_with_parent


def main() -> None:
    options = read_arguments()
    stop_asked = threading.Event()
    for number in STOP_SIGNALS:
        signal.signal(number, lambda *_: stop_asked.set())
    end_with_parent(options.parent)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guichet.settings")
    with contextlib.ExitStack() as stack:
        if options.database_home:
            from guichet.core.postgres import embedded_postgres

            stack.enter_context(embedded_postgres(options.database_home))
        if not stop_asked.is_set():
            work_until_stopped(stop_asked)


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--database-home", type=Path)
    parser.add_argument("--parent", type=int, required=True)
    return parser.parse_args()


def work_until_stopped(stop_asked: threading.Event) -> None:
    """Until now a signal only left its mark, so that the database is always given back."""
    import django

    django.setup()
    from procrastinate.contrib.django import app

    async def work() -> None:
        stopping = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in STOP_SIGNALS:
            loop.add_signal_handler(number, stopping.set)
        if stop_asked.is_set():
            return
        async with app.open_async():
            worker = asyncio.create_task(app.run_worker_async(install_signal_handlers=False))
            stopped = asyncio.create_task(stopping.wait())
            await asyncio.wait({worker, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if not worker.done():
                # One request only: a second would cut the jobs that the first waits for.
                worker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await worker

    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
        asyncio.run(work())


if __name__ == "__main__":
    main()
