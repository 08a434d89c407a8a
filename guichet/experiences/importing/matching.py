"""Which structure and which département an export names.

Owns when a match is certain: one structure alone of that name, and its kind or its département
agrees. Refuses to guess: without certainty the name is kept as it was written.
"""

from __future__ import annotations

import re

from guichet.core.text import folded
from guichet.directory.models import Structure, StructureKind
from guichet.orientation.models import Procedure
from guichet.territories.models import Departement

NUMBER_FIRST = re.compile(r"^\(?(\d{2,3}|2[ab])\)?\s*[-–:]?\s*(.*)$")


class Places:
    """What the directory knows, asked once for each name of an import."""

    def __init__(self) -> None:
        self._departements = {folded(one.name): one for one in Departement.objects.all()}
        self._codes = {one.code.casefold(): one for one in self._departements.values()}
        self._structures: dict[tuple[str, str, str, str], Structure | None] = {}
        self._procedures: dict[str, Procedure | None] = {}

    def departement(self, name: str, code: str = "") -> Departement | None:
        """ "Nord", "59 - Nord", "59"; None when it is none that is known."""
        if code and (found := self._codes.get(code.casefold())):
            return found
        bare = folded(name)
        if found := self._departements.get(bare) or self._codes.get(bare):
            return found
        match = NUMBER_FIRST.match(bare)
        return self._codes.get(match[1]) if match else None

    def procedure(self, code: str) -> Procedure | None:
        if code not in self._procedures:
            self._procedures[code] = Procedure.objects.filter(code=code).first() if code else None
        return self._procedures[code]

    def structure(
        self, name: str, kind: str, departement: Departement | None, code: str = ""
    ) -> Structure | None:
        """The one that is certainly meant."""
        area = departement.code if departement else ""
        key = (code, folded(name), folded(kind), area)
        if key not in self._structures:
            self._structures[key] = by_code(code) or by_name(*key[1:])
        return self._structures[key]


def by_code(code: str) -> Structure | None:
    if not code:
        return None
    found = (
        Structure.objects.select_related("network", "merged_into__network")
        .filter(code=code)
        .first()
    )
    return found.merged_into or found if found else None


def by_name(name: str, kind: str, area: str) -> Structure | None:
    """`name` and `kind` in lower case without accents, `area` the code of a département."""
    if not name:
        return None
    candidates = Structure.objects.select_related("kind", "commune", "network").filter(
        search_name__startswith=name, merged_into__isnull=True
    )
    same = [one for one in candidates if folded(one.name) == name]
    of_kind = [one for one in same if kind_agrees(one.kind, kind)]
    here = [one for one in same if area and one.commune and one.commune.departement_id == area]
    both = [one for one in of_kind if one in here]
    for certain in (both, of_kind if len(same) == 1 else [], here if len(same) == 1 else []):
        if len(certain) == 1:
            return certain[0]
    return None


def kind_agrees(kind: StructureKind, words: str) -> bool:
    """The label of the kind, its code or one of its words, as the export writes it."""
    if not words:
        return False
    known = [kind.label, kind.code, *kind.words]
    return any(folded(one) == words for one in known) or words in folded(kind.label)
