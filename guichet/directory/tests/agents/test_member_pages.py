"""A manager lists, invites, changes and ends the roles held on a structure."""

from __future__ import annotations

import pytest

from guichet.directory.models import Membership, Role
from guichet.directory.tests.agents.conftest import text_of
from guichet.directory.tests.factories import someone

PAGE = "/agents/structures/caf-lille/membres/"
NADIA = {"email": "nadia@caf.example", "full_name": "Nadia Saïd", "role": "reader"}


def test_the_page_lists_roles_held_here_and_above(as_manager, head, site, sibling):
    someone(Role.READER, head, full_name="Ana Haut")
    someone(Role.READER, sibling, full_name="Bob Ailleurs")
    text = text_of(as_manager.get(PAGE))
    assert "Claude Mercier" in text
    assert "Ana Haut : lecture, par « CAF du Nord »" in text
    assert "Bob Ailleurs" not in text


def test_somebody_is_invited_and_told(as_manager, site, mailoutbox):
    response = as_manager.post(PAGE, NADIA, follow=True)
    assert "Nadia Saïd a ce rôle dès maintenant" in text_of(response)
    assert mailoutbox[0].to == ["nadia@caf.example"]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"email": "nadia"}, "adresse électronique complète"),
        ({"role": "lead"}, "choix valide"),
        ({"email": "claude@caf.example", "role": "manager"}, "a déjà ce rôle ici"),
    ],
)
def test_a_doubtful_invitation_is_refused_in_words(as_manager, site, typed, told):
    assert told in text_of(as_manager.post(PAGE, NADIA | typed))
    assert Membership.objects.count() == 1


def test_a_role_is_changed_then_ended(as_manager, site):
    reader = someone(Role.READER, site)
    held = reader.memberships.get()
    assert "Aujourd'hui : lecture." in text_of(as_manager.get(f"{PAGE}{held.pk}/"))
    as_manager.post(f"{PAGE}{held.pk}/", {"role": "responder"})
    held.refresh_from_db()
    assert held.role == Role.RESPONDER
    as_manager.post(f"{PAGE}{held.pk}/retirer/")
    held.refresh_from_db()
    assert held.ended_at is not None
    assert as_manager.get(f"{PAGE}{held.pk}/").status_code == 404


def test_who_leaves_their_own_role_is_led_home(as_manager, site, manager):
    response = as_manager.post(f"{PAGE}{manager.memberships.get().pk}/retirer/")
    assert response.url == "/agents/"
    assert as_manager.get(PAGE).status_code == 404


def test_a_role_held_elsewhere_is_not_reached_from_here(as_manager, site, head):
    held = someone(Role.READER, head).memberships.get()
    assert as_manager.get(f"{PAGE}{held.pk}/").status_code == 404
    assert as_manager.post(f"{PAGE}{held.pk}/retirer/").status_code == 404
    held.refresh_from_db()
    assert held.ended_at is None
