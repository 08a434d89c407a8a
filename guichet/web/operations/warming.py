"""What a web worker reads, builds and compiles before it listens, so that no visitor waits for it:
addresses, lists of words, the catalogue of orientation, templates.

Owns what is asked; refuses to stop a worker that could not warm up: it serves, slower at first.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from threading import Thread
from typing import Any
from urllib.parse import urlsplit
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.db import connections

Application = Callable[..., Any]
LONGEST_SECONDS = 10
PAGES = (
    "/",
    "/services/?q=mairie&ou=Lille",
    "/experiences/partager/?quoi=caf&ou=Lille",
    "/experiences/?q=attente",
    "/orientation/",
    "/resultats/",
    "/agents/connexion/",
)
"""Reading writes nothing, so that a page can be asked by anybody, the server itself included."""
STORY = (
    "Bonjour, je m'appelle Nadia Benali, j'attends mon dossier n° 1234567 depuis trois mois à la "
    "CAF de Lille. J'ai appelé le 06 12 34 56 78, je n'en peux plus, personne ne répond."
)
QUESTION = "je n'arrive plus à payer mon loyer, qui peut m'aider"
logger = logging.getLogger("guichet.warming")


def warm_up_for_a_while(application: Application) -> None:
    """Warm up before listening, but no longer than visitors may be kept out; the rest goes on
    while the first of them come."""
    warming = Thread(target=warm_up, args=(application,), name="warming", daemon=True)
    warming.start()
    warming.join(LONGEST_SECONDS)


def warm_up(application: Application) -> None:
    """Do once what the first visitors will ask, and let go of the database."""
    started = time.perf_counter()
    for step in (read_a_story, read_a_question, lambda: ask_pages(application)):
        try:
            step()
        except Exception:
            logger.exception("a worker could not warm up")
    connections.close_all()
    duration_ms = round((time.perf_counter() - started) * 1000)
    logger.info("worker is warm", extra={"duration_ms": duration_ms})


def read_a_story() -> None:
    """Lists of names and places, patterns, signs of danger, what tells a good title."""
    from guichet.experiences.sharing.cautions import story_cautions

    story_cautions({"story": STORY})


def read_a_question() -> None:
    from guichet.orientation.catalogue import catalogue

    catalogue().judge(QUESTION)


def ask_pages(application: Application) -> None:
    for page in PAGES:
        path, _, query = page.partition("?")
        if (status := status_of(application, environment_of(path, query))) != "200 OK":
            logger.warning("page is not ready", extra={"path": path, "status": status})


def status_of(application: Application, environment: dict[str, Any]) -> str:
    """What is answered, read to its end."""
    statuses: list[str] = []
    answer = application(environment, lambda status, headers: statuses.append(status))
    try:
        for _ in answer:
            pass
    finally:
        answer.close()
    return "".join(statuses)


def environment_of(path: str, query: str) -> dict[str, Any]:
    """As a proxy of this machine would ask, under the public name of the site."""
    site = urlsplit(settings.PUBLIC_URL)
    environment: dict[str, Any] = {
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": site.netloc,
        "HTTP_X_FORWARDED_PROTO": site.scheme,
        "HTTP_X_FORWARDED_FOR": "127.0.0.1",
        "HTTP_X_REQUEST_ID": f"warming-{os.getpid():08d}",
        "wsgi.url_scheme": site.scheme,
    }
    setup_testing_defaults(environment)
    return environment
