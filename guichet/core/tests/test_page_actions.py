"""What a higher app offers on the page of a thing of a lower one."""

from __future__ import annotations

import pytest

from guichet.core import extensions
from guichet.core.extensions import PageAction, PageLink, Registry, actions_on


@pytest.fixture
def offers(monkeypatch):
    """A registry of its own."""
    registry = Registry(lambda action: f"{action.page}:{action.label}")
    monkeypatch.setattr(extensions, "page_actions", registry)

    def offer(label, page="place", **options):
        registry.register(
            PageAction(
                page,
                label,
                address=lambda thing: f"/{thing}/{label}/",
                **{"shown_to": lambda user, thing: True, **options},
            )
        )

    return offer


def test_a_page_shows_its_own_actions_in_order(offers):
    offers("b", rank=2)
    offers("a", rank=2)
    offers("c", rank=1, icon="send")
    offers("elsewhere", page="network")
    assert actions_on("place", "lille", None) == [
        PageLink("c", "/lille/c/", "send"),
        PageLink("a", "/lille/a/", ""),
        PageLink("b", "/lille/b/", ""),
    ]


def test_an_action_is_shown_to_whom_it_concerns(offers):
    offers("a", shown_to=lambda user, thing: (user, thing) == ("claude", "lille"))
    assert actions_on("place", "lille", "claude")
    assert not actions_on("place", "roubaix", "claude")
    assert not actions_on("place", "lille", "luc")


def test_the_same_action_registered_twice_is_one(offers):
    offers("a")
    offers("a", icon="send")
    assert [link.icon for link in actions_on("place", "lille", None)] == ["send"]
