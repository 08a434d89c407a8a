"""`/orientation/`: what a visitor reads, and what is counted of it."""

import html
import re

import pytest
from django.core import mail

from guichet.accounts import trapped_forms
from guichet.directory.models import StructureKind
from guichet.directory.tests.factories import StructureFactory, lille
from guichet.orientation.models import Event, MissedSearch, Tally
from guichet.orientation.tests.factories import ProcedureFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_territories")]
PAGE = "/orientation/"
RSA = {"q": "je veux demander le RSA", "commune": "Lille"}


def text_of(response):
    body = response.content.decode()
    main = body[body.index("<main") : body.index("</main>")]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


@pytest.fixture
def services(no_territories):
    for code, kind in (("caf-lille", "caf"), ("hall", "mairie"), ("house", "france_services")):
        StructureFactory(
            code=code,
            name=f"Lieu {code}",
            kind=StructureKind.objects.get(code=kind),
            commune=lille(),
            with_hours=True,
            relay_phone="https://relais.example/" if kind == "caf" else "",
            appointment_url="https://rdv.example/" if kind == "caf" else "",
        )


def test_the_question_is_asked_with_words_or_from_a_list(client):
    response = client.get(PAGE)
    assert "Où habitez-vous" in text_of(response)
    assert "Demander le RSA" in text_of(response)
    assert not response.cookies


def test_asking_is_counted_and_leads_to_an_address_that_answers(client, services):
    response = client.post(PAGE, RSA)
    assert response.status_code == 303
    assert not response.cookies
    assert Tally.objects.get().event == Event.SURE
    answer = client.get(response["Location"])
    assert "Caisse d'allocations familiales (CAF)" in text_of(answer)
    assert Tally.objects.get().count == 1


def test_asking_passes_without_token_or_cookie(services):
    from django.test import Client

    assert Client(enforce_csrf_checks=True).post(PAGE, RSA).status_code == 303


def test_the_answer_says_why_where_and_what_to_bring(client, services):
    said = text_of(client.get(PAGE, RSA))
    assert "Pourquoi ce service" in said
    assert "Lieu caf-lille" in said
    assert "à pied" in said
    assert "À apporter" in said
    assert "Dans votre département (Nord)" in said
    assert "Lieu house" in said
    assert "Temps estimé en voiture" in said


def test_an_identity_card_page_is_honest(client, services):
    response = client.get(PAGE, {"q": "refaire ma carte d'identité", "commune": "Lille"})
    assert "Tous les lieux ne le font pas" in text_of(response)
    assert "https://rendezvouspasseport.ants.gouv.fr/" in response.content.decode()


def test_who_is_not_at_ease_online_reads_of_it_last(client, services):
    usual = text_of(client.get(PAGE, RSA))
    assert usual.index("En ligne") < usual.index("Besoin d'aide")
    page = text_of(client.get(PAGE, RSA | {"internet": "oui"}))
    assert page.index("En ligne, avec de l'aide") > page.index("Lieu house")


def test_who_cannot_hear_finds_the_relay_and_text_messages_first(client, services):
    assert "relais.example" not in text_of(client.get(PAGE, RSA))
    assert "relais.example" in text_of(client.get(PAGE, RSA | {"sourd": "oui"}))
    danger = text_of(client.get(PAGE, {"q": "mon mari me frappe", "sourd": "oui"}))
    assert danger.index("114") < danger.index("17 ")


def test_danger_shows_the_numbers_before_anything_else(client):
    said = text_of(client.get(PAGE, {"q": "mon mari me frappe"}))
    assert said.index("3919") < said.index("Pourquoi ce service")


def test_unsure_offers_a_choice_that_leads_to_one_answer(client, services):
    response = client.get(PAGE, {"q": "problème avec mon employeur", "commune": "Lille"})
    choices = response.context["page"].choices
    assert len(choices) >= 2
    assert client.get(choices[0].url).context["page"].answer.is_sure


def test_out_of_scope_says_where_to_turn(client):
    said = text_of(client.get(PAGE, {"q": "mon forfait sfr ne marche plus"}))
    assert "Ce n'est pas une question pour un service public" in said
    assert "service client" in said


def test_nothing_understood_says_what_to_do_next(client):
    said = text_of(client.get(PAGE, {"q": "asdfgh"}))
    assert "Essayez avec d'autres mots" in said
    assert "choisir dans la liste" in said


