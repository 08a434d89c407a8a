"""Accuracy on the frozen questions, and the time of a question, on real places where there are."""

from __future__ import annotations

import time

from bench.coverage import loaded
from bench.figures import Figure, milliseconds

PLACES = "guichets_dila_2016.csv.gz"
QUESTIONS = ("je veux demander le RSA", "refaire ma carte d'identité", "mon voisin fait du bruit")


def figures(*, full: bool) -> list[Figure]:
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("import_territories", verbosity=0)
    whose = "real" if loaded(PLACES, "dila2016") else "fictional"
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return [index_figure(), *accuracy_figures(), *time_figures(whose)]


def index_figure() -> Figure:
    from guichet.orientation.catalogue import build, current_version

    started = time.perf_counter()
    built = build(current_version())
    spent_s = time.perf_counter() - started
    return Figure(
        "index of needs and sheets, built in each process when they change",
        f"{spent_s:.1f} s",
        "",
        None,
        f"{len(built.meant):,} documents",
    )


def accuracy_figures() -> list[Figure]:
    from guichet.directory.models import StructureKind
    from guichet.orientation.answers import Question, answer_to
    from guichet.orientation.api import doors_in_order
    from guichet.orientation.tests.accuracy.measuring import Given, measure, read_questions

    def ask(text: str) -> Given:
        answer = answer_to(Question(text))
        kinds = tuple(door.kind for _, door in doors_in_order(answer))
        return Given(kinds, answer.out_of_scope)

    found = measure(read_questions(), ask)
    known = set(StructureKind.objects.values_list("code", flat=True))
    invented = len(found.kinds_given - known)
    return [
        Figure("frozen questions, first service right", f"{found.top1:.3f}", "", None),
        Figure(
            "frozen questions, one of three right", f"{found.top3:.3f}", "0.90", found.top3 >= 0.90
        ),
        Figure(
            "frozen questions, out of scope recognised",
            f"{found.out_of_scope:.3f}",
            "0.80",
            found.out_of_scope >= 0.80,
            f"in scope and wrongly refused: {found.refused}",
        ),
        Figure("services that do not exist", f"{invented}", "0", invented == 0),
        Figure("failures, by number", "; ".join(found.failures), "", None),
    ]


def time_figures(whose: str) -> list[Figure]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from guichet.orientation.catalogue import catalogue

    client = Client(headers={"host": "127.0.0.1"})
    index = catalogue()
    search_ms = milliseconds(lambda: [index.judge(text) for text in QUESTIONS]) / len(QUESTIONS)

    def ask(path: str, text: str) -> None:
        response = client.get(path, {"q": text, "commune": "Lille"})
        assert response.status_code == 200

    found = []
    for name, path in (("page", "/orientation/"), ("API", "/api/v1/orientation")):
        spent_ms = milliseconds(lambda path=path: [ask(path, text) for text in QUESTIONS])  # type: ignore[misc]
        with CaptureQueriesContext(connection) as queries:
            ask(path, QUESTIONS[0])
        found.append(
            Figure(
                f"a question with its town, {whose} places, {name}, server time",
                f"{spent_ms / len(QUESTIONS):.0f} ms, {len(queries)} queries",
                "50 ms",
                spent_ms / len(QUESTIONS) < 50,
                f"of which the search of needs: {search_ms:.1f} ms",
            )
        )
    return found
