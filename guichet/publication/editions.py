"""Which edition a page reads, and how it is told and cited.

Owns `?edition=`; refuses editions that are not published.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils import timezone

from guichet.core.text import search_text
from guichet.core.words import NBSP
from guichet.publication import wording
from guichet.publication.models import Release
from guichet.publication.queries import current_release, published_release
from guichet.ui.context import identity

PARAMETER = "edition"


@dataclass(frozen=True)
class Edition:
    """The edition that a page shows; `query` keeps an earlier one in the links of the page."""

    release: Release

    @property
    def query(self) -> str:
        return "" if self.release.is_current else f"?{PARAMETER}={self.release.name}"

    @property
    def through(self) -> str:
        return wording.day_in_words(self.release.through)

    @property
    def published_on(self) -> str:
        at = self.release.published_at or self.release.started_at
        return wording.day_in_words(timezone.localtime(at).date())


def asked_edition(request: HttpRequest) -> Edition | None:
    """That of the address, else the current one; None before the first. Raises Http404."""
    name = search_text(request.GET.get(PARAMETER, ""))
    release = published_release(name) if name else current_release()
    if name and release is None:
        raise Http404("Cette édition n'existe pas.")
    return Edition(release) if release else None


def public_address(path: str) -> str:
    return f"{settings.PUBLIC_URL}{path}"


def citation(edition: Edition, what: str, path: str, *, is_invented: bool) -> str:
    """What to write when quoting a page: who, what, edition, date, address; `is_invented` of a
    demonstration."""
    query = f"?{PARAMETER}={edition.release.name}"
    mark = f" ({wording.DEMONSTRATION})" if is_invented else ""
    return (
        f"{identity()['institution']}, «{NBSP}{what}{NBSP}», édition {edition.release.name}{mark}, "
        f"publiée le {edition.published_on}, {public_address(path)}{query}"
    )


def with_csv(path: str, query: str) -> str:
    """The address of a page's CSV, for the same edition."""
    return f"{path}{query}{'&' if query else '?'}format=csv"
