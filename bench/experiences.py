"""Stories read at national size: search, list, story page, figures, feeds, API, memory.

500,000 stories at full size (20,000 otherwise), with the words of the shipped demonstration stories
at their own frequencies and a long tail of invented ones, 20,000 services in fifty networks.
"""

from __future__ import annotations

import itertools
import random
import re
import statistics
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

from bench.figures import Figure, milliseconds

STORIES = Path(__file__).resolve().parents[1] / "guichet" / "web" / "demo" / "stories"
SMALL, FULL = 20_000, 500_000
SERVICES, NETWORKS = 20_000, 50
RARE_WORDS = 40_000
SHARE_OF_RARE = 0.08
SHORTEST, LONGEST = 30, 260
ANSWERED, PROMISED = 0.8, 0.1
YEARS = 8
AT_ONCE = 5_000
SEARCH_MS, LIST_MS, FIGURES_MS = 50, 60, 60
WORD = re.compile(r"[a-zà-öø-ÿœ']+")
COMMON = ("attente", "téléphone", "dossier", "rendez-vous", "demande", "problème")
TIMES = 15
visitors = itertools.count(1)
SEASON, WORD_OF_A_SEASON = 5, "grippalou"
"""Years ago; all that was told in one month of that year holds the word, and nothing else."""


def figures(*, full: bool) -> list[Figure]:
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("import_territories", verbosity=0)
    count = FULL if full else SMALL
    started = time.perf_counter()
    random.seed(20_261_122)
    places = add_places()
    add_stories(count, places)
    index_stories()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    spent_s = time.perf_counter() - started
    return [
        Figure("stories built and indexed", f"{count:,} in {spent_s:.0f} s", "", None, size()),
        *search_figures(),
        *list_figures(count),
        *scope_figures(),
        memory_figure(),
    ]


def add_places() -> list[tuple[int, int, str]]:
    """(structure, network, département) of services spread over the communes."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO directory_network (code, name, publication_level) "
            "SELECT 'banc-' || n, 'Réseau du banc ' || n, 'site' FROM generate_series(1, %s) AS n",
            [NETWORKS],
        )
        cursor.execute("SELECT id FROM directory_network WHERE code LIKE 'banc-%' ORDER BY id")
        networks = [row[0] for row in cursor.fetchall()]
    from guichet.directory.models import Structure, StructureKind
    from guichet.territories.models import Commune

    kind = StructureKind.objects.order_by("code").first()
    assert kind is not None
    communes = list(Commune.objects.order_by("-population")[:4_000])
    weights = [1 / (rank + 1) for rank in range(NETWORKS)]
    rows = []
    for number in range(SERVICES):
        commune = communes[number % len(communes)]
        network = random.choices(networks, weights)[0]
        rows.append(
            Structure(
                code=f"banc-{number}",
                name=f"Service du banc {number}, {commune.name}",
                kind=kind,
                network_id=network,
                commune=commune,
                source="banc",
                path="0",
                is_fictional=True,
            )
        )
    made = Structure.objects.bulk_create(rows, batch_size=2_000)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE directory_structure SET path = id::text::ltree WHERE path = '0'")
    return [(one.pk, one.network_id, one.commune.departement_id) for one in made]


class Vocabulary:
    """Words drawn as the demonstration's stories use them, some from a long tail."""

    def __init__(self) -> None:
        counted: Counter[str] = Counter()
        for path in sorted(STORIES.glob("*.toml")):
            for story in tomllib.loads(path.read_text(encoding="utf-8"))["story"]:
                counted.update(WORD.findall(f"{story['title']} {story['text']}".lower()))
        known = sum(counted.values())
        tail = [f"{word_of(rank)}" for rank in range(RARE_WORDS)]
        shares = [1 / (rank + 10) for rank in range(RARE_WORDS)]
        scale = known * SHARE_OF_RARE / sum(shares)
        self.words = [*counted, *tail]
        self.weights = list(accumulate([*counted.values(), *(scale * one for one in shares)]))
        self.counted = counted

    def text(self, length: int) -> str:
        return " ".join(random.choices(self.words, cum_weights=self.weights, k=length))


def word_of(rank: int) -> str:
    """An invented word, the same for the same rank."""
    syllables = "ba cho dri fe glu hon ja ki lou mer no pra quin ro sti tan vu xa yel zo".split()
    letters, rest = "", rank + 400
    while rest:
        rest, place = divmod(rest, len(syllables))
        letters += syllables[place]
    return letters


