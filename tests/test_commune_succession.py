"""A commune that merges takes its structures along, whoever holds them."""

import pytest

from guichet.core.errors import RuleViolation
from guichet.directory.tests.factories import StructureFactory
from guichet.territories.importing import import_territories
from guichet.territories.models import Commune
from guichet.territories.tests.factories import CommuneFactory

pytestmark = pytest.mark.usefixtures("load_reference_territories")


def test_structures_of_a_commune_that_is_gone_move_to_its_successor():
    lomme = CommuneFactory(
        insee_code="59355", name="Lomme", departement=Commune.objects.get(pk="59350").departement
    )
    structure = StructureFactory(commune=lomme)
    assert import_territories().removed == 1
    structure.refresh_from_db()
    assert structure.commune.name == "Lille"


def test_a_commune_without_successor_is_not_removed_from_under_its_structures():
    StructureFactory(commune=CommuneFactory(insee_code="01999", name="Perdue"))
    with pytest.raises(RuleViolation, match=r"Perdue \(01999\).*Rien n’a été changé"):
        import_territories()
    assert Commune.objects.filter(insee_code="01999").exists()
