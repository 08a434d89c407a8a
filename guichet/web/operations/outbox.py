"""Mails that did not leave, as the person who runs the server mends them: send again, erase."""

from __future__ import annotations

from django.db import transaction

from guichet.accounts.audit import record
from guichet.accounts.models import User
from guichet.core import mail
from guichet.core.errors import RuleViolation
from guichet.core.models import OutgoingMail


@transaction.atomic
def retry_mail(*, mail_id: int, by: User) -> None:
    """Queue an unsent mail anew; `RuleViolation` when it left or was erased."""
    unsent = locked_unsent_mail(mail_id)
    mail.try_again(unsent)
    record(by=by, action="mail.retried", subject=unsent)


@transaction.atomic
def erase_mail(*, mail_id: int, by: User) -> None:
    """Erase an unsent mail: it will never leave."""
    unsent = locked_unsent_mail(mail_id)
    record(by=by, action="mail.erased", subject=unsent)
    unsent.delete()


def locked_unsent_mail(mail_id: int) -> OutgoingMail:
    found = OutgoingMail.objects.unsent().select_for_update().filter(pk=mail_id).first()
    if found is None:
        raise RuleViolation("Ce courriel est déjà parti, ou il a été effacé entre-temps.")
    return found
