"""Load the list of territories, whole or not at all, and improve the communes' positions.

Owns what an import creates, keeps and removes; refuses a list that is cut, and to remove a commune
that something stands in when nothing says which commune took it over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import ProtectedError, RestrictedError

from guichet.core.errors import RuleViolation
from guichet.territories.bounds import position_fault
from guichet.territories.distances import Point, distance_m
from guichet.territories.models import (
    Commune,
    Departement,
    FormerCommune,
    PositionSource,
    Region,
)
from guichet.territories.reading import (
    CommuneRow,
    Fault,
    FormerRow,
    Reference,
    UnreadableFile,
    read_communes,
    read_reference,
)

SMALLEST_SHARE_OF_COMMUNES = 0.95
"""A list with fewer of the communes that we know is taken for a cut file."""

FARTHEST_TOWN_HALL_M = 60_000.0
"""Beyond this, a town hall is not where the commune was guessed to be (99.9 % are nearer)."""

LOCK = 7_365_001
TRIGRAM_INDEXES = (
    "commune_search_trigrams",
    "commune_postal_trigrams",
    "former_search_trigrams",
)
SOURCES_BEST_FIRST = list(PositionSource.values)
COMMUNE_COLUMNS = [
    "insee_code",
    "name",
    "kind",
    "parent_id",
    "departement_id",
    "postal_codes",
    "population",
    "latitude",
    "longitude",
    "position_source",
    "search_name",
    "bare_name",
    "postal_search",
]


@dataclass
class ImportReport:
    """What an import did. `positions` counts the communes by the source of their position."""

    applied: bool = False
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    former: int = 0
    positions: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def import_territories(communes: Path | None = None) -> ImportReport:
    """Load the shipped list, with the communes of the file `communes` instead when one is given.

    Atomic, and a second run changes nothing. A position is only replaced by one of the same source
    or a better one. With errors among `faults` nothing is written and `applied` is false. Raises
    `UnreadableFile` for a file that is not such a list, `RuleViolation` for a commune that cannot
    be removed.
    """
    reference = read_reference()
    report = ImportReport()
    rows, former = reference.communes, reference.former
    if communes is not None:
        brought = read_communes(
            communes,
            departements={row.code for row in reference.departements},
            known_positions=trusted_positions(reference),
        )
        report.faults = brought.faults
        if brought.is_refused:
            return report
        refuse_cut_list(brought.rows, reference, communes.name)
        rows = with_positions(brought.rows, reference)
        former = still_former(reference.former, rows)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        write_areas(reference)
        write_communes(rows, report)
        remove_communes({row.insee_code for row in rows}, former, report)
        report.former = write_former(former)
        tidy(cursor)
    report.applied = True
    return report


def replace_approximate_positions(positions: Mapping[str, Point]) -> int:
    """Give flagged communes the position of their town hall; how many were improved.

    `positions` holds (latitude, longitude) by INSEE code. A position outside the territory, or
    further than 60 km from where the commune was guessed to be in metropolitan France, is ignored.
    """
    improved = []
    flagged = Commune.objects.filter(position_source=PositionSource.APPROXIMATE)
    for commune in flagged.filter(insee_code__in=list(positions)):
        town_hall = positions[commune.insee_code]
        if not is_plausible(commune, town_hall):
            continue
        commune.latitude, commune.longitude = town_hall
        commune.position_source = PositionSource.TOWN_HALL
        improved.append(commune)
    with transaction.atomic(), connection.cursor() as cursor:
        upsert_communes(improved)
        tidy(cursor)
    return len(improved)


def is_plausible(commune: Commune, town_hall: Point) -> bool:
    if position_fault(commune.departement_id, *town_hall):
        return False
    is_overseas = len(commune.departement_id) == 3
    guessed = commune.latitude, commune.longitude
    return is_overseas or distance_m(guessed, town_hall) <= FARTHEST_TOWN_HALL_M


def trusted_positions(reference: Reference) -> dict[str, Point]:
    return {
        row.insee_code: row.position
        for row in reference.communes
        if row.position and row.position_source != PositionSource.APPROXIMATE
    }


def refuse_cut_list(rows: list[CommuneRow], reference: Reference, name: str) -> None:
    brought = {row.insee_code for row in rows}
    known = [row.insee_code for row in reference.communes]
    found = sum(code in brought for code in known)
    if found < SMALLEST_SHARE_OF_COMMUNES * len(known):
        raise UnreadableFile(
            f"« {name} » n’a que {found} des {len(known)} communes connues : le fichier est sans "
            "doute coupé, ou d’une autre année. Téléchargez la liste complète."
        )


def with_positions(rows: Iterable[CommuneRow], reference: Reference) -> list[CommuneRow]:
    """The rows, those without a position taking the shipped one, else their département's."""
    shipped = {row.insee_code: row for row in reference.communes}
    departements = {row.code: row for row in reference.departements}
    placed = []
    for row in rows:
        if row.position is None:
            known = shipped.get(row.insee_code)
            departement = departements[row.departement]
            position: Point | None = (departement.latitude, departement.longitude)
            source = str(PositionSource.APPROXIMATE)
            if known:
                position, source = known.position, known.position_source
            row = CommuneRow(**{**row.__dict__, "position": position, "position_source": source})
        placed.append(row)
    return placed


