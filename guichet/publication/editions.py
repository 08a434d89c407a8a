"""Which edition a page reads, and how it is told and cited.

Owns `?edition=`; refuses editions that are not published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest
from django.utils import timezone

from guichet.core.text import search_text
from guichet.core.words import NBSP
from guichet.publication import wording
from guichet.publication.models import Release
from guichet.publication.published.queries import current_release, published_release
from guichet.ui.context import identity

PARAMETER = "edition"


class UnknownEdition(Http404):
    """No published edition has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Aucune édition ne s'appelle « {name} ».")
        self.name = name


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
    """That of the address, else the current one; None before the first. Raises UnknownEdition."""
    name = search_text(request.GET.get(PARAMETER, ""))
    release = published_release(name) if name else current_release()
    if name and release is None:
        raise UnknownEdition(name)
    return Edition(release) if release else None


def public_address(path: str) -> str:
    return f"{settings.PUBLIC_URL}{path}"


def citation(
    edition: Edition,
    what: str,
    path: str,
    *,
    is_invented: bool,
    said: str = "",
    indicator: str = "",
) -> str:
    """What to write when quoting a page: `said` (its figure in a sentence), who, what, edition,
    date, address; `is_invented` of a demonstration; `indicator` where the address needs it."""
    asked = {"indicateur": indicator} if indicator else {}
    query = f"?{urlencode(asked | {PARAMETER: edition.release.name})}"
    told = f"{said} " if said else ""
    mark = f" ({wording.DEMONSTRATION})" if is_invented else ""
    return (
        f"{told}{identity()['institution']}, «{NBSP}{what}{NBSP}», "
        f"édition {edition.release.name}{mark}, "
        f"publiée le {edition.published_on}, {public_address(path)}{query}"
    )


def said_figure(title: str, value: str, counts: str, period: str) -> str:
    """« Les usagers sont satisfaits : 80,4 % (262 … sur 326 …), 1er trimestre 2026. »"""
    beside = f" ({counts})" if counts else ""
    return f"{title}{NBSP}: {value}{beside}, {period}." if value else ""


def is_corrected(release: Release, shown: Mapping[str, object]) -> bool:
    """Whether the edition corrects a figure of what a page has `shown` (filters of
    `CorrectedFigure`): asked only where the edition has a note, that pages concerned show."""
    return bool(release.note) and release.corrections.of_places().filter(**shown).exists()


def with_csv(path: str, query: str) -> str:
    """The address of a page's CSV, for the same edition."""
    return f"{path}{query}{'&' if query else '?'}format=csv"
