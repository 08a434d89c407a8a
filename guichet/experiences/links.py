"""The author's own link, `/suivi/<token>/`: signed and revocable.

Owns how it is made and read; refuses a link that was revoked. It names the story by its random key:
a restored backup gives numbers again, and the link of a story that was lost would open another's.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from guichet.core.errors import RuleViolation
from guichet.core.tokens import make_token, read_token
from guichet.experiences.models import Author

PURPOSE = "experience-follow"
LINK_LIVES = timedelta(days=5 * 365)
KEY_IN_TOKEN = 48
"""Marks of a token for « ["", 32 hexadecimal figures », whatever follows."""
REVOKED = "Ce lien n'est plus valable : utilisez celui du dernier courriel que vous avez reçu."


def follow_token(author: Author) -> str:
    return token_naming(author, PURPOSE)


def token_naming(author: Author, purpose: str, *more: str) -> str:
    """A token that names this author, then says `more`: never packed, or `start_of_links` would not
    find it."""
    return make_token(purpose, [*named(author), *more], is_packed=False)


def start_of_links(author: Author) -> str:
    """What all the tokens that name this author begin with: the key of the story, in base 64."""
    return follow_token(author)[:KEY_IN_TOKEN]


def named(author: Author) -> list[str | int]:
    """What a link carries of its author."""
    return [author.experience.key.hex, author.link_version]


def follow_url(author: Author) -> str:
    """The absolute address for a mail."""
    return f"{settings.PUBLIC_URL}{reverse('follow', args=[follow_token(author)])}"


def author_of(token: str) -> Author:
    """Whose link it is; `RuleViolation` when forged, expired, revoked, or its story erased."""
    key, version = read_token(PURPOSE, token, valid_for=LINK_LIVES)
    author = author_named(key, version)
    if author is None:
        raise RuleViolation(REVOKED)
    return author


def author_named(key: object, version: object) -> Author | None:
    """The reverse of `named`; None once the link is revoked. ValueError for what is no key."""
    author = Author.objects.select_related("experience").filter(experience__key=UUID(str(key)))
    found = author.first()
    return found if found is not None and found.link_version == version else None
