"""Whoever holds a reference reads the sheet; whoever guesses is slowed down."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from guichet.directory.actions.structures import merge_structures
from guichet.directory.models import ExceptionalHours, OpeningInterval, Role
from guichet.directory.tests.agents.conftest import text_of
from guichet.directory.tests.factories import someone
from guichet.orientation.handovers import guesses
from guichet.orientation.handovers.sheet import for_sheets, handover_sheet
from guichet.orientation.models import Handover, Need
from guichet.orientation.tests.factories import HandoverFactory
from guichet.orientation.tests.handovers.conftest import site

SHEET = "/orientation/fiche/K7M4-Q2XT/"
FIND = "/orientation/fiche/"
UNKNOWN = "/orientation/fiche/KKKK-KKKK/"


@pytest.fixture(autouse=True)
def _fresh_counters(db):
    cache.clear()


def test_the_sheet_tells_where_when_what_and_why(client, sheet, settings):
    settings.PUBLIC_URL = "https://guichet.example"
    said = text_of(client.get(SHEET))
    for told in (
        "K7M4-Q2XT",
        "CAF de Lille",
        "Demander le RSA",
        "1 place du Marché, 59000 Lille",
        "03 20 00 12 34",
        "Accessible aux personnes en fauteuil roulant",
        "Une pièce d'identité",
        "La Caf instruit la demande.",
        "par France services de Lille-Fives",
        "Elle ne dit pas qui vous êtes",
        "https://guichet.example/orientation/fiche/K7M4-Q2XT/",
    ):
        assert told in said
    assert said.count("9 h – 12 h") == 5


def test_nothing_says_who_made_it(client, sheet, sender):
    said = text_of(client.get(SHEET))
    assert sender.full_name not in said
    assert sender.email not in said


def test_no_robot_indexes_it_and_no_cache_keeps_it(client, sheet):
    response = client.get(SHEET)
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert "private" in response.headers["Cache-Control"]


@pytest.mark.parametrize("typed", ["k7m4-q2xt", "K7M4Q2XT", "k7m4 q2xt", "K7N4-QZXT"])
def test_however_it_is_typed_one_address_shows_it(client, sheet, typed):
    assert client.get(f"{FIND}{typed}/").url == SHEET
    response = client.get(FIND, {"reference": typed}, follow=True)
    assert response.redirect_chain[-1][0] == SHEET


@pytest.mark.parametrize("typed", ["KKKK-KKKK", "abc", "../agents", "é" * 30, "K7M4-Q2XT-9"])
def test_an_unknown_reference_helps_to_find_the_right_one(client, sheet, typed):
    response = client.get(FIND, {"reference": typed}, follow=True)
    assert response.status_code == 404
    said = text_of(response)
    assert "Aucune fiche ne porte cette référence" in said
    assert "Référence de la fiche" in said
    assert "dites ce que vous voulez faire" in said
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_the_search_page_asks_a_reference(client, db):
    said = text_of(client.get(FIND))
    assert "Retrouver une fiche d'orientation" in said
    assert "K7M4-Q2XT" in said


def test_a_cancelled_sheet_says_so(client, sheet):
    Handover.objects.update(outcome=Handover.Outcome.CANCELLED)
    assert "Cette fiche est annulée" in text_of(client.get(SHEET))


def test_a_place_that_closed_or_was_replaced_is_told(client, sheet, caf):
    new = site("caf-neuve", "caf", name="CAF de Lille-Sud")
    merge_structures(kept=new, absorbed=caf, by=someone(Role.ADMINISTRATOR))
    said = text_of(client.get(SHEET))
    assert "Ce lieu est fermé définitivement" in said
    assert 'href="/services/caf-neuve/"' in said


def test_a_number_that_nobody_vouched_for_is_that_of_the_network(client, house):
    old = site("vieille", "caf", old=True, phones=[{"number": "+33320009999", "cost": "normal"}])
    HandoverFactory(reference="22222222", sender=house, receiver=old)
    said = text_of(client.get("/orientation/fiche/2222-2222/"))
    assert "32 30" in said
    assert "+33320009999" not in said
    assert "Horaires" in said


def test_unknown_hours_ask_to_call_first(client, house, cpam):
    HandoverFactory(reference="22222222", sender=house, receiver=cpam)
    said = text_of(client.get("/orientation/fiche/2222-2222/"))
    assert "Nous ne les connaissons pas : appelez avant d'y aller." in said


def test_days_that_differ_are_told_those_in_a_row_as_one(sheet, caf):
    monday = timezone.make_aware(timezone.datetime(2026, 12, 14, 9))
    for first, last, reason in ((17, 18, "Inventaire"), (21, 21, "")):
        ExceptionalHours.objects.create(
            structure=caf,
            first_day=monday.replace(day=first).date(),
            last_day=monday.replace(day=last).date(),
            reason=reason,
        )
    found = handover_sheet(for_sheets(monday).get(pk=sheet.pk), at=monday)
    assert [one.replace("\u00a0", " ") for one in found.days] == [
        "Du jeudi 17 décembre au vendredi 18 décembre : fermé (Inventaire)",
        "Lundi 21 décembre : fermé (Fermeture exceptionnelle)",
        "Vendredi 25 décembre : fermé (Jour férié (Noël))",
        "Vendredi 1er janvier : fermé (Jour férié (Jour de l'an))",
    ]


def test_other_hours_of_a_day_are_told(sheet, caf):
    monday = timezone.make_aware(timezone.datetime(2026, 9, 14, 9))
    ExceptionalHours.objects.create(
        structure=caf,
        first_day=monday.date(),
        last_day=monday.date(),
        closed=False,
        opens=time(14),
        closes=time(16),
        reason="Panne",
    )
    [told] = handover_sheet(for_sheets(monday).get(pk=sheet.pk), at=monday).days
    assert told.replace("\u00a0", " ") == "Lundi 14 septembre : 14 h – 16 h (Panne)"


def test_hours_by_appointment_have_their_column(client, sheet, caf):
    OpeningInterval.objects.create(
        structure=caf, weekday=0, opens=time(14), closes=time(17), kind="appointment"
    )
    said = text_of(client.get(SHEET))
    assert "Sur rendez-vous" in said
    assert "14 h – 17 h" in said


def test_a_sheet_costs_the_same_queries_whatever_it_says(client, sheet, django_assert_num_queries):
    client.get(SHEET)
    with django_assert_num_queries(6):
        client.get(SHEET)


@pytest.fixture
def few_guesses(monkeypatch):
    monkeypatch.setattr(guesses, "VISITORS", {guesses.ACTION: "3/5m/ip"})
    monkeypatch.setattr(guesses, "AGENTS", {guesses.ACTION: "5/5m/user"})


def test_guessing_is_stopped_even_when_a_guess_is_right(client, sheet, few_guesses):
    for _ in range(3):
        assert client.get(UNKNOWN).status_code == 404
    response = client.get(SHEET)
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "300"
    assert "Attendez cinq minutes" in text_of(response)
    assert "Demander le RSA" not in text_of(response)


def test_another_address_is_not_stopped(client, sheet, few_guesses):
    for _ in range(3):
        client.get(UNKNOWN, REMOTE_ADDR="192.0.2.1")
    assert client.get(SHEET, REMOTE_ADDR="192.0.2.1").status_code == 429
    assert client.get(SHEET, REMOTE_ADDR="192.0.2.2").status_code == 200


def test_a_counter_that_reads_a_hundred_sheets_is_never_stopped(client, sheet, few_guesses):
    assert {client.get(SHEET).status_code for _ in range(30)} == {200}


def test_the_agents_of_a_stopped_address_pass(client, sheet, few_guesses, receiver):
    for _ in range(3):
        client.get(UNKNOWN)
    client.force_login(receiver)
    assert client.get(SHEET).status_code == 200


def test_an_agent_who_guesses_is_stopped_too(client, sheet, few_guesses, receiver):
    client.force_login(receiver)
    box = "/agents/orientation/fiches/"
    for _ in range(5):
        assert "ne porte la référence" in text_of(client.get(box, {"reference": "KKKKKKKK"}))
    response = client.get(box, {"reference": "K7M4-Q2XT"})
    assert response.status_code == 200
    assert "attendez cinq minutes" in text_of(response)


def test_after_five_minutes_one_may_try_again(client, sheet, few_guesses, monkeypatch):
    for _ in range(3):
        client.get(UNKNOWN)
    later = timezone.now() + timedelta(minutes=6)
    monkeypatch.setattr(guesses.time, "time", lambda: later.timestamp())
    assert client.get(SHEET).status_code == 200


def test_a_sheet_about_violence_does_not_say_what_it_is_for(client, sheet):
    need = Need.objects.filter(urgent="violences").first()
    Handover.objects.filter(pk=sheet.pk).update(need=need, subject="Être protégée")
    said = text_of(client.get(SHEET))
    assert "Être protégée" not in said
    assert "La Caf instruit la demande." not in said
    assert "CAF de Lille" in said
