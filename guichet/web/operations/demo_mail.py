"""The mails of the demonstration, read from the folder that stands for a mail server.

Owns who may read them: login codes arrive there, so the page exists only in demonstration, with
the file backend, and for this machine alone unless GUICHET_DEMO_MAIL_FOR_ALL=1.
"""

from __future__ import annotations

import email
import email.policy
import ipaddress
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

LONGEST_TEXT = 20_000
MARKS_OF_A_PROXY = (
    "HTTP_FORWARDED",
    "HTTP_VIA",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
)


@dataclass(frozen=True)
class DemoMail:
    subject: str
    to: str
    written_at: datetime
    text: str


def may_read_demo_mail(request: HttpRequest) -> bool:
    """True in demonstration, for a client of this machine that came through no proxy."""
    exists = settings.DEMONSTRATION and not settings.PRODUCTION
    if not exists or settings.MAIL_DELIVERY_BACKEND != settings.FILE_MAIL_BACKEND:
        return False
    return settings.DEMO_MAIL_FOR_ALL or comes_from_this_machine(request)


def comes_from_this_machine(request: HttpRequest) -> bool:
    """A proxy of this machine also has a local address, but says for whom it asks."""
    if any(mark in request.META for mark in MARKS_OF_A_PROXY):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def mail_paths() -> list[Path]:
    """Newest first: names begin with the date."""
    return sorted(Path(settings.MAIL_FOLDER).glob("*.eml"), reverse=True)


def read_mail(path: Path) -> DemoMail | None:
    """The mail, None when its file was erased since it was listed."""
    try:
        content, status = path.read_bytes(), path.stat()
    except FileNotFoundError:
        return None
    message = email.message_from_bytes(content, policy=email.policy.default)
    return DemoMail(
        subject=str(message["Subject"] or "(sans objet)"),
        to=str(message["To"] or ""),
        written_at=datetime.fromtimestamp(status.st_mtime, tz=timezone.get_current_timezone()),
        text=text_of(message),
    )


def text_of(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    return str(body.get_content())[:LONGEST_TEXT]
