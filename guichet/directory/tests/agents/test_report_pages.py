"""A visitor reports an error in two fields; robots are slowed down, people never lose a word."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from guichet.accounts import trapped_forms
from guichet.directory.actions.structures import merge_structures
from guichet.directory.models import ErrorReport, Role
from guichet.directory.tests.agents.conftest import text_of
from guichet.directory.tests.factories import ErrorReportFactory, someone

PAGE = "/services/caf-lille/signaler/"
WORDS = {"topic": "hours", "message": "Fermé le mercredi.\nVu hier."}


@pytest.fixture
def read_slowly(monkeypatch):
    """Whatever is shown from now on was shown a minute ago."""
    earlier = timezone.now() - timedelta(minutes=1)
    monkeypatch.setattr(
        trapped_forms.TrappedForm, "token", lambda form: token_at(form.about, earlier)
    )


def token_at(code, moment):
    return trapped_forms.make_token(trapped_forms.PURPOSE, [code, moment.timestamp()])


def shown_token(response):
    form = response.context["form"]
    return form["seen"].value()


def test_a_report_is_kept_and_thanked_for(client, site, manager, read_slowly, mailoutbox):
    seen = shown_token(client.get(PAGE))
    response = client.post(PAGE, WORDS | {"seen": seen}, follow=True)
    assert response.redirect_chain[-1][0] == "/services/caf-lille/"
    assert "Merci : votre message est transmis" in text_of(response)
    assert ErrorReport.objects.get().message == "Fermé le mercredi.\nVu hier."
    assert mailoutbox[0].to == [manager.email]


def test_a_form_sent_faster_than_read_passes_the_second_time(client, site, monkeypatch):
    monkeypatch.setattr(trapped_forms, "FASTEST_PERSON", timedelta(hours=1))
    first = client.post(PAGE, WORDS | {"seen": shown_token(client.get(PAGE))})
    assert "appuyez une seconde fois" in text_of(first)
    assert "Fermé le mercredi." in text_of(first)
    monkeypatch.setattr(trapped_forms, "FASTEST_PERSON", timedelta(0))
    client.post(PAGE, WORDS | {"seen": shown_token(first)})
    assert ErrorReport.objects.count() == 1


@pytest.mark.parametrize("seen", ["", "x", "a:b:c"])
def test_a_forged_token_is_replaced_not_trusted(client, site, seen):
    response = client.post(PAGE, WORDS | {"seen": seen})
    assert shown_token(response) not in ("", seen)
    assert not ErrorReport.objects.exists()


def test_a_token_of_another_place_is_not_enough(client, site):
    seen = token_at("ailleurs", timezone.now() - timedelta(minutes=1))
    client.post(PAGE, WORDS | {"seen": seen})
    assert not ErrorReport.objects.exists()


def test_the_trap_asks_again_and_empties_itself(client, site, read_slowly):
    seen = shown_token(client.get(PAGE))
    response = client.post(PAGE, WORDS | {"seen": seen, "adresse_du_site": "http://x"})
    assert "une case cachée" in text_of(response)
    assert not response.context["form"]["adresse_du_site"].value()
    assert not ErrorReport.objects.exists()


@pytest.mark.parametrize(
    "typed", [{"message": ""}, {"message": " \n "}, {"topic": ""}, {"message": "x" * 2001}]
)
def test_an_incomplete_report_is_refused(client, site, read_slowly, typed):
    seen = shown_token(client.get(PAGE))
    assert client.post(PAGE, WORDS | {"seen": seen} | typed).status_code == 200
    assert not ErrorReport.objects.exists()


def test_control_characters_are_left_out(client, site, read_slowly):
    seen = shown_token(client.get(PAGE))
    client.post(PAGE, WORDS | {"seen": seen, "message": "a\x1bb\u202ec\x07"})
    assert ErrorReport.objects.get().message == "a bc"


def test_a_merged_place_leads_to_what_replaced_it(client, site, sibling, administrator):
    merge_structures(kept=sibling, absorbed=site, by=administrator)
    assert client.get(PAGE).url == "/services/caf-roubaix/signaler/"


def test_an_unknown_place_is_not_found(client, db):
    assert client.get("/services/inconnu/signaler/").status_code == 404


def test_a_responder_settles_a_report(client, site):
    report = ErrorReportFactory(structure=site)
    responder = someone(Role.RESPONDER, site)
    client.force_login(responder)
    url = f"/agents/structures/caf-lille/signalements/{report.pk}/"
    assert "C'est fermé le mercredi." in text_of(client.get(url))
    client.post(url, {"outcome": "Fiche corrigée", "detail": "mercredi ajouté"})
    report.refresh_from_db()
    assert report.outcome == "Fiche corrigée : mercredi ajouté"
    assert "par " + str(responder) in text_of(client.get(url))
    again = client.post(url, {"outcome": "Sans objet"})
    assert "déjà reçu une suite" in text_of(again)


def test_an_agent_lists_own_reports_bursts_last(client, site, sibling, elsewhere, lead):
    ErrorReportFactory(structure=site, message="rafale", is_burst=True)
    ErrorReportFactory(structure=sibling, message="premier")
    ErrorReportFactory(structure=elsewhere, message="ailleurs")
    ErrorReportFactory(structure=site, message="réglé", settled_at=timezone.now())
    client.force_login(lead)
    page = client.get("/agents/signalements/").context["page"]
    assert [report.message for report in page] == ["premier", "rafale"]


def test_the_list_of_reports_costs_the_same_however_long(
    client, site, lead, django_assert_num_queries
):
    client.force_login(lead)
    ErrorReportFactory(structure=site)
    client.get("/agents/signalements/")
    with django_assert_num_queries(5):
        client.get("/agents/signalements/")
    for _ in range(8):
        ErrorReportFactory(structure=site)
    with django_assert_num_queries(5):
        client.get("/agents/signalements/")
