"""Loads a source's structures: whole or not at all, idempotent, agents' corrections kept.

Owns matching, closing and reopening; refuses to parse any format (see `sources`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from itertools import islice
from operator import attrgetter
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.directory import import_rows
from guichet.directory.import_rows import Reference, Row
from guichet.directory.models import Correction, ImportRun, SourceIdentifier, Structure
from guichet.directory.sources.base import Fault, SourceStructure

BATCH_SIZE = 2000
CLOSURE_LIMIT_SHARE = 0.05
ALL_BUT_LINE = attrgetter(*(name for name in SourceStructure.__slots__ if name != "line"))
IMPORT_LOCK = 7_365_002
SOURCE_RANK = {"dila2016": 1, "france-services": 2, "demonstration": 2, "dila": 3, "manual": 4}
"""A source never overwrites what a better one (a higher rank) has vouched for."""


@dataclass
class ImportReport:
    """What an import did, or would do. `counts` has one entry for each outcome."""

    source: str
    dry_run: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    applied: bool = False
    refusal: str = ""

    @property
    def errors(self) -> list[Fault]:
        return [fault for fault in self.faults if fault.severity == "error"]

    @property
    def warnings(self) -> list[Fault]:
        return [fault for fault in self.faults if fault.severity != "error"]


class ImportRefused(Exception):
    """Rolls the import back; the report says why."""


@dataclass
class KnownIdentifier:
    structure_id: int
    digest: str
    is_present: bool


def import_structures(
    items: Iterable[SourceStructure | Fault],
    *,
    source: str,
    file_name: str = "",
    by: User | None = None,
    dry_run: bool = False,
    keep_going: bool = False,
    allow_closures: bool = False,
    on_progress: Callable[[int], None] = lambda count: None,
) -> ImportReport:
    """Load `items` in one transaction and say all that happened.

    With an error and without `keep_going`, nothing is written and `report.refusal` says so; the
    same when more than 5 % of the source's structures would close without `allow_closures`.
    """
    report = ImportReport(source=source, dry_run=dry_run)
    run = ImportRun(source=source, file_name=file_name, by=by)
    try:
        with transaction.atomic():
            wait_for_other_imports()
            Import(source, report, on_progress).run(items)
            settle(report, keep_going=keep_going, allow_closures=allow_closures)
    except ImportRefused:
        pass
    if not dry_run:
        run.ended_at = timezone.now()
        run.counts, run.applied = dict(report.counts), report.applied
        run.faults = [vars_of(fault) for fault in report.faults[:1000]]
        run.save()
    return report


def vars_of(fault: Fault) -> dict[str, Any]:
    return {name: getattr(fault, name) for name in Fault.__slots__}


def settle(report: ImportReport, *, keep_going: bool, allow_closures: bool) -> None:
    """Let the transaction commit, or roll it back and say why."""
    known = report.counts["known"]
    closing = report.counts["closed"]
    if report.errors and not keep_going:
        report.refusal = (
            f"{len(report.errors)} ligne(s) en erreur : rien n'a été importé. Corrigez-les, ou "
            "relancez avec --keep-going pour charger le reste."
        )
    elif known and closing > known * CLOSURE_LIMIT_SHARE and not allow_closures:
        report.refusal = (
            f"Ce fichier ferait fermer {closing} structures sur {known} (plus de 5 %) : rien n'a "
            "été importé. Vérifiez qu'il est complet, ou relancez avec --allow-closures."
        )
    if report.refusal or report.dry_run:
        raise ImportRefused
    report.applied = True


class Import:
    """One run: what is known of the source, what this file says, what is written."""

    def __init__(
        self, source: str, report: ImportReport, on_progress: Callable[[int], None]
    ) -> None:
        if source not in SOURCE_RANK:
            raise RuleViolation(f"Source inconnue : {source}.")
        self.source = source
        self.report = report
        self.on_progress = on_progress
        self.known = known_identifiers(source)
        self.seen: set[str] = set()
        self.refused: set[str] = set()
        self.parents: dict[str, str] = {}
        report.counts["known"] = sum(entry.is_present for entry in self.known.values())

    @cached_property
    def reference(self) -> Reference:
        """Read at the first row that changed: an unchanged file does not need it."""
        return Reference.load()

    def run(self, items: Iterable[SourceStructure | Fault]) -> None:
        for batch in batched(items, BATCH_SIZE):
            self.load_batch(batch)
            self.on_progress(len(batch))
        self.close_absent()
        self.hang_under_parents()
        if "reference" in vars(self):
            self.reference.use_town_halls_as_positions()

    def load_batch(self, batch: list[SourceStructure | Fault]) -> None:
        changed: list[tuple[SourceStructure, str]] = []
        for item in batch:
            if isinstance(item, Fault):
                self.add_fault(item)
                continue
            self.report.counts["read"] += 1
            self.seen.add(item.identifier)
            digest = digest_of(item)
            known = self.known.get(item.identifier)
            if known and known.is_present and known.digest == digest:
                self.report.counts["unchanged"] += 1
            else:
                changed.append((item, digest))
        if changed:
            self.write(changed)

    def add_fault(self, fault: Fault) -> None:
        self.report.faults.append(fault)
        if fault.severity == "error" and fault.identifier:
            self.refused.add(fault.identifier)

    def write(self, changed: list[tuple[SourceStructure, str]]) -> None:
        adopted = structures_to_adopt(
            [item for item, _ in changed if item.identifier not in self.known], self.source
        )
        stored = Structure.objects.in_bulk(
            [
                known.structure_id
                for item, _ in changed
                if (known := self.known.get(item.identifier))
            ]
            + list(adopted.values())
        )
        rows: list[Row] = []
        for item, digest in changed:
            known = self.known.get(item.identifier)
            pk = known.structure_id if known else adopted.get(item.identifier)
            row, faults = import_rows.row_of(
                item, digest, self.source, self.reference, stored.get(pk) if pk else None
            )
            for fault in faults:
                self.add_fault(fault)
            if row is None:
                continue
            if row.stored and is_better(row.stored.source, self.source):
                self.report.counts["kept_from_better_source"] += 1
                row = row.as_mention()
            rows.append(row)
        outcome = import_rows.write_rows(rows, self.source)
        self.report.counts.update(outcome.counts)
        for row in rows:
            self.note_links(row.item)

    def note_links(self, item: SourceStructure) -> None:
        """A source names the parent on the child's side, or the children on the parent's."""
        if item.parent_identifier:
            self.parents[item.identifier] = item.parent_identifier
        for child in item.child_identifiers:
            self.parents.setdefault(child, item.identifier)

    def close_absent(self) -> None:
        """Structures that the source no longer names close; they are never deleted."""
        absent = [
            (value, entry.structure_id)
            for value, entry in self.known.items()
            if entry.is_present and value not in self.seen and value not in self.refused
        ]
        for part in batched(absent, BATCH_SIZE):
            SourceIdentifier.objects.filter(
                scheme=self.source, value__in=[value for value, _ in part]
            ).update(is_present=False)
            self.report.counts["closed"] += Structure.objects.filter(
                pk__in=[pk for _, pk in part], source=self.source, closed_on__isnull=True
            ).update(closed_on=timezone.localdate(), closed_reason=import_rows.ABSENT_REASON)

    def hang_under_parents(self) -> None:
        """Give each structure the parent that its source names, then recompute paths."""
        if not self.parents:
            return
        refresh_statistics()
        pk_of = dict(
            SourceIdentifier.objects.filter(
                scheme=self.source, value__in={*self.parents, *self.parents.values()}
            ).values_list("value", "structure_id")
        )
        moved_by_hand = set(
            Correction.objects.filter(field="parent").values_list("structure_id", flat=True)
        )
        moved = [
            Structure(pk=pk_of[child], parent_id=pk_of[parent])
            for child, parent in self.parents.items()
            if child in pk_of
            and parent in pk_of
            and pk_of[parent] != pk_of[child]
            and pk_of[child] not in moved_by_hand
        ]
        Structure.objects.bulk_update(moved, ["parent"], batch_size=BATCH_SIZE)
        loops = recompute_paths()
        for code, name in loops:
            self.add_fault(
                Fault(
                    line=0,
                    identifier=code,
                    field="hierarchie",
                    value=name,
                    message="Cette structure se retrouve au-dessus d'elle-même : corrigez son "
                    "service parent dans la source.",
                    done="laissée sans parent",
                    severity="warning",
                )
            )


def is_better(held: str, offered: str) -> bool:
    return SOURCE_RANK.get(held, 0) > SOURCE_RANK[offered]


def known_identifiers(source: str) -> dict[str, KnownIdentifier]:
    rows = SourceIdentifier.objects.filter(scheme=source).values_list(
        "value", "structure_id", "digest", "is_present"
    )
    return {
        value: KnownIdentifier(structure_id, digest, is_present)
        for value, structure_id, digest, is_present in rows.iterator(chunk_size=10_000)
    }


def structures_to_adopt(items: list[SourceStructure], source: str) -> dict[str, int]:
    """For items new to this source: the structure that another source already describes.

    A structure that this source already names under another identifier is not adopted again,
    and of two items that claim the same one the first has it.
    """
    wanted = {
        (scheme, value): item.identifier
        for item in reversed(items)
        for scheme, value in item.other_identifiers
    }
    if not wanted:
        return {}
    rows = (
        SourceIdentifier.objects.filter(value__in={value for _, value in wanted})
        .exclude(structure__identifiers__scheme=source)
        .values_list("scheme", "value", "structure_id")
    )
    taken: dict[int, str] = {}
    for scheme, value, structure_id in rows:
        if (scheme, value) in wanted:
            taken.setdefault(structure_id, wanted[scheme, value])
    return {identifier: structure_id for structure_id, identifier in taken.items()}


def wait_for_other_imports() -> None:
    """One import at a time: the lock is released with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])