def add_stories(count: int, places: list[tuple[int, int, str]]) -> None:
    """Stories, services addressed, answers and promises, by COPY."""
    vocabulary = Vocabulary()
    now = datetime.now(UTC)
    weights = list(accumulate(1 / (rank + 20) for rank in range(len(places))))
    for first in range(1, count + 1, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, count + 1))
        stories, addressees, replies, promises = [], [], [], []
        for number in numbers:
            at = now - timedelta(days=YEARS * 365 * (1 - number / (count + 1)))
            place = random.choices(places, cum_weights=weights)[0]
            delay = timedelta(days=random.expovariate(1 / 9))
            answered = at + delay if random.random() < ANSWERED else None
            answered = answered if answered and answered < now else None
            stories.append(story_row(number, vocabulary, at, answered, place))
            addressees.append(
                (number, number, 1, place[0], place[0], place[1], "", "", [], None, answered)
            )
            if answered:
                replies.append(
                    (number, number, place[0], "Bonjour, merci de votre récit.", "Accueil",
                     answered, "", "{}", random.random() < 0.7, 0)
                )  # fmt: skip
                if random.random() < PROMISED:
                    outcome = random.choice(("pending", "kept", "partly", "broken"))
                    promises.append((number, number, "Un second guichet", now.date(), "", outcome))
        copy("experiences_experience", STORY, stories)
        copy("experiences_addressee", ADDRESSEE, addressees)
        copy("experiences_reply", REPLY, replies)
        copy("experiences_promise", PROMISE, promises)


STORY = (
    "id key state title description wished pseudonym written_as feeling accessibility information "
    "relation responsiveness simplicity departement_id procedures_entered entry language "
    "written_on confirmed_at published_at first_reply_at changed_at same_count "
    "similar_service_change is_fictional networks promises"
)
ADDRESSEE = (
    "id experience_id rank structure_id first_structure_id network_id name_entered kind_entered "
    "channels due_on first_reply_at"
)
REPLY = (
    "id addressee_id structure_id text signature published_at removed_for quality was_useful "
    "useful_count"
)
PROMISE = "id reply_id what due_on done_words outcome"


def story_row(
    number: int,
    vocabulary: Vocabulary,
    at: datetime,
    answered: datetime | None,
    place: tuple[int, int, str],
) -> tuple[Any, ...]:
    length = int(random.triangular(SHORTEST, LONGEST, 90))
    feelings = ("positive", "neutral", "negative", "negative")
    aspects = [random.choice(("", "", *feelings)) for _ in range(5)]
    feeling = random.choice(feelings)
    told = vocabulary.text(length)
    if (at.year, at.month) == (datetime.now(UTC).year - SEASON, 3):
        told += f" {WORD_OF_A_SEASON}"
    return (
        number, UUID(int=random.getrandbits(128), version=4), "published",
        vocabulary.text(6), told, "", "Un habitant", "user", feeling,
        *aspects, place[2], "", "self", "fr", at.date(), at, at, answered, at, 0, "", True,
        [], [],
    )  # fmt: skip


def copy(table: str, columns: str, rows: list[tuple[Any, ...]]) -> None:
    from django.db import connection

    connection.ensure_connection()
    names = ", ".join(columns.split())
    with (
        connection.cursor() as cursor,
        cursor.cursor.copy(f"COPY {table} ({names}) FROM STDIN") as out,
    ):
        for row in rows:
            out.write_row(row)


def index_stories() -> None:
    """Through `reading.search`, and the sequences set after the copied numbers."""
    from django.db import connection

    from guichet.experiences.models import Experience
    from guichet.experiences.reading.search import index_all

    last = Experience.objects.order_by("-pk").values_list("pk", flat=True)[0]
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX experience_search")
        for first in range(1, last + 1, AT_ONCE * 4):
            index_all(range(first, min(first + AT_ONCE * 4, last + 1)))
        cursor.execute(
            "CREATE INDEX experience_search ON experiences_experience "
            "USING gin (search, networks, promises)"
        )


def size() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_size_pretty(pg_table_size('experiences_experience')), "
            "pg_size_pretty(pg_indexes_size('experiences_experience'))"
        )
        table, indexes = cursor.fetchone()
    return f"table {table}, its indexes {indexes}"


