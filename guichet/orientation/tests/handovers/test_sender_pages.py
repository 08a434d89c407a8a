"""One screen for an agent who sends somebody elsewhere; three people ask for it."""

from __future__ import annotations

import pytest

from guichet.accounts.models import AuditEvent
from guichet.directory.models import Role
from guichet.directory.tests.agents.conftest import text_of
from guichet.directory.tests.factories import StructureFactory, someone
from guichet.orientation.models import Handover, Misrouting
from guichet.orientation.tests.handovers.conftest import CAF, HOUSE, site

PAGE = f"{HOUSE}orientation/"
ASKED = f"{PAGE}?q=je+veux+demander+le+RSA&commune=Lille"


@pytest.fixture
def as_sender(client, sender, caf):
    client.force_login(sender)
    return client


def proposed(response):
    """What the form would send as it is shown."""
    form = response.context["form"]
    return {name: form[name].value() or "" for name in form.fields}


def test_the_screen_asks_the_need_and_knows_the_commune(as_sender):
    response = as_sender.get(PAGE)
    search = response.context["search"]
    assert search["commune"].value() == "Lille (59)"
    assert "autofocus" in str(search["q"])
    assert response.context["form"] is None


def test_the_words_bring_the_places_and_a_sheet_ready_to_be_made(as_sender):
    response = as_sender.get(ASKED)
    sheet = proposed(response)
    assert sheet["place"] == "caf-lille"
    assert sheet["subject"] == "Demander le RSA"
    assert sheet["why"] == "La CAF étudie votre demande et verse le RSA."
    assert "Un relevé d'identité bancaire (RIB)" in sheet["documents"]
    shown = response.content.decode()
    assert shown.count("autofocus") == 1
    assert 'value="caf-lille"' in shown
    assert shown.index("autofocus") > shown.index('name="place"')


def test_a_commune_that_is_not_said_is_the_senders(as_sender):
    assert proposed(as_sender.get(f"{PAGE}?q=rsa"))["place"] == "caf-lille"
    emptied = as_sender.get(f"{PAGE}?q=rsa&commune=")
    assert "Écrivez sa commune" in text_of(emptied)


def test_what_is_proposed_is_made_as_it_is(as_sender, house, caf, sender):
    response = as_sender.post(ASKED, proposed(as_sender.get(ASKED)), follow=True)
    sheet = Handover.objects.get()
    assert (sheet.sender, sheet.receiver, sheet.created_by) == (house, caf, sender)
    assert sheet.need.title == sheet.subject == "Demander le RSA"
    assert response.redirect_chain[-1][0].startswith(f"{HOUSE}fiches/")
    said = text_of(response)
    assert "La fiche est prête" in said
    assert "Ouvrir la fiche de la personne" in said
    assert "Un relevé d'identité bancaire (RIB)" in said


def test_the_form_sent_twice_makes_one_sheet(as_sender):
    filled = proposed(as_sender.get(ASKED))
    first = as_sender.post(ASKED, filled)
    assert as_sender.post(ASKED, filled).url == first.url
    assert Handover.objects.count() == 1
    as_sender.post(ASKED, proposed(as_sender.get(ASKED)))
    assert Handover.objects.count() == 2


def test_a_forged_token_still_makes_a_sheet_under_a_reference_of_ours(as_sender):
    as_sender.post(ASKED, proposed(as_sender.get(ASKED)) | {"sheet": "AAAAAAAA"})
    assert Handover.objects.get().reference != "AAAAAAAA"


def test_a_reason_left_alone_is_that_of_the_place_chosen(as_sender, cpam):
    other = site("ccas-lille", "ccas", name="CCAS de Lille")
    filled = proposed(as_sender.get(ASKED))
    as_sender.post(ASKED, filled | {"place": other.code})
    sheet = Handover.objects.get()
    assert sheet.receiver == other
    assert sheet.why not in ("", filled["why"])


def test_a_reason_that_was_written_is_kept(as_sender):
    other = site("ccas-lille", "ccas", name="CCAS de Lille")
    filled = proposed(as_sender.get(ASKED)) | {"place": other.code, "why": "C'est plus près."}
    as_sender.post(ASKED, filled)
    assert Handover.objects.get().why == "C'est plus près."


def test_a_place_without_a_reason_asks_for_one(as_sender, cpam):
    asked = f"{ASKED}&lieu=cpam+de+lille"
    filled = proposed(as_sender.get(asked))
    assert (filled["place"], filled["why"]) == ("cpam-lille", "")
    response = as_sender.post(asked, filled)
    assert "Remplissez ce champ" in text_of(response)
    by_answer = filled | {"place": "caf-lille", "why": "La CAF instruit."}
    as_sender.post(asked, by_answer)
    assert Handover.objects.get().receiver.code == "caf-lille"


