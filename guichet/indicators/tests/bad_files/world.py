"""The network FIC on 20 May 2026, with what it has sent so far: who sends the files of this folder.

FIC (national)
  FIC-59 (département)  S01, S02, 0590010, S04 (closed on 2026-02-28)
  FIC-63 (département)  S05, S06, S07 (opened on 2026-03-10)
  S08                   a platform without commune
AUT (national), of another network: A01
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from guichet.directory.models import Network, Structure
from guichet.directory.tests.factories import KindFactory, NetworkFactory, StructureFactory
from guichet.indicators.models import Grain, IndicatorVersion
from guichet.indicators.tests.factories import IndicatorFactory
from guichet.territories.models import Commune
from guichet.territories.tests.factories import CommuneFactory, DepartementFactory, RegionFactory

FOLDER = Path(__file__).parent
NOW = datetime(2026, 5, 20, 10, 0, tzinfo=UTC)

STRUCTURES = [
    # code, network, level, parent, commune, opened, closed
    ("FIC", "FIC", "national", "", "", None, None),
    ("FIC-59", "FIC", "departement", "FIC", "59350", None, None),
    ("S01", "FIC", "site", "FIC-59", "59350", None, None),
    ("S02", "FIC", "site", "FIC-59", "59512", None, None),
    ("0590010", "FIC", "site", "FIC-59", "59183", None, None),
    ("S04", "FIC", "site", "FIC-59", "59512", None, date(2026, 2, 28)),
    ("FIC-63", "FIC", "departement", "FIC", "63113", None, None),
    ("S05", "FIC", "site", "FIC-63", "63113", None, None),
    ("S06", "FIC", "site", "FIC-63", "63300", None, None),
    ("S07", "FIC", "site", "FIC-63", "63430", date(2026, 3, 10), None),
    ("S08", "FIC", "site", "FIC", "", None, None),
    ("AUT", "AUT", "national", "", "", None, None),
    ("A01", "AUT", "site", "AUT", "63113", None, None),
]
COMMUNES = [
    ("59350", "Lille", "59"),
    ("59512", "Roubaix", "59"),
    ("59183", "Dunkerque", "59"),
    ("63113", "Clermont-Ferrand", "63"),
    ("63300", "Riom", "63"),
    ("63430", "Thiers", "63"),
]
VERSIONS = [
    # code, version, kind, unit, minimum
    ("decroche", 1, "share", "percent", 10),
    ("decroche", 2, "share", "percent", 10),
    ("opinion", 1, "net_share", "points", 10),
    ("attente", 1, "mean", "minutes", 10),
    ("delai", 1, "distribution", "percent", 10),
    ("ouverts", 1, "count", "sites", 1),
    ("visites", 1, "count", "visites", 1),
    ("releve", 1, "count", "heures", 1),
    ("qualite", 1, "share", "percent", 10),
]
GRAINS = [
    # network, code, level, period, cuts, source, first period
    ("FIC", "decroche", "site", "month", [], "network", "2026-01"),
    ("FIC", "opinion", "site", "quarter", [], "network", "2025-Q1"),
    ("FIC", "attente", "site", "week", [], "network", "2025-W01"),
    ("FIC", "delai", "departement", "quarter", ["courrier", "en-ligne"], "network", "2025-Q1"),
    ("FIC", "ouverts", "site", "day", [], "network", "2024-01-01"),
    ("FIC", "visites", "site", "year", [], "network", "2024"),
    ("FIC", "releve", "site", "month", [], "directory-hours", "2026-01"),
    ("AUT", "qualite", "site", "month", [], "network", "2026-01"),
]


def build() -> Network:
    """The world before `history.csv` is sent; returns FIC."""
    place_communes()
    networks = {code: NetworkFactory(code=code, name=f"Réseau {code}") for code in ("FIC", "AUT")}
    place_structures(networks)
    versions = {(code, number): version(code, number, *rest) for code, number, *rest in VERSIONS}
    for network, code, level, period, cuts, source, first in GRAINS:
        Grain.objects.create(
            network=networks[network],
            version=versions[code, 1],
            level=level,
            period_kind=period,
            cuts=cuts,
            source=source,
            first_period=first,
            publication_level=level,
        )
    return networks["FIC"]


def place_communes() -> None:
    regions = {
        "59": RegionFactory(code="32", name="Hauts-de-France"),
        "63": RegionFactory(code="84", name="Auvergne-Rhône-Alpes"),
    }
    names = {"59": "Nord", "63": "Puy-de-Dôme"}
    departements = {
        code: DepartementFactory(code=code, name=names[code], region=region)
        for code, region in regions.items()
    }
    for code, name, departement in COMMUNES:
        CommuneFactory(insee_code=code, name=name, departement=departements[departement])


def place_structures(networks: dict[str, Network]) -> None:
    kind = KindFactory(code="fictif", label="Guichet fictif")
    for code, network, level, parent, commune, opened, closed in STRUCTURES:
        StructureFactory(
            code=code,
            name=f"Accueil {code}",
            kind=kind,
            network=networks[network],
            level=level,
            parent=Structure.objects.filter(code=parent).first(),
            commune=Commune.objects.filter(pk=commune).first(),
            opened_on=opened,
            closed_on=closed,
        )


def version(code: str, number: int, kind: str, unit: str, minimum: int) -> IndicatorVersion:
    bounded = kind == "distribution"
    return IndicatorVersion.objects.create(
        indicator=IndicatorFactory(code=code),
        number=number,
        title=f"Indicateur {code}",
        public_title=f"Indicateur {code}",
        kind=kind,
        unit=unit,
        minimum=minimum,
        bounds=[Decimal(7), Decimal(15), Decimal(30)] if bounded else [],
        reference_bound=Decimal(15) if bounded else None,
    )
