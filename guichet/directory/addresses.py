"""What an address does not say by itself.

Owns the comparison of an address with its commune; refuses to change either.
"""

from __future__ import annotations

from guichet.directory.models import Structure
from guichet.territories.models import Commune
from guichet.territories.naming import search_name


def commune_beyond_address(structure: Structure) -> str:
    """The commune's name, when the post says another: a CEDEX, a bigger town. Else nothing.

    « 75012 Paris » says enough of the 12th arrondissement.
    """
    commune = structure.commune
    if commune is None:
        return ""
    named = search_name(commune.name)
    if commune.kind == Commune.Kind.ARRONDISSEMENT:
        named = named.partition(" ")[0]
    return "" if named in search_name(structure.full_address) else commune.name
