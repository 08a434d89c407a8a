"""The server's pages in a real browser: readable, accessible, usable without JavaScript."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from guichet.accounts.models import User
from guichet.core.mail import FileBackend
from guichet.core.models import JobFailure, OperationRun, OutgoingMail
from guichet.directory.models import ImportRun, Membership, Role
from guichet.ui.tests.browser import (  # noqa: F401
    DESK,
    PHONE,
    assert_accessible,
    browser,
    page_at,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG_REASON = (
    "OperationalError: connection to server failed < ConnectionRefusedError\n"
    "procrastinate/worker.py:282 run_sync_task\nguichet/core/mail.py:127 deliver"
)


@pytest.fixture
def troubled_server(settings, tmp_path):
    """A failed job, mails that do not leave, a late backup, an import."""
    settings.LAKE = tmp_path
    job_id = app.configure_task("deliver_mail").defer(mail_id=0)
    waiting = app.configure_task("erase_expired_personal_data").defer(timestamp=0)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [job_id])
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [job_id])
    JobFailure.objects.create(job_id=job_id, task_name="deliver_mail", reason=LONG_REASON)
    mail = {"sender": "a@example.fr", "recipients": ["agent@example.fr"], "content": "x"}
    OutgoingMail.objects.create(
        subject="Votre invitation",
        failed_at=timezone.now(),
        attempts=1,
        last_error="destinataire refusé : 550 5.1.1 adresse inconnue",
        **mail,
    )
    OutgoingMail.objects.create(subject="Votre code de connexion", **mail)
    OperationRun.objects.create(
        name="backup",
        succeeded=True,
        summary="7,4 Mio dans /var/backups/guichet/2026-11-18",
        ended_at=timezone.now() - timedelta(days=3),
    )
    ImportRun.objects.create(
        source="dila2016",
        file_name="guichets_dila_2016.csv.gz",
        ended_at=timezone.now(),
        counts={"created": 62138, "changed": 0},
    )
    yield job_id
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id = ANY(%s)", [[job_id, waiting]])


def signed_in(page: Page, site: str) -> Page:
    user = User.objects.create_user(email="exploitation@example.fr", full_name="Ada Martin")
    Membership.objects.create(user=user, role=Role.ADMINISTRATOR)
    client = Client()
    client.force_login(user)
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": site}])
    return page


def test_the_server_page_is_accessible(live_server, page_at, troubled_server):  # noqa: F811
    page = signed_in(page_at(PHONE), live_server.url)
    page.goto(f"{live_server.url}/agents/serveur/")
    expect(page.get_by_text("Sauvegarde en retard")).to_be_visible()
    assert_accessible(page)


def test_a_failed_job_is_started_again_without_javascript(
    live_server,
    page_at,  # noqa: F811
    troubled_server,
):
    page = signed_in(page_at(DESK, javascript=False), live_server.url)
    page.goto(f"{live_server.url}/agents/serveur/")
    page.get_by_role("button", name="Relancer").click()
    expect(page.get_by_text("La tâche est relancée.")).to_be_visible()
    assert ProcrastinateJob.objects.get(pk=troubled_server).status == "todo"


def test_erasing_asks_before(live_server, page_at, troubled_server):  # noqa: F811
    page = signed_in(page_at(DESK), live_server.url)
    page.goto(f"{live_server.url}/agents/serveur/")
    row = page.get_by_role("row").filter(has_text="Votre invitation")
    row.get_by_text("Effacer", exact=True).click()
    expect(row.get_by_text("Ce courriel ne sera jamais envoyé.")).to_be_visible()
    row.get_by_role("button", name="Confirmer : Effacer").click()
    expect(page.get_by_text("Le courriel est effacé.")).to_be_visible()


def test_the_register_is_accessible(live_server, page_at):  # noqa: F811
    page = signed_in(page_at(PHONE), live_server.url)
    page.goto(f"{live_server.url}/agents/serveur/conservation/")
    expect(page.get_by_role("table")).to_contain_text("Courriels de la plateforme")
    assert_accessible(page)


def test_the_demonstration_mailbox_is_accessible(
    live_server,
    page_at,  # noqa: F811
    settings,
    tmp_path,
):
    settings.DEMONSTRATION = True
    settings.MAIL_DELIVERY_BACKEND = settings.FILE_MAIL_BACKEND
    settings.MAIL_FOLDER = tmp_path
    body = "Bonjour,\n\nVotre code : 123456\n\nhttp://127.0.0.1:8000/agents/connexion/code/\n"
    for subject in ("Votre code de connexion", "Invitation"):
        FileBackend().send_messages(
            [EmailMessage(subject, body, "guichet@example.fr", ["agent@example.fr"])]
        )
    page = page_at(PHONE)
    page.goto(f"{live_server.url}/agents/demo/courrier/")
    expect(page.get_by_role("link", name="connexion/code").first).to_be_visible()
    assert_accessible(page)
