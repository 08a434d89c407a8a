"""A sheet has one outcome, whoever presses first; errors are counted for the pair of services."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from guichet.accounts.models import AuditEvent
from guichet.core.errors import RuleViolation
from guichet.directory.models import StructureKind
from guichet.orientation.actions.handovers import (
    CANCELLABLE_FOR,
    cancel_handover,
    create_handover,
    declare_misrouted,
    receive,
)
from guichet.orientation.models import Handover, Misrouting
from guichet.orientation.retention import HANDOVERS_KEPT_FOR, erase_old_handovers
from guichet.orientation.tests.factories import HandoverFactory


@pytest.fixture
def cpam_kind(no_territories):
    return StructureKind.objects.get(code="cpam")


def test_a_person_is_received(sheet, receiver, caf):
    receive(handover=sheet, by=receiver)
    sheet.refresh_from_db()
    assert (sheet.outcome, sheet.settled_by) == (Handover.Outcome.RECEIVED, receiver)
    assert sheet.settled_at is not None
    event = AuditEvent.objects.get()
    assert (event.action, str(event.scope)) == ("handover.received", caf.scope)
    assert not Misrouting.objects.exists()


def test_a_wrong_service_is_counted_for_the_pair(sheet, receiver, cpam_kind):
    declare_misrouted(handover=sheet, by=receiver, right_kind=cpam_kind)
    sheet.refresh_from_db()
    assert (sheet.outcome, sheet.right_kind) == (Handover.Outcome.MISROUTED, cpam_kind)
    counted = Misrouting.objects.get()
    assert (counted.sent_by_id, counted.sent_to_id) == ("france_services", "caf")
    assert (counted.departement, counted.count) == ("59", 1)


def test_an_error_counts_in_the_month_of_its_sheet(sheet, receiver):
    Handover.objects.filter(pk=sheet.pk).update(
        created_at=timezone.make_aware(timezone.datetime(2026, 1, 31, 23, 30))
    )
    sheet.refresh_from_db()
    declare_misrouted(handover=sheet, by=receiver)
    assert f"{Misrouting.objects.get().month}" == "2026-01-01"


@pytest.mark.parametrize("second", [receive, declare_misrouted])
def test_two_agents_at_once_give_one_outcome(sheet, receiver, second):
    seen_by_another = Handover.objects.get(pk=sheet.pk)
    receive(handover=sheet, by=receiver)
    with pytest.raises(RuleViolation, match="déjà reçu une suite : personne reçue"):
        second(handover=seen_by_another, by=receiver)
    assert not Misrouting.objects.exists()
    assert AuditEvent.objects.count() == 1


def test_a_sheet_is_cancelled_by_its_sender_for_half_an_hour(sheet, sender):
    cancel_handover(handover=sheet, by=sender)
    sheet.refresh_from_db()
    assert sheet.outcome == Handover.Outcome.CANCELLED


def test_half_an_hour_later_it_is_not(sheet, sender):
    sheet.created_at = timezone.now() - CANCELLABLE_FOR - timedelta(seconds=1)
    with pytest.raises(RuleViolation, match="dans les trente minutes"):
        cancel_handover(handover=sheet, by=sender)
    assert Handover.objects.get().outcome == Handover.Outcome.SENT


def test_a_person_already_received_cannot_be_taken_back(sheet, sender, receiver):
    receive(handover=sheet, by=receiver)
    with pytest.raises(RuleViolation, match="déjà reçu une suite"):
        cancel_handover(handover=sheet, by=sender)


def test_cancelling_takes_back_what_making_had_counted(house, caf, sender):
    mairie = StructureKind.objects.get(code="mairie")

    def make():
        return create_handover(
            sender=house, receiver=caf, by=sender, subject="RSA", why="Oui.", came_from=mairie
        )

    make()
    cancel_handover(handover=make(), by=sender)
    assert Misrouting.objects.get().count == 1


def test_sheets_are_erased_after_a_year_and_the_counts_stay(sheet, receiver):
    declare_misrouted(handover=sheet, by=receiver)
    now = timezone.now()
    kept = HandoverFactory(created_at=now - HANDOVERS_KEPT_FOR + timedelta(minutes=1))
    Handover.objects.filter(pk=sheet.pk).update(
        created_at=now - HANDOVERS_KEPT_FOR - timedelta(minutes=1)
    )
    assert timedelta(days=366) == HANDOVERS_KEPT_FOR
    assert erase_old_handovers() == 1
    assert Handover.objects.get() == kept
    assert Misrouting.objects.get().count == 1
