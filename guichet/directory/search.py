"""Find a structure by kind, name and place, nearest first.

Owns the filters and the order; refuses HTTP and presentation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from guichet.core.text import folded
from guichet.directory.models import (
    Accessibility,
    OpeningInterval,
    ReceptionKind,
    Structure,
)
from guichet.directory.models.structures import StructureQuerySet
from guichet.directory.nearby import NEAREST_FIRST, by_distance, nearest, with_distance
from guichet.directory.reference_tables import with_former_kinds
from guichet.directory.schedules import (
    Presence,
    possibly_open,
    schedule_of,
    with_hours,
    with_known_hours,
)
from guichet.directory.search_reading import SearchWish, Understood, read_wish, read_words

__all__ = ["Found", "SearchResults", "SearchWish", "read_words", "search_structures"]

PAGE_SIZE = 20
LAST_PAGE = 10
OPEN_NOW_CANDIDATES = 400


@dataclass(frozen=True)
class Found:
    """One structure, how far (metres, None without a place), and whether it is open."""

    structure: Structure
    distance_m: float | None
    presence: Presence

    @property
    def hours_need_check(self) -> bool:
        return self.structure.hours_known and self.structure.needs_check()


@dataclass(frozen=True)
class SearchResults:
    """A page of what was found, and how the wish was understood."""

    read: Understood
    items: list[Found] = field(default_factory=list)
    has_next: bool = False
    page: int = 1


def search_structures(wish: SearchWish, *, at: datetime | None = None) -> SearchResults:
    """The asked page of structures, nearest first when a place is given, else by name.

    « Open now » looks at the nearest 400 with known hours. Pages beyond the tenth are the tenth.
    """
    at = at or timezone.now()
    read = read_wish(wish)
    page = min(max(wish.page, 1), LAST_PAGE)
    first, last = (page - 1) * PAGE_SIZE, page * PAGE_SIZE
    structures = filtered(Structure.objects.open_ones(), wish, read)
    if wish.open_now:
        items = open_ones(structures, read, at)[first : last + 1]
    else:
        rows = with_hours(ordered(structures, read, last + 1)[first:], at)
        items = [described(structure, at) for structure in rows]
    return SearchResults(
        read=read,
        items=items[:PAGE_SIZE],
        has_next=len(items) > PAGE_SIZE and page < LAST_PAGE,
        page=page,
    )


def open_ones(structures: StructureQuerySet, read: Understood, at: datetime) -> list[Found]:
    """Those open at `at`, of the first candidates in the order of the search."""
    candidates = ordered(with_known_hours(structures, at), read, OPEN_NOW_CANDIDATES)
    keys = list(candidates.values_list("pk", flat=True))
    rows = possibly_open(Structure.objects.filter(pk__in=keys), at)
    if read.origin:
        rows = with_distance(rows, read.origin).order_by(*NEAREST_FIRST)
    rows = with_hours(rows.select_related("kind", "network", "commune"), at)
    return [one for structure in rows if (one := described(structure, at)).presence.is_open]


def filtered(
    structures: StructureQuerySet, wish: SearchWish, read: Understood
) -> StructureQuerySet:
    """Head offices and the like are shown to who picks their kind or types their name only."""
    if read.kind:
        structures = structures.filter(kind__in=with_former_kinds(read.kind.code))
    if name := folded(read.name):
        starts_a_word = Q(search_name__regex=rf"\m{re.escape(name)}")
        structures = structures.annotate(
            name_similarity=TrigramWordSimilarity(name, "search_name")
        ).filter(starts_a_word | Q(search_name__trigram_word_similar=name))
    if not (read.kind or name):
        structures = structures.receiving_public()
    if wish.accessible:
        structures = structures.filter(accessibility=Accessibility.FULL)
    if wish.by_appointment:
        by_appointment = OpeningInterval.objects.filter(
            structure=OuterRef("pk"), kind=ReceptionKind.APPOINTMENT
        )
        structures = structures.filter(Exists(by_appointment) | ~Q(appointment_url=""))
    return structures


def ordered(structures: StructureQuerySet, read: Understood, limit: int) -> StructureQuerySet:
    rows = structures.select_related("kind", "network", "commune")
    if read.origin and read.name:
        return by_distance(rows, read.origin)[:limit]
    if read.origin:
        return nearest(rows, read.origin, limit=limit)
    if read.name:
        return rows.order_by(F("name_similarity").desc(), "name", "code")[:limit]
    return rows.order_by("name", "code")[:limit]


def described(structure: Structure, at: datetime) -> Found:
    return Found(
        structure=structure,
        distance_m=getattr(structure, "distance_m", None),
        presence=schedule_of(structure).presence(at),
    )
