"""Accounts are opened by invitation, described by their owner, moved by an administrator."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from guichet.accounts import actions, queries
from guichet.accounts.models import AuditEvent, User
from guichet.accounts.tests.factories import UserFactory
from guichet.core.errors import RuleViolation


def test_an_account_is_opened_for_a_new_address(teammate):
    user = actions.account_for(email="Nouvelle@CAF.example", by=teammate, full_name="Ève Nouvelle")

    assert user.email == "nouvelle@caf.example"
    assert not user.has_usable_password()
    event = AuditEvent.objects.get()
    assert (event.action, event.actor, event.subject_id) == ("user.opened", teammate, str(user.pk))


def test_a_name_adds_no_line_to_the_mails_that_quote_it(teammate):
    user = actions.account_for(
        email="a@caf.example", by=teammate, full_name="Ève\n\nVotre code :\r\n1", job_title="x\ny"
    )
    assert (user.full_name, user.job_title) == ("Ève Votre code : 1", "x y")

    actions.update_profile(user=user, by=user, full_name=" Ève\nB ", job_title="\t")
    assert (user.full_name, user.job_title) == ("Ève B", "")


def test_a_known_address_gives_the_same_person_whatever_the_case(owner, teammate):
    user = actions.account_for(email=owner.email.upper(), by=teammate, full_name="Autre Nom")

    assert user == owner
    assert user.full_name == "Claire Martin"
    assert not AuditEvent.objects.exists()


def test_a_closed_account_is_not_reopened_by_an_invitation(teammate):
    UserFactory(email="partie@caf.example", gone=True)

    with pytest.raises(RuleViolation, match="réactiver par un administrateur"):
        actions.account_for(email="partie@caf.example", by=teammate)


def test_two_accounts_never_share_an_address(owner):
    with pytest.raises(IntegrityError):
        User.objects.create(email=owner.email.upper())


def test_one_describes_oneself(client, owner):
    client.force_login(owner)

    client.post("/agents/compte/", {"full_name": "Claire Durand", "job_title": "conseillère"})

    owner.refresh_from_db()
    assert (owner.full_name, owner.job_title) == ("Claire Durand", "conseillère")
    event = AuditEvent.objects.get(action="user.described")
    assert event.before == {"full_name": "Claire Martin", "job_title": ""}


def test_a_name_is_required(client, owner):
    client.force_login(owner)

    page = client.post("/agents/compte/", {"full_name": " ", "job_title": ""})

    assert "Écrivez votre prénom et votre nom." in page.content.decode()
    owner.refresh_from_db()
    assert owner.full_name == "Claire Martin"


def test_a_visitor_is_sent_to_the_login_page(client, db):
    response = client.get("/agents/compte/")

    assert response["Location"] == "/agents/connexion/?next=/agents/compte/"


def test_moving_to_another_address_ends_sessions_and_tells_both(
    client, owner, teammate, mailoutbox
):
    client.force_login(owner)

    actions.change_email(user=owner, by=teammate, email="Claire.Durand@caf.example")

    assert owner.email == "claire.durand@caf.example"
    assert client.get("/agents/compte/").status_code == 302
    assert [mail.to for mail in mailoutbox] == [
        ["claire.durand@caf.example"],
        ["claire.martin@caf.example"],
    ]
    assert "Ancienne adresse\xa0: claire.martin@caf.example" in mailoutbox[1].body


def test_an_address_taken_by_somebody_else_is_refused(owner, stranger, teammate):
    with pytest.raises(RuleViolation, match="déjà celle d'un autre compte"):
        actions.change_email(user=owner, by=teammate, email=stranger.email.upper())


def test_what_is_not_an_address_is_refused(owner, teammate):
    with pytest.raises(ValidationError):
        actions.change_email(user=owner, by=teammate, email="claire")


def test_people_are_found_by_name_without_accents_by_job_or_address(owner, teammate):
    UserFactory(email="e.zola@caf.example", full_name="Émile Zola", job_title="médiateur")

    assert [one.full_name for one in queries.people("emile")] == ["Émile Zola"]
    assert [one.full_name for one in queries.people("MEDIATEUR caf")] == ["Émile Zola"]
    assert [one.full_name for one in queries.people("karim.ben")] == ["Karim Benali"]
    assert not queries.people("100%")


def test_people_are_sorted_as_a_reader_expects(db):
    for name in ("Zoé", "élodie", "Émile", "Étienne", "Arthur"):
        UserFactory(full_name=name)

    assert [one.full_name for one in queries.people()] == [
        "Arthur",
        "élodie",
        "Émile",
        "Étienne",
        "Zoé",
    ]


def test_the_list_of_people_costs_one_query(owner, teammate, django_assert_num_queries):
    with django_assert_num_queries(1):
        people = list(queries.people())

    assert [(one.authenticator_count, one.uses_provider) for one in people] == [(0, False)] * 2
