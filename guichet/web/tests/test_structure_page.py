"""`/services/<code>/`: each fact with its source and date, and nothing that is not known."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, time, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guichet.directory.actions.corrections import correct_structure
from guichet.directory.models import (
    Correction,
    ExceptionalHours,
    OpeningInterval,
    Role,
    SourceIdentifier,
    Structure,
)
from guichet.directory.queries import public_structure
from guichet.directory.tests.factories import NetworkFactory, StructureFactory, someone
from guichet.publication.tests.factories import example_release
from guichet.territories.tests.factories import CommuneFactory, DepartementFactory, RegionFactory
from guichet.ui.components.content import written_date
from guichet.web.structure_page import structure_page

pytestmark = pytest.mark.django_db

PHONE = {"number": "+33320000000", "display": "03 20 00 00 00", "label": "Accueil", "cost": "free"}
MONDAY_MORNING = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
NBSP = "\u00a0"


def text_of(response):
    words = re.sub(r"<script.*?</script>|<[^>]+>", " ", response.content.decode(), flags=re.S)
    return " ".join(unescape(words).split())


def main_text(client, code):
    response = client.get(f"/services/{code}/")
    assert response.status_code == 200
    html = response.content.decode()
    words = re.sub(r"<[^>]+>", " ", html[html.index("<main") : html.index("</main>")])
    return " ".join(unescape(words).split())


def page_of(code, at=MONDAY_MORNING):
    return structure_page(public_structure(code), at=at)


def said(words):
    """Insecable spaces and joints are written _ and ^."""
    return words.replace("_", NBSP).replace("^", "\u2060")


def opens(structure, weekday=0, opens=time(9), closes=time(12), **fields):
    OpeningInterval.objects.create(
        structure=structure, weekday=weekday, opens=opens, closes=closes, **fields
    )
    Structure.objects.filter(pk=structure.pk).update(hours_known=True)


def test_a_page_tells_where_when_and_how_to_reach(client):
    StructureFactory(
        code="caf",
        name="CAF de Lille",
        with_hours=True,
        phones=[PHONE],
        emails=["caf@nord.example"],
        websites=[{"label": "", "url": "https://caf.example/"}],
        accessibility="ACC",
        appointment_url="https://rdv.example/",
        relay_phone="0 800 000 000",
        chat_url="https://chat.example/",
        video_url="https://video.example/",
        contact_form="https://formulaire.example/",
        social_links=[{"label": "Mastodon", "url": "https://social.example/"}],
        partners=["La Poste"],
        information="Sonnez à l'interphone.",
    )
    text = main_text(client, "caf")
    for words in (
        "1 place du Marché 59000 Lille",
        "Accessible aux personnes en fauteuil roulant",
        "03 20 00 00 00 (Accueil) Appel gratuit",
        "Appeler le 03 20 00 00 00",
        "caf@nord.example",
        "Prendre rendez-vous",
        "Itinéraire",
        "0 800 000 000",
        "Discuter en ligne",
        "Rendez-vous en vidéo",
        "Formulaire de contact",
        "Mastodon",
        "La Poste",
        "Sonnez à l'interphone.",
        "Signaler une erreur",
    ):
        assert words in text


def test_the_address_comes_before_the_hours(client):
    StructureFactory(code="caf", name="CAF de Lille", with_hours=True)
    text = main_text(client, "caf")
    assert text.index("1 place du Marché, 59000 Lille") < text.index("Horaires")


def test_each_group_of_facts_names_its_source_and_date(client):
    day = timezone.localdate() - timedelta(days=20)
    StructureFactory(code="caf", checked_on=day, phones=[PHONE], with_hours=True)
    note = f"Source : Annuaire de l'administration (DILA), vérifié le {written_date(day)}"
    assert main_text(client, "caf").count(note) == 3
    assert "à vérifier" not in main_text(client, "caf")


def test_facts_over_a_year_old_are_to_be_checked_hours_too(client):
    StructureFactory(
        code="caf", checked_on=date(2020, 9, 1), with_hours=True, phones=[PHONE], websites=[]
    )
    text = main_text(client, "caf")
    assert text.count("à vérifier") == 3
    assert "03 20 00 00 00" not in text
    assert "ont plus d'un an" in text


def test_what_agents_corrected_is_theirs_from_that_day(client):
    structure = StructureFactory(code="caf", checked_on=date(2019, 1, 1), phones=[PHONE])
    Correction.objects.create(structure=structure, field="phones")
    page = page_of("caf", timezone.now())
    assert page.contact_voucher.source == "le service lui-même"
    assert page.contact_voucher.date == timezone.localdate()
    assert not page.contact_voucher.needs_check
    assert page.place_voucher.needs_check
    assert "03 20 00 00 00" in main_text(client, "caf")


def test_an_old_correction_is_to_be_checked_again():
    structure = StructureFactory(code="caf", checked_on=date(2019, 1, 1))
    Correction.objects.create(
        structure=structure, field="hours", at=timezone.now() - timedelta(days=400)
    )
    assert page_of("caf", timezone.now()).hours_voucher.needs_check


def test_unknown_hours_are_called_unknown(client):
    StructureFactory(code="caf")
    text = main_text(client, "caf")
    assert "Horaires inconnus" in text
    assert "Nous ne connaissons pas les horaires de ce lieu" in text
    assert "Fermé" not in text


def test_the_week_starts_today_with_the_openings_of_each_day_in_order():
    structure = StructureFactory(code="caf")
    opens(structure, 0, time(13, 30), time(17))
    opens(structure, 0)
    week = page_of("caf").week
    assert [row.day.replace(NBSP, "_") for row in week] == [
        "Lundi_23",
        "Mardi_24",
        "Mercredi_25",
        "Jeudi_26",
        "Vendredi_27",
        "Samedi_28",
        "Dimanche_29",
    ]
    assert [row.is_today for row in week] == [True] + [False] * 6
    assert week[0].openings == (said("9_h_–^_12_h"), said("13_h_30_–^_17_h"))
    assert week[1].openings == ("Fermé",)


def test_how_one_is_received_is_said_unless_one_just_walks_in():
    structure = StructureFactory(code="caf")
    opens(structure, 0, time(14), time(16), kind="telephone")
    opens(structure, 0, kind="appointment")
    opens(structure, 0, time(8), time(9))
    assert page_of("caf").week[0].openings == (
        said("8_h_–^_9_h"),
        said("9_h_–^_12_h, sur rendez-^vous"),
        said("14_h_–^_16_h, par téléphone"),
    )


def test_holidays_and_exceptional_days_are_explained_in_the_week():
    nord = DepartementFactory(code="59", name="Nord", region=RegionFactory(code="32", name="HdF"))
    lille = CommuneFactory(insee_code="59350", name="Lille", departement=nord)
    structure = StructureFactory(code="caf", commune=lille)
    for weekday in range(7):
        opens(structure, weekday)
    day = date(2026, 11, 10)
    ExceptionalHours.objects.create(
        structure=structure, first_day=day, last_day=day, closed=True, reason="Inventaire"
    )
    found = Structure.objects.get(code="caf")
    week = structure_page(found, at=datetime(2026, 11, 10, 9, tzinfo=UTC)).week
    assert (week[0].openings, week[0].reason) == (("Fermé",), "Inventaire")
    assert (week[1].openings, week[1].reason) == (("Fermé",), "Jour férié (Armistice)")
    assert week[2].openings == (said("9_h_–^_12_h"),)


def test_a_condition_is_shown_and_a_day_that_nobody_knows_is_not_closed():
    structure = StructureFactory(code="caf")
    opens(structure, 0, note="semaines paires")
    opens(structure, 1, time(0), time(0), note="horaires de ce jour non renseignés")
    monday, tuesday, *_ = page_of("caf").week
    assert monday.openings[0].endswith("(semaines paires)")
    assert tuesday.openings == ("Horaires de ce jour non renseignés",)


def test_local_time_is_told_overseas_only(client):
    reunion = DepartementFactory(
        code="974", name="La Réunion", region=RegionFactory(code="04", name="La Réunion")
    )
    saint_denis = CommuneFactory(insee_code="97411", name="Saint-Denis", departement=reunion)
    StructureFactory(code="loin", commune=saint_denis, with_hours=True)
    StructureFactory(code="ici", with_hours=True)
    assert page_of("loin").local_time == said("13_h_30")
    assert page_of("ici").local_time == ""
    assert "sur place" in main_text(client, "loin")


def test_a_surcharged_number_is_flagged_and_not_offered_to_call(client):
    StructureFactory(code="caf", phones=[{**PHONE, "cost": "surcharged"}])
    text = main_text(client, "caf")
    assert "Numéro surtaxé" in text
    assert "Appeler le" not in text


def test_a_position_that_is_only_the_commune_s_gives_no_directions(client):
    StructureFactory(code="caf", position_source="commune")
    text = main_text(client, "caf")
    assert "Itinéraire" not in text
    assert "emplacement exact inconnu" in text


def test_no_contact_at_all_is_said(client):
    StructureFactory(code="caf")
    assert "ni téléphone ni courriel" in main_text(client, "caf")


def test_a_closed_place_says_so_and_leads_to_others(client):
    StructureFactory(code="caf", gone=True, phones=[PHONE], with_hours=True)
    response = client.get("/services/caf/")
    text = main_text(client, "caf")
    assert "Ce lieu a fermé" in text
    assert "déménagée" in text
    assert "03 20 00 00 00" not in text
    assert "Horaires" not in text
    assert "/services/?type=caf&amp;ou=Lille+%2859%29" in response.content.decode()


def test_other_identifiers_and_merged_places_lead_to_the_page(client):
    kept = StructureFactory(code="gardé")
    SourceIdentifier.objects.create(scheme="dila", value="uuid-1", structure=kept)
    StructureFactory(code="absorbé", gone=True, merged_into=kept)
    for code in ("uuid-1", "absorbé"):
        response = client.get(f"/services/{code}/")
        assert response.status_code == 301
        assert client.get(response.headers["Location"]).status_code == 200


def test_an_unknown_code_is_not_found_and_offers_a_search(client):
    response = client.get("/services/inconnu/")
    assert response.status_code == 404
    assert 'action="/services/"' in response.content.decode()


def test_only_its_managers_are_offered_to_correct_it(client):
    site = StructureFactory(code="caf", network=NetworkFactory(code="caf"))
    assert "Corriger cette fiche" not in main_text(client, "caf")
    client.force_login(someone(Role.READER, site))
    assert "Corriger cette fiche" not in main_text(client, "caf")
    client.force_login(someone(Role.MANAGER, site))
    assert "Corriger cette fiche" in main_text(client, "caf")


def linked_data(client, code):
    html = client.get(f"/services/{code}/").content.decode()
    (script,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
    return json.loads(script)


def test_search_engines_read_the_same_facts(client):
    StructureFactory(code="caf", name="CAF", phones=[PHONE], with_hours=True)
    office = linked_data(client, "caf")
    assert office["@type"] == "GovernmentOffice"
    assert office["url"] == "http://testserver/services/caf/"
    assert office["telephone"] == ["+33320000000"]
    assert office["geo"]["latitude"] == 50.63
    assert office["openingHoursSpecification"][0] == {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": "https://schema.org/Monday",
        "opens": "09:00",
        "closes": "12:00",
    }


def test_search_engines_are_told_nothing_old_or_uncertain(client):
    StructureFactory(
        code="caf", old=True, phones=[PHONE], with_hours=True, position_source="commune"
    )
    office = linked_data(client, "caf")
    assert {"telephone", "geo", "openingHoursSpecification"} & set(office) == set()


def test_a_name_that_looks_like_code_stays_a_name(client):
    name = "</script><script>alert(1)</script>"
    StructureFactory(code="caf", name=name)
    assert linked_data(client, "caf")["name"] == name
    assert "<script>alert" not in client.get("/services/caf/").content.decode()


def test_few_queries_and_no_write_whatever_the_place_has(client):
    bare, full = StructureFactory(code="nu"), StructureFactory(code="plein", with_hours=True)
    for field in ("phones", "hours", "name"):
        Correction.objects.create(structure=full, field=field)
    for number in range(5):
        day = timezone.localdate() + timedelta(days=number)
        ExceptionalHours.objects.create(structure=full, first_day=day, last_day=day, closed=True)
    counts = []
    for structure in (bare, full):
        with CaptureQueriesContext(connection) as captured:
            client.get(structure.get_absolute_url())
        counts.append(len(captured))
        assert all(query["sql"].lstrip().startswith(("SELECT", "WITH")) for query in captured)
    assert counts[0] == counts[1] <= 10


def test_correcting_one_fact_does_not_vouch_for_the_others(client):
    place = StructureFactory(
        code="vieux",
        source="dila2016",
        checked_on=date(2016, 2, 26),
        phones=[
            {"number": "+33320495000", "display": "03 20 49 50 00", "cost": "normal", "label": ""}
        ],
    )
    correct_structure(structure=place, by=None, information="Entrée par la cour")
    page = client.get("/services/vieux/").text
    assert "Entrée par la cour" in page
    assert "03 20 49 50 00" not in page


def test_a_correction_of_over_a_year_ago_no_longer_shows_a_number(client):
    place = StructureFactory(code="vieux", source="dila2016", checked_on=date(2016, 2, 26))
    number = {"number": "+33320495000", "display": "03 20 49 50 00", "cost": "normal", "label": ""}
    correct_structure(structure=place, by=None, phones=[number])
    assert "03 20 49 50 00" in client.get("/services/vieux/").text
    Correction.objects.update(at=timezone.now() - timedelta(days=400))
    assert "03 20 49 50 00" not in client.get("/services/vieux/").text


def test_two_figures_lead_to_the_results(client, django_assert_max_num_queries):
    example_release(is_demonstration=True)
    with django_assert_max_num_queries(15):
        response = client.get("/services/S01/")
    text = text_of(response).replace(NBSP, " ")
    assert "80,4 % Les usagers sont satisfaits" in text
    assert "82,3 % Un agent décroche quand vous appelez" in text
    assert "démonstration" in text
    assert 'href="/resultats/S01/"' in response.content.decode()
    StructureFactory(code="muet")
    assert "Tous les résultats" not in text_of(client.get("/services/muet/"))
