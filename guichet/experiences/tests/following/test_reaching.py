"""Codes, addresses, links and news: how an author is reached and comes back."""

from __future__ import annotations

import pytest
from django.conf import settings

from guichet.core.errors import RuleViolation
from guichet.experiences.follow_codes import code_from, read_code, seal_of, shown_code
from guichet.experiences.following import actions, limits
from guichet.experiences.following.actions import reaching
from guichet.experiences.models import Author
from guichet.experiences.tests.factories import AuthorFactory
from guichet.experiences.tests.following.letters import letters, links_in, the_letter
from guichet.experiences.tests.following.pages import address_of, strict, words_at

pytestmark = pytest.mark.django_db
CODE = "K7M4Q2XTC3F9"


@pytest.fixture
def author():
    return AuthorFactory(email="avant@exemple.fr")


@pytest.fixture
def without_mail():
    return AuthorFactory(email="", code_seal=seal_of(CODE))


@pytest.mark.parametrize("typed", [CODE, "k7m4-q2xt-c3f9", "  K7M4 Q2XT.C3F9 ", "K7N4Q2XTC3F9"])
def test_a_code_opens_the_page_however_it_is_typed(without_mail, typed):
    response = strict().post("/suivi/", {"code": typed})
    assert response.status_code == 303
    assert not response.cookies
    assert without_mail.experience.title in words_at(strict(), response.url)


@pytest.mark.parametrize("typed", ["", "K7M4", "AAAAAAAAAAAA", "é" * 80, "\x00", "K7M4Q2XTC3F8"])
def test_a_wrong_code_says_how_to_read_it_again(without_mail, typed):
    response = strict().post("/suivi/", {"code": typed})
    assert response.status_code == 200
    assert without_mail.experience.title not in response.content.decode()


def test_a_code_drawn_is_read_back_and_kept_sealed():
    code = code_from("cle")
    assert read_code(shown_code(code)) == code
    assert code not in seal_of(code)


@pytest.fixture
def few_tries(monkeypatch):
    monkeypatch.setattr(limits, "CODES", {"follow_code": "3/5m/ip", "follow_same_code": "2/5m/key"})


def wrong(client, code: str, **headers: str) -> int:
    return client.post("/suivi/", {"code": code}, **headers).status_code


def test_guessing_codes_is_stopped_for_one_network_address(without_mail, few_tries):
    client = strict()
    for number in range(3):
        assert wrong(client, code_from(f"cle-{number}"), REMOTE_ADDR="192.0.2.1") == 200
    response = client.post("/suivi/", {"code": CODE}, REMOTE_ADDR="192.0.2.1")
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "300"
    assert wrong(client, CODE, REMOTE_ADDR="192.0.2.2") == 303


def test_one_code_is_not_tried_from_many_addresses(few_tries):
    client, code = strict(), code_from("cle")
    for number in range(2):
        assert wrong(client, code, REMOTE_ADDR=f"192.0.2.{number}") == 200
    assert wrong(client, code, REMOTE_ADDR="192.0.2.9") == 429


def test_a_counter_that_opens_a_hundred_codes_is_never_stopped(without_mail, few_tries):
    client = strict()
    assert {wrong(client, CODE) for _ in range(30)} == {303}


def test_news_stop_and_resume(author):
    client = strict()
    client.post(address_of(author, "nouvelles/"), {"reponse": "non"})
    author.refresh_from_db()
    assert not author.wants_news
    assert "Vous ne recevez plus de nouvelles" in words_at(client, address_of(author))
    client.post(address_of(author, "nouvelles/"), {"reponse": "oui"})
    author.refresh_from_db()
    assert author.wants_news


def test_there_is_no_news_without_an_address(without_mail):
    response = strict().post(address_of(without_mail, "nouvelles/"), {"reponse": "oui"})
    assert response.status_code == 409


def path_in(letter) -> str:
    (link,) = links_in(letter)
    return link.removeprefix(settings.PUBLIC_URL)


def test_a_new_address_serves_once_confirmed_by_a_button(author):
    client, before = strict(), address_of(author)
    client.post(address_of(author, "adresse/"), {"email": "apres@exemple.fr"})
    letter = the_letter()
    assert letter["To"] == "apres@exemple.fr"
    path = path_in(letter)
    assert "apres@exemple.fr" in words_at(client, path)
    author.refresh_from_db()
    assert author.email == "avant@exemple.fr"
    response = client.post(path)
    author.refresh_from_db()
    assert author.email == "apres@exemple.fr"
    assert client.get(response.url).status_code == 200
    assert client.get(before).status_code == 404
    told = {letter["To"]: letter for letter in letters()[1:]}
    assert set(told) == {"apres@exemple.fr", "avant@exemple.fr"}
    assert links_in(told["avant@exemple.fr"]) == []


def test_the_confirmation_of_an_address_serves_once(author):
    actions.ask_new_address(author=author, email="apres@exemple.fr")
    path = path_in(the_letter())
    strict().post(path)
    assert strict().post(path).status_code == 404
    assert strict().get(path).status_code == 404


def test_a_forged_confirmation_changes_nothing(author):
    for token in ("jeton", "x" * 300):
        assert strict().post(f"/suivi/adresse/{token}/").status_code == 404
    author.refresh_from_db()
    assert author.email == "avant@exemple.fr"


def test_the_same_address_is_not_confirmed_again(author):
    response = strict().post(address_of(author, "adresse/"), {"email": "AVANT@exemple.fr"})
    assert response.status_code == 200
    assert letters() == []


def test_who_had_a_code_may_give_an_address(without_mail):
    actions.ask_new_address(author=without_mail, email="apres@exemple.fr")
    strict().post(path_in(the_letter()))
    without_mail.refresh_from_db()
    assert (without_mail.email, without_mail.wants_news) == ("apres@exemple.fr", True)
    assert wrong(strict(), CODE) == 303


def test_mails_to_one_mailbox_are_limited(author, monkeypatch):
    monkeypatch.setattr(limits, "MAILS", {"follow_mail": "2/d/key,120/h/ip"})
    for tag in ("a", "b", "c"):
        strict().post(address_of(author, "adresse/"), {"email": f"apres+{tag}@exemple.fr"})
    assert len(letters()) == 2


def test_a_new_link_ends_the_former_ones(author):
    client, before = strict(), address_of(author)
    response = client.post(address_of(author, "nouveau-lien/"))
    assert "Les anciens ne fonctionnent plus" in words_at(client, response.url)
    assert client.get(before).status_code == 404
    assert the_letter()["To"] == "avant@exemple.fr"
    assert client.get(path_in(the_letter())).status_code == 200


def test_a_new_address_is_not_taken_once_its_link_ended_meanwhile(author, monkeypatch):
    """Read before an erasure, it would lead to the author again after it."""
    told = (author, "apres@exemple.fr")
    monkeypatch.setattr(reaching, "author_of_new_address", lambda token: told)
    actions.erase_author(Author.objects.get(pk=author.pk))
    with pytest.raises(RuleViolation, match="déjà servi"):
        actions.confirm_new_address("lu avant")
    author.refresh_from_db()
    assert author.email == ""
