"""Sending, confirming, the links of mails, the code of who has no mail, limits."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from guichet.accounts import trapped_forms
from guichet.core.errors import RuleViolation
from guichet.core.tokens import make_token
from guichet.experiences.follow_codes import author_with_code, code_from, shown_code
from guichet.experiences.links import follow_token
from guichet.experiences.models import Draft, Experience
from guichet.experiences.retention import erase_old_drafts
from guichet.experiences.sharing import actions, limits
from guichet.experiences.tests.factories import AuthorFactory, DraftFactory
from guichet.experiences.tests.following.letters import letters, links_in, the_letter, words_of
from guichet.moderation.models import ModeratedText
from guichet.ui.components.content import written_date

HOME = "/experiences/partager/"


def path_of(link):
    return "/" + link.partition("://")[2].partition("/")[2]


def sent_link(person):
    person.tells()
    person.sends()
    return path_of(links_in(the_letter())[0])


def test_a_scanner_that_opens_the_link_changes_nothing(person):
    link = sent_link(person)
    for _ in range(3):
        assert person.client.get(link).status_code == 200
        assert person.client.head(link).status_code == 200
    assert Draft.objects.count() == 1
    assert not Experience.objects.exists()


def test_the_mail_quotes_no_word_of_the_story(person):
    person.tells()
    person.sends()
    letter = the_letter()
    assert "guichet" not in words_of(letter).replace("Guichet Ouvert", "").lower().replace(
        "guichet-ouvert", ""
    )
    assert letter["To"] == "claude@exemple.fr"


@pytest.mark.parametrize("token", ["jeton", "a:b:c", "%00", "x" * 2000])
def test_a_forged_link_says_so(person, token):
    page = person.client.get(f"{HOME}confirmer/{token}/")
    assert page.status_code == 404
    answer = person.client.post(f"{HOME}confirmer/{token}/")
    assert person.follow(answer).status_code == 404


def test_a_link_of_another_purpose_does_not_confirm(person):
    person.tells()
    token = make_token("experience-follow", [person.draft.key, "x"])
    answer = person.client.post(f"{HOME}confirmer/{token}/")
    assert person.follow(answer).status_code == 404
    assert not Experience.objects.exists()


def test_an_expired_link_says_so(person, monkeypatch):
    link = sent_link(person)
    monkeypatch.setattr(actions, "DRAFTS_KEPT_FOR", timedelta(seconds=-1))
    page = person.follow(person.client.post(link))
    assert page.status_code == 404
    assert "Ce lien a expiré" in page.content.decode()
    assert not Experience.objects.exists()


def test_the_link_sent_to_another_address_confirms_nothing(person):
    link = sent_link(person)
    author = {"written_as": "user", "follow_by": "mail", "email": "autre@exemple.fr"}
    person.press(f"{HOME}{person.draft.key}/vous/", **author)
    page = person.follow(person.client.post(link))
    assert page.status_code == 404
    assert "a changé depuis" in page.content.decode()
    assert not Experience.objects.exists()


def test_what_was_emptied_since_the_mail_is_asked_again_by_its_link(person):
    link = sent_link(person)
    actions.drop_service(person.draft, 0)
    page = person.client.post(link, follow=True)
    assert page.redirect_chain[-1][0] == f"{HOME}{person.draft.key}/services/"
    assert page.status_code == 200
    assert not Experience.objects.exists()


def test_an_address_changed_while_the_link_is_pressed_is_not_taken_for_confirmed(person):
    person.tells()
    person.sends()
    opened = person.draft
    Draft.objects.update(email="autre@exemple.fr")
    with pytest.raises(RuleViolation, match="a changé depuis"):
        actions.confirm(opened)
    assert not Experience.objects.exists()


def test_a_confirmed_link_kept_for_long_opens_no_follow_up(person):
    link = sent_link(person)
    person.client.post(link)
    follow_up = f"/suivi/{follow_token(Experience.objects.get().author)[:6]}"
    assert follow_up in person.client.get(link).content.decode()
    Experience.objects.update(confirmed_at=timezone.now() - timedelta(days=2))
    assert follow_up not in person.client.get(link).content.decode()


def test_nothing_is_sent_before_every_step_is_answered(person):
    person.begins()
    person.client.post(f"{HOME}{person.draft.key}/relecture/")
    assert letters() == []
    with pytest.raises(actions.RuleViolation, match="Votre récit"):
        actions.confirm(person.draft)


def test_the_message_is_sent_again_when_asked(person):
    person.tells()
    person.sends()
    page = person.press()
    assert "une nouvelle fois" in page.content.decode()
    assert len(letters()) == 2


def test_a_mailbox_gets_so_many_messages_a_day_and_the_story_is_kept(person, monkeypatch):
    monkeypatch.setattr(limits, "MAILS", {"mail_story": "2/d/key,300/h/ip"})
    person.tells()
    person.sends()
    person.press()
    page = person.press().content.decode()
    assert "Le message n&#x27;est pas reparti" in page or "n'est pas reparti" in page
    assert len(letters()) == 2
    assert Draft.objects.count() == 1


def test_stories_in_a_burst_are_flagged_and_none_is_dropped(person, monkeypatch):
    monkeypatch.setattr(limits, "STORIES", {"send_story": "2/h/ip"})
    for _ in range(4):
        person.tells(follow_by="code", email="")
        person.sends()
    flags = ModeratedText.objects.order_by("pk").values_list("is_burst", flat=True)
    assert list(flags) == [False, False, True, True]


def test_beyond_what_any_counter_does_a_page_says_when_to_come_back(person, monkeypatch):
    monkeypatch.setattr(limits, "DRAFTS", {"begin_story": "2/h/ip"})
    person.begins()
    person.begins()
    page = person.begins()
    assert page.status_code == 429
    assert page.headers["Retry-After"]
    assert Draft.objects.count() == 2


def test_who_has_to_wait_loses_neither_the_service_chosen_nor_what_was_typed(person, monkeypatch):
    monkeypatch.setattr(limits, "DRAFTS", {"begin_story": "1/h/ip"})
    person.begins()
    for sent, kept in (
        ({"service": "caf-lille"}, 'name="service" value="caf-lille"'),
        ({"name": "Hôtel de police", "place": "Lomme"}, 'value="Hôtel de police"'),
    ):
        page = unescape(person.press(HOME, **sent).content.decode())
        assert sent.get("name", "CAF du Nord, agence de Lille") in page
        (again,) = re.findall(r'href="(/experiences/partager/\?[^"]*)"', page)
        assert "attendre" not in again
        form = unescape(person.client.get(again).content.decode())
        assert kept in form
        assert "appuyez une seconde fois" in form


def test_a_form_sent_faster_than_read_passes_the_second_time(person, monkeypatch):
    monkeypatch.setattr(trapped_forms, "FASTEST_PERSON", timedelta(hours=1))
    page = person.press(f"{HOME}?service=caf-lille", service="caf-lille").content.decode()
    assert "appuyez une seconde fois" in page
    assert not Draft.objects.exists()
    monkeypatch.setattr(trapped_forms, "FASTEST_PERSON", timedelta(0))
    person.press(f"{HOME}?service=caf-lille", service="caf-lille")
    assert Draft.objects.count() == 1


def test_a_robot_that_fills_the_hidden_box_is_told(person):
    page = person.press(HOME, service="caf-lille", adresse_du_site="https://pub.example")
    assert "une case cachée" in page.content.decode()
    assert not Draft.objects.exists()


def test_who_has_no_mail_gets_a_code_that_follows_the_story(person):
    person.tells(follow_by="code", email="claude@exemple.fr")
    key = person.draft.key
    page = person.sends().content.decode()
    code = shown_code(code_from(key))
    assert code in page
    assert "Imprimer" in page
    experience = Experience.objects.get()
    paper = page.partition('class="ui-paper')[2].partition("</div>")[0]
    assert f"récit envoyé le {written_date(experience.confirmed_at)}" in paper
    author = author_with_code(code.lower().replace("-", " "))
    assert author.experience == experience
    assert author.email == ""
    assert letters() == []


def test_the_code_is_shown_again_for_two_hours_then_no_more(person):
    person.tells(follow_by="code", email="")
    person.sends()
    here = person.at
    assert person.client.get(here).status_code == 200
    Experience.objects.update(confirmed_at=timezone.now() - timedelta(hours=3))
    page = person.client.get(here)
    assert page.status_code == 404
    assert "Ce code ne s'affiche plus" in page.content.decode().replace("&#x27;", "'")


def test_the_code_of_a_story_followed_by_mail_does_not_exist(person):
    link = sent_link(person)
    key = person.draft.key
    person.client.post(link)
    assert person.client.get(f"{HOME}{key}/code/").status_code == 404


def test_two_codes_are_never_alike():
    codes = {code_from(f"cle-{number}") for number in range(500)}
    assert len(codes) == 500
    assert all(len(code) == 12 for code in codes)


def test_the_link_to_finish_later_is_shown_and_mailed(person):
    person.begins()
    later = f"{HOME}{person.draft.key}/plus-tard/"
    assert f"{HOME}{person.draft.key}/" in person.open(later).content.decode()
    page = person.press(later, email="claude@exemple.fr").content.decode()
    assert "C&#x27;est envoyé" in page or "C'est envoyé" in page
    assert path_of(links_in(the_letter())[0]) == f"{HOME}{person.draft.key}/"
    assert Draft.objects.get().email == ""


def test_a_draft_sent_then_emptied_of_its_services_is_not_sent_again(person):
    person.tells()
    person.sends()
    waits = person.at
    actions.drop_service(person.draft, 0)
    person.press(waits)
    assert person.at.endswith("/services/")
    assert len(letters()) == 1


def test_drafts_are_erased_after_thirty_days_without_change(db):
    old, recent = DraftFactory(), DraftFactory()
    Draft.objects.filter(pk=old.pk).update(changed_at=timezone.now() - timedelta(days=31))
    Draft.objects.filter(pk=recent.pk).update(changed_at=timezone.now() - timedelta(days=29))
    assert erase_old_drafts() == 1
    assert list(Draft.objects.all()) == [recent]


def test_a_story_of_an_author_erased_since_is_gone(person):
    link = sent_link(person)
    person.client.post(link)
    AuthorFactory._meta.model.objects.all().delete()
    assert person.client.get(link).status_code == 404
