"""A small country to measure: five communes of two départements, an island, two houses."""

from __future__ import annotations

from datetime import date

from guichet.directory.models import Structure
from guichet.directory.tests.factories import KindFactory, NetworkFactory, StructureFactory
from guichet.territories.models import Commune, PositionSource
from guichet.territories.tests.factories import CommuneFactory, DepartementFactory, RegionFactory

FRANCE_SERVICES = "france_services"


def make_country() -> dict[str, Structure]:
    """The communes of the worked example of `test_coverage`, under real codes, and an overseas
    collectivity where nobody lives. Bourg and Haut stand in the Ain, Loin and Nord in the Jura;
    Ouessant is an island. 7,000 people, of whom 6,500 within 30 minutes."""
    ain = DepartementFactory(code="01", name="Ain")
    jura = DepartementFactory(code="39", name="Jura", region=RegionFactory(code="27", name="BFC"))
    finistere = DepartementFactory(
        code="29", name="Finistère", region=RegionFactory(code="53", name="Bretagne")
    )
    taaf = RegionFactory(code="984", name="Terres australes")
    DepartementFactory(code="984", name="Terres australes", region=taaf, population=0)
    for code, name, departement, people, latitude in (
        ("01001", "Bourg", ain, 5_000, 46.0),
        ("01002", "Haut", ain, 800, 46.1),
        ("39001", "Loin", jura, 300, 45.8),
        ("29155", "Ouessant", finistere, 200, 46.05),
        ("39002", "Nord", jura, 700, 46.97),
    ):
        CommuneFactory(
            insee_code=code,
            name=name,
            departement=departement,
            population=people,
            latitude=latitude,
            longitude=5.0,
            position_source=PositionSource.APPROXIMATE
            if name == "Haut"
            else PositionSource.TOWN_HALL,
        )
    return {"south": house("south", "01001", 46.0), "north": house("north", "39002", 47.0)}


def house(code: str, commune: str | None, latitude: float | None, **fields) -> Structure:
    """A France services house at 5° east, checked in 2020 unless told otherwise."""
    fields = {
        "name": f"France services {code}",
        "kind": KindFactory(code=FRANCE_SERVICES, label="France services"),
        "network": NetworkFactory(code="france-services"),
        "source": "france-services",
        "checked_on": date(2020, 1 if code == "south" else 9, 1),
    } | fields
    return StructureFactory(
        code=code,
        commune=Commune.objects.get(pk=commune) if commune else None,
        latitude=latitude,
        longitude=None if latitude is None else 5.0,
        position_source="" if latitude is None else fields.pop("position_source", "source"),
        **fields,
    )
