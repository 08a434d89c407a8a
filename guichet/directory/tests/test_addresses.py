"""What an address does not say by itself."""

from __future__ import annotations

import pytest

from guichet.directory.addresses import commune_beyond_address
from guichet.directory.models import Structure
from guichet.territories.models import Commune


@pytest.mark.parametrize(
    ("commune", "kind", "town", "told"),
    [
        ("Lille", "commune", "Lille Cedex 9", ""),
        ("Villeneuve-d'Ascq", "commune", "Lille Cedex 9", "Villeneuve-d'Ascq"),
        ("Arnac-la-Poste", "commune", "ARNAC LA POSTE", ""),
        ("Saint-Étienne", "commune", "ST ETIENNE", ""),
        ("Paris 12e Arrondissement", "arrondissement", "Paris", ""),
        ("Paris 12e Arrondissement", "arrondissement", "Vincennes", "Paris 12e Arrondissement"),
    ],
)
def test_the_commune_is_told_where_the_post_names_another(commune, kind, town, told):
    where = Commune(insee_code="00000", name=commune, kind=kind)
    assert commune_beyond_address(Structure(town=town, commune=where)) == told


def test_without_a_commune_there_is_nothing_to_tell():
    assert commune_beyond_address(Structure(town="Lille")) == ""
