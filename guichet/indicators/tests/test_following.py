"""What is due, what is late, who is missing, and who is reminded of it."""

from __future__ import annotations

from datetime import date

import pytest

from guichet.core.periods import PeriodKind, period
from guichet.directory.models import Role
from guichet.directory.tests.agents.conftest import text_of
from guichet.directory.tests.factories import StructureFactory, someone
from guichet.indicators.batches.dues import Due, dues, reminder_step
from guichet.indicators.batches.following import followed
from guichet.indicators.batches.reminders import remind
from guichet.indicators.models import ReminderSent
from guichet.indicators.tests.factories import BatchFactory, GrainFactory, VersionFactory
from guichet.indicators.tests.sendings import accepted

TODAY = date(2026, 3, 10)
JANUARY = [("caf-lille", "2026-01", 80, 100), ("caf-roubaix", "2026-01", 75, 100)]


@pytest.fixture
def grain(network, site, sibling, lake):
    """Monthly from January 2026, thirty days after: January was due on 2 March."""
    return GrainFactory(network=network, version=VersionFactory(), due_days=30)


def states(network, today=TODAY, scopes=None):
    return {
        line.due.period.code: (line.state, line.received, line.expected)
        for line in followed(network, today, scopes=scopes)
    }


def test_only_whole_periods_of_the_grain_are_due():
    found = dues(PeriodKind.MONTH, "2025-12", None, 30, today=TODAY)
    assert [(one.period.code, one.due_on) for one in found] == [
        ("2026-02", date(2026, 3, 30)),
        ("2026-01", date(2026, 3, 2)),
        ("2025-12", date(2026, 1, 30)),
    ]
    ended = dues(PeriodKind.MONTH, "2025-12", date(2026, 1, 31), 30, today=TODAY)
    assert [one.period.code for one in ended] == ["2026-01", "2025-12"]
    assert dues(PeriodKind.WEEK, "2026-W11", None, 3, today=TODAY) == []


@pytest.mark.parametrize(
    ("today", "step"),
    [
        (date(2026, 2, 24), ""),
        (date(2026, 2, 25), "soon"),
        (date(2026, 3, 2), "soon"),
        (date(2026, 3, 3), "late-1"),
        (date(2026, 3, 11), "late-1"),
        (date(2026, 3, 12), "late-10"),
        (date(2026, 4, 11), "late-10"),
        (date(2026, 4, 12), ""),
    ],
)
def test_reminders_fall_five_days_before_and_one_and_ten_days_after(today, step):
    assert reminder_step(Due(period("2026-01"), date(2026, 3, 2)), today) == step


def test_a_period_is_late_until_every_place_sent(network, grain, tmp_path):
    assert states(network) == {"2026-02": ("waiting", 0, 2), "2026-01": ("late", 0, 2)}
    accepted(network, JANUARY[:1], tmp_path)
    assert states(network)["2026-01"] == ("late", 1, 2)
    accepted(network, JANUARY[1:], tmp_path)
    assert states(network)["2026-01"] == ("received", 2, 2)


def test_a_withdrawn_batch_is_missing_again(network, grain, tmp_path):
    batch = accepted(network, JANUARY, tmp_path)
    batch.withdrawn_at, batch.withdrawal_reason = batch.received_at, "essai"
    batch.save()
    assert states(network)["2026-01"] == ("late", 0, 2)


def test_places_are_expected_while_they_are_open_the_whole_period(network, grain, site, sibling):
    site.closed_on = date(2026, 1, 31)
    site.save()
    sibling.opened_on = date(2026, 1, 2)
    sibling.save()
    StructureFactory(network=network, level="departement")
    assert states(network) == {"2026-02": ("waiting", 0, 1), "2026-01": ("late", 0, 1)}


def test_what_the_platform_counts_is_not_followed(network, grain):
    grain.source = "orientation"
    grain.save()
    assert followed(network, TODAY) == []


def test_a_managers_view_holds_the_structures_managed(network, grain, site):
    assert states(network, scopes=[site])["2026-01"] == ("late", 0, 1)


