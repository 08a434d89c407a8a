"""Agents at work: the inbox of a large service, a story to answer, what is read again, digests.

One service with forty sites, 2,000 stories that wait and 4,000 that it answered; at full size ten
times as many. A thousand agents of other sites, each with a story, for the mails of the morning.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from bench.experiences import Vocabulary
from bench.figures import Figure, milliseconds

WAITING, ANSWERED = 2_000, 4_000
SITES, AGENTS = 40, 1_000
ANSWER_LENGTH = 1_500
ENDS = ("", "positive", "neutral", "negative", "negative")
PAGE_MS, REVIEW_MS, SIMILAR_MS = 60, 200, 60
TIMES = 15


def figures(*, full: bool) -> list[Figure]:
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("import_territories", verbosity=0)
    random.seed(20_261_123)
    scale = 10 if full else 1
    head = add_service(WAITING * scale, ANSWERED * scale)
    agent = someone_at(head)
    add_agents()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return [
        *page_figures(agent, head),
        *review_figures(head),
        *digest_figures(),
    ]


def add_service(waiting: int, answered: int) -> Any:
    """A service and its sites, their stories and answers; the service."""
    from guichet.directory.models import Network, StructureKind

    network = Network.objects.create(code="banc-r", name="Réseau du banc", publication_level="site")
    kind = StructureKind.objects.order_by("code").first()
    assert kind is not None
    head = add_structure("banc-r-0", "Caisse du banc", network, kind)
    sites = [
        add_structure(f"banc-r-{number}", f"Accueil du banc {number}", network, kind, head)
        for number in range(1, SITES + 1)
    ]
    add_stories(sites, waiting)
    add_stories(sites, answered, answered=True)
    return head


def add_structure(code: str, name: str, network: Any, kind: Any, parent: Any = None) -> Any:
    from guichet.directory.models import Structure

    made = Structure(code=code, name=name, kind=kind, network=network, parent=parent)
    made.source, made.path, made.is_fictional = "banc", "0", True
    made.save()
    made.path = f"{parent.path}.{made.pk}" if parent else str(made.pk)
    made.save(update_fields=["path"])
    return made


def add_stories(sites: list[Any], count: int, *, days: int = 60, answered: bool = False) -> None:
    """`count` stories of `sites`, published in the last `days`, with the words of the
    demonstration's."""
    from django.utils import timezone

    from guichet.experiences.models import Addressee, Experience, Reply
    from guichet.experiences.models.experiences import State
    from guichet.experiences.reading.search import index_all

    vocabulary, now = Vocabulary(), timezone.now()
    stories, addressees = [], []
    for number in range(count):
        at = now - timedelta(days=1 + number % days)
        stories.append(
            Experience(
                state=State.PUBLISHED,
                title=vocabulary.text(6),
                description=vocabulary.text(90),
                feeling=random.choice(ENDS[1:]),
                information=random.choice(ENDS),
                relation=random.choice(ENDS),
                confirmed_at=at,
                published_at=at,
                first_reply_at=now if answered else None,
                is_fictional=True,
            )
        )
    made = Experience.objects.bulk_create(stories, batch_size=1_000)
    for number, story in enumerate(made):
        site = sites[number % len(sites)]
        due_on = story.published_at.date() + timedelta(days=15)
        addressees.append(
            Addressee(
                experience=story,
                rank=1,
                structure=site,
                first_structure=site,
                network_id=site.network_id,
                due_on=due_on,
                first_reply_at=story.first_reply_at,
            )
        )
    kept = Addressee.objects.bulk_create(addressees, batch_size=1_000)
    if answered:
        Reply.objects.bulk_create(
            [
                Reply(
                    addressee=one,
                    structure_id=one.structure_id,
                    text=vocabulary.text(150),
                    signature="L'accueil",
                    published_at=now - timedelta(minutes=number),
                )
                for number, one in enumerate(kept)
            ],
            batch_size=1_000,
        )
    index_all([one.pk for one in made])


def someone_at(structure: Any, name: str = "agent-du-banc") -> Any:
    from guichet.accounts.models import User
    from guichet.directory.models import Membership, Role

    user = User.objects.create(email=f"{name}@banc.example", full_name="Agent du banc")
    Membership.objects.create(user=user, role=Role.RESPONDER, structure=structure)
    return user


