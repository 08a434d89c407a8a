"""Mail goes to the outbox with the transaction that wrote it; the worker delivers and retries.

Owns the queue and the folder that stands for a mail server in demonstration.
"""

from __future__ import annotations

import email
import email.policy
import smtplib
import uuid
from collections.abc import Sequence
from email.message import EmailMessage as ParsedMessage
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from guichet.core.models import OutgoingMail


class OutboxBackend(BaseEmailBackend):
    """Keeps each message as a row and defers its delivery."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        from guichet.core.tasks import deliver_mail

        for message in email_messages:
            mail = OutgoingMail.objects.create(
                sender=message.from_email,
                recipients=message.recipients(),
                subject=str(message.subject),
                content=message.message().as_string(),
            )
            deliver_mail.defer(mail_id=mail.pk)
        return len(email_messages)


class RawMessage(EmailMessage):
    """A stored message given back to a delivery backend byte for byte."""

    def __init__(self, mail: OutgoingMail) -> None:
        super().__init__(mail.subject, "", mail.sender, mail.recipients)
        self._content = mail.content

    def message(self, *, policy: email.policy.Policy = email.policy.SMTP) -> ParsedMessage:  # type: ignore[override,type-arg]
        return email.message_from_string(self._content, policy=policy)  # type: ignore[return-value,arg-type]


class FileBackend(BaseEmailBackend):
    """Writes each message as a `.eml` file in `settings.MAIL_FOLDER`."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.MAIL_FOLDER)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            stamp = timezone.now().strftime("%Y%m%d-%H%M%S-%f")
            path = folder / f"{stamp}-{uuid.uuid4().hex[:6]}.eml"
            path.write_bytes(message.message().as_bytes())
        return len(email_messages)


def deliver(mail: OutgoingMail) -> None:
    """Send one queued mail now; a failure is kept on the row and raised for the queue to retry."""
    if mail.sent_at is not None:
        return
    mail.attempts += 1
    try:
        get_connection(settings.MAIL_DELIVERY_BACKEND).send_messages([RawMessage(mail)])
    except (OSError, smtplib.SMTPException) as error:
        mail.last_error = f"{type(error).__name__}: {error}"[:500]
        mail.save(update_fields=["attempts", "last_error"])
        raise
    mail.sent_at = timezone.now()
    mail.last_error = ""
    mail.save(update_fields=["attempts", "last_error", "sent_at"])
