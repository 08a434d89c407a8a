"""What serving costs: the memory of web workers after use, and a thousand posts in a row.

Owns a demonstration of its own, served for real on 127.0.0.1, and the walk through it.
"""

from __future__ import annotations

import http.client
import io
import os
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from bench.figures import Figure

ROUNDS = 4
POSTS, SENDERS = 1_000, 8
LARGEST_MB = 250
ADMITTED = (303, 429)
PATIENCE_SECONDS = 180
STORY = (
    "J'attends une réponse de ce service depuis deux mois. J'ai déposé mon dossier à l'accueil, "
    "puis j'ai appelé trois fois sans que personne puisse me dire où il en était. "
)
ANSWER = (
    "Bonjour, nous sommes désolés de cette attente. Votre dossier est traité sous huit jours. Un "
    "second guichet ouvre lundi matin, et vous pouvez prendre rendez-vous au 3230."
)
READ_SECONDS = 3.1
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
VERSION = re.compile(r'name="version" value="(\d+)"')
CHART = re.compile(r'(?:src|href)="(/resultats/[^"]+(?:svg|pdf|csv)[^"]*)"')
SEEN = re.compile(r'name="seen" value="([^"]+)"')


@dataclass
class Visit:
    """An answer: its status, its text, the address that it leads to, and how long it took."""

    status: int
    text: str
    location: str
    seconds: float


class Visitor:
    """One browser, by hand: cookies, no more."""

    def __init__(self, port: int, session: str = "") -> None:
        self._port = port
        self._cookies = {"sessionid": session} if session else {}

    def get(self, path: str) -> Visit:
        return self._ask("GET", path, None)

    def post(self, path: str, **values: str) -> Visit:
        return self._ask("POST", path, values)

    def _ask(self, method: str, path: str, values: dict[str, str] | None) -> Visit:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        body = None
        if values is not None:
            body = urlencode(values)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        started = time.perf_counter()
        try:
            connection.request(method, quote(path, safe="/?=&%+"), body, headers)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        location = answer.headers.get("Location", "")
        return Visit(answer.status, text, location, time.perf_counter() - started)


def figures(*, full: bool) -> list[Figure]:
    from django.core.management import call_command
    from django.db import connections

    call_command("demo", no_serve=True, stdout=io.StringIO())
    pages, service = pages_of_all_sorts()
    agent = signed_in_agent()
    connections.close_all()
    with served() as (port, pid):
        wait_until_ready(port)
        warm_mb = largest_mb(pid)
        first = begin_story(Visitor(port), service)
        statuses = use(port, pages, service, agent)
        used_mb = largest_mb(pid)
        answers, seconds = flood(port, service)
        after_mb = largest_mb(pid)
    asked = f"{statuses.total()} answers, {dict(sorted(statuses.items()))}"
    return [
        memory_figure("web worker, warm, before its first visitor", warm_mb, ""),
        memory_figure("web worker after use", used_mb, asked),
        memory_figure(f"web worker after use and {POSTS:,} posts", after_mb, ""),
        Figure(
            "first story posted to a worker that has just started: slowest of its pages",
            f"{first:.2f} s",
            "1 s",
            first < 1,
        ),
        Figure(
            f"{POSTS:,} posts of {SENDERS} senders at once",
            f"{seconds:.0f} s, {dict(sorted(answers.items()))}",
            "60 s, all answered",
            seconds < 60 and set(answers) <= set(ADMITTED) and answers.total() == POSTS,
            "429: the page that says when to come back",
        ),
    ]


def memory_figure(name: str, measured_mb: float, beside: str) -> Figure:
    return Figure(
        name, f"{measured_mb:.0f} MB", f"{LARGEST_MB} MB", measured_mb < LARGEST_MB, beside
    )


def pages_of_all_sorts() -> tuple[list[str], str]:
    """What visitors open: searches, services, orientation, results with charts and posters,
    stories, open data; and a service to tell of."""
    from guichet.directory.models import Structure
    from guichet.experiences.models import Experience, State

    measured = list(Structure.objects.filter(network__code="caf").order_by("code")[:3])
    stories = Experience.objects.filter(state=State.PUBLISHED).order_by("pk")[:3]
    pages = [
        "/",
        "/donnees/catalogue.json",
        "/donnees/",
        "/resultats/",
        "/experiences/",
        "/orientation/",
        "/api/v1/structures",
    ]
    for words in ("caf", "mairie", "impôts", "carte d'identité", "attente"):
        pages += [f"/services/?q={words}", f"/experiences/?q={words}"]
        pages.append(f"/experiences/partager/?quoi={words}&ou=Lille")
    for structure in measured:
        results = f"/resultats/{structure.code}/"
        pages += [structure.get_absolute_url(), results, f"{results}affiche.pdf"]
    pages += [story.get_absolute_url() for story in stories]
    return pages, measured[0].code


