"""What is kept of a call: facts, how long it took; never who called. The last one is undone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from guichet.accounts.models import AuditEvent
from guichet.core.errors import RuleViolation
from guichet.orientation.actions.calls import (
    CallFacts,
    calls_today,
    note_call,
    undo_call,
    undoable_call,
)
from guichet.orientation.models import DeskCall, Need
from guichet.orientation.retention import forget_advisers
from guichet.orientation.tests.factories import DeskCallFactory

Outcome = DeskCall.Outcome
pytestmark = pytest.mark.django_db


def some_seconds_ago(seconds):
    return timezone.now() - timedelta(seconds=seconds)


def test_a_call_keeps_its_facts_and_how_long_it_took(services, adviser):
    caf = services["caf"]
    facts = CallFacts(
        outcome=Outcome.TRANSFERRED,
        commune=caf.commune,
        need=Need.objects.get(code="demander-rsa"),
        kind=caf.kind,
        structure=caf,
        started_at=(started_at := some_seconds_ago(95)),
    )
    call = DeskCall.objects.get(pk=note_call(facts=facts, by=adviser).pk)
    assert (call.commune_id, call.need.code, call.kind_id) == ("59350", "demander-rsa", "caf")
    assert (call.structure, call.adviser, call.outcome) == (caf, adviser, "transferred")
    assert 95 <= call.seconds <= (timezone.now() - started_at).total_seconds() + 1


@pytest.mark.parametrize("outcome", [Outcome.OUT_OF_SCOPE, Outcome.NOT_FOUND])
def test_a_call_that_sent_nowhere_keeps_no_service(services, adviser, outcome):
    caf = services["caf"]
    call = note_call(facts=CallFacts(outcome, kind=caf.kind, structure=caf), by=adviser)
    assert (call.kind, call.structure) == (None, None)


@pytest.mark.parametrize("age", [timedelta(hours=3), timedelta(seconds=-60)])
def test_a_start_that_cannot_be_believed_gives_no_duration(adviser, age):
    facts = CallFacts(Outcome.ANSWERED, started_at=timezone.now() - age)
    assert note_call(facts=facts, by=adviser).seconds is None


def test_the_same_call_is_not_noted_twice_by_the_same_person(adviser, colleague):
    facts = CallFacts(Outcome.ANSWERED, started_at=some_seconds_ago(30))
    note_call(facts=facts, by=adviser)
    with pytest.raises(RuleViolation, match="déjà noté"):
        note_call(facts=facts, by=adviser)
    note_call(facts=facts, by=colleague)
    later = CallFacts(Outcome.ANSWERED, started_at=some_seconds_ago(10))
    note_call(facts=later, by=adviser)
    assert calls_today(adviser) == 2


def test_calls_leave_no_trace_in_the_audit(adviser):
    call = note_call(facts=CallFacts(Outcome.ANSWERED), by=adviser)
    undo_call(pk=call.pk, by=adviser)
    assert not AuditEvent.objects.filter(subject_kind="deskcall").exists()


def test_the_last_call_is_undone_and_only_that_one(adviser, colleague):
    first = note_call(facts=CallFacts(Outcome.ANSWERED), by=adviser)
    last = note_call(facts=CallFacts(Outcome.NOT_FOUND), by=adviser)
    for pk, by in ((first.pk, adviser), (last.pk, colleague), (last.pk + 1, adviser)):
        with pytest.raises(RuleViolation):
            undo_call(pk=pk, by=by)
    undo_call(pk=last.pk, by=adviser)
    with pytest.raises(RuleViolation):
        undo_call(pk=last.pk, by=adviser)
    assert list(DeskCall.objects.values_list("pk", flat=True)) == [first.pk]


def test_after_ten_minutes_a_call_stays(adviser):
    recent = DeskCallFactory(adviser=adviser, at=timezone.now() - timedelta(minutes=9))
    assert undoable_call(adviser) == recent
    DeskCall.objects.update(at=timezone.now() - timedelta(minutes=11))
    assert undoable_call(adviser) is None
    with pytest.raises(RuleViolation, match="dix minutes"):
        undo_call(pk=recent.pk, by=adviser)


def test_today_counts_from_midnight_and_for_oneself(adviser, colleague):
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    DeskCallFactory(adviser=adviser, at=midnight - timedelta(seconds=1))
    DeskCallFactory(adviser=adviser, at=midnight)
    DeskCallFactory(adviser=colleague, at=midnight)
    assert calls_today(adviser) == 1


def test_who_answered_is_forgotten_after_thirty_days_and_the_call_stays(adviser):
    old = DeskCallFactory(adviser=adviser, at=timezone.now() - timedelta(days=31))
    recent = DeskCallFactory(adviser=adviser, at=timezone.now() - timedelta(days=29))
    assert forget_advisers() == 1
    old.refresh_from_db()
    recent.refresh_from_db()
    assert (old.adviser, recent.adviser) == (None, adviser)
    assert forget_advisers() == 0