def still_former(former: list[FormerRow], rows: list[CommuneRow]) -> list[FormerRow]:
    """The former codes and names that make sense beside a brought list."""
    today = {row.insee_code for row in rows}
    return [
        row
        for row in former
        if row.insee_code in today and (row.code == row.insee_code or row.code not in today)
    ]


def write_areas(reference: Reference) -> None:
    Region.objects.bulk_create(
        [Region(code=row.code, name=row.name) for row in reference.regions],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name"],
    )
    Departement.objects.bulk_create(
        [
            Departement(
                code=row.code,
                name=row.name,
                region_id=row.region,
                population=row.population,
                latitude=row.latitude,
                longitude=row.longitude,
            )
            for row in reference.departements
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "region", "population", "latitude", "longitude"],
    )


def write_communes(rows: Iterable[CommuneRow], report: ImportReport) -> None:
    existing = {commune.insee_code: commune for commune in Commune.objects.all()}
    changed = []
    positions: Counter[str] = Counter()
    for row in rows:
        old = existing.get(row.insee_code)
        commune = commune_of(row, old)
        positions[commune.position_source] += 1
        if old is None:
            report.created += 1
        elif commune_values(old) == commune_values(commune):
            report.unchanged += 1
            continue
        else:
            report.updated += 1
        changed.append(commune)
    upsert_communes(changed)
    report.positions = dict(sorted(positions.items()))


def commune_of(row: CommuneRow, old: Commune | None) -> Commune:
    latitude, longitude = row.position or (0.0, 0.0)
    source = row.position_source
    if old and SOURCES_BEST_FIRST.index(old.position_source) < SOURCES_BEST_FIRST.index(source):
        latitude, longitude, source = old.latitude, old.longitude, old.position_source
    commune = Commune(
        insee_code=row.insee_code,
        name=row.name,
        kind=row.kind,
        parent_id=row.parent or None,
        departement_id=row.departement,
        postal_codes=list(row.postal_codes),
        population=row.population,
        latitude=latitude,
        longitude=longitude,
        position_source=source,
    )
    commune.prepare_search()
    return commune


def commune_values(commune: Commune) -> list[object]:
    return [getattr(commune, column) for column in COMMUNE_COLUMNS]


def tidy(cursor: CursorWrapper) -> None:
    """Searches stay fast after a bulk write: fresh statistics, nothing pending in the indexes."""
    cursor.execute("ANALYZE territories_commune, territories_formercommune")
    for index in TRIGRAM_INDEXES:
        cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [index])


@transaction.atomic
def upsert_communes(communes: list[Commune]) -> None:
    """Insert or replace whole rows; COPY, because `bulk_create` takes four times as long."""
    columns = ", ".join(COMMUNE_COLUMNS)
    replaced = ", ".join(f"{column} = excluded.{column}" for column in COMMUNE_COLUMNS[1:])
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE incoming (LIKE territories_commune) ON COMMIT DROP")
        with cursor.copy(f"COPY incoming ({columns}) FROM STDIN") as copy:
            for commune in communes:
                copy.write_row(commune_values(commune))
        cursor.execute(
            f"INSERT INTO territories_commune ({columns}) SELECT {columns} FROM incoming "
            f"ON CONFLICT (insee_code) DO UPDATE SET {replaced}"
        )
        cursor.execute("DROP TABLE incoming")


def remove_communes(kept: set[str], former: list[FormerRow], report: ImportReport) -> None:
    """Remove what the list no longer has; what stood there goes to the commune that took over."""
    successors = {row.code: row.insee_code for row in former}
    gone = Commune.objects.exclude(insee_code__in=kept)
    for commune in gone.order_by("-kind", "insee_code"):
        if successor := successors.get(commune.insee_code):
            move_references(commune.insee_code, successor)
        try:
            commune.delete()
        except (ProtectedError, RestrictedError) as error:
            raise RuleViolation(
                f"La commune {commune.name} ({commune.insee_code}) n’est plus dans la liste, mais "
                "des fiches y sont rattachées et aucune commune n’est connue pour lui succéder. "
                "Déplacez ces fiches, ou complétez la liste, puis recommencez. Rien n’a été changé."
            ) from error
        report.removed += 1


def move_references(code: str, successor: str) -> None:
    for relation in Commune._meta.related_objects:
        model = relation.related_model
        if isinstance(model, type) and model not in {Commune, FormerCommune}:
            name = relation.field.name
            rows = model._base_manager.filter(**{name: code})
            rows.update(**{name: successor})


def write_former(rows: list[FormerRow]) -> int:
    wanted = {(row.code, row.name, row.kind, row.insee_code) for row in rows}
    found = set(FormerCommune.objects.values_list("code", "name", "kind", "commune_id"))
    if wanted != found:
        FormerCommune.objects.all().delete()
        communes = []
        for code, name, kind, insee_code in sorted(wanted):
            former = FormerCommune(code=code, name=name, kind=kind, commune_id=insee_code)
            former.prepare_search()
            communes.append(former)
        FormerCommune.objects.bulk_create(communes, batch_size=2_000)
    return len(wanted)
