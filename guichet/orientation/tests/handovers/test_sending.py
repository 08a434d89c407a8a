"""A sheet leaves by mail or text message; the number is kept nowhere, the address on the mail
alone."""

from __future__ import annotations

import pytest
from django.db import connection

from guichet.accounts.models import AuditEvent
from guichet.core import sms
from guichet.core.errors import RuleViolation
from guichet.core.tests.sms_gateway import sms_gateway
from guichet.directory.tests.agents.conftest import text_of
from guichet.orientation.actions.handovers import MOST_SENT, mobile_number
from guichet.orientation.handovers.sheet import for_sheets, handover_sheet, sms_text
from guichet.orientation.models import Handover
from guichet.orientation.tests.factories import HandoverFactory
from guichet.orientation.tests.handovers.conftest import CAF, HOUSE, site
from guichet.territories.tests.factories import CommuneFactory, DepartementFactory, RegionFactory

SHEET = f"{HOUSE}fiches/K7M4-Q2XT/"
MAIL = {"email": "jeanne@exemple.fr"}
MOBILE = {"number": "06 39 98 01 23"}


@pytest.fixture
def gateway(settings, monkeypatch):
    monkeypatch.setattr(sms, "TIMEOUT_SECONDS", (60, 60))
    with sms_gateway() as server:
        settings.SMS_URL, settings.SMS_TOKEN, settings.SMS_SENDER = server.url, "secret", "Guichet"
        yield server


@pytest.fixture
def as_sender(client, sender, sheet):
    client.force_login(sender)
    return client


