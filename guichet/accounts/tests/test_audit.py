"""Audit events: complete, readable, never changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from guichet.accounts.audit import audited_save, event_of, record, record_all
from guichet.accounts.audit_words import audit_lines, known_actions, register_words, words_of
from guichet.accounts.models import AuditEvent, User
from guichet.accounts.tests.factories import UserFactory


@pytest.fixture
def event(owner, teammate):
    return record(
        by=teammate,
        action="user.deactivated",
        subject=owner,
        scope="n1.5.8",
        before={"is_active": True},
        after={"is_active": False},
    )


@pytest.mark.parametrize(
    "change",
    [
        {"action": "user.reactivated"},
        {"actor_label": "Quelqu'un d'autre"},
        {"before": None},
        {"at": timezone.now() - timedelta(days=5000)},
        {"scope": None},
        {"actor_id": None, "actor_label": ""},
    ],
)
def test_the_database_refuses_to_change_an_event(event, change):
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        AuditEvent.objects.filter(pk=event.pk).update(**change)


def test_the_database_refuses_to_give_an_event_to_somebody_else(event, stranger):
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        AuditEvent.objects.filter(pk=event.pk).update(actor=stranger)


def test_the_database_refuses_to_erase_an_event(event):
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        event.delete()


def test_an_event_outlives_the_row_of_its_actor(event, teammate):
    teammate.delete()

    event.refresh_from_db()
    assert event.actor is None
    assert event.actor_label == "Karim Benali"


def test_only_what_changed_is_kept(owner, teammate):
    owner.job_title = "conseillère"

    event = audited_save(owner, by=teammate, action="user.described")

    assert event.before == {"job_title": ""}
    assert event.after == {"job_title": "conseillère"}


def test_many_events_are_kept_as_each_would_be(owner, teammate, django_assert_num_queries):
    said = {"by": teammate, "action": "a", "subject": owner, "scope": "n1.2", "after": {"n": 1}}
    record(**said)
    with django_assert_num_queries(1):
        record_all(event_of(**said) for _ in range(3))
    kept = {
        (event.actor, event.actor_label, event.subject_label, str(event.scope), str(event.after))
        for event in AuditEvent.objects.all()
    }
    assert AuditEvent.objects.count() == 4
    assert len(kept) == 1


def test_a_save_that_changes_nothing_leaves_no_event(owner, teammate):
    assert audited_save(owner, by=teammate, action="user.described") is None
    assert not AuditEvent.objects.exists()


def test_fields_left_out_are_neither_saved_nor_told(owner, teammate):
    owner.full_name, owner.job_title = "Autre Nom", "conseillère"

    event = audited_save(owner, by=teammate, action="user.described", fields=["job_title"])

    assert event.after == {"job_title": "conseillère"}
    assert User.objects.get(pk=owner.pk).full_name == "Claire Martin"


def test_a_new_row_has_no_before(teammate):
    user = User(email="neuve@caf.example")

    event = audited_save(user, by=teammate, action="user.opened")

    assert event.before is None
    assert event.after["email"] == "neuve@caf.example"
    assert event.subject_id == str(user.pk)


def test_the_hash_of_a_password_is_never_told(teammate):
    event = audited_save(User(email="neuve@caf.example"), by=teammate, action="user.opened")

    assert "password" not in event.after


def test_without_an_author_the_platform_acted(owner):
    assert record(by=None, action="user.anonymised", subject=owner).actor_label == "la plateforme"


def scoped(owner, *scopes):
    return {
        scope: record(by=owner, action="user.described", subject=owner, scope=scope).pk
        for scope in scopes
    }


def test_events_of_a_subtree_are_those_whose_path_passes_through_it(owner):
    kept = scoped(owner, "n1", "n1.5", "n1.5.8", "n1.55", "n2.7", "n15.2")
    record(by=owner, action="user.described", subject=owner)

    def found(*labels):
        return set(AuditEvent.objects.under(*labels).values_list("pk", flat=True))

    assert found(5) == {kept["n1.5"], kept["n1.5.8"]}
    assert found("n1") == {kept["n1"], kept["n1.5"], kept["n1.5.8"], kept["n1.55"]}
    assert found(8, 7) == {kept["n1.5.8"], kept["n2.7"]}
    assert found() == set()


@pytest.mark.parametrize("label", ["*", "n1|n2", "n1.*", "", "a b", "!n1"])
def test_a_label_that_would_widen_the_search_is_refused(db, label):
    with pytest.raises(ValueError, match="not a label"):
        AuditEvent.objects.under(label)


def test_events_about_a_thing(owner, stranger):
    mine = record(by=None, action="user.opened", subject=owner)
    record(by=None, action="user.opened", subject=stranger)

    assert list(AuditEvent.objects.about(kind="user", identifier=owner.pk)) == [mine]


def test_an_event_reads_as_a_sentence_with_its_changes(event):
    (line,) = audit_lines([event])

    assert f"{line.who} {line.what} {line.subject}" == (
        "Karim Benali a désactivé le compte Claire Martin"
    )
    (change,) = line.changes
    assert (change.label, change.before, change.after) == ("compte actif", "oui", "non")


def test_a_date_reads_in_french(owner):
    moment = timezone.datetime(2026, 3, 1, 8, 5, tzinfo=timezone.get_default_timezone())
    event = record(by=None, action="user.deactivated", subject=owner, after={"left_at": moment})

    (line,) = audit_lines([event])

    assert line.changes[0].label == "départ"
    assert line.changes[0].after == "1er mars 2026 à 8\u00a0h\u00a005"


def test_a_day_alone_reads_in_french(owner):
    event = record(
        by=owner, action="a", subject=owner, after={"day": "2026-12-24", "code": "12-24"}
    )
    assert [change.after for change in audit_lines([event])[0].changes] == [
        "24 décembre 2026",
        "12-24",
    ]


def test_another_app_brings_its_own_words(monkeypatch):
    monkeypatch.setattr("guichet.accounts.audit_words._WORDS", {})
    register_words({"hours.corrected": "a corrigé les horaires de"})

    assert words_of("hours.corrected") == "a corrigé les horaires de"
    assert words_of("unknown.code") == "unknown.code"
    assert known_actions() == {"hours.corrected": "a corrigé les horaires de"}


def test_reading_events_in_words_costs_no_query(owner, django_assert_num_queries):
    scoped(owner, "n1", "n2")
    events = list(AuditEvent.objects.all())

    with django_assert_num_queries(0):
        assert len(audit_lines(events)) == 2


def test_every_action_of_this_app_has_words():
    import re
    from pathlib import Path

    source = "".join(
        path.read_text()
        for path in Path(__file__).parents[1].rglob("*.py")
        if "tests" not in str(path)
    )
    codes = set(re.findall(r'action="([a-z_]+\.[a-z_]+)"', source))

    assert codes
    assert codes <= known_actions().keys()


def test_a_person_reads_by_name_and_without_one_by_address():
    assert str(User(email="a@b.example", full_name="Ève")) == "Ève"
    assert str(UserFactory.build(email="a@b.example", full_name="")) == "a@b.example"
