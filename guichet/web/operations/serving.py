"""`guichet serve`: web server and worker of one installation, in one process group.

Owns the order of things (port, database, static files, children, ready) and the sentences said
on the way. Refuses a port that is taken and a database that is behind.
"""

from __future__ import annotations

import http.client
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connections

from guichet.web.operations.children import Child, Say, keep_alive, this_python
from guichet.web.operations.ports import check_port
from guichet.web.operations.preparation import embedded_database_home, prepare
from guichet.web.operations.replaying import replay_if_due

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
MOST_DEFAULT_WORKERS = 2
PATIENCE_SECONDS = 60
WEB, WORKER = "web", "worker"
PARTS = (WEB, WORKER)


@dataclass(frozen=True)
class Address:
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT

    @property
    def reachable_host(self) -> str:
        """Where this machine itself reaches a server that listens everywhere."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104

    @property
    def url(self) -> str:
        host = self.reachable_host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"


def serve(
    address: Address,
    *,
    workers: int | None = None,
    parts: Sequence[str] = PARTS,
    say: Say,
    when_ready: Callable[[], None] = lambda: None,
) -> int:
    """Serves until a signal asks to stop; returns the exit status of the command.

    Raises `PortRefused` or `RuleViolation` before anything starts. `when_ready` is called once,
    when the site answers (or at once when only the worker is asked for).
    """
    if WEB in parts:
        check_port(address.host, address.port)
    prepare(say, with_pages=WEB in parts)
    replay_if_due(say)
    connections.close_all()
    announce = Announcement(address, when_ready, say) if WEB in parts else None
    if announce is None:
        when_ready()
    return keep_alive(
        children_for(address, workers, parts),
        say=say,
        at_each_turn=announce.is_pending if announce else lambda: False,
    )


def children_for(address: Address, workers: int | None, parts: Sequence[str]) -> list[Child]:
    home = embedded_database_home()
    environment = environment_for(address)
    children = []
    if WORKER in parts:
        holding = ["--database-home", str(home)] if home else []
        children.append(
            Child(
                "L'exécutant des tâches",
                this_python("guichet.web.operations.worker_child", *holding),
                environment,
            )
        )
    if WEB in parts:
        count = workers or min(MOST_DEFAULT_WORKERS, os.cpu_count() or 1)
        children.append(
            Child(
                "Le serveur web",
                this_python(
                    "guichet.web.operations.web_child",
                    *("--host", address.host, "--port", str(address.port)),
                    *("--workers", str(count)),
                ),
                environment,
            )
        )
    return children


def environment_for(address: Address) -> dict[str, str]:
    """Out of production, links in mails lead to the port that is really served."""
    if settings.PRODUCTION or os.environ.get("GUICHET_PUBLIC_URL"):
        return {}
    return {"GUICHET_PUBLIC_URL": address.url.rstrip("/")}


class Announcement:
    """Says once that the site answers."""

    def __init__(self, address: Address, when_ready: Callable[[], None], say: Say) -> None:
        self._address = address
        self._when_ready = when_ready
        self._say = say
        self._given_up_at = time.monotonic() + PATIENCE_SECONDS
        self._done = False

    def is_pending(self) -> bool:
        """Asks the site once more; False when it has answered or never will."""
        if not self._done and answers(self._address):
            self._done = True
            self._when_ready()
        if not self._done and time.monotonic() > self._given_up_at:
            self._done = True
            self._say(
                f"Le site ne répond toujours pas après {PATIENCE_SECONDS} secondes : la cause est "
                "sans doute dans les lignes précédentes."
            )
        return not self._done


def answers(address: Address) -> bool:
    """Whether the web server answers to `/healthz`, whatever it says."""
    connection = http.client.HTTPConnection(address.reachable_host, address.port, timeout=1)
    host = urlsplit(settings.PUBLIC_URL).netloc
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        return connection.getresponse().status > 0
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
