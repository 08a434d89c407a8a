"""The places whose figure may stand, under its own name, where a network publishes above a site.

Owns their order, nearest first; refuses figures.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from guichet.directory.models import Level, Structure
from guichet.indicators.grains_in_force import grains_on
from guichet.indicators.models import Grain
from guichet.publication.published.serving import NATION, Place, VersionKey

RANKS = {Level.SITE: 0, Level.DEPARTEMENT: 1, Level.REGION: 2, Level.NATIONAL: 3}
TERRITORY_RANKS = {"departement": 1, "region": 2, "nation": 3}


class PublicationGrain(NamedTuple):
    """Where a network publishes under an indicator version, while a grain lasts."""

    network: str
    indicator: str
    number: int
    publication_level: str
    first_period: str
    ended_on: date | None


def publication_ranks(networks: Collection[str], day: date) -> dict[tuple[str, VersionKey], int]:
    """By network and indicator version, how coarse the level of publication in force on `day` is.
    One query."""
    rows = (
        Grain.objects.filter(network__code__in=networks)
        .order_by("first_period")
        .values_list(
            *("network__code", "version__indicator__code", "version__number"),
            *("publication_level", "first_period", "ended_on"),
        )
    )
    grains = grains_on(
        (PublicationGrain(*row) for row in rows),
        day,
        lambda one: (one.network, (one.indicator, one.number)),
    )
    return {key: RANKS[Level(one.publication_level)] for key, one in grains.items()}


def places_above(structures: Iterable[Structure]) -> dict[int, list[Place]]:
    """By primary key: ancestors and territories, nearest first; at one rank the ancestor goes
    first. One query, none without ancestors.

    Structures with their commune__departement__region (more queries otherwise).
    """
    listed = list(structures)
    labels = {label for one in listed for label in labels_above(one)}
    rows = Structure.objects.filter(pk__in=labels).values_list(
        "pk", "level", "path", "code", "name"
    )
    known = {
        str(pk): (RANKS[Level(level)], -len(str(path)), Place("structure", code, name))
        for pk, level, path, code, name in (rows if labels else ())
    }
    return {one.pk: nearest_first(one, known) for one in listed}


def nearest_first(structure: Structure, known: dict[str, tuple[int, int, Place]]) -> list[Place]:
    ranked = [known[label] for label in labels_above(structure) if label in known]
    ranked += [(TERRITORY_RANKS[place.level], 1, place) for place in territories_around(structure)]
    own_rank = RANKS[Level(structure.level)]
    nearest = sorted(ranked, key=lambda one: one[:2])
    return [place for rank, _, place in nearest if rank >= own_rank]


def labels_above(structure: Structure) -> list[str]:
    return str(structure.path).split(".")[:-1]


def territories_around(structure: Structure) -> tuple[Place, ...]:
    if structure.commune is None:
        return (NATION,)
    departement = structure.commune.departement
    region = departement.region
    return (
        Place("departement", departement.code, departement.name),
        Place("region", region.code, region.name),
        NATION,
    )
