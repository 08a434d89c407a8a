"""A lead sees the whole network, and only it: numbers, list, days for many, other leads."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from guichet.accounts.models import AuditEvent, User
from guichet.directory.actions.closures import DifferingDays, announce_days
from guichet.directory.models import Announcement, ExceptionalHours, Membership
from guichet.directory.network_pages import days_in_words, numbers_of
from guichet.directory.permissions import powers_of
from guichet.directory.tests.factories import NetworkFactory, StructureFactory, someone
from guichet.territories.tests.factories import CommuneFactory, DepartementFactory

pytestmark = pytest.mark.django_db
HOME = "/agents/reseaux/caf/"
DAYS_URL = f"{HOME}jours/"
BRIDGE = timezone.localdate() + timedelta(days=30)
TYPED = {
    "first_day": BRIDGE.isoformat(),
    "last_day": "",
    "state": "closed",
    "kind": "",
    "reason": "Pont",
}


def words(response) -> str:
    return response.content.decode().replace("\u00a0", " ").replace("&#x27;", "'")


@pytest.fixture
def other_lead(db):
    return someone("lead", NetworkFactory(code="cpam", name="CPAM"))


@pytest.mark.parametrize(
    "name",
    ["network", "network_days", "network_file", "network_members", "export_network"],
)
def test_a_network_does_not_exist_for_those_who_do_not_lead_it(
    client,
    name,
    lead,
    other_lead,
    manager,
    stranger,
    administrator,
):
    url = reverse(name, args=["caf"])
    assert client.get(url).url.startswith("/agents/connexion/")
    for user, status in [
        (lead, 200),
        (administrator, 200),
        (other_lead, 404),
        (manager, 404),
        (stranger, 404),
    ]:
        client.force_login(user)
        assert client.get(url).status_code == status


def test_the_list_holds_the_networks_one_leads(client, lead, site, other_lead, stranger):
    client.force_login(lead)
    page = words(client.get("/agents/reseaux/"))
    assert 'href="/agents/reseaux/caf/"' in page
    assert 'href="/agents/reseaux/cpam/"' not in page
    client.force_login(stranger)
    assert client.get("/agents/reseaux/").status_code == 403


def test_numbers_count_open_sites_only(network, site, sibling, head):
    StructureFactory(network=network, gone=True)
    StructureFactory(network=network, checked_on=date(2016, 11, 8), with_hours=True)
    surcharged = {"number": "+33890000000", "display": "0 890", "cost": "surcharged", "label": ""}
    StructureFactory(network=network, old=True, phones=[surcharged])
    (numbers,) = numbers_of([network])
    assert (numbers.sites, numbers.without_hours, numbers.to_check, numbers.surcharged) == (
        4,
        2,
        2,
        1,
    )


def test_a_network_without_site_counts_zero(network):
    assert numbers_of([network])[0].sites == 0


def test_the_list_of_sites_is_narrowed(client, lead, site, sibling, network):
    aisne = CommuneFactory(
        insee_code="02408", name="Laon", departement=DepartementFactory(code="02")
    )
    StructureFactory(code="caf-laon", name="CAF de Laon", network=network, commune=aisne)
    client.force_login(lead)

    def found(query: str) -> list[str]:
        return [row.structure.code for row in client.get(f"{HOME}?{query}").context["rows"]]

    assert found("") == ["caf-laon", "caf-lille", "caf-roubaix"]
    assert found("departement=02") == ["caf-laon"]
    assert found("q=roubaix") == ["caf-roubaix"]
    assert found("etat=sans-horaires&departement=59") == ["caf-roubaix"]
    assert found("departement=zz&type=zz&etat=zz&page=zz&q=%00") == [
        "caf-laon",
        "caf-lille",
        "caf-roubaix",
    ]


def test_the_page_runs_a_constant_number_of_queries(
    client,
    lead,
    site,
    network,
    django_assert_max_num_queries,
):
    client.force_login(lead)
    for number in range(30):
        announced = StructureFactory(network=network, with_hours=True)
        announcement = Announcement.objects.create(network=network, by=lead)
        days = DifferingDays(BRIDGE, BRIDGE + timedelta(days=number))
        announce_days(structures=[announced], days=days, by=lead, announcement=announcement)
    with django_assert_max_num_queries(16):
        page = client.get(HOME)
    assert len(page.context["rows"]) == 25
    assert len(page.context["announcements"]) == 10


def test_a_bridge_day_is_previewed_then_announced_everywhere(
    client,
    lead,
    site,
    sibling,
    elsewhere,
    network,
):
    StructureFactory(network=network, gone=True)
    client.force_login(lead)
    preview = client.post(DAYS_URL, TYPED)
    assert "2 sites seront fermés le " in words(preview)
    assert not ExceptionalHours.objects.exists()
    done = client.post(DAYS_URL, {**TYPED, "confirmed": preview.context["shown"]}, follow=True)
    assert "C'est fait : 2 sites seront fermés" in words(done)
    days = ExceptionalHours.objects.all()
    assert {row.structure.code for row in days} == {"caf-lille", "caf-roubaix"}
    assert {(row.first_day, row.last_day, row.closed, row.reason) for row in days} == {
        (BRIDGE, BRIDGE, True, "Pont")
    }
    assert AuditEvent.objects.filter(action="structure.days_announced", actor=lead).count() == 2


def test_the_whole_announcement_is_undone_at_once(client, lead, site, sibling, network):
    own = DifferingDays(BRIDGE + timedelta(days=1), BRIDGE + timedelta(days=1))
    announce_days(structures=[site], days=own, by=lead)
    client.force_login(lead)
    shown = client.post(DAYS_URL, TYPED).context["shown"]
    page = client.post(DAYS_URL, {**TYPED, "confirmed": shown}).url
    assert client.get(f"{page}annuler/").status_code == 405
    assert "C'est annulé" in words(client.post(f"{page}annuler/", follow=True))
    assert list(ExceptionalHours.objects.values_list("first_day", flat=True)) == [own.first_day]
    assert client.get(page).status_code == 404


def test_an_announcement_of_another_network_is_out_of_reach(client, lead, site, other_lead):
    announcement = Announcement.objects.create(network=site.network, by=lead)
    announce_days(
        structures=[site], days=DifferingDays(BRIDGE, BRIDGE), by=lead, announcement=announcement
    )
    client.force_login(other_lead)
    for url in (f"/agents/reseaux/cpam/jours/{announcement.pk}/", f"{DAYS_URL}{announcement.pk}/"):
        assert client.get(url).status_code == 404
        assert client.post(f"{url}annuler/").status_code == 404
    assert ExceptionalHours.objects.count() == 1


def test_ticked_sites_alone_are_announced_and_only_ones_own(
    client,
    lead,
    site,
    sibling,
    elsewhere,
):
    client.force_login(lead)
    typed = {**TYPED, "site": ["caf-roubaix", "cpam-lille"], "cible": "cochees"}
    preview = client.post(DAYS_URL, typed)
    assert "1 site sera fermé" in words(preview)
    client.post(DAYS_URL, {**typed, "confirmed": preview.context["shown"]})
    assert [row.structure.code for row in ExceptionalHours.objects.all()] == ["caf-roubaix"]


def test_nothing_ticked_is_not_everything(client, lead, site):
    client.force_login(lead)
    assert "Aucun site choisi" in words(client.get(DAYS_URL, {"cible": "cochees"}))
    assert "Aucun site choisi" in words(client.post(DAYS_URL, {**TYPED, "cible": "cochees"}))


def test_a_filter_chooses_the_sites_and_closed_ones_never(client, lead, site, sibling, network):
    client.force_login(lead)
    preview = client.post(DAYS_URL, {**TYPED, "etat": "sans-horaires"})
    assert preview.context["preview"].first_names == ["CAF de Roubaix"]
    assert ("etat", "sans-horaires") in preview.context["target"].fields
    StructureFactory(network=network, gone=True)
    assert "Aucun site choisi" in words(client.post(DAYS_URL, {**TYPED, "etat": "fermees"}))


def test_another_choice_than_the_one_previewed_is_previewed_again(client, lead, site, network):
    client.force_login(lead)
    shown = client.post(DAYS_URL, TYPED).context["shown"]
    StructureFactory(network=network)
    again = client.post(DAYS_URL, {**TYPED, "confirmed": shown})
    assert "2 sites seront fermés" in words(again)
    other_day = {**TYPED, "first_day": (BRIDGE + timedelta(days=1)).isoformat()}
    assert (
        "preview"
        in client.post(DAYS_URL, {**other_day, "confirmed": again.context["shown"]}).context
    )
    assert not ExceptionalHours.objects.exists()


def test_the_preview_tells_what_is_already_announced(client, lead, site, sibling, network):
    announce_days(structures=[site], days=DifferingDays(BRIDGE, BRIDGE), by=lead)
    announce_days(
        structures=[sibling], days=DifferingDays(BRIDGE, BRIDGE + timedelta(days=2)), by=lead
    )
    client.force_login(lead)
    page = words(client.post(DAYS_URL, TYPED))
    assert "1 site sera fermé" in page
    assert "1 autre site l'a déjà annoncé" in page
    assert "1 site annonce déjà autre chose" in page


def test_days_that_make_no_sense_are_told(client, lead, site):
    client.force_login(lead)
    assert "jours sont passés" in words(client.post(DAYS_URL, {**TYPED, "first_day": "2020-05-01"}))
    announce_days(structures=[site], days=DifferingDays(BRIDGE, BRIDGE), by=lead)
    shown = client.post(DAYS_URL, TYPED).context["shown"]
    refused = words(client.post(DAYS_URL, {**TYPED, "confirmed": shown}))
    assert "déjà annoncés pour tous ces sites" in refused


@pytest.mark.parametrize(
    ("days", "sites", "said"),
    [
        ({}, 1042, "1 042 sites seront fermés le vendredi 15 mai 2026"),
        ({"reason": "Pont"}, 1, "1 site sera fermé le vendredi 15 mai 2026 (Pont)"),
        (
            {"kind": "telephone"},
            2,
            "2 sites ne recevront personne par téléphone le vendredi 15 mai 2026",
        ),
    ],
)
def test_days_read_as_a_sentence(days, sites, said):
    differing = DifferingDays(date(2026, 5, 15), date(2026, 5, 15), **days)
    told = days_in_words(differing, sites)
    assert told.replace("\u202f", " ").replace("\u00a0", " ") == said


def test_a_lead_invites_another_and_ends_it_at_once(client, lead, network, mailoutbox):
    client.force_login(lead)
    url = f"{HOME}membres/"
    page = client.post(url, {"email": "Nadia@caf.example", "full_name": "Nadia Saïd"}, follow=True)
    assert "Nadia Saïd" in words(page)
    assert mailoutbox[0].to == ["nadia@caf.example"]
    nadia = User.objects.get(email="nadia@caf.example")
    assert powers_of(nadia).leads(network.pk)
    assert "déjà ce rôle" in words(client.post(url, {"email": nadia.email}))
    client.post(f"{url}{nadia.memberships.get().pk}/retirer/")
    assert not powers_of(User.objects.get(pk=nadia.pk)).leads(network.pk)


def test_a_lead_ends_nobody_elsewhere(client, lead, other_lead, manager):
    client.force_login(lead)
    for membership in Membership.objects.exclude(user=lead):
        assert client.post(f"{HOME}membres/{membership.pk}/retirer/").status_code == 404
    assert Membership.objects.filter(ended_at__isnull=False).count() == 0


def test_a_lead_who_leaves_loses_the_network_at_once(client, lead, network):
    client.force_login(lead)
    left = client.post(f"{HOME}membres/{lead.memberships.get().pk}/retirer/")
    assert left.url == "/agents/"
    assert client.get(HOME).status_code == 404


def test_the_menu_shows_what_each_may_open(client, lead, administrator, stranger, manager):
    expected = {
        lead: ["/agents/reseaux/", "/agents/historique/"],
        manager: ["/agents/historique/"],
        administrator: ["/agents/reseaux/", "/agents/historique/", "/agents/personnes/"],
        stranger: [],
    }
    for user, urls in expected.items():
        client.force_login(user)
        page = words(client.get("/agents/compte/"))
        shown = [
            url
            for url in ("/agents/reseaux/", "/agents/historique/", "/agents/personnes/")
            if f'href="{url}"' in page
        ]
        assert shown == urls


def test_a_code_that_no_text_can_hold_is_left_out(client, lead, network):
    client.force_login(lead)
    address = reverse("network_days", args=[network.code])
    assert client.get(address, {"site": "a\0b"}).status_code == 200
