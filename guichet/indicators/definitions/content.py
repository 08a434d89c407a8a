"""What somebody writes to define an indicator, and what is wrong in it.

Owns the fields of a version and their faults; refuses any write.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from guichet.core.words import NBSP
from guichet.indicators.calculations.kinds import MOST_BUCKETS, Kind, counters_of
from guichet.indicators.models import Direction, Family, IndicatorVersion, Nature

FIXED_UNITS = {Kind.SHARE: "percent", Kind.NET_SHARE: "point"}
"""A share is in percent and a difference of shares in points, whatever is counted."""

UNITS = {
    "day": "jours",
    "hour": "heures",
    "minute": "minutes",
    "second": "secondes",
    "euro": "euros",
    "note": "note",
    "case": "cas",
    "site": "sites",
}
UNIT_WORDS = {**UNITS, "percent": "%", "point": "points"}
ORDINARY_MINIMUM = 10
LOW_MINIMUM = (
    f"Sous {ORDINARY_MINIMUM} cas, un chiffre peut parler d'une personne : écrivez "
    f"{ORDINARY_MINIMUM} ou plus. Quand un cas n'est pas une personne, demandez à qui publie pour "
    "le programme."
)


@dataclass(frozen=True)
class VersionContent:
    """The fields of `IndicatorVersion` that a person writes, under the same names."""

    title: str
    public_title: str
    kind: str
    counter_words: dict[str, str]
    family: str = Family.PERFORMANCE
    nature: str = Nature.CENSUS
    unit: str = "percent"
    direction: str = Direction.HIGHER
    target: Decimal | None = None
    margin: Decimal = Decimal(3)
    minimum: int = ORDINARY_MINIMUM
    bounds: list[Decimal] = field(default_factory=list)
    reference_bound: Decimal | None = None
    is_summed: bool = True
    frequency: str = ""
    expected_age_days: int | None = None
    source: str = ""
    method: str = ""


FIELDS = tuple(VersionContent.__dataclass_fields__)
WORDS = ("title", "public_title", "counter_words", "frequency", "expected_age_days", "source")
"""What may be reworded in a version that figures use already (`observation.md`, § 1)."""


def content_of(version: IndicatorVersion) -> VersionContent:
    return VersionContent(**{name: getattr(version, name) for name in FIELDS})


def put(content: VersionContent, version: IndicatorVersion) -> None:
    for name in FIELDS:
        setattr(version, name, getattr(content, name))


def bucket_words(bounds: list[Decimal], unit: str) -> dict[str, str]:
    """« jusqu'à 7 jours », « plus de 7, jusqu'à 15 jours », « plus de 15 jours », by counter."""
    name = UNIT_WORDS.get(unit, unit)
    shown = [in_french(bound) for bound in bounds]
    words = [f"jusqu'à {shown[0]}{NBSP}{name}"] if shown else []
    words += [f"plus de {low}, jusqu'à {high}{NBSP}{name}" for low, high in pairwise(shown)]
    words += [f"plus de {shown[-1]}{NBSP}{name}"] if shown else []
    return dict(zip(counters_of(Kind.DISTRIBUTION, bounds), words, strict=False))


def in_french(value: Decimal) -> str:
    """ "7", "2,5": no zero at the end, a decimal comma."""
    text = f"{value.normalize():f}"
    return text.replace(".", ",")


def faults_of(content: VersionContent) -> Iterator[tuple[str, str]]:
    """The field and what to mend in it, for each fault."""
    kind = Kind(content.kind)
    for name in ("title", "public_title"):
        if not getattr(content, name).strip():
            yield name, "Écrivez un intitulé."
    yield from faults_of_counters(content, kind)
    yield from faults_of_bounds(content, kind)
    if content.minimum < 1:
        yield "minimum", "Écrivez un nombre d'au moins 1."
    if content.margin < 0:
        yield "margin", "Écrivez une marge positive, ou zéro."
    if kind in FIXED_UNITS and content.unit != FIXED_UNITS[kind]:
        yield "unit", f"Une {kind.label} s'exprime en {UNIT_WORDS[FIXED_UNITS[kind]]}."
    yield from faults_of_target(content, kind)


def faults_of_counters(content: VersionContent, kind: Kind) -> Iterator[tuple[str, str]]:
    counters = counters_of(kind, content.bounds)
    for name in counters:
        if not content.counter_words.get(name, "").strip():
            yield f"words_{name}", "Dites en quelques mots ce que ce nombre compte."


def faults_of_bounds(content: VersionContent, kind: Kind) -> Iterator[tuple[str, str]]:
    bounds = content.bounds
    if kind is not Kind.DISTRIBUTION:
        if bounds or content.reference_bound is not None:
            yield "bounds", "Seule une répartition a des tranches."
        return
    if not 1 <= len(bounds) < MOST_BUCKETS:
        yield (
            "bounds",
            f"Écrivez de 1 à {MOST_BUCKETS - 1} bornes, séparées par des points-virgules.",
        )
    elif bounds != sorted(set(bounds)) or bounds[0] <= 0:
        yield "bounds", "Écrivez des bornes positives, de la plus petite à la plus grande."
    if content.reference_bound not in bounds:
        yield "reference_bound", "Choisissez l'une des bornes écrites au-dessus."


def faults_of_target(content: VersionContent, kind: Kind) -> Iterator[tuple[str, str]]:
    if content.target is None:
        return
    if kind in (Kind.SHARE, Kind.DISTRIBUTION) and not 0 <= content.target <= 100:
        yield "target", "Écrivez un pourcentage entre 0 et 100."
    if kind is Kind.NET_SHARE and not -100 <= content.target <= 100:
        yield "target", "Écrivez un solde entre −100 et 100."
    if content.direction == Direction.NONE:
        yield "target", "Une cible demande un sens : dites s'il vaut mieux être haut ou bas."