def test_an_unknown_commune_is_said(client, services):
    said = text_of(client.get(PAGE, {"q": "rsa", "commune": "Zzyzx"}))
    assert "Nous n'avons pas trouvé «" in said


def test_a_shared_address_does_not_hold_the_words_typed(client, services):
    page = client.get(PAGE, RSA).context["page"]
    assert page.address == "/orientation/?besoin=demander-rsa&lieu=59350"
    assert "Lieu caf-lille" in text_of(client.get(page.address))


def test_an_old_sheet_is_said_to_be_checked(client, services):
    ProcedureFactory(code="F19778", title="RSA", old=True)
    assert "à vérifier" in text_of(client.get(PAGE, RSA)).lower()


def test_the_wrong_service_is_one_click_and_counted(client, services):
    response = client.post(
        f"{PAGE}mauvais-service/", {"besoin": "demander-rsa", "lieu": "59350", "service": "caf"}
    )
    assert response.status_code == 303
    tally = Tally.objects.get(event=Event.WRONG_SERVICE)
    assert (tally.need.code, tally.kind_id, tally.departement) == ("demander-rsa", "caf", "59")
    assert "Merci, c'est noté" in text_of(client.get(response["Location"]))


def test_a_service_that_was_not_proposed_is_not_counted(client, services):
    client.post(f"{PAGE}mauvais-service/", {"besoin": "demander-rsa", "service": "prefecture"})
    assert not Tally.objects.exists()


def test_the_answer_is_sent_once_to_oneself(client, services, monkeypatch):
    monkeypatch.setattr(trapped_forms, "FASTEST_PERSON", type(trapped_forms.FASTEST_PERSON)(0))
    address = f"{PAGE}m-envoyer/?besoin=demander-rsa&lieu=59350"
    seen = client.get(address).context["form"]["seen"].value()
    response = client.post(address, {"email": "moi@exemple.fr", "seen": seen})
    assert response.status_code == 302
    (message,) = mail.outbox
    assert message.to == ["moi@exemple.fr"]
    assert "CAISSE D'ALLOCATIONS FAMILIALES" in message.body
    assert "Lieu caf-lille" in message.body
    assert "besoin=demander-rsa&lieu=59350" in message.body


def test_a_mailbox_cannot_be_flooded(client, services, monkeypatch):
    monkeypatch.setattr(trapped_forms, "FASTEST_PERSON", type(trapped_forms.FASTEST_PERSON)(0))
    address = f"{PAGE}m-envoyer/?besoin=demander-rsa"
    seen = client.get(address).context["form"]["seen"].value()
    answers = [client.post(address, {"email": "voisin@exemple.fr", "seen": seen}) for _ in range(5)]
    assert len(mail.outbox) == 3
    assert "trop" in text_of(answers[-1])


def test_only_an_understood_answer_is_sent(client):
    response = client.get(f"{PAGE}m-envoyer/?q=asdfgh")
    assert response.status_code == 302


def test_the_search_of_places_leads_to_needs(client, services):
    response = client.get("/services/", {"q": "je suis à la rue"})
    assert "/orientation/?besoin=" in response.content.decode()


def test_the_name_of_a_place_is_not_taken_for_a_need(client, services):
    response = client.get("/services/", {"quoi": "lieu hall"})
    assert "/orientation/?besoin=" not in response.content.decode()


def test_missed_words_are_kept_only_when_asked_for(client):
    client.get(PAGE, {"q": "problème avec mon employeur"})
    assert not MissedSearch.objects.exists()
    client.post(PAGE, {"q": "problème avec mon employeur"})
    assert MissedSearch.objects.get().text == "problème avec mon employeur"


@pytest.mark.parametrize(
    "name", ["q", "commune", "besoin", "lieu", "lat", "lon", "merci", "service"]
)
@pytest.mark.parametrize("value", ["\0", "%00", "é" * 3000, "<script>alert(1)</script>", "1e999"])
def test_any_address_is_answered(client, name, value):
    response = client.get(PAGE, {"q": "rsa", name: value})
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()
    assert client.post(PAGE, {"q": "rsa", name: value}).status_code == 303
    assert client.post(f"{PAGE}mauvais-service/", {"q": "rsa", name: value}).status_code == 303