def add_agents() -> None:
    """Other sites of another network, each with its agent and one story of yesterday."""
    from guichet.directory.models import Network, StructureKind

    network = Network.objects.create(code="banc-s", name="Autre réseau", publication_level="site")
    kind = StructureKind.objects.order_by("code").first()
    sites = []
    for number in range(AGENTS):
        site = add_structure(f"banc-s-{number}", f"Agence du banc {number}", network, kind)
        sites.append(site)
        someone_at(site, f"agent-{number}")
    add_stories(sites, AGENTS, days=1)


def page_figures(agent: Any, head: Any) -> Iterator[Figure]:
    from django.urls import reverse

    from guichet.experiences.models import Addressee, Reply

    waiting = Addressee.objects.waiting().filter(structure__parent=head).order_by("pk")
    story = waiting[len(waiting) // 2]
    answered = Reply.objects.latest("pk")
    inbox = reverse("stories_inbox")
    pages = {
        "inbox": inbox,
        "inbox, page 20": f"{inbox}?page=20",
        "inbox, late ones": f"{inbox}?liste=retard",
        "inbox, answered ones": f"{inbox}?liste=repondus",
        "inbox, a word and a feeling": f"{inbox}?q=dossier&ressenti=negative",
        "a story to answer": reverse("answer_story", args=[story.pk]),
        "an answered story": reverse("answer_story", args=[answered.addressee_id]),
        "passing on": f"{reverse('pass_on_story', args=[story.pk])}?q=accueil",
    }
    for name, path in pages.items():
        yield page_figure(name, path, agent)


def page_figure(name: str, path: str, agent: Any) -> Figure:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(agent)

    def visit() -> None:
        response = client.get(path)
        assert response.status_code == 200, (path, response.status_code)

    spent_ms = milliseconds(visit, times=TIMES)
    worked_ms = milliseconds(visit, times=TIMES, clock=time.process_time)
    with CaptureQueriesContext(connection) as queries:
        visit()
    return Figure(
        f"{name}, server time",
        f"{spent_ms:.0f} ms, {len(queries)} queries",
        f"{PAGE_MS} ms",
        spent_ms < PAGE_MS,
        f"{worked_ms:.0f} ms of processor, PostgreSQL's apart",
    )


def review_figures(head: Any) -> Iterator[Figure]:
    from guichet.experiences.answering.reviewing import review
    from guichet.experiences.answering.similar import similar_answers
    from guichet.experiences.models import Addressee
    from guichet.moderation.detection.detector import found

    stories = Addressee.objects.waiting().filter(structure__parent=head)
    story = stories.select_related("experience", "structure").order_by("pk")[0]
    spent_ms = milliseconds(lambda: similar_answers(story, ""), times=TIMES)
    yield Figure("similar answers", f"{spent_ms:.0f} ms", f"{SIMILAR_MS} ms", spent_ms < SIMILAR_MS)
    text = answer_text()
    spent_ms = milliseconds(lambda: review(text, addressee=story), times=TIMES)
    yield Figure(
        f"review of an answer of {len(text):,} characters",
        f"{spent_ms:.0f} ms",
        f"{REVIEW_MS} ms",
        spent_ms < REVIEW_MS,
        "against the network's 300 latest answers",
    )
    spent_ms = milliseconds(lambda: found(text), times=TIMES)
    yield Figure("its names, in the worker once warm", f"{spent_ms:.0f} ms", "", None)


def answer_text() -> str:
    """1,500 characters in sentences of a dozen words."""
    vocabulary, sentences = Vocabulary(), ["Bonjour,"]
    while len(" ".join(sentences)) < ANSWER_LENGTH:
        sentences.append(f"{vocabulary.text(12).capitalize()}.")
    return " ".join(sentences)[:ANSWER_LENGTH]


def digest_figures() -> Iterator[Figure]:
    """The mails of the morning, queued; sorted again on another day."""
    from django.utils import timezone

    from guichet.experiences.answering.digests import DigestWriter, send_digests

    today = timezone.localdate()
    spans = []
    for _ in range(3):
        started = time.perf_counter()
        DigestWriter(today).write()
        spans.append(time.perf_counter() - started)
    started, worked = time.perf_counter(), time.process_time()
    people = send_digests(today)
    spent_ms = (time.perf_counter() - started) * 1000
    worked_ms = (time.process_time() - worked) * 1000 / max(people, 1)
    each_ms = spent_ms / max(people, 1)
    yield Figure(
        f"digests of {people:,} people, sorted and queued",
        f"{spent_ms / 1000:.1f} s, {each_ms:.2f} ms each",
        "",
        None,
        f"{worked_ms:.2f} ms of processor each; sorting alone: {statistics.median(spans):.2f} s",
    )
