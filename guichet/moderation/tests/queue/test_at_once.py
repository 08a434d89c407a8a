"""Two moderators who decide in the same instant: the row is locked, one wins."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from django.db import connections

from guichet.core.errors import RuleViolation
from guichet.moderation.models import Decision
from guichet.moderation.queue.actions import accept, refuse

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
