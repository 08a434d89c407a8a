"""Who may open a page: the mechanism, on policies made up for the test."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse
from django.urls import include, path

from guichet.core.access import PUBLIC, SIGNED_IN, Policy, declaring, policy_of, requires, walk


def shown(request, **arguments):
    return HttpResponse(repr(arguments))


def asked_by(rf, user, url="/x/?a=1"):
    request = rf.get(url)
    request.user = user
    return request


def test_a_public_page_is_open_to_all(rf):
    assert requires(PUBLIC)(shown)(asked_by(rf, AnonymousUser())).status_code == 200


def test_a_page_for_agents_sends_strangers_to_sign_in_and_back(rf):
    response = requires(SIGNED_IN)(shown)(asked_by(rf, AnonymousUser()))
    assert response.status_code == 302
    assert response.headers["Location"].endswith("?next=/x/%3Fa%3D1")
    assert requires(SIGNED_IN)(shown)(asked_by(rf, get_user_model()())).status_code == 200


@pytest.mark.parametrize(
    ("referer", "following"),
    [
        ("http://testserver/x/?mots=a", "/x/%3Fmots%3Da"),
        ("https://ailleurs.example/x/", "/x/envoi/"),
        ("javascript:alert(1)", "/x/envoi/"),
        ("", "/x/envoi/"),
    ],
)
def test_who_sent_a_form_comes_back_to_its_page(rf, referer, following):
    request = rf.post("/x/envoi/", {"act": "draft"}, headers={"referer": referer})
    request.user = AnonymousUser()
    response = requires(SIGNED_IN)(shown)(request)
    assert response.headers["Location"].endswith(f"?next={following}")


def test_a_policy_gives_the_view_what_it_found(rf):
    def find(request, arguments):
        return {"thing": arguments["code"].upper()}

    view = requires(Policy("found", "for the test", admit=find))(shown)
    assert view(asked_by(rf, get_user_model()()), code="a").content == b"{'thing': 'A'}"


def test_a_policy_may_hide_that_a_thing_exists(rf):
    def hide(request, arguments):
        raise Http404

    with pytest.raises(Http404):
        requires(Policy("hidden", "for the test", admit=hide))(shown)(
            asked_by(rf, get_user_model()())
        )


@pytest.mark.parametrize("code", ["a\0b", "\ud800"])
def test_an_address_that_nothing_can_have_is_not_found_before_anything_is_asked(rf, code):
    with pytest.raises(Http404):
        requires(SIGNED_IN)(shown)(asked_by(rf, AnonymousUser()), code=code)


def test_each_leaf_of_a_tree_declares_its_policy():
    inner = [path("b/", shown), path("c/", include([path("d/", shown)]))]
    patterns = [path("a/", shown), path("z/", include(inner))]
    assert [policy_of(leaf) for leaf in walk(patterns)] == [None, None, None]
    declaring(PUBLIC, patterns)
    assert [policy_of(leaf) for leaf in walk(patterns)] == [PUBLIC, PUBLIC, PUBLIC]
