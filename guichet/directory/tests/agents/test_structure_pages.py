"""An agent's list, and the pages on which one structure is corrected."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import strip_tags

from guichet.directory.actions.corrections import confirm_structure, correct_structure
from guichet.directory.agent_lists import needing_check
from guichet.directory.models import Correction, Role, Structure
from guichet.directory.schedules import Presence
from guichet.directory.tests.agents.conftest import text_of
from guichet.directory.tests.factories import ErrorReportFactory, StructureFactory, someone

LIST = "/agents/structures/"
PAGE = "/agents/structures/caf-lille/"


def names(response):
    return [row.structure.name for row in response.context["rows"]]


def test_an_agent_finds_own_subtree_only(client, head, site, sibling, elsewhere):
    client.force_login(someone(Role.READER, head))
    assert names(client.get(LIST)) == ["CAF de Lille", "CAF de Roubaix", "CAF du Nord"]


def test_an_agent_without_role_is_told_what_to_do(client, stranger, site):
    client.force_login(stranger)
    assert "Demandez une invitation" in text_of(client.get(LIST))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=roubaix", ["CAF de Roubaix"]),
        ("?q=CAF+59100", ["CAF de Roubaix"]),
        ("?q=caf-lille", ["CAF de Lille"]),
        ("?q=éèà%00'\"%3Cb%3E", []),
        ("?etat=sans-horaires", ["CAF de Roubaix"]),
        ("?etat=a-verifier", ["CAF de Roubaix"]),
        ("?etat=fermees", ["CAF de Douai"]),
        ("?etat=signalees", ["CAF de Lille"]),
        ("?etat=nimporte", ["CAF de Lille", "CAF de Roubaix"]),
        ("?page=99", ["CAF de Lille", "CAF de Roubaix"]),
    ],
)
def test_the_list_is_searched_and_filtered(client, lead, network, query, found):
    lille = StructureFactory(
        code="caf-lille", name="CAF de Lille", network=network, with_hours=True
    )
    StructureFactory(name="CAF de Roubaix", network=network, old=True, postal_code="59100")
    StructureFactory(name="CAF de Douai", network=network, gone=True, with_hours=True)
    ErrorReportFactory(structure=lille)
    client.force_login(lead)
    assert names(client.get(LIST + query)) == found


@pytest.mark.parametrize(
    ("today", "last_to_check"),
    [
        (date(2026, 11, 21), date(2025, 11, 20)),
        (date(2025, 2, 28), date(2024, 2, 27)),
        (date(2025, 3, 1), date(2024, 2, 29)),
        (date(2024, 2, 29), date(2023, 2, 28)),
    ],
)
def test_list_and_page_call_the_same_to_check_past_twelve_months(db, today, last_to_check):
    old = StructureFactory(checked_on=last_to_check)
    never = StructureFactory(checked_on=None)
    StructureFactory(checked_on=last_to_check + timedelta(days=1))
    StructureFactory(checked_on=today)
    listed = set(Structure.objects.filter(needing_check(today)))
    assert listed == {old, never}
    assert listed == {one for one in Structure.objects.all() if one.needs_check(today)}


def test_the_list_costs_the_same_however_long(client, lead, network, django_assert_num_queries):
    client.force_login(lead)
    for _ in range(3):
        StructureFactory(network=network, with_hours=True)
    client.get(LIST)
    with django_assert_num_queries(9):
        client.get(LIST)
    for _ in range(20):
        StructureFactory(network=network, with_hours=True)
    with django_assert_num_queries(9):
        client.get(LIST)


def test_the_page_says_what_is_missing_and_who_answers(as_manager, site):
    text = text_of(as_manager.get(PAGE))
    assert "Téléphone ou courriel, accessibilité." in text
    assert "Claude Mercier : gestion" in text


def test_a_reader_sees_the_page_without_what_changes_it(client, site):
    client.force_login(someone(Role.READER, site))
    text = text_of(client.get(PAGE))
    assert "CAF de Lille" in text
    assert "Corriger les horaires" not in text
    assert "Tout est exact" not in text


def test_the_page_costs_the_same_however_much_happened(
    as_manager, site, manager, django_assert_max_num_queries
):
    as_manager.get(PAGE)
    with django_assert_max_num_queries(16) as few:
        as_manager.get(PAGE)
    for number in range(4):
        correct_structure(structure=site, by=manager, town=f"Ville {number}", name=f"CAF {number}")
        ErrorReportFactory(structure=site)
        someone(Role.READER, site)
    with django_assert_max_num_queries(len(few) + 1):
        as_manager.get(PAGE)


def test_everything_is_confirmed_with_one_button(as_manager, site):
    Structure.objects.update(checked_on=None)
    response = as_manager.post(PAGE + "confirmer/", follow=True)
    assert "la fiche est confirmée" in text_of(response)
    site.refresh_from_db()
    assert site.checked_on == timezone.localdate()


def test_a_correction_and_its_source_stand_side_by_side(as_manager, site, manager):
    correct_structure(structure=site, by=manager, town="Lomme", latitude=50.7)
    confirm_structure(structure=site, by=manager)
    text = text_of(as_manager.get(PAGE))
    assert "Lomme" in text
    assert "La source dit : Lille" in text
    assert "La source dit : 50.63, 3.05" in text
    assert text.count("Suivre de nouveau la source") == 2


def test_the_value_of_the_source_comes_back(as_manager, site, manager):
    correct_structure(structure=site, by=manager, town="Lomme")
    correction = Correction.objects.get()
    as_manager.post(f"{PAGE}corrections/{correction.pk}/retirer/")
    site.refresh_from_db()
    assert site.town == "Lille"


def test_another_structure_s_correction_is_not_reached_from_here(as_manager, site, sibling):
    correct_structure(structure=sibling, by=None, town="Croix")
    response = as_manager.post(f"{PAGE}corrections/{Correction.objects.get().pk}/retirer/")
    assert response.status_code == 404
    assert Correction.objects.exists()


PLACE = {
    "address_lines": " 3 rue  Neuve \r\n\r\nBâtiment B",
    "postal_code": "59160",
    "town": "Lomme",
    "position": "50.64321, 2,98765",
    "accessibility": "ACC",
    "accessibility_note": "",
}


def test_the_address_is_corrected(as_manager, site):
    response = as_manager.post(PAGE + "corriger/adresse/", PLACE)
    assert response.status_code == 302
    site.refresh_from_db()
    assert site.address_lines == ["3 rue Neuve", "Bâtiment B"]
    assert (site.latitude, site.longitude) == (50.64321, 2.98765)
    assert site.position_source == "correction"


def test_an_unchanged_position_is_not_a_correction(as_manager, site):
    as_manager.post(PAGE + "corriger/adresse/", PLACE | {"position": "50.63000, 3.05000"})
    fields = set(Correction.objects.values_list("field", flat=True))
    assert fields == {"address_lines", "postal_code", "town", "accessibility"}


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("postal_code", "5900", "cinq chiffres"),
        ("position", "ici", "la latitude puis la longitude"),
        ("position", "0, 0", "au large de l'Afrique"),
        ("position", "99, 3", "la latitude puis la longitude"),
        ("address_lines", "\n".join("abcdefgh"), "8 lignes : 6 au plus"),
        ("address_lines", "x" * 300, "250 au plus"),
        ("accessibility", "ZZZ", "choix valide"),
    ],
)
def test_a_doubtful_address_is_refused_in_words(as_manager, site, field, typed, told):
    response = as_manager.post(PAGE + "corriger/adresse/", PLACE | {field: typed})
    assert response.status_code == 200
    assert told in text_of(response)
    assert not Correction.objects.exists()


def test_contacts_are_normalised(as_manager, site):
    as_manager.post(
        PAGE + "corriger/joindre/",
        {
            "phone_0": "+33 3.20.00.00.00",
            "phone_0_label": "accueil",
            "phone_1": "0800 123 456",
            "emails": "accueil@caf.example\nallocataire@caf.example",
            "contact_form": "www.caf.example/contact",
            "site_0": "caf.example",
            "site_0_label": "Le site",
        },
    )
    site.refresh_from_db()
    assert [(p["number"], p["display"], p["cost"], p["label"]) for p in site.phones] == [
        ("+33320000000", "03 20 00 00 00", "normal", "accueil"),
        ("+33800123456", "0 800 12 34 56", "free", ""),
    ]
    assert site.emails == ["accueil@caf.example", "allocataire@caf.example"]
    assert site.contact_form == "https://www.caf.example/contact"
    assert site.websites == [{"label": "Le site", "url": "https://caf.example"}]


def test_what_the_contact_page_shows_saves_unchanged(as_manager, site):
    phone = {"number": "+33320000000", "display": "03 20 00 00 00", "cost": "normal", "label": "a"}
    link = {"label": "", "url": "https://caf.example/"}
    Structure.objects.filter(pk=site.pk).update(
        phones=[phone], emails=["a@caf.example"], websites=[link], social_links=[link]
    )
    form = as_manager.get(PAGE + "corriger/joindre/").context["form"]
    shown = {name: form[name].value() or "" for name in form.fields}
    response = as_manager.post(PAGE + "corriger/joindre/", shown, follow=True)
    assert "Rien n'a changé" in text_of(response)
    assert not Correction.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("phone_0", "0 892 12 34 56", "est surtaxé"),
        ("phone_0", "03 20", "4 chiffres au lieu de 10"),
        ("phone_0_label", "standard", "sans rien devant"),
        ("emails", "accueil", "n'est pas une adresse électronique"),
        ("contact_form", "javascript:alert(1)", "n'est pas une adresse de page"),
        ("site_1", "pas une adresse", "n'est pas une adresse de page"),
    ],
)
def test_a_doubtful_contact_is_refused_in_words(as_manager, site, field, typed, told):
    response = as_manager.post(PAGE + "corriger/joindre/", {field: typed})
    assert response.status_code == 200
    assert told in text_of(response)
    assert not Correction.objects.exists()


def test_remote_means_and_presentation_are_corrected(as_manager, site):
    as_manager.post(PAGE + "corriger/distance/", {"appointment_url": "rdv.caf.example"})
    as_manager.post(
        PAGE + "corriger/presentation/",
        {"name": "CAF Lille-Centre", "information": "Sonnez.", "partners": "CPAM\nCarsat"},
    )
    site.refresh_from_db()
    assert site.appointment_url == "https://rdv.caf.example"
    assert (site.name, site.partners) == ("CAF Lille-Centre", ["CPAM", "Carsat"])


def test_an_unknown_part_of_the_record_is_not_found(as_manager, site):
    assert as_manager.get(PAGE + "corriger/code/").status_code == 404


def test_the_home_page_says_what_waits(client, lead, network, site, sibling):
    ErrorReportFactory(structure=site, message="Fermé le lundi.")
    client.force_login(lead)
    text = text_of(client.get("/agents/"))
    assert "1 sur 3 structures" in text
    assert "Fermé le lundi." in text
    assert "2 sites, dont 1 sans horaires et 0 à vérifier" in text


def test_the_home_page_costs_the_same_however_much_waits(
    client, lead, network, site, django_assert_max_num_queries
):
    client.force_login(lead)
    client.get("/agents/")
    with django_assert_max_num_queries(10) as few:
        client.get("/agents/")
    for _ in range(7):
        ErrorReportFactory(structure=StructureFactory(network=network))
    with django_assert_max_num_queries(len(few)):
        client.get("/agents/")


@pytest.mark.parametrize(
    ("is_open", "words", "told"),
    [
        (False, "Fermé, ouvre demain à 9 h", "Fermé Ouvre demain à 9 h"),
        (True, "Ouvert, ferme à 17 h", "Ouvert Ferme à 17 h"),
        (None, "Horaires inconnus", "Horaires inconnus"),
    ],
)
def test_the_state_of_a_structure_is_said_once(is_open, words, told):
    presence = Presence(is_open=is_open, words=words, changes_at=None)
    html = render_to_string("directory/agents/_presence.html", {"presence": presence})
    assert " ".join(strip_tags(html).split()) == told


def test_the_home_page_of_a_calm_day_counts_nothing(client, lead, network, site):
    client.force_login(lead)
    assert "Aucun message de visiteur" in text_of(client.get("/agents/"))
