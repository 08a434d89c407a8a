"""Days that differ: one site or a whole network, and undone the same way."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.utils import timezone

from guichet.accounts.models import AuditEvent
from guichet.core.errors import RuleViolation
from guichet.directory.actions.closures import (
    DifferingDays,
    announce_days,
    announce_everywhere,
    withdraw_announcement,
    withdraw_days,
)
from guichet.directory.models import Announcement, ExceptionalHours

TODAY = timezone.localdate()
SOON = TODAY + timedelta(days=7)
SHUT = DifferingDays(SOON, SOON, reason="Pont")
TWO_OPENINGS = DifferingDays(SOON, SOON, ((time(9), time(12)), (time(14), time(16))))


def test_days_are_announced_once(site, manager):
    assert announce_days(structures=[site], days=SHUT, by=manager) == [site]
    assert announce_days(structures=[site], days=SHUT, by=manager) == []
    row = ExceptionalHours.objects.get()
    assert (row.closed, row.reason, row.entered_by) == (True, "Pont", manager)
    event = AuditEvent.objects.get()
    assert event.after["openings"] == "fermé"


def test_several_openings_of_a_day_are_withdrawn_together(site, manager):
    announce_days(structures=[site], days=TWO_OPENINGS, by=manager)
    announce_days(structures=[site], days=SHUT, by=manager)
    opening = ExceptionalHours.objects.filter(closed=False).last()
    withdraw_days(days=opening, by=manager)
    assert [row.closed for row in ExceptionalHours.objects.all()] == [True]
    event = AuditEvent.objects.get(action="structure.days_withdrawn")
    assert event.before["openings"] == "9h-12h, 14h-16h"


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (5, 1, "échangez les deux dates"),
        (-9, -8, "passés"),
        (1, 500, "plus d'un an"),
        (2000, 2000, "plus de trois ans"),
    ],
)
def test_days_that_make_no_sense_are_refused(site, manager, first, last, told):
    days = DifferingDays(TODAY + timedelta(days=first), TODAY + timedelta(days=last))
    with pytest.raises(RuleViolation, match=told):
        announce_days(structures=[site], days=days, by=manager)


def test_a_bridge_day_everywhere_is_undone_everywhere(network, site, sibling, lead, manager):
    announce_days(structures=[sibling], days=SHUT, by=manager)
    announcement, count = announce_everywhere(
        network=network, structures=[site, sibling], days=SHUT, by=lead
    )
    assert count == 1
    assert withdraw_announcement(announcement=announcement, by=lead) == 1
    assert [row.structure for row in ExceptionalHours.objects.all()] == [sibling]
    assert not Announcement.objects.exists()


def test_a_site_that_withdrew_for_itself_is_left_alone(network, site, sibling, lead, manager):
    announcement, count = announce_everywhere(
        network=network, structures=[site, sibling], days=TWO_OPENINGS, by=lead
    )
    assert count == 2
    withdraw_days(days=site.exceptional_hours.first(), by=manager)
    assert withdraw_announcement(announcement=announcement, by=lead) == 1


def test_nothing_new_is_refused(network, site, lead):
    announce_everywhere(network=network, structures=[site], days=SHUT, by=lead)
    with pytest.raises(RuleViolation, match="déjà annoncés"):
        announce_everywhere(network=network, structures=[site], days=SHUT, by=lead)
    assert Announcement.objects.count() == 1


def test_another_network_s_sites_are_refused(network, site, elsewhere, lead):
    with pytest.raises(RuleViolation, match="ne sont pas du réseau"):
        announce_everywhere(network=network, structures=[site, elsewhere], days=SHUT, by=lead)
    assert not ExceptionalHours.objects.exists()
