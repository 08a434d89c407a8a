"""Two moderators who decide in the same instant: the row is locked, one wins."""

from __future__ import annotations

from threading import Barrier, Event, Thread

import pytest
from django.db import connections, transaction

from guichet.core.errors import RuleViolation
from guichet.moderation.models import Alert, Decision
from guichet.moderation.queue.actions import accept, note_outcome, refuse
from guichet.moderation.queue.machine_findings import Findings
from guichet.moderation.tests.queue.conftest import arrived

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_wins_and_the_other_reads_why(waiting, ana, bo, told):
    start, why = Barrier(2), []

    def decide(act):
        start.wait()
        try:
            act()
        except RuleViolation as error:
            why.append(str(error))
        finally:
            connections.close_all()

    threads = [
        Thread(target=decide, args=(lambda: accept(text=waiting, by=ana),)),
        Thread(target=decide, args=(lambda: refuse(text=waiting, by=bo, reason="insult"),)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    decision = Decision.objects.get()
    assert len(told.decisions) == 1
    (words,) = why
    assert f"{decision.by} a déjà décidé de ce texte" in words


def test_what_was_done_of_a_danger_is_kept_when_it_is_settled_in_the_same_instant(
    told, machine, ana, bo
):
    machine.found = Findings(danger_words=("en finir",))
    danger = arrived("Je veux en finir.")
    refuse(text=danger, by=ana, reason="insult")
    is_noted = Event()

    def note():
        with transaction.atomic():
            note_outcome(alert=Alert.objects.get(), by=ana, outcome="15 appelé à 14 h 05")
            is_noted.set()
            second.join(timeout=0.5)

    def settle():
        is_noted.wait(timeout=60)
        refuse(text=danger, by=bo, reason="insult")

    def run(act):
        try:
            act()
        finally:
            connections.close_all()

    first, second = Thread(target=run, args=(note,)), Thread(target=run, args=(settle,))
    for thread in (second, first):
        thread.start()
    for thread in (second, first):
        thread.join(timeout=60)
    alert = Alert.objects.get()
    assert alert.outcome == "15 appelé à 14 h 05"
    assert alert.settled_by == bo
