"""The server's page: what the administrator reads there, and what the buttons do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from guichet.accounts.models import AuditEvent, User
from guichet.core.extensions import health_checks
from guichet.core.models import JobFailure, OperationRun, OutgoingMail
from guichet.directory.models import ImportRun, Membership, Role
from guichet.web.operations.jobs import TASK_LABELS
from guichet.web.operations.server_state import CHECK_LABELS, Folder, server_state

pytestmark = pytest.mark.django_db


def person(role: Role | None) -> User:
    user = User.objects.create_user(email=f"{role or 'personne'}@example.fr")
    if role:
        Membership.objects.create(user=user, role=role)
    return user


@pytest.fixture
def administrator(client) -> User:
    user = person(Role.ADMINISTRATOR)
    client.force_login(user)
    return user


def test_every_task_and_every_check_has_its_name_in_french():
    ours = {name for name, task in app.tasks.items() if task.func.__module__.startswith("guichet.")}
    assert "deliver_mail" in ours
    assert ours - set(TASK_LABELS) == set()
    assert {one.name for one in health_checks} - set(CHECK_LABELS) == set()


def failed_job(name: str = "deliver_mail", status: str = "failed") -> int:
    job_id = app.configure_task(name, allow_unknown=True).defer(mail_id=0)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [job_id])
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = %s, attempts = 2 WHERE id = %s",
            [status, job_id],
        )
    JobFailure.objects.create(
        job_id=job_id, task_name=name, reason="ValueError\nguichet/core/mail.py:12 deliver"
    )
    return job_id


def unsent_mail(**fields: object) -> OutgoingMail:
    values = {
        "sender": "a@example.fr",
        "recipients": ["perdu@example.fr"],
        "subject": "Votre invitation",
        "content": "Subject: Votre invitation\n\nTexte",
    }
    return OutgoingMail.objects.create(**values | fields)


@pytest.mark.parametrize("role", [None, Role.MODERATOR, Role.PUBLISHER])
@pytest.mark.parametrize("page", ["server_state", "retention_register"])
def test_others_than_the_administrator_are_refused(client, role, page):
    client.force_login(person(role))
    assert client.get(reverse(page)).status_code == 403


def test_a_visitor_is_sent_to_sign_in(client):
    assert client.get(reverse("server_state")).status_code == 302


def test_a_calm_server_says_so(client, administrator):
    OperationRun.objects.create(name="backup", succeeded=True, summary="12 Mo")
    page = client.get(reverse("server_state")).text
    assert "Sauvegarde en retard" not in page
    assert "12 Mo" in page
    assert "PostgreSQL" in page


def test_the_last_sign_of_the_worker_is_told_to_the_minute(client, administrator, monkeypatch):
    seen = datetime(2026, 11, 22, 14, 32, 17, tzinfo=UTC)
    monkeypatch.setattr(f"{server_state.__module__}.worker_last_seen", lambda: seen)
    assert "22 novembre 2026 à 15\xa0h\xa032<" in client.get(reverse("server_state")).text


def test_a_failed_job_shows_why_and_starts_again(client, administrator):
    job_id = failed_job()
    page = client.get(reverse("server_state")).text
    assert "Envoi d&#x27;un courriel" in page
    assert "ValueError" in page
    assert "guichet/core/mail.py:12 deliver" in page
    response = client.post(reverse("retry_job", args=[job_id]), follow=True)
    assert "La tâche est relancée." in response.text
    assert ProcrastinateJob.objects.get(pk=job_id).status == "todo"
    event = AuditEvent.objects.get(action="job.retried")
    assert (event.actor, event.subject_id) == (administrator, str(job_id))


def test_an_aborted_job_starts_again_too(client, administrator):
    job_id = failed_job(status="aborted")
    client.post(reverse("retry_job", args=[job_id]))
    assert ProcrastinateJob.objects.get(pk=job_id).status == "todo"


def test_a_failed_job_is_erased_with_its_reasons(client, administrator):
    job_id = failed_job()
    client.post(reverse("erase_job", args=[job_id]))
    assert not ProcrastinateJob.objects.filter(pk=job_id).exists()
    assert not JobFailure.objects.exists()
    assert AuditEvent.objects.get(action="job.erased").before == {"task_name": "deliver_mail"}


@pytest.mark.parametrize("action", ["retry_job", "erase_job"])
@pytest.mark.parametrize("status", ["doing", "todo", "succeeded"])
def test_a_job_that_did_not_fail_is_left_alone(client, administrator, action, status):
    job_id = app.configure_task("deliver_mail").defer(mail_id=0)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", [status, job_id])
    response = client.post(reverse(action, args=[job_id]), follow=True)
    assert "n&#x27;est plus en échec" in response.text
    assert ProcrastinateJob.objects.get(pk=job_id).status == status
    assert not AuditEvent.objects.filter(action__startswith="job.").exists()


def test_a_mail_given_up_shows_why_and_leaves_again(
    client, administrator, django_capture_on_commit_callbacks
):
    mail = unsent_mail(failed_at=timezone.now(), last_error="550 inconnu", attempts=1)
    page = client.get(reverse("server_state")).text
    assert "550 inconnu" in page
    assert "perdu@example.fr" in page
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("retry_mail", args=[mail.pk]))
    mail.refresh_from_db()
    assert mail.failed_at is None
    assert ProcrastinateJob.objects.filter(args={"mail_id": mail.pk}, status="todo").exists()
    assert AuditEvent.objects.get(action="mail.retried").subject_id == str(mail.pk)


def test_a_mail_given_up_is_erased(client, administrator):
    mail = unsent_mail(failed_at=timezone.now())
    client.post(reverse("erase_mail", args=[mail.pk]))
    assert not OutgoingMail.objects.exists()
    event = AuditEvent.objects.get(action="mail.erased")
    assert "perdu@example.fr" not in f"{event.subject_label}{event.before}{event.after}"


def test_a_mail_that_left_cannot_leave_again(client, administrator):
    mail = unsent_mail(sent_at=timezone.now())
    response = client.post(reverse("retry_mail", args=[mail.pk]), follow=True)
    assert "déjà parti" in response.text


@pytest.mark.parametrize("action", ["retry_job", "erase_job", "retry_mail", "erase_mail"])
def test_buttons_are_for_the_administrator_and_never_links(client, action):
    address = reverse(action, args=[1])
    client.force_login(person(Role.MODERATOR))
    assert client.post(address).status_code == 403
    client.force_login(person(Role.ADMINISTRATOR))
    assert client.get(address).status_code == 405


@pytest.mark.parametrize(("hours", "late"), [(35, False), (37, True)])
def test_a_backup_is_late_after_thirty_six_hours(client, administrator, hours, late):
    at = timezone.now() - timedelta(hours=hours)
    OperationRun.objects.create(name="backup", succeeded=True, ended_at=at)
    OperationRun.objects.create(name="backup", succeeded=False, summary="disque plein")
    page = client.get(reverse("server_state")).text
    assert ("Sauvegarde en retard" in page) is late
    assert "disque plein" in page


def test_a_refused_import_is_said_to_have_changed_nothing(client, administrator):
    ImportRun.objects.create(source="dila", ended_at=timezone.now(), counts={"created": 7})
    page = client.get(reverse("server_state")).text
    assert "refusé, rien n&#x27;a changé" in page
    assert "7 créées" not in page


def test_the_ten_latest_imports_are_listed(client, administrator):
    for number in range(12):
        ImportRun.objects.create(
            source="dila",
            file_name=f"dump-{number}.json",
            started_at=timezone.now() + timedelta(minutes=number),
            counts={"created": number, "closed": 0},
        )
    page = client.get(reverse("server_state")).text
    assert "dump-11.json" in page
    assert "dump-2.json" in page
    assert "11 créées" in page
    assert "0 fermées" not in page
    assert "dump-1.json" not in page


@pytest.mark.parametrize(
    ("free", "total", "low"),
    [(50e9, 100e9, False), (5e9, 100e9, True), (0.9e9, 2e9, True), (1.5e9, 2e9, False)],
)
def test_a_disk_is_low_under_a_tenth_or_a_gigabyte(tmp_path, free, total, low):
    assert Folder("Disque", tmp_path, int(free), int(total)).is_low is low


def test_the_page_asks_the_same_questions_whatever_it_lists(
    client, administrator, django_assert_max_num_queries
):
    for _ in range(5):
        failed_job()
        unsent_mail()
        ImportRun.objects.create(source="dila", file_name="dump.json")
    server_state()  # the catalogue of procedures is read once a process
    with django_assert_max_num_queries(19):
        state = server_state()
    assert len(state.failed_jobs) == 5


def test_the_register_lists_what_is_kept(client, administrator):
    page = client.get(reverse("retention_register")).text
    assert "Courriels de la plateforme" in page
    assert "30\u00a0jours" in page