def search_figures() -> Iterator[Figure]:
    """The search as the page runs it: count up to a thousand and the first twenty stories."""
    from guichet.experiences.reading.listing import Listed, ListWish, listed

    def search(words: str) -> Listed:
        return listed(ListWish(words=words))

    vocabulary = Vocabulary()
    by_use = [word for word, _ in vocabulary.counted.most_common() if len(word) > 5]
    rare = [word_of(rank) for rank in (500, 5_000, 20_000, 39_000)]
    middling = [by_use[place] for place in (200, 600, 1_200, 2_000)]
    two_common = [f"{one} {other}" for one, other in pairwise(COMMON)]
    kinds = {
        "a common word": list(COMMON),
        "a middling word": middling,
        "a rare word": rare,
        "two common words": two_common,
        "a common and a rare word": [f"{COMMON[0]} {word}" for word in rare],
        "three middling words together": [" ".join(middling[:3]), " ".join(middling[1:])],
        "a phrase": ['"rendez vous"', '"pas de réponse"'],
        "a word of one season, years ago": [WORD_OF_A_SEASON],
        "a word that is nowhere": ["zzyzx"],
    }
    clock = processors()
    for kind, asked in kinds.items():
        spans = {}
        for words in asked:
            spans[words] = milliseconds(lambda words=words: search(words), times=TIMES)  # type: ignore[misc]
        worst = max(spans, key=lambda one: spans[one])
        processor_ms = milliseconds(lambda worst=worst: search(worst), times=TIMES, clock=clock)  # type: ignore[misc]
        found = search(worst)
        many = "more than 1,000" if found.is_capped else f"{found.count}"
        yield Figure(
            f"search: {kind}",
            f"{statistics.median(spans.values()):.0f} ms, slowest {spans[worst]:.0f} ms",
            f"{SEARCH_MS} ms",
            spans[worst] < SEARCH_MS,
            f"slowest: « {worst} », {many} stories, {processor_ms:.0f} ms of processor",
        )


def processors() -> Callable[[], float]:
    """Seconds of processor of this process and of the one of PostgreSQL that answers it: other
    work on the machine does not lengthen them. Linux only, the database on the same machine."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        spent = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    return lambda: time.process_time() + int(spent.read_text().split()[0]) / 1e9


def list_figures(count: int) -> Iterator[Figure]:
    deep = count // 2
    lists = {
        "list": "/experiences/",
        "list, half-way down": f"/experiences/?apres={deep}",
        "list of a large network": "/experiences/?reseau=banc-1",
        "list of a small network": f"/experiences/?reseau=banc-{NETWORKS}",
        "list of a service": "/experiences/?service=banc-15000",
        "list of a département": "/experiences/?ou=59",
        "list, promises kept in a small département": "/experiences/?ou=48&promesse=tenue",
        "list, promises kept": "/experiences/?promesse=tenue",
        "list, word and promises kept": "/experiences/?q=dossier&promesse=tenue",
        "list, word and promises made": "/experiences/?q=attente&promesse=faite",
        "list, unanswered, one aspect": "/experiences/?reponse=non&aspect=relation",
        "list of a year long past": f"/experiences/?periode={datetime.now(UTC).year - 5}",
        "list, word and large network": "/experiences/?q=t%C3%A9l%C3%A9phone&reseau=banc-1",
        "list, word and middling network": "/experiences/?q=attente&reseau=banc-7",
        "list, word, network, département": "/experiences/?q=dossier&reseau=banc-7&ou=33",
        "one story": "",
        "feed": "/experiences/flux.atom",
        "API": "/api/v1/experiences?q=dossier",
    }
    for name, path in lists.items():
        yield page_figure(name, path or story_path(deep), LIST_MS)


def story_path(pk: int) -> str:
    from guichet.experiences.models import Experience

    return Experience.objects.get(pk=pk).get_absolute_url()


def page_figure(name: str, path: str, target_ms: float) -> Figure:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    # Searches are counted by address.
    client = Client(headers={"host": "127.0.0.1"}, REMOTE_ADDR=f"127.0.0.{next(visitors)}")

    def visit() -> None:
        response = client.get(path)
        assert response.status_code == 200, (path, response.status_code)

    spent_ms = milliseconds(visit, times=TIMES)
    processor_ms = milliseconds(visit, times=TIMES, clock=processors())
    with CaptureQueriesContext(connection) as queries:
        visit()
    return Figure(
        f"{name}, server time",
        f"{spent_ms:.0f} ms, {len(queries)} queries",
        f"{target_ms:.0f} ms",
        spent_ms < target_ms,
        f"{processor_ms:.0f} ms of processor",
    )


def scope_figures() -> Iterator[Figure]:
    from guichet.experiences.reading.figures import count_all

    spent_s = seconds(count_all)
    yield Figure(
        "figures of all large scopes counted again, each hour", f"{spent_s:.1f} s", "", None
    )
    for name, path in (
        ("a network", "/experiences/reseaux/banc-1/"),
        ("a territory", "/experiences/territoires/59/"),
        ("the busiest service", "/experiences/services/banc-0/"),
    ):
        yield page_figure(f"figures of {name}", path, FIGURES_MS)


def seconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def memory_figure() -> Figure:
    """Of this process, which built the stories too: more than a web worker that only reads."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    now_mb = int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]
    return Figure("memory of the process that built and read", f"{now_mb:.0f} MB", "", None)