def test_following_costs_the_same_whatever_the_number_of_batches(
    network, grain, tmp_path, django_assert_num_queries
):
    for part in range(5):
        accepted(network, [("caf-lille", "2026-01", part, 100)], tmp_path)
    with django_assert_num_queries(4):
        followed(network, TODAY)


def test_the_page_says_who_is_missing_and_gives_it_as_a_file(client, network, grain, lead):
    client.force_login(lead)
    url = f"/agents/reseaux/caf/lots/suivi/{grain.pk}/2026-01"
    assert "En retard" in text_of(client.get("/agents/reseaux/caf/lots/suivi/"))
    page = text_of(client.get(f"{url}/"))
    assert "CAF de Roubaix" in page
    lines = b"".join(client.get(f"{url}.csv").streaming_content).decode()
    assert "caf-roubaix;CAF de Roubaix" in lines
    whole = b"".join(client.get("/agents/reseaux/caf/lots/suivi.csv").streaming_content).decode()
    assert whole.startswith("\ufeffindicateur;version;intitule;periode;attendu_le;etat;")
    assert ";en retard;2;0;2" in whole


@pytest.mark.parametrize("code", ["2025-12", "2026-Q1", "2026-13", "2099-01", "x"])
def test_a_period_that_nobody_expects_is_not_found(client, grain, lead, code):
    client.force_login(lead)
    assert client.get(f"/agents/reseaux/caf/lots/suivi/{grain.pk}/{code}/").status_code == 404


def test_a_manager_sees_no_place_of_others_missing(client, grain, manager):
    client.force_login(manager)
    page = text_of(client.get(f"/agents/reseaux/caf/lots/suivi/{grain.pk}/2026-01/"))
    assert "CAF de Lille" in page
    assert "CAF de Roubaix" not in page


def recipients(mails):
    return sorted(one for message in mails for one in message.to)


def test_the_lead_is_reminded_once_of_each_step(network, grain, lead, mailoutbox):
    assert remind(date(2026, 2, 25)) == 1
    assert remind(date(2026, 2, 26)) == 0
    assert remind(date(2026, 3, 3)) == 1
    assert remind(date(2026, 3, 4)) == 0
    assert remind(date(2026, 3, 12)) == 1
    assert remind(date(2026, 3, 13)) == 0
    assert recipients(mailoutbox) == ["dominique@caf.example"] * 3
    steps = list(ReminderSent.objects.order_by("pk").values_list("period", "step"))
    assert steps == [("2026-01", "soon"), ("2026-01", "late-1"), ("2026-01", "late-10")]


def test_the_mail_says_what_is_missing_and_where(network, grain, lead, mailoutbox):
    remind(date(2026, 3, 3))
    (message,) = mailoutbox
    assert "chiffres en retard" in message.subject
    assert "2026-01" in message.body
    assert "CAF de Lille, CAF de Roubaix" in message.body
    assert "/agents/reseaux/caf/lots/suivi/" in message.body


def test_nobody_is_reminded_of_what_was_sent(network, grain, lead, tmp_path):
    accepted(network, JANUARY, tmp_path)
    assert remind(date(2026, 3, 3)) == 0
    assert not ReminderSent.objects.exists()


def test_a_manager_who_sends_is_told_of_the_structures_managed(
    network, grain, lead, manager, site, mailoutbox
):
    BatchFactory(network=network, sender=manager, scope=site, outcome="refused")
    assert remind(date(2026, 3, 3)) == 2
    (message,) = [one for one in mailoutbox if one.to == ["claude@caf.example"]]
    assert "CAF de Lille" in message.body
    assert "CAF de Roubaix" not in message.body


def test_a_manager_with_nothing_missing_is_left_alone(
    network, grain, lead, manager, site, tmp_path, mailoutbox
):
    accepted(network, JANUARY[:1], tmp_path, scope=site, sender=manager)
    assert remind(date(2026, 3, 3)) == 1
    assert recipients(mailoutbox) == ["dominique@caf.example"]


def test_who_never_sent_or_left_is_not_told(network, grain, site):
    someone(Role.MANAGER, site)
    gone = someone(Role.LEAD, network)
    gone.is_active = False
    gone.save()
    assert remind(date(2026, 3, 3)) == 0
