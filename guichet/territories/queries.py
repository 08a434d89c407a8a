"""Find communes from what people type, from codes and from positions.

Owns what a match tells; refuses to guess silently: a match says why it was found.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from guichet.territories.areas import departements_named
from guichet.territories.distances import METRES_PER_DEGREE, Point, distance_m
from guichet.territories.matching import Candidate, Reason, Search
from guichet.territories.models import Commune, FormerCommune
from guichet.territories.naming import PlaceQuery, read_place, search_name
from guichet.territories.wording import after_de

MOST_MATCHES = 100
ALTERNATIVES = 7
BOX_DEGREES = (0.05, 0.2, 0.8, 2.5)


@dataclass(frozen=True)
class CommuneMatch:
    """A commune of today that answers to what was typed, and why.

    `former_name` is the name of the past that was recognised (« Lomme »), empty otherwise.
    `is_exact` is false when only a beginning, a part or a near spelling was recognised;
    `has_whole_words` is true when the words typed begin the name.
    """

    insee_code: str
    name: str
    kind: str
    departement_code: str
    departement_name: str
    region_code: str
    postal_codes: tuple[str, ...]
    population: int
    latitude: float
    longitude: float
    position_source: str
    reason: Reason
    is_exact: bool = False
    has_whole_words: bool = False
    former_name: str = ""
    former_kind: str = ""

    @property
    def label(self) -> str:
        """« Saint-Denis (Seine-Saint-Denis) », « Lomme, commune associée à Lille »."""
        if not self.former_name:
            return self.name if self.kind == "arrondissement" else self.full_name
        if self.former_kind == FormerCommune.Kind.ASSOCIATED:
            return f"{self.former_name}, commune associée à {self.name}"
        kind = FormerCommune.Kind(self.former_kind).label
        return f"{self.former_name}, {kind} {after_de(self.name)}"

    @property
    def full_name(self) -> str:
        return f"{self.name} ({self.departement_name})"

    @property
    def query(self) -> str:
        """What to type to find this very commune again: « Saint-Denis (974) »."""
        return (
            self.name
            if self.kind == "arrondissement"
            else (f"{self.name} ({self.departement_code})")
        )


def search_communes(text: str, *, limit: int = 10, near: Point | None = None) -> list[CommuneMatch]:
    """Communes that answer to `text`, best first, at most `limit` (1 to 100).

    By name (accents, hyphens, St, articles, arrondissements of Paris, Lyon and Marseille), name of
    the past, postal code whole, begun or CEDEX, with a département or not, and near spellings.
    Ranked: exact name, beginning of a name or exact name of the past, beginning of one, part of a
    name, near spelling; then by population, or by distance from `near` (latitude, longitude).
    Any text is safe: 200 characters are read. Nothing recognised gives an empty list.
    """
    limit = max(1, min(limit, MOST_MATCHES))
    near = near if near and all(map(math.isfinite, near)) else None
    query = read_place(text)
    search, query = located(Search(near=near, limit=limit), query)
    found = candidates(search, query)
    if not found and search.departements and query.name:
        found = candidates(Search(near=near, limit=limit), query)
    return [match_of(candidate) for candidate in search.best_first(found)[:limit]]


def find_commune(
    text: str, *, near: Point | None = None
) -> tuple[CommuneMatch | None, list[CommuneMatch]]:
    """The commune most likely meant by `text`, and the others that it may as well mean.

    The others bear the same name or postal code, or are larger and have a name that begins so;
    when nothing matches exactly, they are the next best. (None, []) when nothing is recognised.
    """
    matches = search_communes(text, limit=ALTERNATIVES + 1, near=near)
    if not matches:
        return None, []
    best, *others = matches
    if any(match.is_exact for match in matches):
        others = [
            match
            for match in others
            if match.is_exact or (match.has_whole_words and match.population > best.population)
        ]
    return best, others


def commune_of_code(code: str) -> Commune | None:
    """The commune of today that answers for an INSEE code, today's or former; None if unknown."""
    code = code.strip().upper()[:6]
    if len(code) != 5 or not code.isascii() or not code.isalnum():
        return None
    communes = Commune.objects.select_related("departement__region")
    return communes.filter(insee_code=code).first() or communes.filter(former__code=code).first()


def current_codes() -> dict[str, str]:
    """Today's code of every code that is no longer one, for those who convert many at once."""
    former = FormerCommune.objects.exclude(code__in=Commune.objects.values("insee_code"))
    return dict(former.values_list("code", "commune_id"))


def nearest_commune(latitude: float, longitude: float) -> Commune | None:
    """The nearest commune or arrondissement of a point in degrees; None beyond some 250 km."""
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    point = latitude, longitude
    narrowing = max(0.05, math.cos(math.radians(latitude)))
    communes = Commune.objects.finest().select_related("departement__region")
    for size in BOX_DEGREES:
        east = size / narrowing
        nearest = (
            communes.filter(
                latitude__range=(latitude - size, latitude + size),
                longitude__range=(longitude - east, longitude + east),
            )
            .order_by(*Search(near=point).order())
            .first()
        )
        if nearest:
            distance = distance_m(point, (nearest.latitude, nearest.longitude))
            if distance <= size * METRES_PER_DEGREE:
                return nearest
    return None


def located(search: Search, query: PlaceQuery) -> tuple[Search, PlaceQuery]:
    """Narrow the search to the département typed; what is no département is part of the name."""
    departements = query.departements
    name = query.name
    if query.area:
        named = departements_named(query.area)
        departements = named or departements
        if not named:
            name = search_name(f"{name} {query.area}")
    return (
        Search(departements=departements, near=search.near, limit=search.limit),
        PlaceQuery(name=name, postal_code=query.postal_code, departements=departements),
    )


def candidates(search: Search, query: PlaceQuery) -> list[Candidate]:
    if query.name and query.postal_code:
        return search.by_name_and_postal_code(query.name, query.postal_code)
    if query.postal_code:
        return search.by_postal_code(query.postal_code)
    if query.name:
        return search.by_name(query.name)
    return search.largest_of(search.departements)


def match_of(candidate: Candidate) -> CommuneMatch:
    commune, former = candidate.commune, candidate.former
    return CommuneMatch(
        insee_code=commune.insee_code,
        name=commune.name,
        kind=commune.kind,
        departement_code=commune.departement_id,
        departement_name=commune.departement.name,
        region_code=commune.departement.region_id,
        postal_codes=tuple(commune.postal_codes),
        population=commune.population,
        latitude=commune.latitude,
        longitude=commune.longitude,
        position_source=commune.position_source,
        reason=candidate.reason,
        is_exact=candidate.is_exact,
        has_whole_words=candidate.has_whole_words,
        former_name=former.name if former else "",
        former_kind=former.kind if former else "",
    )
