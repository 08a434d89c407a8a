"""The receiving service finds its sheets, and says what became of the person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from guichet.accounts.audit_words import words_of
from guichet.accounts.models import AuditEvent
from guichet.directory.models import Role
from guichet.directory.tests.agents.conftest import text_of
from guichet.directory.tests.factories import someone
from guichet.orientation.models import Handover, Misrouting, Need
from guichet.orientation.tests.factories import HandoverFactory
from guichet.orientation.tests.handovers.conftest import CAF, HOUSE, site

LIST = f"{CAF}fiches/"
SHEET = f"{LIST}K7M4-Q2XT/"
ALL = "/agents/orientation/fiches/"


@pytest.fixture
def as_receiver(client, receiver, sheet):
    client.force_login(receiver)
    return client


def references(response):
    return [row.reference for row in response.context["list"].rows]


def test_the_sheet_says_all_but_who_made_it(as_receiver):
    said = text_of(as_receiver.get(SHEET))
    for told in (
        "K7M4-Q2XT",
        "Demander le RSA",
        "La Caf instruit la demande.",
        "Un relevé d'identité bancaire (RIB)",
        "France services de Lille-Fives",
        "Personne reçue",
        "Ce n'était pas le bon service",
    ):
        assert told in said
    assert "Sam Leroy" not in said
    assert "Envoyer par courriel" not in said
    assert "Annuler la fiche" not in said


def test_the_sender_sees_its_author_and_may_cancel_but_not_settle(client, sender, sheet):
    client.force_login(sender)
    said = text_of(client.get(f"{HOUSE}fiches/K7M4-Q2XT/"))
    assert "par Sam Leroy" in said
    assert "Annuler la fiche" in said
    assert "Personne reçue" not in said
    assert client.post(f"{HOUSE}fiches/K7M4-Q2XT/recue/").status_code == 404
    assert client.post(f"{SHEET}recue/").status_code == 404


def test_a_stranger_finds_nothing(client, stranger, sheet):
    client.force_login(stranger)
    for url in (LIST, SHEET, f"{HOUSE}fiches/", f"{HOUSE}fiches/K7M4-Q2XT/"):
        assert client.get(url).status_code == 404
    for act in ("recue/", "mauvais-service/", "annuler/", "courriel/"):
        assert client.post(f"{SHEET}{act}").status_code == 404
    assert client.get("/agents/structures/cpam-lille/fiches/K7M4-Q2XT/").status_code == 404
    assert Handover.objects.get().outcome == Handover.Outcome.SENT


def test_a_reader_sees_and_settles_nothing(client, caf, sheet):
    client.force_login(someone(Role.READER, caf))
    said = text_of(client.get(SHEET))
    assert "Demander le RSA" in said
    assert "Personne reçue" not in said
    assert client.post(f"{SHEET}recue/").status_code == 404


def test_a_person_is_received_in_one_click(as_receiver, receiver):
    response = as_receiver.post(f"{SHEET}recue/", follow=True)
    assert "la personne a été reçue" in text_of(response)
    assert Handover.objects.get().settled_by == receiver
    again = as_receiver.post(f"{SHEET}recue/", follow=True)
    assert "déjà reçu une suite" in text_of(again)


def test_a_wrong_service_asks_which_was_right_and_offers_the_next_sheet(as_receiver, cpam):
    form = as_receiver.get(f"{SHEET}mauvais-service/")
    assert "Quel service aurait été le bon ?" in text_of(form)
    response = as_receiver.post(f"{SHEET}mauvais-service/", {"right_kind": "cpam"}, follow=True)
    said = text_of(response)
    assert "Faire la fiche suivante" in said
    assert f"Le bon service aurait été : <strong>{cpam.kind.label}</strong>" in said
    assert Misrouting.objects.get().sent_to_id == "caf"


def test_a_receiver_who_does_not_know_still_counts_the_error(as_receiver):
    as_receiver.post(f"{SHEET}mauvais-service/", {"right_kind": ""})
    assert Handover.objects.get().right_kind is None
    assert Misrouting.objects.get().count == 1


def test_the_services_of_the_need_are_proposed_first(as_receiver, sheet):
    Handover.objects.update(need=Need.objects.get(title="Demander le RSA"))
    form = as_receiver.get(f"{SHEET}mauvais-service/").context["form"]
    title, options = form.fields["right_kind"].choices[1]
    assert title == "Les plus probables"
    assert "msa" in dict(options)
    assert "caf" not in dict(options)


def test_the_sender_cancels_within_half_an_hour(client, sender, sheet):
    client.force_login(sender)
    response = client.post(f"{HOUSE}fiches/K7M4-Q2XT/annuler/", follow=True)
    said = text_of(response)
    assert "La fiche est annulée." in said
    assert "Cette fiche est annulée" in said
    assert "Annuler la fiche" not in said


def test_later_the_button_is_gone_and_refuses(client, sender, sheet):
    Handover.objects.update(created_at=timezone.now() - timedelta(minutes=31))
    client.force_login(sender)
    page = f"{HOUSE}fiches/K7M4-Q2XT/"
    assert "Annuler la fiche" not in text_of(client.get(page))
    assert "trente minutes" in text_of(client.post(f"{page}annuler/", follow=True))
    assert Handover.objects.get().outcome == Handover.Outcome.SENT


def test_the_receiver_cannot_cancel(as_receiver):
    assert as_receiver.post(f"{SHEET}annuler/").status_code == 404


def test_four_lists_received_or_sent_waiting_or_settled(as_receiver, house, caf, cpam):
    HandoverFactory(reference="22222222", sender=house, receiver=caf, outcome="received")
    HandoverFactory(reference="33333333", sender=caf, receiver=cpam)
    HandoverFactory(reference="44444444", sender=caf, receiver=cpam, outcome="cancelled")
    HandoverFactory(reference="55555555", sender=house, receiver=cpam)
    assert references(as_receiver.get(LIST)) == ["K7M4-Q2XT"]
    assert references(as_receiver.get(f"{LIST}?etat=reglees")) == ["2222-2222"]
    assert references(as_receiver.get(f"{LIST}?sens=envoyees")) == ["3333-3333"]
    assert references(as_receiver.get(f"{LIST}?sens=envoyees&etat=reglees")) == ["4444-4444"]
    said = text_of(as_receiver.get(LIST))
    assert "Reçues, en attente (1)" in said
    assert "De la part de France services de Lille-Fives" in said


def test_a_sheet_of_a_site_is_seen_from_above(client, head, sheet):
    client.force_login(someone(Role.RESPONDER, head))
    above = "/agents/structures/caf-nord/fiches/"
    assert references(client.get(above)) == ["K7M4-Q2XT"]
    assert client.get(f"{above}K7M4-Q2XT/").status_code == 200
    client.post(f"{above}K7M4-Q2XT/recue/")
    assert Handover.objects.get().outcome == Handover.Outcome.RECEIVED


def test_a_colleague_of_another_site_does_not_see_it(client, head, sheet):
    other = site("caf-roubaix", "caf", parent=head)
    client.force_login(someone(Role.MANAGER, other))
    assert client.get(SHEET).status_code == 404
    assert client.get("/agents/structures/caf-roubaix/fiches/K7M4-Q2XT/").status_code == 404


@pytest.mark.parametrize("typed", ["K7M4-Q2XT", "k7m4 q2xt", "K7N4QZXT"])
def test_a_reference_is_found_however_it_is_typed(as_receiver, typed):
    assert as_receiver.get(LIST, {"reference": typed}).url == SHEET
    assert as_receiver.get(ALL, {"reference": typed}).url == SHEET


def test_a_reference_leads_each_person_to_what_they_may_see(client, sheet, sender, stranger, lead):
    typed = {"reference": "K7M4-Q2XT"}
    client.force_login(lead)
    assert client.get(ALL, typed).url == SHEET
    client.force_login(sender)
    assert client.get(ALL, typed).url == f"{HOUSE}fiches/K7M4-Q2XT/"
    client.force_login(stranger)
    assert client.get(ALL, typed).url == "/orientation/fiche/K7M4-Q2XT/"


def test_an_unknown_reference_is_told_and_kept_in_the_box(as_receiver):
    for url in (LIST, ALL):
        response = as_receiver.get(url, {"reference": "KKKK-KKKK"})
        assert "ne porte la référence « KKKK-KKKK »" in text_of(response)
        assert 'value="KKKK-KKKK"' in response.content.decode()


def test_a_reference_of_others_is_not_found_in_the_list_of_a_structure(
    client, stranger, sheet, cpam
):
    client.force_login(stranger)
    response = client.get("/agents/structures/cpam-lille/fiches/", {"reference": "K7M4-Q2XT"})
    assert "Aucune fiche d'ici" in text_of(response)


def test_the_page_of_all_sheets_is_for_any_agent(client, receiver, sheet):
    assert client.get(ALL).status_code == 302
    client.force_login(receiver)
    response = client.get(ALL)
    assert references(response) == ["K7M4-Q2XT"]
    assert "Orienter quelqu'un" in text_of(response)


def test_the_menu_leads_to_the_sheets(client, receiver, stranger, sheet):
    client.force_login(receiver)
    shown = client.get("/agents/").content.decode()
    assert f'href="{ALL}"' in shown
    assert "erreurs-d-orientation" not in shown


@pytest.mark.parametrize(("url", "queries"), [(LIST, 8), (ALL, 8)])
def test_a_list_costs_the_same_however_long(
    as_receiver, house, caf, url, queries, django_assert_num_queries
):
    as_receiver.get(url)
    with django_assert_num_queries(queries):
        as_receiver.get(url)
    for _ in range(12):
        HandoverFactory(sender=house, receiver=caf)
    with django_assert_num_queries(queries):
        assert len(references(as_receiver.get(url))) == 13


def test_a_long_list_is_cut_in_pages(as_receiver, house, caf):
    for _ in range(25):
        HandoverFactory(sender=house, receiver=caf)
    assert len(references(as_receiver.get(LIST))) == 25
    assert references(as_receiver.get(f"{LIST}?page=2")) == ["K7M4-Q2XT"]


def test_the_history_tells_it_in_words(as_receiver, receiver):
    as_receiver.post(f"{SHEET}mauvais-service/", {"right_kind": "cpam"})
    event = AuditEvent.objects.get()
    assert words_of(event.action) == "a déclaré au mauvais service la fiche"
    assert event.subject_label == "K7M4Q2XT"
