"""Mail to a real SMTP server: queued, delivered in order, tried again, given up."""

from __future__ import annotations

import email
import email.policy
import socket
import stat
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from guichet.core import mail
from guichet.core.models import OutgoingMail
from guichet.core.tasks import deliver_due_mail, deliver_mail
from guichet.core.tests.smtp_server import Mailbox, smtp_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox(settings) -> Iterator[Mailbox]:
    with smtp_server() as server:
        settings.MAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_TIMEOUT = 60
        yield server


@pytest.fixture
def closed_port(settings) -> Iterator[int]:
    """A port of this machine where nobody listens, and which nobody else is given meanwhile."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        settings.MAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_TIMEOUT = 60
        yield port


def queue(subject: str = "Bonjour", to: str = "agent@example.fr", body: str = "Texte") -> int:
    message = EmailMessage(subject, body, "guichet@example.fr", [to])
    mail.OutboxBackend().send_messages([message])
    return OutgoingMail.objects.latest("pk").pk


def jobs_for(mail_id: int) -> QuerySet[ProcrastinateJob]:
    return ProcrastinateJob.objects.filter(task_name="deliver_mail", args={"mail_id": mail_id})


def due_again() -> None:
    OutgoingMail.objects.waiting().update(next_attempt_at=timezone.now())


def test_a_mail_reaches_the_server_as_it_was_composed(mailbox):
    body = "L’accueil est ouvert.\n.une ligne qui commence par un point\n" + "é" * 1200
    mail_id = queue("Horaires d’été", "agent@example.fr", body)
    deliver_mail(mail_id=mail_id)
    sender, recipients, content = mailbox.received[0]
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert (sender, recipients) == ("guichet@example.fr", ["agent@example.fr"])
    assert message["Subject"] == "Horaires d’été"
    received = content.replace(b"\r\n..", b"\r\n.")
    parsed = email.message_from_bytes(received, policy=email.policy.default)
    assert parsed.get_content().splitlines() == body.splitlines()


def test_the_text_is_erased_once_sent(mailbox):
    mail_id = queue(body="Votre code : 123456")
    deliver_mail(mail_id=mail_id)
    row = OutgoingMail.objects.get(pk=mail_id)
    assert row.sent_at is not None
    assert row.content == ""


def test_nothing_is_sent_when_the_transaction_is_undone(mailbox):
    with transaction.atomic():
        mail_id = queue()
        transaction.set_rollback(True)
    deliver_due_mail(timestamp=0)
    assert mailbox.received == []
    assert not jobs_for(mail_id).exists()


def test_the_worker_is_asked_once_the_transaction_is_committed(
    mailbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        mail_id = queue()
        assert not jobs_for(mail_id).exists()
    assert jobs_for(mail_id).get().status == "todo"


def test_a_mail_is_never_sent_twice(mailbox):
    mail_id = queue()
    row = OutgoingMail.objects.get(pk=mail_id)
    assert mail.deliver(row)
    assert not mail.deliver(row)
    assert len(mailbox.received) == 1


def test_due_mails_leave_oldest_first(mailbox):
    for number in range(4):
        queue(f"n{number}")
    OutgoingMail.objects.filter(subject="n3").update(queued_at=timezone.now() - timedelta(hours=1))
    assert mail.deliver_due() == 4
    assert mailbox.subjects == ["n3", "n0", "n1", "n2"]


def test_a_mail_erased_during_a_run_stops_nothing(mailbox, monkeypatch):
    """Who leaves takes back the mails that wait for them."""
    queue("n0")
    queue("n1")
    deliver = mail.deliver

    def too_late(row: OutgoingMail) -> bool:
        OutgoingMail.objects.filter(subject="n0").delete()
        return deliver(row)

    monkeypatch.setattr(mail, "deliver", too_late)
    assert mail.deliver_due() == 1
    assert mailbox.subjects == ["n1"]


def test_a_server_that_is_down_postpones_with_longer_and_longer_waits(closed_port):
    mail_id = queue()
    for wait in (20, 40, 80, 160, 320, 600, 600, 600):
        due_again()
        before = timezone.now()
        mail.deliver_due()
        row = OutgoingMail.objects.get(pk=mail_id)
        tried_at = row.next_attempt_at - timedelta(seconds=wait)
        assert before <= tried_at <= timezone.now(), wait
    assert row.server_was_down
    assert row.failed_at is None
    assert "ConnectionRefusedError" in row.last_error


def test_an_outage_stops_the_run_at_the_first_mail(closed_port):
    first, second = queue("n0"), queue("n1")
    assert mail.deliver_due() == 0
    assert OutgoingMail.objects.get(pk=first).attempts == 1
    assert OutgoingMail.objects.get(pk=second).attempts == 0


def test_all_that_an_outage_held_leaves_in_order_with_the_next_mail_that_passes(
    closed_port, settings
):
    held = [queue(f"n{number}") for number in range(3)]
    for mail_id in held:
        deliver_mail(mail_id=mail_id)
    assert OutgoingMail.objects.due().count() == 0
    with smtp_server(closed_port) as mailbox:
        deliver_mail(mail_id=queue("n3"))
    assert mailbox.subjects == ["n3", "n0", "n1", "n2"]


def test_a_server_that_closes_its_service_is_an_outage(mailbox):
    mailbox.refuses_service = True
    mail_id = queue()
    deliver_mail(mail_id=mail_id)
    assert OutgoingMail.objects.get(pk=mail_id).server_was_down


def test_a_server_that_never_answers_is_an_outage(settings):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.MAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()[:2]
        settings.EMAIL_TIMEOUT = 0.2
        mail_id = queue()
        deliver_mail(mail_id=mail_id)
    assert OutgoingMail.objects.get(pk=mail_id).server_was_down


def test_a_temporary_refusal_holds_back_that_mail_only(mailbox):
    mailbox.answer = lambda to: "450 greylisted" if "lent" in to else "250 ok"
    slow, fast = queue("n0", "lent@example.fr"), queue("n1", "vif@example.fr")
    assert mail.deliver_due() == 1
    assert mailbox.subjects == ["n1"]
    row = OutgoingMail.objects.get(pk=slow)
    assert not row.server_was_down
    assert row.last_error == "destinataire refusé : 450 greylisted"
    assert OutgoingMail.objects.get(pk=fast).sent_at is not None


def test_a_final_refusal_gives_up_at_once_and_says_why(mailbox):
    mailbox.answer = lambda to: "550 no such user"
    mail_id = queue(to="parti@example.fr")
    deliver_mail(mail_id=mail_id)
    row = OutgoingMail.objects.get(pk=mail_id)
    assert row.failed_at is not None
    assert row.last_error == "destinataire refusé : 550 no such user"
    due_again()
    mail.deliver_due()
    assert OutgoingMail.objects.get(pk=mail_id).attempts == 1


def test_an_address_that_smtp_cannot_write_gives_up(mailbox):
    mail_id = queue()
    OutgoingMail.objects.filter(pk=mail_id).update(recipients=["un@example.fr, deux@example.fr"])
    deliver_mail(mail_id=mail_id)
    assert OutgoingMail.objects.get(pk=mail_id).failed_at is not None


def test_a_mail_is_given_up_after_three_days(closed_port):
    mail_id = queue()
    OutgoingMail.objects.update(queued_at=timezone.now() - timedelta(days=3, minutes=1))
    mail.deliver_due()
    assert OutgoingMail.objects.get(pk=mail_id).failed_at is not None


def test_a_mail_given_up_leaves_when_a_person_asks_again(mailbox):
    mailbox.answer = lambda to: "550 no such user"
    mail_id = queue()
    deliver_mail(mail_id=mail_id)
    mailbox.answer = lambda to: "250 ok"
    mail.try_again(OutgoingMail.objects.get(pk=mail_id))
    assert mail.deliver_due() == 1
    assert len(mailbox.received) == 1


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 20), (2, 40), (9, 5120), (10, 7200), (99, 7200)]
)
def test_waits_of_a_refused_mail(attempts, seconds):
    assert mail.wait_before_next(attempts, outage=False) == timedelta(seconds=seconds)


def test_in_demonstration_mails_are_files_that_only_we_read(settings, tmp_path):
    settings.MAIL_DELIVERY_BACKEND = settings.FILE_MAIL_BACKEND
    settings.MAIL_FOLDER = tmp_path / "courrier"
    deliver_mail(mail_id=queue("Code", body="é 123456"))
    [path] = settings.MAIL_FOLDER.iterdir()
    assert path.suffix == ".eml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.MAIL_FOLDER.stat().st_mode) == 0o700
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert message.get_content().strip() == "é 123456"


def test_a_subject_of_several_lines_leaves_on_one(mailbox):
    queued = OutgoingMail.objects.get(pk=queue(subject="Erreur sur « Caf\r\nBcc: x@y.fr »"))
    written = email.message_from_string(queued.content, policy=email.policy.default)

    assert queued.subject == "Erreur sur « Caf Bcc: x@y.fr »"
    assert written["Subject"] == queued.subject
    assert written["Bcc"] is None
