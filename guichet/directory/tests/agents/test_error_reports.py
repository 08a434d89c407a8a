"""What visitors report reaches who answers for the place, and is forgotten in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from guichet.accounts.models import AuditEvent
from guichet.core.errors import RuleViolation
from guichet.directory.actions.corrections import correct_structure
from guichet.directory.actions.reports import (
    MAILED_OF_A_NETWORK,
    MAILED_OF_A_STRUCTURE,
    report_error,
    settle_report,
)
from guichet.directory.answerable import answerable_for
from guichet.directory.models import ErrorReport, Role
from guichet.directory.retention import erase_old_reports
from guichet.directory.tests.factories import ErrorReportFactory, StructureFactory, someone


@pytest.fixture(autouse=True)
def _roots(settings):
    settings.PUBLIC_URL = "https://guichet.example"


def test_the_nearest_manager_answers(head, site, sibling, manager, lead):
    above = someone(Role.MANAGER, head)
    someone(Role.RESPONDER, sibling)
    assert answerable_for(site).people == (manager,)
    assert answerable_for(sibling).people == (above,)
    assert "CAF du Nord" in answerable_for(sibling).why


def test_then_the_lead_then_the_administrators(site, elsewhere, lead, administrator):
    assert answerable_for(site).people == (lead,)
    assert answerable_for(elsewhere).people == (administrator,)


def test_a_manager_who_left_does_not_answer(site, manager, lead):
    manager.is_active = False
    manager.save()
    assert answerable_for(site).people == (lead,)


def test_a_report_is_mailed_to_who_answers(site, manager, mailoutbox):
    report_error(structure=site, topic="hours", message=" Fermé le mercredi & le <jeudi>. ")
    mail = mailoutbox[0]
    assert mail.to == [manager.email]
    assert "CAF de Lille" in mail.subject
    assert "Fermé le mercredi & le <jeudi>." in mail.body
    assert "https://guichet.example/agents/structures/caf-lille/signalements/" in mail.body


def test_a_burst_over_many_sites_of_a_network_does_not_flood_its_lead(head, lead, mailoutbox):
    sites = [StructureFactory(network=head.network, parent=head) for _ in range(8)]
    for _ in range(MAILED_OF_A_STRUCTURE):
        for site in sites:
            report_error(structure=site, topic="other", message="?")
    assert ErrorReport.objects.count() == 8 * MAILED_OF_A_STRUCTURE
    assert len(mailoutbox) == MAILED_OF_A_NETWORK


def test_a_line_break_in_a_name_never_loses_a_report(site, manager, mailoutbox):
    correct_structure(structure=site, by=manager, name="Caf\r\nBcc: x@y.example")
    site.refresh_from_db()
    assert site.name == "Caf Bcc: x@y.example"
    report_error(structure=site, topic="hours", message="Fermé.")
    assert "\n" not in mailoutbox[0].subject


def test_a_burst_is_kept_and_flagged_but_not_mailed(site, manager, mailoutbox):
    for _ in range(MAILED_OF_A_STRUCTURE + 2):
        report_error(structure=site, topic="other", message="?")
    assert ErrorReport.objects.filter(is_burst=True).count() == 2
    assert len(mailoutbox) == MAILED_OF_A_STRUCTURE
    ErrorReport.objects.update(reported_at=timezone.now() - timedelta(hours=2))
    assert not report_error(structure=site, topic="other", message="?").is_burst


def test_a_report_is_settled_once(site, manager):
    report = ErrorReportFactory(structure=site)
    settle_report(report=report, by=manager, outcome="Horaires corrigés")
    with pytest.raises(RuleViolation, match="déjà reçu une suite"):
        settle_report(report=report, by=manager, outcome="Autre")
    report.refresh_from_db()
    assert (report.outcome, report.settled_by) == ("Horaires corrigés", manager)
    event = AuditEvent.objects.get()
    assert event.after == {"topic": "les horaires", "outcome": "Horaires corrigés"}


def test_reports_are_erased_a_year_after_their_end_and_two_at_most(site):
    now = timezone.now()
    day = timedelta(days=1)
    kept = [
        ErrorReportFactory(structure=site, reported_at=now - 500 * day),
        ErrorReportFactory(structure=site, reported_at=now - 500 * day, settled_at=now - 364 * day),
    ]
    ErrorReportFactory(structure=site, reported_at=now - 731 * day)
    ErrorReportFactory(structure=site, reported_at=now - 500 * day, settled_at=now - 366 * day)
    assert erase_old_reports() == 2
    assert set(ErrorReport.objects.all()) == set(kept)
