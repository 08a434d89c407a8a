"""What the outbox holds, read as a person would."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage

from guichet.core.models import OutgoingMail


def letters() -> list[EmailMessage]:
    """The queued messages, oldest first."""
    rows = OutgoingMail.objects.order_by("pk")
    contents = [one.content.encode() for one in rows]
    return [email.message_from_bytes(one, policy=email.policy.default) for one in contents]  # type: ignore[misc]


def the_letter() -> EmailMessage:
    (one,) = letters()
    return one


def words_of(letter: EmailMessage) -> str:
    return str(letter.get_content())


def links_in(letter: EmailMessage) -> list[str]:
    return re.findall(r"https?://\S+", words_of(letter))
