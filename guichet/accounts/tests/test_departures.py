"""A person who leaves loses every access at once; one who comes back starts afresh."""

from __future__ import annotations

import pytest
from django.test import Client

from guichet.accounts import actions
from guichet.accounts.departures import EndOfAccess, ends_of_access
from guichet.accounts.models import AuditEvent
from guichet.core.errors import RuleViolation

ACCOUNT = "/agents/compte/"


@pytest.fixture
def ended(monkeypatch):
    """What a higher app is told when somebody leaves."""
    told = []
    monkeypatch.setattr(ends_of_access, "_items", {})
    ends_of_access.register(EndOfAccess("roles", lambda person, by: told.append((person, by))))
    return told


def test_the_very_next_request_is_refused(client, owner, teammate):
    client.force_login(owner)
    assert client.get(ACCOUNT).status_code == 200

    actions.deactivate_user(user=owner, by=teammate)

    assert client.get(ACCOUNT)["Location"].startswith("/agents/connexion/")


def test_a_code_already_sent_no_longer_signs_in(client, owner, teammate, code_of):
    client.post("/agents/connexion/", {"login": owner.email})
    code = code_of(owner.email)
    actions.deactivate_user(user=owner, by=teammate)

    response = client.post("/agents/connexion/code/", {"code": code}, follow=True)

    assert "désactivé" in response.content.decode()
    assert not response.wsgi_request.user.is_authenticated


def test_others_keep_their_access(owner, teammate, stranger):
    visitor = Client()
    visitor.force_login(stranger)

    actions.deactivate_user(user=owner, by=teammate)

    assert visitor.get(ACCOUNT).status_code == 200


def test_what_other_apps_gave_ends_in_the_same_transaction(owner, teammate, ended):
    actions.deactivate_user(user=owner, by=teammate)

    assert ended == [(owner, teammate)]


def test_nothing_is_half_done_when_another_app_fails(owner, teammate, monkeypatch):
    def fail(person, by):
        raise RuntimeError("a role could not end")

    monkeypatch.setattr(ends_of_access, "_items", {})
    ends_of_access.register(EndOfAccess("roles", fail))

    with pytest.raises(RuntimeError):
        actions.deactivate_user(user=owner, by=teammate)

    owner.refresh_from_db()
    assert owner.is_active
    assert not AuditEvent.objects.exists()


def test_the_person_is_told_and_the_act_is_kept(owner, teammate, mailoutbox):
    actions.deactivate_user(user=owner, by=teammate, scope="n1.5")

    (mail,) = mailoutbox
    assert mail.to == [owner.email]
    assert mail.subject == "Guichet Ouvert : votre compte est désactivé"
    assert "fermé par Karim Benali" in mail.body
    event = AuditEvent.objects.get()
    assert (event.action, event.actor, str(event.scope)) == ("user.deactivated", teammate, "n1.5")
    assert event.before["is_active"] is True
    assert event.after["is_active"] is False
    assert owner.left_at is not None


def test_nobody_deactivates_their_own_account(owner):
    with pytest.raises(RuleViolation, match="votre propre compte"):
        actions.deactivate_user(user=owner, by=owner)


def test_an_account_is_deactivated_once(owner, teammate):
    actions.deactivate_user(user=owner, by=teammate)

    with pytest.raises(RuleViolation, match="déjà désactivé"):
        actions.deactivate_user(user=owner, by=teammate)


def test_coming_back_does_not_revive_the_sessions_of_before(client, owner, teammate, mailoutbox):
    client.force_login(owner)
    actions.deactivate_user(user=owner, by=teammate)

    actions.reactivate_user(user=owner, by=teammate)

    assert owner.is_active
    assert owner.left_at is None
    assert client.get(ACCOUNT).status_code == 302
    assert "rôles ne sont pas revenus" in mailoutbox[-1].body


def test_an_open_account_is_not_reactivated(owner, teammate):
    with pytest.raises(RuleViolation, match="déjà actif"):
        actions.reactivate_user(user=owner, by=teammate)


def test_an_erased_account_does_not_come_back(owner, teammate):
    actions.anonymise_user(user=owner)

    with pytest.raises(RuleViolation, match="effacé"):
        actions.reactivate_user(user=owner, by=teammate)
