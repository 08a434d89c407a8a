"""What is kept of people, and the night when it goes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from guichet.accounts import retention
from guichet.accounts.departures import EndOfAccess, ends_of_access
from guichet.accounts.models import AuditEvent, ProviderIdentity, SignIn, User
from guichet.accounts.tests.factories import UserFactory
from guichet.core.extensions import retention_rules

DAY = timedelta(days=1)


def dated_event(owner, age):
    return AuditEvent.objects.create(
        actor=owner,
        actor_label=str(owner),
        action="user.described",
        subject_kind="user",
        subject_id=str(owner.pk),
        subject_label=str(owner),
        at=timezone.now() - age,
    )


def test_events_go_after_three_years_and_not_before(owner):
    dated_event(owner, retention.THREE_YEARS + DAY)
    kept = dated_event(owner, retention.THREE_YEARS - 2 * DAY)

    assert retention.erase_old_events() == 1
    assert list(AuditEvent.objects.all()) == [kept]


def someone(**dates):
    user = UserFactory()
    ago = {name: timezone.now() - age for name, age in dates.items()}
    User.objects.filter(pk=user.pk).update(**ago)
    user.refresh_from_db()
    return user


OLD, RECENT = retention.THREE_YEARS + DAY, retention.THREE_YEARS - 2 * DAY


@pytest.mark.parametrize(
    "dates",
    [
        {"joined_at": OLD, "last_login": RECENT},
        {"joined_at": RECENT},
        {"joined_at": RECENT, "last_login": OLD},
    ],
)
def test_whoever_signed_in_or_came_within_three_years_is_remembered(db, dates):
    user = someone(**dates)

    assert retention.forget_inactive_people() == 0
    user.refresh_from_db()
    assert user.is_active


def test_whoever_has_not_signed_in_for_three_years_is_forgotten(db, monkeypatch):
    told = []
    monkeypatch.setattr(ends_of_access, "_items", {})
    ends_of_access.register(EndOfAccess("roles", lambda person, by: told.append((person, by))))
    user = someone(joined_at=OLD, last_login=OLD)
    former_address, former_name = user.email, user.full_name
    SignIn.objects.create(user=user, epoch=0, means="code")
    ProviderIdentity.objects.create(user=user, issuer="https://idp.example", subject="abc")

    assert retention.forget_inactive_people() == 1

    user.refresh_from_db()
    assert not user.is_active
    assert user.email == f"ancien-compte-{user.pk}@anonyme.invalid"
    assert not SignIn.objects.exists()
    assert not ProviderIdentity.objects.exists()
    assert told == [(user, None)]
    event = AuditEvent.objects.get(action="user.anonymised")
    assert former_address not in repr(vars(event))
    assert former_name not in repr(vars(event))
    assert retention.forget_inactive_people() == 0


def test_somebody_who_comes_back_after_three_years_is_not_forgotten_the_same_night(db, teammate):
    from guichet.accounts import actions

    user = someone(joined_at=OLD, last_login=OLD)
    actions.deactivate_user(user=user, by=teammate)
    actions.reactivate_user(user=user, by=teammate)

    assert retention.forget_inactive_people() == 0


def test_sign_ins_go_after_a_year(owner):
    for age in (retention.ONE_YEAR + DAY, retention.ONE_YEAR - DAY):
        SignIn.objects.create(user=owner, epoch=0, means="code", opened_at=timezone.now() - age)

    assert retention.erase_old_sign_ins() == 1
    assert SignIn.objects.count() == 1


def test_ended_sessions_are_cleared_and_open_ones_kept(owner, stranger):
    for user in (owner, stranger):
        Client().force_login(user)
    first = Session.objects.order_by("pk").first()
    Session.objects.filter(pk=first.pk).update(expire_date=timezone.now() - DAY)

    assert retention.erase_ended_sessions() == 1
    assert Session.objects.count() == 1


def test_counters_of_attempts_are_cleared_once_expired(db):
    cache.clear()
    cache.set("old", [1], timeout=1)
    cache.set("fresh", [1], timeout=600)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE guichet_shared_cache SET expires = now() - interval '1 minute' "
            "WHERE cache_key LIKE '%:old'"
        )

    assert retention.erase_old_attempts() == 1
    assert cache.get("fresh") == [1]


def test_each_duration_is_in_the_register():
    names = {rule.name for rule in retention_rules}

    assert {"audit", "people", "sign_ins", "sessions", "attempts"} <= names
