"""Candidates for a place name: every way in which a commune may be the one that was meant.

Owns the ranks and the database reads behind `queries.search_communes`; refuses presentation.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection, transaction
from django.db.models import Case, F, Q, QuerySet, When
from django.db.models.functions import Power

from guichet.territories.areas import area_readings, departements_named
from guichet.territories.distances import Point, distance_m
from guichet.territories.likeness import likeness
from guichet.territories.models import Commune, CommuneQuerySet, FormerCommune
from guichet.territories.naming import ARTICLES, bare_name

PROMINENCE = 20
"""« Évry » is Évry-Courcouronnes before Évry (Yonne): a town this many times as populous, whose
name begins with the whole words typed, comes before the commune of exactly that name."""

NAMESAKES = 30
LEAST_LIKENESS = 0.6
BEGUN_LIKENESS = 0.7
BEGUN_WORDS_SCORE = 0.95
RESEMBLING = 30
POPULATION_WEIGHT = 0.02


class Rank(IntEnum):
    """How good a match is, best first."""

    PROMINENT = 0
    EXACT = 1
    EXACT_BUT_ARTICLE = 2
    BEGINNING = 3
    FORMER_BEGINNING = 4
    WITHIN = 5
    SPELLING = 6


class Reason(StrEnum):
    """Why a commune was found."""

    NAME = "name"
    POSTAL_CODE = "postal_code"
    FORMER_NAME = "former_name"
    AREA = "area"
    SPELLING = "spelling"


@dataclass(frozen=True)
class Candidate:
    """A commune and why it may be meant.

    `is_exact`: its whole name or code was typed; `has_whole_words`: the words typed begin it.
    """

    commune: Commune
    rank: Rank
    reason: Reason
    is_exact: bool = False
    has_whole_words: bool = False
    former: FormerCommune | None = None
    score: float = 0.0


@dataclass(frozen=True)
class Search:
    """Where to look (no département: everywhere), and what comes first among equals."""

    departements: tuple[str, ...] = ()
    near: Point | None = None
    limit: int = 10

    def by_name(self, name: str) -> list[Candidate]:
        """Candidates for a search form, never empty-handed when a spelling is close."""
        found = self.named(name)
        if not found and not self.departements:
            found = self.in_named_area(name)
        if not found and len(name) > 2:
            found = self.resembling(name)
        return found

    def named(self, name: str) -> list[Candidate]:
        """Communes, of today or former, whose name is `name` or begins with it."""
        bare = bare_name(name)
        is_exact = Q(search_name=name) | Q(bare_name=bare)
        begins = Q(search_name__startswith=name) | Q(bare_name__startswith=name)
        communes = (
            self.communes()
            .filter(is_exact | begins)
            .alias(is_exact=Case(When(is_exact, then=1), default=0))
            .order_by("-is_exact", *self.order())[: self.limit + NAMESAKES]
        )
        area = departements_named(name) if not self.departements else ()
        found = [
            *(named_candidate(commune, name, bare) for commune in communes),
            *self.once_named(name),
            *self.largest_of(area),
        ]
        return with_prominent_first(found)

    def once_named(self, name: str) -> list[Candidate]:
        bare = bare_name(name)
        names = {bare, *(f"{article} {bare}" for article in ARTICLES)}
        former = self.former().filter(Q(search_name__startswith=name) | Q(search_name__in=names))
        return [
            Candidate(
                row.commune,
                Rank.BEGINNING if row.search_name in names else Rank.FORMER_BEGINNING,
                Reason.FORMER_NAME,
                is_exact=row.search_name in names,
                former=row,
            )
            for row in former[: self.limit]
        ]

    def largest_of(self, departements: tuple[str, ...]) -> list[Candidate]:
        """The most populous communes of an area: what « Mayotte » typed as a place means."""
        if not departements:
            return []
        communes = replace(self, departements=departements).communes().whole()
        return [
            Candidate(commune, Rank.BEGINNING, Reason.AREA) for commune in communes[: self.limit]
        ]

    def in_named_area(self, name: str) -> list[Candidate]:
        """« saint denis de la reunion »: a place followed by its département or région."""
        for place, departements in area_readings(name):
            if found := replace(self, departements=departements).named(place):
                return found
        return []

    def resembling(self, name: str) -> list[Candidate]:
        """Names that contain `name`, that are spelt nearly so, or with which it begins."""
        words = name.split()
        starts = [" ".join(words[:count]) for count in range(1, len(words))]
        contains = Q(search_name__contains=f" {name}")
        alike = Q(search_name__trigram_similar=name)
        begins = Q(search_name__in=[start for start in starts if len(start) > 3])
        with trigram_index_only(least_similarity(name)):
            communes = list(
                self.communes()
                .filter(contains | alike | begins)
                .alias(
                    is_sure=Case(When(contains | begins, then=1), default=0),
                    alike=TrigramSimilarity("search_name", name),
                )
                .order_by("-is_sure", "-alike", *self.order())[:RESEMBLING]
            )
            former = list(
                self.former()
                .filter(alike)
                .alias(alike=TrigramSimilarity("search_name", name))
                .order_by("-alike", "code")[:RESEMBLING]
            )
        found = [
            resembling_candidate(commune, None, commune.search_name, name) for commune in communes
        ]
        found += [resembling_candidate(row.commune, row, row.search_name, name) for row in former]
        return [candidate for candidate in found if candidate]

    def by_postal_code(self, code: str) -> list[Candidate]:
        """Communes with this code or its beginning, else with the nearest known beginning."""
        for size in range(len(code), min(len(code), 2) - 1, -1):
            communes = list(self.communes().with_postal_code(code[:size])[: self.limit])
            if communes:
                whole = size == 5
                alone = divided_once(communes) if whole else set()
                return [
                    Candidate(
                        commune,
                        Rank.BEGINNING if commune.insee_code in alone else Rank.EXACT,
                        Reason.POSTAL_CODE,
                        is_exact=whole,
                    )
                    for commune in communes
                ]
        return []

    def by_name_and_postal_code(self, name: str, code: str) -> list[Candidate]:
        """The communes of a postal code, the one that bears the name first. One figure is the
        number of a house: a tenth of the country would be read."""
        if len(code) == 1:
            return self.by_name(name)
        pool = list(self.communes().with_postal_code(code).prefetch_related("former"))
        alone = divided_once(pool)
        found = [scored(commune, name) for commune in pool if commune.insee_code not in alone]
        if any(candidate.score for candidate in found):
            return found
        delivered = replace(self, departements=departements_of_postal_code(code))
        named = [] if pool else delivered.named(name)
        named = named or [candidate for candidate in self.named(name) if candidate.is_exact]
        if pool:
            return [*(replace(candidate, rank=Rank.PROMINENT) for candidate in named), *found]
        return named or delivered.by_name(name) or self.by_postal_code(code) or self.by_name(name)

    def communes(self) -> CommuneQuerySet:
        communes = Commune.objects.select_related("departement")
        if self.departements:
            communes = communes.filter(departement__in=self.departements)
        return communes.order_by(*self.order())

    def former(self) -> QuerySet[FormerCommune]:
        former = FormerCommune.objects.select_related("commune__departement")
        if self.departements:
            former = former.filter(commune__departement__in=self.departements)
        return former.order_by(*self.order("commune__"), "search_name")

    def order(self, path: str = "") -> list[Any]:
        if self.near is None:
            return [F(f"{path}population").desc(), f"{path}insee_code"]
        latitude, longitude = self.near
        narrowing = math.cos(math.radians(latitude))
        square = Power(F(f"{path}latitude") - latitude, 2) + Power(
            (F(f"{path}longitude") - longitude) * narrowing, 2
        )
        return [square, f"{path}insee_code"]

    def best_first(self, candidates: Iterable[Candidate]) -> list[Candidate]:
        """Each commune once, by its best candidate."""
        best: dict[str, Candidate] = {}
        for candidate in sorted(candidates, key=self.sort_key):
            kept = best.setdefault(candidate.commune.insee_code, candidate)
            if candidate.is_exact and not kept.is_exact:
                best[candidate.commune.insee_code] = replace(kept, is_exact=True)
        return list(best.values())

    def sort_key(self, candidate: Candidate) -> tuple[int, float, float, str]:
        commune = candidate.commune
        tie = float(-commune.population)
        if self.near:
            tie = distance_m(self.near, (commune.latitude, commune.longitude))
        return candidate.rank, -candidate.score, tie, commune.insee_code


def least_similarity(name: str) -> float:
    """The share of common trigrams that two typing errors leave in a name, 0.3 to 0.5."""
    return min(0.5, max(0.3, (len(name) - 5) / (len(name) + 7)))


@contextmanager
def trigram_index_only(similarity: float) -> Iterator[None]:
    """Reads of alike names: at least so similar, and by the index, which the planner, who takes
    comparing trigrams for cheap, leaves aside for four times slower full reads."""
    with transaction.atomic(), connection.cursor() as cursor:
        setting = "SELECT set_config(%s, %s, true), set_config('enable_seqscan', %s, true)"
        cursor.execute(setting, ["pg_trgm.similarity_threshold", str(similarity), "off"])
        yield
        cursor.execute(setting, ["pg_trgm.similarity_threshold", "0.3", "on"])


def named_candidate(commune: Commune, name: str, bare: str) -> Candidate:
    if bare not in {commune.search_name, commune.bare_name}:
        return Candidate(
            commune, Rank.BEGINNING, Reason.NAME, has_whole_words=begins_with_words(commune, name)
        )
    is_whole = commune.search_name == name or bare == name
    rank = Rank.EXACT if is_whole else Rank.EXACT_BUT_ARTICLE
    return Candidate(commune, rank, Reason.NAME, is_exact=True)


def resembling_candidate(
    commune: Commune, former: FormerCommune | None, spelling: str, name: str
) -> Candidate | None:
    if f" {name}" in spelling:
        return Candidate(commune, Rank.WITHIN, Reason.NAME)
    near = max(likeness(name, form) for form in {spelling, bare_name(spelling)})
    if near < BEGUN_LIKENESS and name.startswith(f"{spelling} "):
        near = BEGUN_LIKENESS + len(spelling) / 1000
    if near < LEAST_LIKENESS:
        return None
    score = near + POPULATION_WEIGHT * math.log10(commune.population + 1)
    return Candidate(commune, Rank.SPELLING, Reason.SPELLING, former=former, score=score)


def with_prominent_first(found: list[Candidate]) -> list[Candidate]:
    """See `PROMINENCE`."""
    exact = [
        candidate.commune.population
        for candidate in found
        if candidate.rank in {Rank.EXACT, Rank.EXACT_BUT_ARTICLE}
    ]
    if not exact:
        return found
    least = max(PROMINENCE * max(exact), 1)
    return [
        replace(candidate, rank=Rank.PROMINENT)
        if candidate.rank == Rank.BEGINNING
        and candidate.commune.population >= least
        and (candidate.reason != Reason.NAME or candidate.has_whole_words)
        else candidate
        for candidate in found
    ]


def begins_with_words(commune: Commune, words: str) -> bool:
    return any(
        f"{spelling} ".startswith(f"{words} ")
        for spelling in (commune.search_name, commune.bare_name)
    )


def divided_once(communes: list[Commune]) -> set[str]:
    """Codes of Paris, Lyon or Marseille when a single one of their arrondissements is present."""
    parents = [commune.parent_id for commune in communes if commune.parent_id]
    return {parent for parent in parents if parents.count(parent) == 1}


def scored(commune: Commune, name: str) -> Candidate:
    """How well a commune of the right postal code bears the name that was typed with it.

    The score is 0 when none of its names resembles it.
    """
    best = Candidate(commune, Rank.EXACT, Reason.POSTAL_CODE, is_exact=True)
    names: list[tuple[str, FormerCommune | None]] = [(commune.search_name, None)]
    names += [(row.search_name, row) for row in commune.former.all() if row.search_name]
    for spelling, former in names:
        score = likeness(bare_name(name), bare_name(spelling))
        if f"{bare_name(spelling)} ".startswith(f"{bare_name(name)} "):
            score = max(score, BEGUN_WORDS_SCORE)
        if score > max(best.score, LEAST_LIKENESS):
            reason = Reason.FORMER_NAME if former else Reason.POSTAL_CODE
            best = replace(best, score=score, former=former, reason=reason)
    return best


def departements_of_postal_code(code: str) -> tuple[str, ...]:
    if code.startswith("20"):
        return ("2A", "2B")
    if code.startswith(("97", "98")):
        return (code[:3],)
    return (code[:2],)
