"""The history is read by those who answer for it, in French, and leaves as a safe file."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from guichet.accounts.audit import record
from guichet.accounts.models import AuditEvent
from guichet.directory.actions.closures import DifferingDays, announce_days
from guichet.directory.actions.corrections import correct_structure
from guichet.directory.audit_pages import history_lines
from guichet.directory.models import Role
from guichet.directory.tests.factories import NetworkFactory, someone

pytestmark = pytest.mark.django_db
URL = "/agents/historique/"
PHONE = {
    "number": "+33320000000",
    "display": "03 20 00 00 00",
    "cost": "normal",
    "label": "accueil",
}


def words(response) -> str:
    return response.content.decode().replace("\u00a0", " ").replace("&#x27;", "'")


def subjects(client, **query) -> set[str]:
    return {line.subject for line in client.get(URL, query).context["lines"]}


@pytest.fixture
def told(site, sibling, elsewhere, administrator):
    """An event on each of three sites, and one of the whole programme."""
    for structure in (site, sibling, elsewhere):
        correct_structure(structure=structure, by=administrator, town="Lomme")
    record(by=administrator, action="user.opened", subject=administrator)


def test_each_reads_what_they_answer_for(
    client,
    told,
    site,
    head,
    lead,
    manager,
    stranger,
    administrator,
    elsewhere,
):
    caf = {"CAF de Lille", "CAF de Roubaix"}
    expected = {
        manager: {"CAF de Lille"},
        someone(Role.MANAGER, head): caf,
        lead: caf,
        someone("lead", elsewhere.network): {"CPAM de Lille"},
        someone("lead", NetworkFactory()): set(),
        someone(Role.READER, site): set(),
        someone(Role.MODERATOR): set(),
        stranger: set(),
        administrator: caf | {"CPAM de Lille", "Alix Demonet"},
    }
    for user, read in expected.items():
        client.force_login(user)
        assert subjects(client) == read
        rows = b"".join(client.get(f"{URL}export.csv").streaming_content).decode()
        assert {name for name in (*caf, "CPAM de Lille") if name in rows} == read - {"Alix Demonet"}
    assert client.get(f"{URL}?page=999").status_code == 200


def test_a_visitor_signs_in_first(client):
    assert client.get(URL).url.startswith("/agents/connexion/")
    assert client.get(f"{URL}export.csv").url.startswith("/agents/connexion/")


def test_who_answers_for_nothing_is_told_so(client, stranger):
    client.force_login(stranger)
    assert "Rien à lire ici" in words(client.get(URL))


def test_a_change_reads_in_french(client, site, manager):
    tomorrow = timezone.localdate() + timedelta(days=1)
    correct_structure(structure=site, by=manager, phones=[PHONE], accessibility="DEM")
    announce_days(structures=[site], days=DifferingDays(tomorrow, tomorrow), by=manager)
    client.force_login(manager)
    page = words(client.get(URL))
    assert "<strong>Claude Mercier</strong> a corrigé <strong>CAF de Lille</strong>" in page
    assert "Téléphones : 03 20 00 00 00 (accueil)" in page
    assert "Accessibilité : accessible sur demande préalable" not in page.split("Téléphones")[0]
    assert "accessible sur demande préalable" in page
    assert "Premier jour : " in page
    assert tomorrow.isoformat() not in page
    assert "{" not in page.split("<h1>")[1].split("<footer")[0]


def test_reading_leaves_the_events_as_they_are(site, manager):
    correct_structure(structure=site, by=manager, accessibility="DEM")
    event = AuditEvent.objects.get()
    history_lines([event])
    assert event.after == {"accessibility": "DEM"}


def test_filters_narrow_by_day_person_action_and_subject(client, told, site, lead):
    record(by=lead, action="structure.confirmed", subject=site, scope=site.scope)
    client.force_login(lead)
    today = timezone.localdate().isoformat()
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    assert subjects(client, du=today) == {"CAF de Lille", "CAF de Roubaix"}
    assert subjects(client, au=yesterday) == set()
    assert subjects(client, qui="vasseur") == {"CAF de Lille"}
    assert subjects(client, action="structure.confirmed") == {"CAF de Lille"}
    assert subjects(client, objet="roubaix") == {"CAF de Roubaix"}
    assert subjects(client, qui="%") == set()
    assert subjects(client, action="roi") == {"CAF de Lille", "CAF de Roubaix"}


def test_a_day_that_is_none_is_told(client, lead):
    client.force_login(lead)
    assert "Écrivez une date" in words(client.get(URL, {"du": "hier"}))


def test_the_page_runs_a_constant_number_of_queries(
    client,
    lead,
    site,
    django_assert_max_num_queries,
):
    for number in range(40):
        correct_structure(structure=site, by=lead, town=f"Ville {number}")
    client.force_login(lead)
    with django_assert_max_num_queries(6):
        assert len(client.get(URL).context["lines"]) == 25


def test_the_file_holds_a_row_for_each_change_and_no_formula(client, site, lead):
    correct_structure(structure=site, by=lead, name="=HYPERLINK(1)", town="Croix")
    client.force_login(lead)
    response = client.get(f"{URL}export.csv", {"action": "structure.corrected"})
    rows = b"".join(response.streaming_content).decode().split("\r\n")
    assert rows[0] == "\ufeffdate;heure;personne;action;objet;information;avant;après"
    assert len(rows) == 4
    assert "nom;CAF de Lille;'=HYPERLINK(1)" in rows[1]
    assert "Dominique Vasseur;a corrigé;'=HYPERLINK(1);ville de l'adresse;Lille;Croix" in rows[2]


def test_a_structure_has_its_own_history(client, told, site, head, manager, stranger):
    url = "/agents/structures/caf-lille/historique/"
    client.force_login(manager)
    page = client.get(url)
    assert {line.subject for line in page.context["lines"]} == {"CAF de Lille"}
    client.force_login(someone(Role.MANAGER, head))
    above = client.get("/agents/structures/caf-nord/historique/")
    assert {line.subject for line in above.context["lines"]} == {"CAF de Lille", "CAF de Roubaix"}
    for user in (stranger, someone(Role.READER, site), someone("lead", NetworkFactory())):
        client.force_login(user)
        assert client.get(url).status_code == 404


def test_the_same_deed_on_many_sites_is_told_once(client, site, sibling, lead):
    tomorrow = timezone.localdate() + timedelta(days=1)
    days = DifferingDays(tomorrow, tomorrow, reason="Pont")
    announce_days(structures=[site, sibling], days=days, by=lead)
    client.force_login(lead)
    (group,) = client.get(URL).context["groups"]
    assert group.subjects == ("CAF de Roubaix", "CAF de Lille")
    labels = [change.label for change in group.line.changes]
    assert labels == ["premier jour", "dernier jour", "horaires", "motif"]
