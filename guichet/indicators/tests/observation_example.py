"""The worked example of `docs/methods/observation.md`, loaded as the platform would hold it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from guichet.core.text import folded
from guichet.directory.models import Network, Structure
from guichet.directory.tests.factories import KindFactory
from guichet.indicators.models import Grain, Indicator, IndicatorVersion
from guichet.territories.models import Commune, Departement, Region
from guichet.territories.tests.factories import CommuneFactory, DepartementFactory, RegionFactory

EXAMPLE = Path(__file__).resolve().parents[3] / "docs" / "methods" / "observation_example"
NETWORK = "REL"


def table(name: str) -> list[dict[str, str]]:
    """The rows of a file of the example."""
    with (EXAMPLE / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def load_definitions(structures: str = "previous/structures.csv") -> Network:
    """The network, its places as in `structures`, its indicators and grains."""
    load_territories()
    network, _ = Network.objects.get_or_create(
        code=NETWORK, defaults={"name": "Réseau d'exemple", "publication_level": "site"}
    )
    place_structures(structures)
    for row in table("indicators.csv"):
        indicator, _ = Indicator.objects.get_or_create(code=row["code"])
        IndicatorVersion.objects.update_or_create(
            indicator=indicator,
            number=int(row["version"]),
            defaults={
                "title": row["title"],
                "public_title": row["title"],
                "kind": row["kind"],
                "counter_words": {name: name for name in row["counters"].split("|")},
                "nature": row["nature"],
                "unit": row["unit"],
                "direction": row["direction"],
                "target": Decimal(row["target"]) if row["target"] else None,
                "margin": Decimal(row["margin"]),
                "minimum": int(row["minimum"]),
            },
        )
    for row in table("grains.csv"):
        Grain.objects.get_or_create(
            network=network,
            version=IndicatorVersion.objects.get(
                indicator__code=row["indicator"], number=int(row["version"])
            ),
            first_period=row["first_period"],
            defaults={
                "level": row["level"],
                "period_kind": row["period"],
                "cuts": row["cuts"].split("|") if row["cuts"] else [],
                "source": row["source"],
                "publication_level": row["level"],
            },
        )
    return network


def load_territories() -> None:
    names = {"59": "Nord", "62": "Pas-de-Calais", "63": "Puy-de-Dôme"}
    regions = {"32": "Hauts-de-France", "84": "Auvergne-Rhône-Alpes"}
    for row in table("territories.csv"):
        if Commune.objects.filter(insee_code=row["commune"]).exists():
            continue
        region = Region.objects.filter(code=row["region"]).first() or RegionFactory(
            code=row["region"], name=regions[row["region"]]
        )
        departement = Departement.objects.filter(
            code=row["departement"]
        ).first() or DepartementFactory(
            code=row["departement"], name=names[row["departement"]], region=region
        )
        CommuneFactory(insee_code=row["commune"], name=row["name"], departement=departement)


def place_structures(name: str) -> None:
    """Create or move the structures to where the file `name` puts them."""
    network = Network.objects.get(code=NETWORK)
    kind = KindFactory(code="exemple", label="Guichet d'exemple")
    for row in table(name):
        parent = Structure.objects.filter(code=row["parent"]).first()
        structure, _ = Structure.objects.update_or_create(
            code=row["code"],
            defaults={
                "name": row["name"],
                "search_name": folded(row["name"]),
                "kind": kind,
                "network": network,
                "level": row["level"],
                "parent": parent,
                "commune_id": row["commune"] or None,
                "opened_on": day(row["opened_on"]),
                "closed_on": day(row["closed_on"]),
                "source": "example",
                "is_fictional": True,
                "path": "0",
            },
        )
        structure.path = f"{parent.path}.{structure.pk}" if parent else str(structure.pk)
        structure.save(update_fields=["path"])


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def batch_files() -> Iterator[tuple[dict[str, str], Path]]:
    """The lines of `batches/batches.csv`, each with its file, in the order of receipt."""
    for row in table("batches/batches.csv"):
        yield row, EXAMPLE / "batches" / row["file"]
