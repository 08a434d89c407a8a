"""What a list, figures or a feed are about: everything, a service, a network, a territory.

Owns their addresses and how each narrows stories; refuses figures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse

from guichet.core.text import search_text
from guichet.directory.models import Network, Structure
from guichet.territories.models import Departement, Region
from guichet.territories.queries import find_commune

REGION_CODE = re.compile(r"[Rr](\d{2,3})")


@dataclass(frozen=True)
class Territory:
    """A département or a région; `code` as in addresses ("59", "R32"). `understood` says what was
    read when it is not its name: « Nord (59), où est Lille »."""

    code: str
    name: str
    departements: tuple[str, ...]
    region: tuple[str, str] | None = None
    understood: str = ""

    @property
    def is_region(self) -> bool:
        return self.code.startswith("R")


@dataclass(frozen=True)
class Scope:
    """At most one of the three; none of them is the nation."""

    structure: Structure | None = None
    network: Network | None = None
    territory: Territory | None = None

    @property
    def key(self) -> str:
        """The name under which its figures are kept; empty for a structure."""
        if self.network is not None:
            return f"network:{self.network.code}"
        if self.territory is not None:
            level = "region" if self.territory.is_region else "departement"
            return f"{level}:{self.territory.code.removeprefix('R')}"
        return "" if self.structure is not None else "nation"

    @cached_property
    def structures(self) -> list[int]:
        """The structure and those under it, asked once."""
        if self.structure is None:
            return []
        return list(Structure.objects.under(self.structure).values_list("pk", flat=True))

    @property
    def includes_below(self) -> bool:
        """A service's stories are also those of the places under it."""
        return len(self.structures) > 1

    @property
    def name(self) -> str:
        if self.territory is not None:
            return self.territory.name
        return str(self.structure or self.network or "France")

    @property
    def url(self) -> str:
        if self.structure is not None:
            return reverse("stories_of_service", args=[self.structure.code])
        if self.network is not None:
            return reverse("stories_of_network", args=[self.network.code])
        if self.territory is not None:
            return reverse("stories_of_territory", args=[self.territory.code])
        return reverse("experiences")


EVERYTHING = Scope()


def territory_of_code(code: str) -> Territory | None:
    """ "59", "2a" or "R32"; None for another."""
    if match := REGION_CODE.fullmatch(code):
        region = Region.objects.filter(code=match[1]).first()
        if region is None:
            return None
        members = tuple(region.departements.order_by("code").values_list("code", flat=True))
        return Territory(f"R{region.code}", region.name, members)
    if len(code) > 3:
        return None
    found = Departement.objects.select_related("region").filter(code=code.upper()).first()
    return territory_of_departement(found) if found else None


def territory_of_departement(found: Departement, understood: str = "") -> Territory:
    region = (f"R{found.region.code}", found.region.name)
    return Territory(found.code, found.name, (found.code,), region, understood)


def territory_named(text: str) -> Territory | None:
    """From what somebody typed: a code, the name of a région or a département, a commune or its
    postal code, whose département is taken. None when nothing is recognised."""
    text = search_text(text)
    if not text:
        return None
    if found := territory_of_code(text):
        return found
    region = Region.objects.filter(name__unaccent__iexact=text).first()
    if region is not None:
        return territory_of_code(f"R{region.code}")
    areas = Departement.objects.select_related("region")
    named = areas.filter(name__unaccent__iexact=text).first()
    if named is not None:
        return territory_of_departement(named)
    commune, _ = find_commune(text)
    if commune is None:
        return None
    place = areas.get(code=commune.departement_code)
    return territory_of_departement(place, f"{place.name} ({place.code}), où est {commune.name}")
