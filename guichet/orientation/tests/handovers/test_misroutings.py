"""Which services send people to the wrong one: pairs, beside the sheets sent; never a person."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from guichet.directory.models import Role
from guichet.directory.tests.agents.conftest import text_of
from guichet.directory.tests.factories import someone
from guichet.orientation.handovers.misroutings import (
    MisroutingWish,
    last_day_of,
    misrouted_pairs,
    months_before,
    rows_by_month,
    sheets_are_kept_since,
)
from guichet.orientation.models import Misrouting
from guichet.orientation.retention import HANDOVERS_KEPT_FOR
from guichet.orientation.tests.factories import HandoverFactory
from guichet.orientation.tests.handovers.conftest import site
from guichet.territories.tests.factories import CommuneFactory

PAGE = "/agents/orientation/erreurs-d-orientation/"
CSV = f"{PAGE}csv/"


@pytest.fixture
def this_month():
    return timezone.localdate().replace(day=1)


@pytest.fixture
def wish(this_month):
    return MisroutingWish(this_month, last_day_of(this_month))


@pytest.fixture
def counted(house, caf, cpam, this_month):
    """From the house: 3 to the CAF, 1 to the CPAM; from a town hall to the house: 2 in the Ain."""

    def count(sent_by, sent_to, number, departement="59", month=this_month):
        Misrouting.objects.create(
            month=month,
            sent_by_id=sent_by,
            sent_to_id=sent_to,
            departement=departement,
            count=number,
        )

    count("france_services", "caf", 3)
    count("france_services", "cpam", 1)
    CommuneFactory(insee_code="01053")
    count("mairie", "france_services", 2, "01")
    return count


def told(pairs):
    return [(pair.sent_by, pair.sent_to, pair.count) for pair in pairs]


def test_pairs_are_summed_those_with_most_people_first(counted, wish, house, caf, cpam):
    counted("france_services", "caf", 4, "62")
    counted("france_services", "caf", 50, month=date(2020, 1, 1))
    labels = (house.kind.label, caf.kind.label, cpam.kind.label)
    assert told(misrouted_pairs(wish)) == [
        (labels[0], labels[1], 7),
        ("Mairie", labels[0], 2),
        (labels[0], labels[2], 1),
    ]


def test_the_sheets_sent_stand_beside_without_the_cancelled_ones(counted, wish, house, caf, cpam):
    for outcome in ("sent", "received", "misrouted", "misrouted", "cancelled"):
        HandoverFactory(sender=house, receiver=caf, outcome=outcome)
    HandoverFactory(sender=caf, receiver=house)
    HandoverFactory(sender=house, receiver=caf, created_at=timezone.now() - timedelta(days=62))
    pair = misrouted_pairs(wish)[0]
    assert (pair.sheets, pair.refused) == (4, 2)
    assert pair.share_words == "2 sur 4 fiches"
    assert misrouted_pairs(wish)[1].share_words == "aucune fiche"


def test_a_rate_is_given_from_twenty_sheets(counted, wish, house, caf):
    for rank in range(20):
        HandoverFactory(sender=house, receiver=caf, outcome="misrouted" if rank < 3 else "received")
    assert misrouted_pairs(wish)[0].share_words == "3 sur 20 fiches (15\u00a0%)"


def test_the_services_named_instead_are_told(counted, wish, house, caf, cpam):
    for kind, number in (("cpam", 2), ("mairie", 3), ("ccas", 1)):
        for _ in range(number):
            HandoverFactory(sender=house, receiver=caf, outcome="misrouted", right_kind_id=kind)
    assert misrouted_pairs(wish)[0].right_words == f"Mairie (3), {cpam.kind.label} (2)"


def test_a_departement_narrows_people_and_sheets(counted, wish, house, caf):
    HandoverFactory(sender=house, receiver=caf)
    nord = MisroutingWish(wish.first_day, wish.last_day, departement="59")
    assert [pair.count for pair in misrouted_pairs(nord)] == [3, 1]
    assert misrouted_pairs(nord)[0].sheets == 1
    ain = MisroutingWish(wish.first_day, wish.last_day, departement="01")
    assert [pair.count for pair in misrouted_pairs(ain)] == [2]


def test_sheets_that_are_erased_are_unknown_not_none(counted, house, caf):
    old = timezone.localdate() - timedelta(days=400)
    counted("france_services", "caf", 5, month=old.replace(day=1))
    asked = MisroutingWish(old.replace(day=1), last_day_of(old.replace(day=1)))
    [pair] = misrouted_pairs(asked)
    assert (pair.sheets, pair.refused) == (None, None)
    assert pair.share_words == "fiches effacées"
    [_, row] = list(rows_by_month(asked))
    assert row[-3:] == ["5", "", ""]


def test_the_twelve_months_shown_are_those_whose_sheets_are_all_kept():
    for day in (date(2026, 11, 22), date(2026, 1, 31), date(2028, 2, 29), date(2026, 12, 31)):
        months = months_before(day)
        assert len(months) == 12
        assert months[0] == day.replace(day=1)
        assert months[-1] > day - HANDOVERS_KEPT_FOR
    assert sheets_are_kept_since(months_before(timezone.localdate())[-1])
    assert last_day_of(date(2028, 2, 1)) == date(2028, 2, 29)
    assert last_day_of(date(2026, 12, 1)) == date(2026, 12, 31)


def test_the_team_reads_everything_and_filters(client, counted, house, this_month):
    client.force_login(someone(Role.MODERATOR))
    response = client.get(PAGE)
    assert len(response.context["pairs"]) == 3
    assert response.context["people"] == 6
    only = client.get(PAGE, {"departement": "01", "mois": f"{this_month:%Y-%m}"})
    assert [pair.sent_by for pair in only.context["pairs"]] == ["Mairie"]
    assert "Vous voyez ce qui concerne" not in text_of(response)
    earlier = client.get(PAGE, {"mois": f"{months_before(this_month)[3]:%Y-%m}"})
    assert "Rien n'est compté" in text_of(earlier)


def test_what_makes_no_sense_in_the_address_is_left_out(client, counted):
    client.force_login(someone(Role.PUBLISHER))
    response = client.get(PAGE, {"mois": "zz", "departement": "'"})
    assert len(response.context["pairs"]) == 3


def test_a_lead_reads_the_pairs_of_own_kinds(client, counted, lead, caf, house):
    client.force_login(lead)
    response = client.get(PAGE)
    assert told(response.context["pairs"]) == [(house.kind.label, caf.kind.label, 3)]
    assert "Vous voyez ce qui concerne les services de vos réseaux" in text_of(response)
    rows = b"".join(client.get(CSV).streaming_content).decode("utf-8-sig").splitlines()
    assert len(rows) == 2


def test_agents_of_a_site_do_not_read_them(client, counted, sender, receiver):
    for person in (sender, receiver):
        client.force_login(person)
        assert client.get(PAGE).status_code == 403
        assert client.get(CSV).status_code == 403


def test_the_menu_leads_there_for_who_may_read(client, counted, lead):
    client.force_login(lead)
    assert f'href="{PAGE}"' in client.get("/agents/").content.decode()


def test_the_file_has_a_row_for_each_month_pair_and_departement(
    client, counted, house, caf, this_month
):
    HandoverFactory(sender=house, receiver=caf, outcome="misrouted")
    HandoverFactory(sender=house, receiver=caf)
    client.force_login(someone(Role.ADMINISTRATOR))
    response = client.get(CSV, {"departement": "59"})
    assert response.headers["Content-Type"].startswith("text/csv")
    rows = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert rows[0].startswith("mois;envoyé par (code);envoyé par;envoyé vers (code)")
    label, other = house.kind.label, caf.kind.label
    assert rows[1] == f"{this_month:%Y-%m};france_services;{label};caf;{other};59;3;2;1"
    assert rows[2].endswith(";59;1;0;0")
    assert len(rows) == 3


def test_a_structure_without_commune_still_counts(house, caf, wish):
    nowhere = site("nulle-part", "mairie", commune=None)
    HandoverFactory(sender=nowhere, receiver=caf)
    Misrouting.objects.create(
        month=wish.first_day, sent_by_id="mairie", sent_to_id="caf", departement="", count=1
    )
    [_, row] = list(rows_by_month(wish))
    assert row[5:] == ["", "1", "1", "0"]


def test_the_page_costs_the_same_however_many_pairs(
    client, counted, cpam, django_assert_num_queries
):
    client.force_login(someone(Role.MODERATOR))
    client.get(PAGE)
    with django_assert_num_queries(8):
        client.get(PAGE)
    for kind in ("mairie", "ccas", "msa", "cpam"):
        counted("caf", kind, 1)
    with django_assert_num_queries(8):
        client.get(PAGE)
