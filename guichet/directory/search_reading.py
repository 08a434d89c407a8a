"""What a visitor means: typed words become a kind, a name and a place.

Owns the reading of words; refuses to look for structures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db.models import Q

from guichet.core.text import folded, search_text
from guichet.directory.kind_search import NamedKind, find_kinds
from guichet.directory.nearby import Point
from guichet.directory.reference_tables import current_kind, searchable_kinds
from guichet.territories.models import Commune, FormerCommune
from guichet.territories.naming import bare_name, read_place
from guichet.territories.queries import CommuneMatch, find_commune

MOST_WORDS = 8
LINK_TO_PLACE = re.compile(r"^(?:près )?(?:de|du|des|à|a|au|aux|en|sur)\s+|^d['’]", re.I)
MOST_LIKELY_KINDS = 4


FILTERS = {"ouvert": "open_now", "accessible": "accessible", "rdv": "by_appointment"}
"""The filters, by their name in the address."""


@dataclass(frozen=True)
class SearchWish:
    """What a visitor asks. `what` is a kind or a name, `where` a place, both as typed."""

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
class Understood:
    """The wish, read.

    `what` and `where` are the words, once those of a place are taken out of one line. `kind` is
    what they surely mean, or what was picked; else `name` is looked for in names, and
    `likely_kinds` may be meant. `place` is the commune, `other_places` may be meant as well.
    """

    what: str = ""
    where: str = ""
    name: str = ""
    kind: NamedKind | None = None
    likely_kinds: tuple[NamedKind, ...] = ()
    common_kinds: tuple[NamedKind, ...] = ()
    place: CommuneMatch | None = None
    other_places: tuple[CommuneMatch, ...] = ()
    origin: Point | None = None

    @property
    def place_is_unknown(self) -> bool:
        return bool(self.where) and self.place is None


def read_wish(wish: SearchWish) -> Understood:
    """Read the words of a wish. A place that is recognised goes before a position."""
    kinds = searchable_kinds()
    what, where = search_text(wish.what), search_text(wish.where)
    if what and not where and not wish.kind_code and wish.origin is None:
        what, where = read_words(what, kinds)
    place, others = find_commune(where) if where else (None, [])
    read = Understood(
        what=what,
        where=where,
        place=place,
        other_places=tuple(others),
        origin=Point(place.latitude, place.longitude) if place else wish.origin,
    )
    return with_kind(read, wish.kind_code, kinds)


def with_kind(read: Understood, kind_code: str, kinds: list[NamedKind]) -> Understood:
    """The kind picked or surely named; a kind picked leaves other words to be a name."""
    named = sure_kind(read.what, kinds)
    code = current_kind(kind_code)
    picked = next((kind for kind in kinds if kind.code == code), None)
    if picked is not None:
        return replace(read, kind=picked, name="" if named else read.what)
    if named is not None:
        return replace(read, kind=named)
    if not read.what:
        return replace(read, common_kinds=tuple(kind for kind in kinds if kind.is_common))
    return replace(read, name=read.what, likely_kinds=likely_kinds(read.what, kinds))


def sure_kind(words: str, kinds: list[NamedKind]) -> NamedKind | None:
    """The kind of exactly this label, or that the words mean and nothing else."""
    if not words:
        return None
    label = folded(words)
    exact = next((kind for kind in kinds if folded(kind.label) == label), None)
    if exact is not None:
        return exact
    code = next((match.code for match in find_kinds(words, kinds, 1) if match.is_sure), None)
    return next((kind for kind in kinds if kind.code == code), None)


def likely_kinds(words: str, kinds: list[NamedKind]) -> tuple[NamedKind, ...]:
    """What unsure words may mean, best first."""
    by_code = {kind.code: kind for kind in kinds}
    return tuple(by_code[match.code] for match in find_kinds(words, kinds, MOST_LIKELY_KINDS))


def read_words(words: str, kinds: list[NamedKind] | None = None) -> tuple[str, str]:
    """One line as what and where: "mairie de lyon", "lyon mairie", "lille", "école de musique".

    Words that surely name a kind are a kind. A kind beside the exact name or postal code of a
    commune is both. Else the exact name of a commune is a place, and the rest a name.
    """
    kinds = searchable_kinds() if kinds is None else kinds
    if sure_kind(words, kinds):
        return words, ""
    for what, where in cuts(words):
        if where and sure_kind(what, kinds) and names_a_commune(where):
            return what, where
    return ("", words) if names_a_commune(words) else (words, "")


def cuts(words: str) -> Iterator[tuple[str, str]]:
    """The line cut in two at each space: what then where (« de lyon » is lyon), where first."""
    parts = words.split()[:MOST_WORDS]
    halves = [(" ".join(parts[:i]), " ".join(parts[i:])) for i in range(1, len(parts))]
    yield from ((start, LINK_TO_PLACE.sub("", end)) for start, end in halves)
    yield from ((end, start) for start, end in halves)


def names_a_commune(words: str) -> bool:
    """True for the whole name, of today or former, or the whole postal code of a commune."""
    read = read_place(words)
    if read.postal_code:
        return len(read.postal_code) == 5
    if not read.name or read.area:
        return False
    bare = bare_name(read.name)
    named = Q(search_name=read.name) | Q(bare_name__in={read.name, bare})
    return (
        Commune.objects.filter(named).exists()
        or FormerCommune.objects.filter(search_name=read.name).exists()
    )
