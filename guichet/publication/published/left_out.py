"""How many structures a sum leaves out, because their few cases would tell of persons.

Owns what a sum of no case says then; refuses which structures they are, and any count of theirs.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from django.db.models import Count

from guichet.directory.models import Structure
from guichet.directory.models.structures import StructureQuerySet
from guichet.publication.models import Part, PoolMember
from guichet.publication.published.figures import WITHHELD, Figure, figure
from guichet.publication.published.serving import Place


def left_out(place: Place, parts: Collection[Part]) -> dict[int, int]:
    """By part (its primary key), how many structures of the place are withheld in it, where some
    are. One query."""
    found = PoolMember.objects.filter(part__in=[part.pk for part in parts], pool=WITHHELD)
    if place.level != "nation":
        found = found.filter(member__in=counted_in(place).values("code"))
    return dict(found.order_by().values_list("part_id").annotate(Count("pk")))


def counted_in(place: Place) -> StructureQuerySet:
    """The structures of a département, of a région, or under another structure."""
    if place.level == "departement":
        return Structure.objects.filter(commune__departement=place.code)
    if place.level == "region":
        return Structure.objects.filter(commune__departement__region=place.code)
    above = Structure.objects.filter(code=place.code).first()
    if above is None:
        return Structure.objects.none()
    return Structure.objects.filter(path__descendants=above.path)


def left_out_by_departement(part: Part) -> dict[str, int]:
    """The same of one part, by the code of the département. One query."""
    members = PoolMember.objects.filter(part=part, pool=WITHHELD).values("member")
    counts = Structure.objects.filter(code__in=members, commune__isnull=False).order_by()
    return dict(counts.values_list("commune__departement_id").annotate(Count("pk")))


def said_apart(found: Figure, count: int) -> Figure:
    """A sum of no case that leaves out `count` structures is not published, rather than without
    case; any other is itself."""
    if not count or found.state != "no_whole":
        return found
    return replace(found, state=WITHHELD, counters=())


def unpublished(period: str) -> Figure:
    """What stands for a sum of which nothing at all is published."""
    return figure({"period": period, "state": WITHHELD})
