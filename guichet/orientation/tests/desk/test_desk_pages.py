"""The screens of the desk, one after the other, as the adviser's browser asks for them."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from django.utils import timezone

from guichet.directory.tests.agents.conftest import text_of
from guichet.orientation.answers import Question, answer_to
from guichet.orientation.desk.forms import clock_started, started_at
from guichet.orientation.desk.page import Asked, desk_answer
from guichet.orientation.models import DeskCall, MissedSearch, Tally, UnknownWord
from guichet.orientation.tests.desk.conftest import DESK
from guichet.orientation.tests.factories import DeskCallFactory
from guichet.territories.tests.factories import CommuneFactory, DepartementFactory

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


def screen(client, **asked):
    return client.get(DESK, asked)


def test_it_opens_for_any_agent_with_a_role_and_for_nobody_else(
    client, adviser, colleague, lead, stranger
):
    assert client.get(DESK).status_code == 302
    for person, status in ((adviser, 200), (colleague, 200), (lead, 200), (stranger, 403)):
        client.force_login(person)
        assert client.get(DESK).status_code == status
    assert client.post(f"{DESK}noter/", {"suite": "answered"}).status_code == 403
    assert not DeskCall.objects.exists()


def test_the_menu_leads_to_the_desk_who_may_open_it(client, adviser, stranger):
    client.force_login(adviser)
    assert "Standard téléphonique" in text_of(client.get("/agents/"))
    client.force_login(stranger)
    assert "Standard téléphonique" not in text_of(client.get("/agents/"))


def test_a_commune_beyond_doubt_leads_to_the_need(as_adviser):
    response = screen(as_adviser, ou="lille")
    assert response.status_code == 302
    assert response.url.startswith(f"{DESK}?commune=59350&debut=")
    page = text_of(as_adviser.get(response.url))
    assert "Appel de <strong>Lille (Nord)</strong>" in page
    assert "Ce que veut la personne" in page


def test_communes_of_one_name_are_numbered(as_adviser):
    response = screen(as_adviser, ou="saint-denis")
    assert [(one.figure, one.label) for one in response.context["choices"]] == [
        (1, "Saint-Denis (Gard)"),
        (2, "Saint-Denis (Aude)"),
    ]
    assert "commune=30247" in response.context["choices"][0].url
    assert "1 – Saint-Denis (Gard)" in text_of(response)


def test_a_near_spelling_is_offered_and_not_guessed(as_adviser):
    response = screen(as_adviser, ou="wavrun")
    assert [one.label for one in response.context["choices"]] == ["Wavrin (Nord)"]


@pytest.mark.parametrize("typed", ["Xyzzy", "'--%", "<b>x</b>", "0" * 500])
def test_an_unknown_commune_is_said_and_may_be_left_out(as_adviser, typed):
    response = screen(as_adviser, ou=typed)
    assert "Commune inconnue" in text_of(response)
    assert "Continuer sans la commune" in text_of(response)
    assert b"<b>x</b>" not in response.content


def test_a_person_who_does_not_say_the_commune_is_answered_all_the_same(as_adviser):
    response = as_adviser.get(DESK, {"ou": ""}, follow=True)
    assert "Commune non dite" in text_of(response)
    page = text_of(screen(as_adviser, commune="", q="demander le rsa"))
    assert "Demander le RSA" in page
    assert "32 30" in page


def test_the_answer_is_said_whole(as_adviser, services):
    response = screen(as_adviser, commune="59350", q="demander le RSA")
    page = text_of(response)
    for told in (
        "Demander le RSA",
        "Caisse d'allocations familiales (CAF)",
        "À lire à voix haute",
        "03 53 01 00 01",
        "1 place du Marché, 59000 Lille",
        "À apporter",
        "Relais au 114",
        "France services Lille",
        "R – Renseignée",
    ):
        assert told in page
    asked = response.context["asked"]
    assert (asked.need, asked.kind, asked.structure) == ("demander-rsa", "caf", "caf-lille")
    assert asked.text == ""


def test_the_number_of_the_network_stands_for_that_of_a_place_without_one(as_adviser, services):
    services["caf"].phones = []
    services["caf"].save()
    page = text_of(screen(as_adviser, commune="59350", besoin="demander-rsa"))
    assert "32 30" in page
    assert "Numéro national" in page


def test_hours_say_until_when(services):
    question = Question(need="demander-rsa", insee_code="59350")

    def hours(hour):
        at = datetime(2026, 11, 23, hour, 0, tzinfo=PARIS)
        return desk_answer(answer_to(question, at=at), Asked()).spoken.hours

    assert hours(10) == "Ouvert jusqu'à 12\u00a0h"
    assert hours(8) == "Fermé, ouvre à 9\u00a0h"


def test_a_figure_picks_another_answer(as_adviser, services):
    first = screen(as_adviser, commune="59350", besoin="demander-rsa").context["page"]
    assert [one.is_current for one in first.choices][:2] == [True, False]
    house = next(one for one in first.choices if one.label == "France services Lille")
    picked = as_adviser.get(house.url).context
    assert picked["page"].spoken.kind == "france_services"
    assert picked["asked"].structure == "fs-lille"
    assert [one.label for one in picked["page"].choices if one.is_current] == [house.label]
    assert len(first.choices) <= 9


def test_what_is_not_sure_is_offered_by_figures(as_adviser, doubt):
    response = screen(as_adviser, commune="59350", q="mon frouzbi")
    choices = response.context["page"].choices
    assert [(one.figure, one.label) for one in choices] == [
        (1, "Faire un frouzbi"),
        (2, "Perdre un frouzbi"),
    ]
    assert response.context["page"].spoken is None
    assert as_adviser.get(choices[1].url).context["page"].title == choices[1].label


def test_a_private_matter_is_said_to_be_none_of_public_services(as_adviser):
    response = screen(as_adviser, commune="59350", q="mon forfait sfr ne marche plus")
    assert "pas une question pour un service public" in text_of(response)
    assert response.context["asked"].kind == ""


def test_danger_comes_first(as_adviser):
    page = text_of(screen(as_adviser, commune="59350", q="mon mari me frappe"))
    assert page.index("Police secours") < page.index("Noter l'appel</h2>")
    assert page.index("Police secours") < page.index("À lire à voix haute")


def test_what_was_said_of_a_danger_stays_on_the_screen_through_the_call(as_adviser):
    response = screen(as_adviser, commune="59350", q="mon mari me frappe")
    for one in response.context["page"].choices:
        assert "Police secours" in text_of(as_adviser.get(one.url))
    passport = {"commune": "59350", "besoin": "faire-passeport"}
    assert "Police secours" in text_of(screen(as_adviser, **passport, urgence="violences"))
    assert "Police secours" not in text_of(screen(as_adviser, **passport, urgence="zblorg"))


def test_other_rules_overseas_are_said(as_adviser):
    territory = DepartementFactory(code="988", name="Nouvelle-Calédonie")
    CommuneFactory(insee_code="98818", name="Nouméa", departement=territory)
    page = text_of(screen(as_adviser, commune="98818", besoin="demander-rsa"))
    assert "Nouvelle-Calédonie : les règles et les services y sont souvent différents" in page


def test_words_that_find_nothing_are_kept_for_the_team_once_they_are_said(as_adviser):
    asked = {"commune": "59350", "q": "zblorgson vrouzbi", "debut": clock_started()}
    response = as_adviser.post(DESK, asked)
    assert response.status_code == 302
    as_adviser.get(response.url)
    kept = {"vrouzbi": 1, "zblorgson": 1}
    assert dict(UnknownWord.objects.values_list("word", "count")) == kept
    assert not Tally.objects.exists()
    as_adviser.post(DESK, {"commune": "59350", "q": "demander le RSA"})
    assert not MissedSearch.objects.exists()


def test_a_call_is_noted_from_the_screen_and_the_next_begins(as_adviser, adviser, services):
    asked = {
        "commune": "59350",
        "besoin": "demander-rsa",
        "service": "caf",
        "lieu": "caf-lille",
        "debut": clock_started(),
        "suite": "transferred",
    }
    response = as_adviser.post(f"{DESK}noter/", asked, follow=True)
    assert response.redirect_chain == [(DESK, 302)]
    page = text_of(response)
    assert "Appel noté : transférée." in page
    assert "1 appel</strong> que vous avez noté aujourd'hui" in page
    assert "« Demander le RSA », Lille" in page
    call = DeskCall.objects.get()
    assert (call.structure, call.adviser, call.seconds) == (services["caf"], adviser, 0)
    as_adviser.post(f"{DESK}annuler/{call.pk}/")
    assert not DeskCall.objects.exists()


@pytest.mark.parametrize(
    "forged",
    [
        {"suite": "answered", "commune": "99999", "besoin": "x", "service": "x", "lieu": "x"},
        {"suite": "answered", "debut": "forged", "commune": "\0", "besoin": "\0"},
        {"suite": "answered", "debut": "x" * 5000},
    ],
)
def test_what_is_unknown_or_forged_is_left_out(as_adviser, forged):
    as_adviser.post(f"{DESK}noter/", forged)
    call = DeskCall.objects.get()
    assert (call.commune, call.need, call.kind, call.structure) == (None, None, None, None)
    assert call.seconds is None


def test_without_an_outcome_nothing_is_noted(as_adviser):
    response = as_adviser.post(f"{DESK}noter/", {"commune": "59350", "suite": "x"}, follow=True)
    assert "Dites comment l'appel s'est terminé" in text_of(response)
    assert not DeskCall.objects.exists()


def test_the_clock_is_signed_and_starts_with_the_commune(as_adviser):
    before = timezone.now()
    url = screen(as_adviser, ou="lille").url
    started = started_at(QueryDict(url.partition("?")[2])["debut"])
    assert before <= started <= timezone.now()
    assert started_at("") is None
    assert started_at(clock_started()[:-1]) is None


def test_shortcuts_are_turned_off_and_on_again(as_adviser):
    need = {"commune": "59350"}
    assert "R – Renseignée" in text_of(screen(as_adviser, **need))
    as_adviser.post(f"{DESK}raccourcis/", {"raccourcis": "non"})
    page = text_of(screen(as_adviser, **need))
    assert 'data-raccourcis="non"' in page
    assert "R – Renseignée" not in page
    as_adviser.post(f"{DESK}raccourcis/", {"raccourcis": "oui"})
    assert 'data-raccourcis="oui"' in text_of(screen(as_adviser, **need))


def test_an_answer_runs_few_queries(as_adviser, django_assert_max_num_queries):
    screen(as_adviser, commune="59350", q="demander le RSA")
    with django_assert_max_num_queries(30):
        screen(as_adviser, commune="59350", q="demander le RSA")
    for _ in range(30):
        DeskCallFactory()
    with django_assert_max_num_queries(10):
        as_adviser.get(DESK)


def test_an_old_address_starts_the_clock_again(as_adviser):
    page = as_adviser.get(DESK, {"commune": "59350"})
    assert started_at(page.context["asked"].started) > timezone.now() - timedelta(minutes=1)
