"""Mail goes to the outbox with the transaction that wrote it; the worker delivers and retries.

Owns the queue, its order, when to try again and when to give up, and the folder that stands for
a mail server in demonstration. Refuses to send twice what was sent.
"""

from __future__ import annotations

import logging
import os
import smtplib
import uuid
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from guichet.core.erasures import is_replaying
from guichet.core.models import OutgoingMail

FORGOTTEN_ONCE_SENT = "X-Guichet-Forget"
"""A header that never leaves: the address of such a mail is erased as soon as it is sent."""

FIRST_WAIT = timedelta(seconds=20)
LONGEST_WAIT = timedelta(hours=2)
LONGEST_WAIT_OF_OUTAGE = timedelta(minutes=10)
GIVEN_UP_AFTER = timedelta(days=3)
MAILS_A_RUN = 500
PERMANENT = 500
NOT_SENDABLE = ValueError | smtplib.SMTPNotSupportedError
logger = logging.getLogger("guichet.mail")


class OutboxBackend(BaseEmailBackend):
    """Keeps each message as a row and defers its delivery until the transaction is committed.

    A subject is one line: the name of a place or a person in it may hold several. Nothing is kept
    while the log of erasures is replayed: it was told the first time.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        if is_replaying():
            return 0
        for message in email_messages:
            message.subject = " ".join(str(message.subject).split())
            is_forgotten = message.extra_headers.pop(FORGOTTEN_ONCE_SENT, None) is not None
            mail = OutgoingMail.objects.create(
                sender=message.from_email,
                recipients=message.recipients(),
                subject=message.subject[:998],
                content=message.message().as_bytes().decode(),
                is_forgotten_once_sent=is_forgotten,
            )
            wake_worker(mail.pk)
        return len(email_messages)


def send_and_forget(*, subject: str, body: str, to: str) -> None:
    """Queue a mail to somebody who only gave an address for it: the row that says it left keeps
    neither the address nor the subject."""
    headers = {FORGOTTEN_ONCE_SENT: "1"}
    EmailMessage(subject, body, None, [to], headers=headers).send()


def wake_worker(mail_id: int) -> None:
    """Ask the worker to deliver now; were the request lost, its next minute finds the mail."""
    from guichet.core.tasks import deliver_mail

    transaction.on_commit(lambda: deliver_mail.defer(mail_id=mail_id))


class StoredMessage:
    """The message that was composed, byte for byte, with the line ends of RFC 5322."""

    def __init__(self, content: str) -> None:
        self._lines = content.encode().splitlines()

    def as_bytes(self, *args: Any, **options: Any) -> bytes:
        return b"\r\n".join([*self._lines, b""])


class RawMessage(EmailMessage):
    """A stored message as delivery backends expect it."""

    def __init__(self, mail: OutgoingMail) -> None:
        super().__init__(mail.subject, "", mail.sender, mail.recipients)
        self._stored = StoredMessage(mail.content)

    def message(self, **options: Any) -> StoredMessage:  # type: ignore[override]
        return self._stored


class FileBackend(BaseEmailBackend):
    """Writes each message as a `.eml` file in `settings.MAIL_FOLDER`, readable by us alone."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.MAIL_FOLDER)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            stamp = timezone.now().strftime("%Y%m%d-%H%M%S-%f")
            path = folder / f"{stamp}-{uuid.uuid4().hex[:6]}.eml"
            draft = path.with_suffix(".draft")
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(message.message().as_bytes())
            draft.rename(path)
        return len(email_messages)


def deliver(mail: OutgoingMail) -> bool:
    """Try one mail now and keep the outcome on its row; True once it is sent.

    A mail that was sent, given up, or that another worker holds is left alone.
    """
    with transaction.atomic():
        held = (
            OutgoingMail.objects.waiting()
            .select_for_update(skip_locked=True)
            .filter(pk=mail.pk)
            .first()
        )
        if held is None:
            return False
        held.attempts = min(held.attempts + 1, 32_000)
        try:
            get_connection(settings.MAIL_DELIVERY_BACKEND).send_messages([RawMessage(held)])
        except (OSError, smtplib.SMTPException, ValueError) as error:
            postpone_or_give_up(held, error)
        else:
            held.sent_at = timezone.now()
            held.content = held.last_error = ""
            if held.is_forgotten_once_sent:
                held.recipients, held.subject = [], ""
            held.server_was_down = False
        held.save()
    return held.sent_at is not None


def deliver_due() -> int:
    """Deliver what is due, oldest first, until the mail server is found down; how many left."""
    sent = 0
    for mail in OutgoingMail.objects.due()[:MAILS_A_RUN]:
        if deliver(mail):
            sent += 1
            continue
        if OutgoingMail.objects.filter(pk=mail.pk, server_was_down=True).exists():
            break
    if sent:
        release_after_outage()
    return sent


def release_after_outage() -> int:
    """Make due at once what only waited for the server to come back; how many."""
    return (
        OutgoingMail.objects.waiting()
        .filter(server_was_down=True)
        .update(next_attempt_at=timezone.now(), server_was_down=False)
    )


def try_again(mail: OutgoingMail) -> None:
    """Queue a mail that waits or was given up anew, due now."""
    OutgoingMail.objects.unsent().filter(pk=mail.pk).update(
        failed_at=None, attempts=0, next_attempt_at=timezone.now(), queued_at=timezone.now()
    )
    wake_worker(mail.pk)


def postpone_or_give_up(mail: OutgoingMail, error: Exception) -> None:
    """Set what follows a failed try: another one later, or none when the refusal is final."""
    now = timezone.now()
    mail.last_error = describe(error)[:500]
    mail.server_was_down = is_outage(error)
    final = is_final(error) or now - mail.queued_at > GIVEN_UP_AFTER
    if final:
        mail.failed_at = now
        mail.server_was_down = False
    else:
        mail.next_attempt_at = now + wait_before_next(mail.attempts, outage=mail.server_was_down)
    logger.warning(
        "mail given up" if final else "mail postponed",
        extra={"subject": f"mail:{mail.pk} {type(error).__name__}"},
    )


def wait_before_next(attempts: int, *, outage: bool) -> timedelta:
    """20 s, 40 s, 80 s… up to 2 hours, or 10 minutes when nobody answers at the server."""
    longest = LONGEST_WAIT_OF_OUTAGE if outage else LONGEST_WAIT
    doublings: int = 2 ** min(attempts - 1, 20)
    return min(longest, FIRST_WAIT * doublings)


def is_outage(error: Exception) -> bool:
    """True when no mail could have passed: unreachable, login refused, service closed."""
    if isinstance(error, NOT_SENDABLE | smtplib.SMTPRecipientsRefused):
        return False
    code = getattr(error, "smtp_code", None)
    refused_at_login = isinstance(error, smtplib.SMTPAuthenticationError | smtplib.SMTPConnectError)
    return code is None or code == 421 or refused_at_login


def is_final(error: Exception) -> bool:
    """True when the server said never (RFC 5321, replies 5yz) about this message or its address,
    or when the address cannot be written in SMTP."""
    if isinstance(error, NOT_SENDABLE):
        return True
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= PERMANENT for code, _ in error.recipients.values())
    refused = isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPDataError)
    return refused and error.smtp_code >= PERMANENT  # type: ignore[attr-defined]


def describe(error: Exception) -> str:
    """What the server answered, for the person who runs the platform."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = {f"{code} {as_text(text)}" for code, text in error.recipients.values()}
        return f"destinataire refusé : {' ; '.join(sorted(answers))}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {as_text(error.smtp_error)}"
    return f"{type(error).__name__} : {error}"


def as_text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