def digest_of(item: SourceStructure) -> str:
    """A hash of all that the source says, the line apart."""
    return blake2b(repr(ALL_BUT_LINE(item)).encode(), digest_size=16).hexdigest()


def batched(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def refresh_statistics() -> None:
    """The planner knows nothing of rows that this very transaction wrote."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE directory_structure, directory_sourceidentifier")


def recompute_paths() -> list[tuple[str, str]]:
    """Derive every path from the parents; structures caught in a loop lose their parent.

    Returns the (code, name) of those.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE tree(id, path) AS (
                SELECT id, id::text::ltree FROM directory_structure WHERE parent_id IS NULL
                UNION ALL
                SELECT child.id, tree.path || child.id::text
                FROM directory_structure child JOIN tree ON child.parent_id = tree.id
            )
            UPDATE directory_structure AS structure SET path = tree.path
            FROM tree WHERE tree.id = structure.id AND structure.path <> tree.path
            """
        )
        cursor.execute(
            """
            WITH RECURSIVE tree(id) AS (
                SELECT id FROM directory_structure WHERE parent_id IS NULL
                UNION ALL
                SELECT child.id FROM directory_structure child
                JOIN tree ON child.parent_id = tree.id
            )
            UPDATE directory_structure SET parent_id = NULL, path = id::text::ltree
            WHERE id NOT IN (SELECT id FROM tree)
            RETURNING code, name
            """
        )
        return list(cursor.fetchall())
