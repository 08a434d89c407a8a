"""No page is the answer of a POST: without JavaScript, the browser's Back key shows no error of its
own, and what was typed and did not pass is never lost."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from playwright.sync_api import expect

from guichet.accounts import trapped_forms
from guichet.directory.models import Role
from guichet.directory.tests.factories import someone
from guichet.experiences.sharing import limits
from guichet.experiences.sharing.story import story_of
from guichet.experiences.sharing.unfinished import (
    LONGEST_KEPT,
    LONGEST_LINE_KEPT,
    MOST_KEPT,
    unfinished,
)
from guichet.experiences.tests.sharing.person import AUTHOR, FEELING, STORY
from guichet.ui.tests.browser import PHONE

HOME = "/experiences/partager/"
TOO_LONG = "Un guichet " * 40
REFUSED = {
    "name-missing": ("", {"name": ""}, "ou écrivez son nom"),
    "name-too-long": ("", {"name": TOO_LONG}, "200 caractères au plus"),
    "service-gone": ("services", {"service": "nulle-part"}, "Ce service n'existe plus"),
    "unlisted-missing": ("services", {"name": "", "place": "Lomme"}, "Écrivez le nom du service"),
    "unlisted-too-long": ("services", {"name": TOO_LONG}, "200 caractères au plus"),
    "channel-unknown": ("services", {"channels_0": "pigeon"}, "pigeon"),
    "story-empty": ("recit", {"description": "", "wished": "Un mot"}, "même en une phrase"),
    "feeling-missing": ("ressenti", {"relation": "positive"}, "Choisissez une réponse"),
    "author-missing": ("vous", {"pseudonym": "Une mère"}, "Choisissez une réponse"),
    "address-wrong": ("vous", {**AUTHOR, "email": "claude@"}, "une adresse électronique complète"),
    "mail-link-wrong": ("plus-tard", {"email": "claude@"}, "une adresse électronique complète"),
}


def at(person, step):
    return f"{HOME}{person.draft.key}/{step}/"


@pytest.mark.parametrize("case", REFUSED)
def test_what_does_not_pass_is_asked_again_by_get_with_what_was_typed(person, case):
    step, sent, told = REFUSED[case]
    person.begins()
    answer = person.client.post(at(person, step) if step else HOME, {"seen": "", **sent})
    assert answer.status_code == 303
    assert "verifier=oui" in answer["Location"]
    page = unescape(person.client.get(answer["Location"]).content.decode())
    assert told in page
    assert "à corriger" in page or "pas ajouté" in page
    for value in sent.values():
        assert value in page or value == "pigeon" or step == "" or "nulle" in value


@pytest.mark.parametrize("step", ["", "services"])
def test_the_name_to_mend_is_not_behind_a_fold(person, step):
    person.begins()
    here = at(person, step) if step else HOME
    page = person.press(here, name=TOO_LONG).content.decode()
    before = page.partition('name="name"')[0]
    assert before.count("<details") == before.count("</details>")


def test_a_step_opened_again_holds_what_did_not_pass_without_a_word(person):
    person.begins()
    person.press(at(person, "recit"), description="é" * 6_000, wished="Un mot")
    page = person.open(at(person, "recit")).content.decode()
    assert "é" * 6_000 in page
    assert "Un mot" in page
    assert "à corriger" not in page
    person.press(at(person, "recit"), description="Court.")
    assert unfinished(person.draft, "recit") is None
    assert "é" * 6_000 not in person.open(at(person, "recit")).content.decode()


def test_what_is_beyond_all_measure_is_cut(person):
    """A draft is begun by anybody: it must not fill the disk."""
    person.begins()
    sent = {"description": ["a", "é" * 300_000], "title": "é" * 300_000}
    person.client.post(at(person, "recit"), sent)
    left = unfinished(person.draft, "recit").typed
    assert left["description"] == ["é" * LONGEST_KEPT]
    assert left["title"] == ["é" * LONGEST_LINE_KEPT]
    person.client.post(at(person, "services"), {"channels_0": ["pigeon"] * 300})
    assert unfinished(person.draft, "services").typed["channels_0"] == ["pigeon"] * MOST_KEPT


@pytest.mark.parametrize(
    ("way", "leads_to"),
    [("plus-tard", "plus-tard"), ("avant", "services")],
    ids=["later", "before"],
)
def test_what_is_being_typed_is_kept_by_both_ways_out_of_a_step(person, way, leads_to):
    person.begins()
    person.press(at(person, "recit"), quitter=way, description="Ma mère attend", wished="")
    assert person.at == at(person, leads_to)
    assert story_of(person.draft).description == ""
    page = person.open(f"{HOME}{person.draft.key}/").content.decode()
    assert person.at == at(person, "recit")
    assert "Ma mère attend" in page
    assert "à corriger" not in page


def test_a_story_left_while_it_is_changed_is_opened_again_there(person):
    person.tells()
    person.press(at(person, "recit"), quitter="plus-tard", **{**STORY, "description": "Autrement."})
    page = person.open(f"{HOME}{person.draft.key}/").content.decode()
    assert person.at == at(person, "recit")
    assert "Autrement." in page
    person.press(**{**STORY, "description": "Autrement."})
    assert story_of(person.draft).description == "Autrement."
    assert unfinished(person.draft, "recit") is None


def test_a_step_left_as_it_was_keeps_nothing_apart(person):
    person.tells()
    person.press(at(person, "ressenti"), quitter="avant", **FEELING)
    assert person.at == at(person, "recit")
    assert unfinished(person.draft, "ressenti") is None


def test_a_story_of_several_lines_left_as_it_was_keeps_nothing_apart(person):
    told = {**STORY, "description": "J'ai attendu.\r\n\r\nPersonne n'est venu."}
    person.tells(**told)
    person.press(at(person, "recit"), quitter="plus-tard", **told)
    assert unfinished(person.draft, "recit") is None
    person.open(f"{HOME}{person.draft.key}/")
    assert person.at == at(person, "relecture")


def test_ticks_are_kept_by_finishing_later(person):
    person.begins()
    person.press(at(person, "services"), quitter="plus-tard", channels_0=["desk"])
    assert story_of(person.draft).services[0].channels == ("desk",)


@pytest.mark.parametrize("step", ["services", "recit", "ressenti", "vous"])
def test_a_step_is_left_by_a_button_of_its_form(person, step):
    person.begins()
    page = person.open(at(person, step)).content.decode()
    form = page.rpartition("</form>")[0].rpartition("<form")[2]
    assert 'name="quitter" value="plus-tard"' in form
    assert ">Finir plus tard</a>" not in page


def test_what_does_not_pass_is_no_answer(person):
    person.begins()
    person.press(at(person, "vous"), **{**AUTHOR, "email": "claude@"})
    said = story_of(person.draft)
    assert (said.written_as, said.pseudonym, said.email) == ("", "", "")


def test_characters_that_no_database_keeps_do_not_lose_the_rest(person):
    person.begins()
    page = person.press(at(person, "recit"), description="", title="Un\x00 titre " * 20)
    assert "Un titre" in page.content.decode()


def test_from_the_review_an_error_still_leads_back_to_it(person):
    person.tells()
    here = f"{at(person, 'recit')}?relire=oui"
    answer = person.client.post(here, {"description": ""})
    person.client.post(answer["Location"], STORY)
    assert person.client.post(answer["Location"], STORY)["Location"] == at(person, "relecture")


def test_a_review_pressed_too_fast_says_so_by_get(person, monkeypatch):
    person.tells()
    monkeypatch.setattr(trapped_forms, "FASTEST_PERSON", timedelta(hours=1))
    answer = person.client.post(person.at, {})
    assert answer.status_code == 303
    assert "appuyez une seconde fois" in person.client.get(answer["Location"]).content.decode()


def test_a_mailbox_that_had_enough_is_told_by_get(person, monkeypatch):
    monkeypatch.setattr(limits, "MAILS", {"mail_story": "0/d/key,300/h/ip"})
    person.tells()
    page = unescape(person.sends().content.decode())
    assert "plusieurs messages à cette adresse" in page
    later = person.press(at(person, "plus-tard"), email="claude@exemple.fr")
    assert "reçu trop de messages" in unescape(later.content.decode())
    assert unfinished(person.draft, "plus-tard") is None


def test_an_agent_who_forgot_where_they_stand_is_asked_by_get(client, caf):
    client.force_login(someone(Role.RESPONDER, caf))
    answer = client.post("/agents/experiences/saisir/", {"at": "caf-lille", "about_here": "on"})
    assert answer.status_code == 303
    page = client.get(answer["Location"]).content.decode()
    assert "Choisissez une réponse" in page
    assert '<option value="caf-lille" selected>' in page


def test_a_draft_that_went_away_is_said_by_get(person):
    answer = person.client.post(f"{HOME}{'x' * 43}/recit/", STORY)
    assert answer.status_code == 303
    assert person.client.get(answer["Location"]).status_code == 404


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_back_key_shows_the_page_before_after_an_error_and_a_remark(
    live_server, settings, caf, slow_reader, page_at
):
    settings.PUBLIC_URL = live_server.url
    page = page_at(PHONE, javascript=False)
    written = page.get_by_label("Que s'est-il passé ?")
    onward = page.get_by_role("button", name="Continuer", exact=True)

    def stands_at(title):
        expect(page.locator("h1")).to_contain_text(title)

    page.goto(f"{live_server.url}{HOME}?service=caf-lille")
    page.get_by_role("button", name="Commencer mon récit").click()
    onward.click()
    stands_at("Votre récit")
    onward.click()
    expect(page.get_by_text("Un point est à corriger")).to_be_visible()
    page.go_back()
    stands_at("Votre récit")
    expect(page.get_by_text("Un point est à corriger")).to_have_count(0)
    written.fill("Rappelez-moi au 06 39 98 12 34.")
    onward.click()
    expect(page.get_by_text("À vérifier")).to_be_visible()
    expect(written).to_have_value("Rappelez-moi au 06 39 98 12 34.")
    page.go_back()
    stands_at("Votre récit")
    page.go_back()
    stands_at("Quel service ?")
    page.go_forward()
    page.go_forward()
    expect(page.get_by_text("À vérifier")).to_be_visible()
    onward.click()
    stands_at("Votre ressenti")
    page.go_back()
    stands_at("Votre récit")
    expect(written).to_have_value("Rappelez-moi au 06 39 98 12 34.")
