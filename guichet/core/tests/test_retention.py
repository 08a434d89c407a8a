"""The nightly erasure and the register that announces it."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.utils import timezone

from guichet.core import retention
from guichet.core.extensions import Registry, RetentionRule
from guichet.core.models import JobFailure, OperationRun, OutgoingMail
from guichet.core.tasks import erase_expired_personal_data


@pytest.fixture
def rules(monkeypatch) -> Registry[RetentionRule]:
    registry: Registry[RetentionRule] = Registry(lambda rule: rule.name)
    monkeypatch.setattr(retention, "retention_rules", registry)
    return registry


def rule(name: str, erase, days: int = 30, what: str = "Données") -> RetentionRule:
    return RetentionRule(name, what, "Pour tester", timedelta(days=days), erase)


def mail_of(days: int, *, sent: bool) -> OutgoingMail:
    at = timezone.now() - timedelta(days=days)
    return OutgoingMail.objects.create(
        sender="a@example.fr",
        recipients=["b@example.fr"],
        subject="s",
        content="",
        queued_at=at,
        sent_at=at if sent else None,
    )


@pytest.mark.django_db
def test_mail_goes_after_thirty_days_when_sent_and_ninety_when_not(settings, tmp_path):
    settings.MAIL_FOLDER = tmp_path
    kept = [mail_of(29, sent=True), mail_of(89, sent=False)]
    gone = [mail_of(31, sent=True), mail_of(91, sent=False)]
    assert retention.erase_old_mail() == len(gone)
    assert set(OutgoingMail.objects.all()) == set(kept)


@pytest.mark.django_db
def test_mail_files_go_after_thirty_days(settings, tmp_path):
    settings.MAIL_FOLDER = tmp_path
    now = timezone.now().timestamp()
    for name, age_days in (("ancien.eml", 31), ("recent.eml", 29)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (now - age_days * 86400,) * 2)
    assert retention.erase_old_mail() == 1
    assert [path.name for path in tmp_path.iterdir()] == ["recent.eml"]


@pytest.mark.django_db
def test_reasons_of_failed_jobs_go_after_ninety_days():
    for days in (89, 91):
        at = timezone.now() - timedelta(days=days)
        JobFailure.objects.create(job_id=days, task_name="t", reason="r", at=at)
    assert retention.erase_old_job_failures() == 1
    assert JobFailure.objects.get().job_id == 89


@pytest.mark.django_db
def test_a_failing_rule_neither_stops_the_others_nor_stays_silent(rules):
    def broken() -> int:
        OperationRun.objects.create(name="half-done", succeeded=True)
        raise ValueError("panne")

    rules.register(rule("first", broken))
    rules.register(rule("second", lambda: 3))
    erase_expired_personal_data(timestamp=0)
    run = OperationRun.objects.latest_of(OperationRun.Name.RETENTION)
    assert run is not None
    assert not run.succeeded
    assert run.summary == "second : 3 ; en échec : first"
    assert not OperationRun.objects.filter(name="half-done").exists()


@pytest.mark.django_db
def test_a_night_without_trouble_is_recorded(rules):
    rules.register(rule("only", lambda: 2))
    assert retention.erase_expired() == {"only": 2}
    run = OperationRun.objects.latest_of(OperationRun.Name.RETENTION, succeeded=True)
    assert run is not None
    assert run.summary == "only : 2"


def test_the_register_says_what_why_and_how_long_in_french(rules):
    rules.register(rule("b", lambda: 0, days=3 * 365, what="Zones"))
    rules.register(rule("a", lambda: 0, days=180, what="Avis"))
    assert [(entry.what, entry.kept_for) for entry in retention.retention_register()] == [
        ("Avis", "6\u00a0mois"),
        ("Zones", "3\u00a0ans"),
    ]


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        (timedelta(days=365), "1\u00a0an"),
        (timedelta(days=400), "400\u00a0jours"),
        (timedelta(days=90), "90\u00a0jours"),
        (timedelta(days=1), "1\u00a0jour"),
        (timedelta(hours=12), "12\u00a0heures"),
        (timedelta(hours=1), "1\u00a0heure"),
    ],
)
def test_durations_in_words(duration, words):
    assert retention.duration_in_words(duration) == words


def test_the_platform_announces_what_it_erases_itself():
    names = {entry.name for entry in retention.retention_register()}
    assert {"mail", "job_failures"} <= names
