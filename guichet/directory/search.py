"""Find a structure by kind, name and place, nearest first.

Owns the reading of what was typed and the filters; refuses HTTP and presentation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from guichet.core.text import folded, search_text
from guichet.directory.kind_search import find_kinds
from guichet.directory.models import (
    Accessibility,
    OpeningInterval,
    ReceptionKind,
    Structure,
    StructureKind,
)
from guichet.directory.models.structures import StructureQuerySet
from guichet.directory.nearby import Point, nearest
from guichet.directory.reference_tables import searchable_kinds, with_former_kinds
from guichet.directory.schedules import Presence, schedule_of, with_hours
from guichet.territories.queries import CommuneMatch, find_commune

PAGE_SIZE = 20
LAST_PAGE = 10
OPEN_NOW_CANDIDATES = 400
MOST_WORDS = 8


@dataclass(frozen=True)
class SearchWish:
    """What a visitor asks. `what` is a kind or a name, `where` a place as typed."""

    what: str = ""
    where: str = ""
    kind_code: str = ""
    origin: Point | None = None
    open_now: bool = False
    accessible: bool = False
    by_appointment: bool = False
    page: int = 1

    @property
    def asks_something(self) -> bool:
        return bool(self.what or self.where or self.kind_code or self.origin)

    @property
    def is_filtered(self) -> bool:
        return self.open_now or self.accessible or self.by_appointment


@dataclass(frozen=True)
class Found:
    """One structure, how far (metres, None without a place), and whether it is open."""

    structure: Structure
    distance_m: float | None
    presence: Presence


@dataclass(frozen=True)
class SearchResults:
    """`place` is the commune understood; `other_places` bear the same name. `place_unknown`:
    something was typed and no commune matches it."""

    items: list[Found] = field(default_factory=list)
    place: CommuneMatch | None = None
    other_places: list[CommuneMatch] = field(default_factory=list)
    place_unknown: bool = False
    kinds: list[StructureKind] = field(default_factory=list)
    has_next: bool = False
    page: int = 1


def search_structures(wish: SearchWish, *, at: datetime | None = None) -> SearchResults:
    """The asked page of structures, nearest first when a place is given, else by name."""
    at = at or timezone.now()
    place, other_places = resolve_place(wish)
    origin = wish.origin or origin_of(place)
    kinds = kinds_wished(wish)
    page = min(max(wish.page, 1), LAST_PAGE)
    structures = filtered(Structure.objects.receiving_public(), wish, kinds)
    wanted = page * PAGE_SIZE + 1
    found = ordered(structures, wish, kinds, origin, OPEN_NOW_CANDIDATES if wish.open_now else wanted)
    items = [described(structure, at) for structure in found]
    if wish.open_now:
        items = [item for item in items if item.presence.is_open]
    return SearchResults(
        items=items[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        place=place,
        other_places=other_places,
        place_unknown=bool(wish.where.strip()) and place is None and wish.origin is None,
        kinds=kinds,
        has_next=len(items) > page * PAGE_SIZE and page < LAST_PAGE,
        page=page,
    )


def read_words(words: str) -> tuple[str, str]:
    """One line of words, as what and where: "mairie de lyon", "lille", "école de musique".

    Words that surely name a kind are a kind; words that end with the exact name of a commune
    after a kind are both; else the exact name of a commune is a place, and the rest a name.
    """
    if is_sure_kind(words):
        return words, ""
    parts = words.split()[:MOST_WORDS]
    for length in range(1, len(parts)):
        what, where = " ".join(parts[:length]), " ".join(parts[length:])
        if is_sure_kind(what) and is_exact_place(where):
            return what, where
    return ("", words) if is_exact_place(words) else (words, "")


def is_exact_place(words: str) -> bool:
    place, _ = find_commune(words)
    return place is not None and place.is_exact


def is_sure_kind(words: str) -> bool:
    return any(match.is_sure for match in find_kinds(words, searchable_kinds()))


def resolve_place(wish: SearchWish) -> tuple[CommuneMatch | None, list[CommuneMatch]]:
    where = search_text(wish.where)
    return find_commune(where) if where else (None, [])


def origin_of(place: CommuneMatch | None) -> Point | None:
    if place is None or place.latitude is None or place.longitude is None:
        return None
    return Point(place.latitude, place.longitude)


def kinds_wished(wish: SearchWish) -> list[StructureKind]:
    """The kind chosen, or the one that the words surely name, with those that it replaced."""
    code = wish.kind_code
    if not code and wish.what:
        code = next((match.code for match in find_kinds(wish.what, searchable_kinds()) if match.is_sure), "")
    return list(StructureKind.objects.filter(code__in=with_former_kinds(code))) if code else []


def filtered(
    structures: StructureQuerySet, wish: SearchWish, kinds: list[StructureKind]
) -> StructureQuerySet:
    if kinds:
        codes = [kind.code for kind in kinds]
        structures = structures.filter(kind__in=codes)
    elif what := folded(search_text(wish.what)):
        structures = structures.annotate(
            name_similarity=TrigramWordSimilarity(what, "search_name")
        ).filter(Q(search_name__contains=what) | Q(search_name__trigram_word_similar=what))
    if wish.accessible:
        structures = structures.filter(accessibility=Accessibility.FULL)
    if wish.by_appointment:
        by_appointment = OpeningInterval.objects.filter(
            structure=OuterRef("pk"), kind=ReceptionKind.APPOINTMENT
        )
        structures = structures.filter(Exists(by_appointment) | ~Q(appointment_url=""))
    return structures


def ordered(
    structures: StructureQuerySet,
    wish: SearchWish,
    kinds: list[StructureKind],
    origin: Point | None,
    limit: int,
) -> StructureQuerySet:
    rows = with_hours(structures.select_related("kind", "network", "commune__departement"))
    if origin:
        return nearest(rows, origin, limit=limit)
    if wish.what and not kinds:
        return rows.order_by("-name_similarity", "name", "code")[:limit]
    return rows.order_by("name", "code")[:limit]


def described(structure: Structure, at: datetime) -> Found:
    return Found(
        structure=structure,
        distance_m=getattr(structure, "distance_m", None),
        presence=schedule_of(structure).presence(at),
    )