@dataclass(frozen=True)
class Agent:
    """Somebody signed in, and the page of a story that they answer."""

    session: str
    page: str


def signed_in_agent() -> Agent:
    from django.test import Client
    from django.urls import reverse

    from guichet.accounts.models import User
    from guichet.experiences.models import Addressee, State
    from guichet.web.demo.people import LOGINS

    client = Client(SERVER_NAME="127.0.0.1")
    waiting = Addressee.objects.filter(
        experience__state=State.PUBLISHED, first_reply_at__isnull=True
    ).order_by("pk")
    for login in LOGINS:
        client.force_login(User.objects.get(email=login.email))
        for addressee in waiting[:50]:
            page = reverse("answer_story", args=[addressee.pk])
            if 'name="signature"' in client.get(page).content.decode():
                return Agent(client.cookies["sessionid"].value, page)
    raise RuntimeError("no agent of the demonstration has a story to answer")


def use(port: int, pages: list[str], service: str, agent: Agent) -> Counter[int]:
    """What an hour of a small town asks: stories begun, pages read with their charts, an answer
    read again by its agent. Every status met."""
    statuses = Counter[int]()
    for _ in range(ROUNDS):
        begin_story(Visitor(port), service)
        answer_story(Visitor(port, agent.session), agent.page)
        for page in pages:
            visit = Visitor(port).get(page)
            statuses[visit.status] += 1
            charts = CHART.findall(visit.text)
            statuses.update(Visitor(port).get(chart).status for chart in charts[:4])
    return statuses


def answer_story(visitor: Visitor, page: str) -> None:
    form = visitor.get(page).text
    sent = visitor.post(
        f"{page}brouillon/",
        csrfmiddlewaretoken=found(TOKEN, form),
        version=found(VERSION, form),
        text=ANSWER,
        signature="La responsable de l'accueil",
        act="review",
    )
    assert visitor.get(sent.location).status == 200


@contextmanager
def served() -> Iterator[tuple[int, int]]:
    """`guichet serve` on a free port; its port and its number."""
    from guichet.web.tests.installations import free_port

    port = free_port()
    command = [sys.executable, "-m", "guichet", "serve", "--port", str(port), "--workers", "1"]
    with subprocess.Popen(
        command,
        env={**os.environ, "GUICHET_DEMO": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield port, process.pid
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


def wait_until_ready(port: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            if Visitor(port).get("/readyz").status:
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("the site does not answer")


def largest_mb(pid: int) -> float:
    """The resident memory of the largest web worker below the process `pid`."""
    return max(resident_mb(worker) for worker in web_workers(pid))


def web_workers(pid: int) -> list[int]:
    return [
        worker
        for child in children_of(pid)
        if b"web_child" in Path(f"/proc/{child}/cmdline").read_bytes()
        for worker in children_of(child)
    ]


def children_of(pid: int) -> list[int]:
    threads = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for one in threads for child in (one / "children").read_text().split()]


def resident_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def begin_story(visitor: Visitor, service: str) -> float:
    """Choose a service, tell, say how it felt; the slowest of these answers, in seconds."""
    page = visitor.get(f"/experiences/partager/?service={service}")
    time.sleep(READ_SECONDS)
    began = visitor.post("/experiences/partager/", service=service, seen=found(SEEN, page.text))
    visits = [page, began]
    if "/services/" in began.location:
        address = began.location.replace("/services/", "/recit/")
        step = visitor.get(address)
        token = found(TOKEN, step.text)
        visits += [step, visitor.post(address, csrfmiddlewaretoken=token, story=STORY * 3)]
    return max(visit.seconds for visit in visits)


def found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match[1] if match else ""


def flood(port: int, service: str) -> tuple[Counter[int], float]:
    """Every status that a thousand posts got, 0 when nobody answered, and the seconds it took."""
    seen = found(SEEN, Visitor(port).get(f"/experiences/partager/?service={service}").text)
    time.sleep(READ_SECONDS)
    answers = Counter[int]()
    counting = threading.Lock()

    def send(count: int) -> None:
        for _ in range(count):
            try:
                visit = Visitor(port).post("/experiences/partager/", service=service, seen=seen)
                if "attendre=oui" in visit.location:
                    visit = Visitor(port).get(visit.location)
                status = visit.status
            except OSError:
                status = 0
            with counting:
                answers[status] += 1

    senders = [threading.Thread(target=send, args=(POSTS // SENDERS,)) for _ in range(SENDERS)]
    started = time.perf_counter()
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    return answers, time.perf_counter() - started
