"""Mails as a real SMTP server received them, read as a person does."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage

from guichet.core.tests.smtp_server import Mailbox


def letters_to(address: str, mailbox: Mailbox) -> list[EmailMessage]:
    """Those that `address` received, oldest first."""
    return [
        letter_of(content) for _, recipients, content in mailbox.received if address in recipients
    ]


def every_letter(mailbox: Mailbox) -> list[EmailMessage]:
    return [letter_of(content) for _, _, content in mailbox.received]


def letter_of(content: bytes) -> EmailMessage:
    return email.message_from_bytes(undotted(content), policy=email.policy.default)


def undotted(content: bytes) -> bytes:
    """RFC 5321, 4.5.2: a line that begins with a dot travels with one more."""
    return content.replace(b"\r\n..", b"\r\n.")


def subject_of(letter: EmailMessage) -> str:
    return str(letter["Subject"])


def words_of(letter: EmailMessage) -> str:
    return str(letter.get_content()).replace("\r\n", "\n")


def links_in(letter: EmailMessage) -> list[str]:
    return re.findall(r"https?://\S+", words_of(letter))