def everything_stored():
    """All the rows of our own tables, as one text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_stat_user_tables WHERE relname ~ '^(accounts|orientation)_'"
        )
        told = []
        for (name,) in cursor.fetchall():
            cursor.execute(f"SELECT coalesce(string_agg(t::text, '|'), '') FROM {name} t")
            told.append(cursor.fetchone()[0])
    return " ".join(told)


def test_the_mail_says_all_that_the_sheet_says(as_sender, mailoutbox, settings):
    settings.PUBLIC_URL = "https://guichet.example"
    response = as_sender.post(f"{SHEET}courriel/", MAIL)
    assert response.url == SHEET
    mail = mailoutbox[0]
    assert mail.to == ["jeanne@exemple.fr"]
    assert mail.subject.endswith("votre fiche d'orientation")
    for said in (
        "CAF de Lille",
        "1 place du Marché, 59000 Lille",
        "Téléphone\u00a0: 03 20 00 12 34",
        "Lundi\u00a0: 9",
        "- Un relevé d'identité bancaire (RIB)",
        "La Caf instruit la demande.",
        "RÉFÉRENCE À DIRE À L'ACCUEIL\u00a0: K7M4-Q2XT",
        "https://guichet.example/orientation/fiche/K7M4-Q2XT/",
        "France services de Lille-Fives",
    ):
        assert said in mail.body
    assert "Sam Leroy" not in mail.body
    assert "&#" not in mail.body


def test_neither_address_nor_number_stands_on_the_sheet_or_in_its_history(
    as_sender, gateway, mailoutbox
):
    as_sender.post(f"{SHEET}courriel/", MAIL)
    as_sender.post(f"{SHEET}sms/", MOBILE)
    assert len(mailoutbox) == len(gateway.messages) == 1
    stored = everything_stored()
    assert "K7M4Q2XT" in stored
    assert "jeanne" not in stored
    assert "39980123" not in stored
    assert "39 98 01 23" not in stored
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert actions == {"handover.mailed", "handover.texted"}


def test_the_text_message_goes_to_the_number_in_its_international_form(as_sender, gateway):
    response = as_sender.post(f"{SHEET}sms/", MOBILE, follow=True)
    assert "Le SMS est parti." in text_of(response)
    [message] = gateway.messages
    assert (message["to"], message["from"]) == ("+33639980123", "Guichet")
    assert "CAF de Lille, 1 place du Marché, 59000 Lille. Tél. 03 20 00 12 34." in message["text"]
    assert "/orientation/fiche/K7M4-Q2XT/" in message["text"]


def test_a_gateway_that_refuses_is_told_and_nothing_is_noted(as_sender, gateway):
    gateway.status = 503
    response = as_sender.post(f"{SHEET}sms/", MOBILE)
    assert response.status_code == 200
    assert "en panne ou débordé" in text_of(response)
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("03 20 00 12 34", "il commence par 06 ou 07"),
        ("06 39 98", "chiffres au lieu de 10"),
        ("jeanne", "Aucun numéro"),
        ("+44 7911 123456", "Ce n'est pas un mobile français"),
        ("", "Remplissez ce champ"),
    ],
)
def test_a_number_that_is_no_french_mobile_is_refused(as_sender, gateway, number, said):
    assert said in text_of(as_sender.post(f"{SHEET}sms/", {"number": number}))
    assert gateway.messages == []


def test_mobiles_of_the_overseas_territories_are_french(no_territories):
    caledonia = DepartementFactory(
        code="988", name="Nouvelle-Calédonie", region=RegionFactory(code="988", name="NC")
    )
    noumea = CommuneFactory(insee_code="98818", name="Nouméa", departement=caledonia)
    there = site("noumea", "mairie", commune=noumea)
    here = site("lille", "mairie")
    assert mobile_number("751234", near=there) == "+687751234"
    assert mobile_number("0692 12 34 56", near=here) == "+262692123456"
    assert mobile_number("06 39 98 01 23", near=there) == "+33639980123"
    with pytest.raises(RuleViolation):
        mobile_number("751234", near=here)


def test_without_a_gateway_there_is_no_such_button(as_sender, settings):
    settings.SMS_URL = ""
    assert "Envoyer par SMS" not in text_of(as_sender.get(SHEET))
    assert as_sender.post(f"{SHEET}sms/", MOBILE).status_code == 404


def test_an_address_that_is_none_is_refused(as_sender, mailoutbox):
    response = as_sender.post(f"{SHEET}courriel/", {"email": "jeanne"})
    assert "Écrivez une adresse électronique complète" in text_of(response)
    assert mailoutbox == []


def test_a_sheet_is_not_sent_without_end(as_sender, mailoutbox):
    for _ in range(MOST_SENT):
        as_sender.post(f"{SHEET}courriel/", MAIL)
    response = as_sender.post(f"{SHEET}courriel/", MAIL)
    assert f"déjà été envoyée {MOST_SENT} fois" in text_of(response)
    assert len(mailoutbox) == MOST_SENT


def test_a_cancelled_sheet_is_not_sent(as_sender, sheet, mailoutbox):
    Handover.objects.update(outcome=Handover.Outcome.CANCELLED)
    assert "Envoyer par courriel" not in text_of(as_sender.get(SHEET))
    assert "est annulée" in text_of(as_sender.post(f"{SHEET}courriel/", MAIL))
    assert mailoutbox == []


def test_the_receiver_and_a_stranger_send_nothing(client, sheet, receiver, stranger, mailoutbox):
    client.force_login(receiver)
    assert client.post(f"{CAF}fiches/K7M4-Q2XT/courriel/", MAIL).status_code == 404
    assert client.post(f"{SHEET}courriel/", MAIL).status_code == 404
    client.force_login(stranger)
    assert client.post(f"{SHEET}courriel/", MAIL).status_code == 404
    assert mailoutbox == []


def test_a_text_message_holds_in_three_hundred_characters(house, settings):
    settings.PUBLIC_URL = "https://guichet-ouvert.collectivites.example"
    long = site(
        "longue",
        "cpam",
        name="Caisse primaire d'assurance maladie " * 5,
        address_lines=["Bâtiment des services publics, escalier B"] * 3,
        phones=[{"number": "+33320001234", "display": "03 20 00 12 34", "cost": "normal"}],
    )
    HandoverFactory(reference="K7M4Q2XT", sender=house, receiver=long)
    text = sms_text(handover_sheet(for_sheets().get()))
    assert 295 <= len(text) <= 300
    assert "…. Tél." in text
    assert "Tél. 03 20 00 12 34. Référence K7M4-Q2XT." in text
    assert text.endswith(
        "https://guichet-ouvert.collectivites.example/orientation/fiche/K7M4-Q2XT/"
    )
