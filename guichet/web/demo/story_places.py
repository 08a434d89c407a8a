"""Which fictional sites a demonstration story is about.

Owns the draw: many in the département where the people of the demonstration work, several at the
very sites that they answer for; refuses a real site.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable

from guichet.directory.models import Structure
from guichet.web.demo.people import ANSWERED, DEPARTEMENTS, MANAGED

HOMES = {"caf": MANAGED, "france_services": ANSWERED}
AT_HOME, NEAR_HOME = 0.55, 0.5
"""The share of stories at the sites of `HOMES`, and near them of the others."""

LARGEST_TOWNS = 150


class Places:
    """Every fictional site of these kinds, the largest towns first."""

    def __init__(self, kinds: Iterable[str]) -> None:
        sites = (
            Structure.objects.receiving_public()
            .filter(is_fictional=True, kind__in=set(kinds), commune__isnull=False)
            .select_related("network", "commune__departement")
            .order_by("-commune__population", "code")
        )
        self.by_kind: dict[str, list[Structure]] = defaultdict(list)
        self.by_code: dict[str, Structure] = {}
        for site in sites:
            self.by_kind[site.kind_id].append(site)
            self.by_code[site.code] = site

    def sites_of(self, key: str, kinds: tuple[str, ...]) -> list[Structure]:
        """One site of each kind, in the same town or the same département when there is one; a
        kind without any site is left out."""
        draw = random.Random(f"{key} place")  # noqa: S311 (not a secret)
        first = self.first_site(draw, kinds[0])
        found = [first] if first else []
        for kind in kinds[1:]:
            if beside := self.beside(kind, first):
                found.append(beside)
        return found

    def first_site(self, draw: random.Random, kind: str) -> Structure | None:
        home = self.by_code.get(HOMES.get(kind, ""))
        if home is not None and draw.random() < AT_HOME:
            return home
        sites = self.by_kind[kind]
        near = [one for one in sites if departement_of(one) in DEPARTEMENTS]
        if near and draw.random() < NEAR_HOME:
            return draw.choice(near)
        return draw.choice(sites[:LARGEST_TOWNS]) if sites else None

    def beside(self, kind: str, first: Structure | None) -> Structure | None:
        sites = self.by_kind[kind]
        if first is None or not sites:
            return sites[0] if sites else None
        in_town = (one for one in sites if one.commune_id == first.commune_id)
        around = (one for one in sites if departement_of(one) == departement_of(first))
        return next(in_town, None) or next(around, sites[0])


def departement_of(site: Structure) -> str:
    return str(site.commune.departement_id) if site.commune else ""
