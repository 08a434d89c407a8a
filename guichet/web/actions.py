"""Writes of the site itself: its texts."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from guichet.accounts.audit import audited_save
from guichet.accounts.models import User
from guichet.web.models import SiteText


@transaction.atomic
def change_text(*, text: SiteText, by: User) -> None:
    """Save a text that a form changed, and keep what it said before in the audit."""
    text.changed_by, text.changed_at = by, timezone.now()
    if audited_save(text, by=by, action="text.changed", fields=["title", "body"]):
        text.save(update_fields=["changed_by", "changed_at"])
