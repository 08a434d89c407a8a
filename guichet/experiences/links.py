"""The author's own link, `/suivi/<token>/`: signed and revocable.

Owns how it is made and read; refuses a link that was revoked.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.urls import reverse

from guichet.core.errors import RuleViolation
from guichet.core.tokens import make_token, read_token
from guichet.experiences.models import Author

PURPOSE = "experience-follow"
LINK_LIVES = timedelta(days=5 * 365)
REVOKED = "Ce lien n'est plus valable : utilisez celui du dernier courriel que vous avez reçu."


def follow_token(author: Author) -> str:
    return make_token(PURPOSE, [author.pk, author.link_version])


def follow_url(author: Author) -> str:
    """The absolute address for a mail."""
    return f"{settings.PUBLIC_URL}{reverse('follow', args=[follow_token(author)])}"


def author_of(token: str) -> Author:
    """Whose link it is; `RuleViolation` when forged, expired, revoked, or its story erased."""
    experience_id, version = read_token(PURPOSE, token, valid_for=LINK_LIVES)
    author = Author.objects.select_related("experience").filter(pk=experience_id).first()
    if author is None or author.link_version != version:
        raise RuleViolation(REVOKED)
    return author