def test_the_reason_of_another_place_does_not_pass_for_this_one(as_sender, cpam):
    asked = f"{ASKED}&lieu=lille"
    filled = proposed(as_sender.get(asked))
    assert (filled["place"], bool(filled["why"])) == ("caf-lille", True)
    response = as_sender.post(asked, filled | {"place": "cpam-lille"})
    assert "celle d'un autre lieu : dites pourquoi celui-ci" in text_of(response)
    assert not Handover.objects.exists()


def test_a_place_that_was_not_proposed_is_refused(as_sender, cpam):
    filled = proposed(as_sender.get(ASKED)) | {"place": "cpam-lille"}
    response = as_sender.post(ASKED, filled)
    assert "place" in response.context["form"].errors
    assert not Handover.objects.exists()


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("note", "Mme Martin, 06 39 98 01 23", "Enlevez un numéro de téléphone"),
        ("why", "j.martin@exemple.fr", "Enlevez une adresse électronique"),
        ("subject", "RSA 269054958815780", "Enlevez un numéro de sécurité sociale"),
        ("documents", "RIB\nDossier 123456789", "Enlevez un numéro de dossier"),
        ("documents", "x\n" * 9, "8 lignes au plus"),
    ],
)
def test_personal_data_is_refused_and_what_was_typed_stays(as_sender, field, text, said):
    filled = proposed(as_sender.get(ASKED)) | {field: text}
    response = as_sender.post(ASKED, filled)
    assert said in text_of(response)
    assert proposed(response)[field] == text
    assert response.content.decode().count("autofocus") == 1
    assert not Handover.objects.exists()


def test_who_had_sent_the_person_here_is_counted(as_sender):
    as_sender.post(ASKED, proposed(as_sender.get(ASKED)) | {"came_from": "mairie"})
    counted = Misrouting.objects.get()
    assert (counted.sent_by_id, counted.sent_to_id) == ("mairie", "france_services")
    assert Handover.objects.get().came_from_id == "mairie"


def test_words_that_mean_nothing_ask_for_others_and_still_offer_a_place(as_sender, cpam):
    response = as_sender.get(f"{PAGE}?q=frouzbi+zzyzx&commune=Lille&lieu=cpam+de+lille")
    assert "Nous n'avons pas compris" in text_of(response)
    assert proposed(response)["place"] == "cpam-lille"
    assert proposed(response)["subject"] == "frouzbi zzyzx"


def test_a_danger_shows_whom_to_call_first(as_sender):
    said = text_of(as_sender.get(f"{PAGE}?q=mon+mari+me+frappe&commune=Lille"))
    assert "Appelez tout de suite" in said


def test_an_unknown_commune_is_told(as_sender):
    said = text_of(as_sender.get(f"{PAGE}?q=rsa&commune=zzyzx"))
    assert "Commune inconnue" in said


def test_reading_the_screen_writes_nothing(as_sender):
    as_sender.get(ASKED)
    assert not Handover.objects.exists()
    assert not AuditEvent.objects.exists()


def test_a_stranger_and_a_reader_do_not_send_from_here(client, house, caf, stranger):
    client.force_login(stranger)
    assert client.get(PAGE).status_code == 404
    client.force_login(someone(Role.READER, house))
    assert client.get(PAGE).status_code == 404
    assert client.post(ASKED, {"place": "caf-lille"}).status_code == 404
    client.force_login(someone(Role.LEAD, house.network))
    assert client.get(PAGE).status_code == 200


def test_the_structures_page_leads_there_for_who_may_send(client, house, sender):
    page = HOUSE
    client.force_login(sender)
    assert f'href="{PAGE}"' in client.get(page).content.decode()
    client.force_login(someone(Role.READER, house))
    assert f'href="{PAGE}"' not in client.get(page).content.decode()


def test_a_closed_structure_sends_nobody(client, sender, house, caf):
    closed = StructureFactory(code="fermee", gone=True, kind=house.kind)
    client.force_login(someone(Role.RESPONDER, closed))
    url = "/agents/structures/fermee/orientation/"
    assert "Orienter quelqu'un" not in text_of(client.get("/agents/structures/fermee/"))
    asked = f"{url}?q=rsa&commune=Lille"
    response = client.post(asked, proposed(client.get(asked)))
    assert "n'oriente plus" in text_of(response)
    assert not Handover.objects.exists()


def test_the_next_sheet_after_a_wrong_service_is_half_filled(client, sheet, receiver, cpam):
    client.force_login(receiver)
    wrong = f"{CAF}fiches/K7M4-Q2XT/mauvais-service/"
    response = client.post(wrong, {"right_kind": "cpam"}, follow=True)
    next_url = response.context["next_url"]
    assert f'href="{CAF}orientation/' in response.content.decode()
    filled = proposed(client.get(next_url))
    assert filled["place"] == "cpam-lille"
    assert filled["subject"] == "Demander le RSA"
    assert filled["why"].startswith("D'après « CAF de Lille »")
    assert filled["came_from"] == ""
    client.post(next_url, filled)
    assert Handover.objects.filter(sender__code="caf-lille", receiver__code="cpam-lille").exists()
    assert Misrouting.objects.get().count == 1
