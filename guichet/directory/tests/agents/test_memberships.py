"""Roles are given by who may, are effective at once, and never lock everybody out."""

from __future__ import annotations

import pytest

from guichet.accounts.actions import deactivate_user
from guichet.accounts.models import AuditEvent, User
from guichet.core.errors import RuleViolation
from guichet.directory.actions import memberships
from guichet.directory.actions.memberships import change_role, end_membership, invite
from guichet.directory.models import Membership, Role
from guichet.directory.permissions import powers_of
from guichet.directory.tests.factories import someone


def fresh(user):
    return User.objects.get(pk=user.pk)


def test_a_manager_invites_somebody_unknown(site, manager, mailoutbox):
    membership = invite(
        email=" Nadia@CAF.example ",
        full_name="Nadia Saïd",
        role="reader",
        structure=site,
        by=manager,
    )
    assert membership.user.email == "nadia@caf.example"
    assert powers_of(fresh(membership.user)).may_read(site)
    assert not powers_of(fresh(membership.user)).may_manage(site)
    assert mailoutbox[0].to == ["nadia@caf.example"]
    assert "Claude Mercier" in mailoutbox[0].body
    assert "code à usage unique" in mailoutbox[0].body
    events = AuditEvent.objects.under(site.pk)
    assert set(events.values_list("action", flat=True)) == {"user.opened", "membership.given"}


def test_the_same_role_is_not_given_twice(site, manager, stranger):
    invite(email=stranger.email, role="reader", structure=site, by=manager)
    with pytest.raises(RuleViolation, match="déjà ce rôle"):
        invite(email=stranger.email.upper(), role="reader", structure=site, by=manager)


def test_an_invitation_sent_twice_at_once_gives_one_role(site, manager, stranger, monkeypatch):
    monkeypatch.setattr(memberships, "refuse_held", lambda *scope: None)
    invite(email=stranger.email, role="reader", structure=site, by=manager)
    with pytest.raises(RuleViolation, match="déjà ce rôle"):
        invite(email=stranger.email, role="reader", structure=site, by=manager)
    assert stranger.memberships.count() == 1


def test_a_closed_account_is_not_invited(site, manager, stranger, administrator):
    deactivate_user(user=stranger, by=administrator)
    with pytest.raises(RuleViolation, match="désactivé"):
        invite(email=stranger.email, role="reader", structure=site, by=manager)


@pytest.mark.parametrize(
    ("giver", "role", "scope"),
    [
        ("manager", "reader", "head"),
        ("manager", "manager", "elsewhere"),
        ("manager", "lead", "network"),
        ("lead", "manager", "elsewhere"),
        ("lead", "administrator", None),
        ("stranger", "reader", "site"),
    ],
)
def test_nobody_gives_what_they_could_not_do(request, site, giver, role, scope):
    where = request.getfixturevalue(scope) if scope else None
    place = {"network": where} if scope == "network" else {"structure": where}
    with pytest.raises(RuleViolation, match="ne pouvez pas donner"):
        invite(email="x@y.example", role=role, by=request.getfixturevalue(giver), **place)
    assert not User.objects.filter(email="x@y.example").exists()


def test_a_role_stays_in_its_place(site, network, administrator):
    for role, place in [("lead", {"structure": site}), ("manager", {"network": network})]:
        with pytest.raises(RuleViolation, match="à cet endroit"):
            invite(email="x@y.example", role=role, by=administrator, **place)


def test_a_changed_role_is_effective_at_once(site, manager):
    reader = someone(Role.READER, site)
    change_role(membership=reader.memberships.get(), role="responder", by=manager)
    assert powers_of(fresh(reader)).may_respond(site)
    event = AuditEvent.objects.get(action="membership.changed")
    assert (event.before, event.after) == ({"role": "lecture"}, {"role": "réponse aux usagers"})


def test_a_role_already_held_is_not_reached_by_a_change(site, manager):
    reader = someone(Role.READER, site)
    reader.memberships.create(role=Role.MANAGER, structure=site)
    with pytest.raises(RuleViolation, match="déjà ce rôle"):
        change_role(membership=reader.memberships.get(role="reader"), role="manager", by=manager)


def test_an_ended_role_gives_nothing_and_stays_ended(site, manager):
    reader = someone(Role.READER, site)
    membership = reader.memberships.get()
    end_membership(membership=membership, by=manager)
    assert not powers_of(fresh(reader)).may_read(site)
    end_membership(membership=membership, by=manager)
    assert AuditEvent.objects.filter(action="membership.ended").count() == 1
    with pytest.raises(RuleViolation, match="déjà été retiré"):
        change_role(membership=membership, role="manager", by=manager)


def test_a_stranger_ends_nothing(site, manager, stranger):
    with pytest.raises(RuleViolation, match="ne pouvez pas retirer"):
        end_membership(membership=manager.memberships.get(), by=stranger)
    assert powers_of(fresh(manager)).may_manage(site)


def test_the_last_administrator_stays(administrator):
    membership = administrator.memberships.get()
    with pytest.raises(RuleViolation, match="dernier administrateur"):
        end_membership(membership=membership, by=administrator)
    with pytest.raises(RuleViolation, match="dernier administrateur"):
        change_role(membership=membership, role="moderator", by=administrator)
    other = someone(Role.ADMINISTRATOR)
    end_membership(membership=membership, by=other)
    assert not powers_of(fresh(administrator)).is_administrator


def test_a_person_who_leaves_loses_every_role(site, manager, administrator):
    deactivate_user(user=manager, by=administrator)
    assert not Membership.objects.filter(user=manager, ended_at__isnull=True).exists()
    assert not powers_of(fresh(manager)).has_any
