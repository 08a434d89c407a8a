"""Loads the catalogue of procedures: whole or not at all, and as often as wanted.

Owns what an edition creates, changes, withdraws and brings back; refuses to delete a procedure, to
put an older edition in the place of a newer one unasked, and to parse any form (see `sources`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from guichet.core.bulk import upsert_rows
from guichet.core.words import grouped
from guichet.directory.reference_tables import current_kind, shipped_kinds
from guichet.orientation.catalogue import catalogue_changed
from guichet.orientation.models import Procedure
from guichet.orientation.procedures.keywords import telling_words, words_told
from guichet.orientation.procedures.organisms import OrganismRow, organism_table
from guichet.orientation.procedures.sources import read_sheets
from guichet.orientation.procedures.sources.base import Fault, Organism, Read, Sheet
from guichet.orientation.procedures.sources.compact import read_heading

WITHDRAWAL_LIMIT_SHARE = 0.20
IMPORT_LOCK = 7_365_003
PROGRESS_STEP = 50
SAID_BY_SHEET = (
    "title",
    "subject",
    "theme",
    "folder",
    "description",
    "organisms",
    "online",
    "kinds",
    "url",
    "updated_on",
)
Key = tuple[str, str]


@dataclass
class ImportReport:
    """What an import did, or would do. `counts` has one entry for each outcome, and
    `sheets` the number of sheets of each audience."""

    file_name: str
    edition: date | None = None
    dry_run: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    sheets: Counter[str] = field(default_factory=Counter)
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
    """Rolls the import back; the text, for the report, says why."""


def import_procedures(
    path: Path | None = None,
    *,
    audiences: Collection[str] = (),
    edition: date | None = None,
    dry_run: bool = False,
    allow_withdrawals: bool = False,
    on_progress: Callable[[int], None] = lambda count: None,
) -> ImportReport:
    """Load the sheets of `path`, or the shipped catalogue, in one transaction.

    Only `audiences` when some are named, else all those that the source has; the others are left
    as they are. The edition is the day of the newest sheet unless given. Nothing is written, and
    `report.refusal` says why, with an error in any sheet, with an edition older than the one in
    place that was not asked for by its day, or when more than 20 % of an audience's procedures
    would be withdrawn without `allow_withdrawals`. Raises `UnreadableSource`.
    """
    report = ImportReport(path.name if path else "catalogue livré", edition, dry_run)
    if path is None and edition is None:
        report.edition = read_heading().edition
    rows = Reading(report, frozenset(audiences), on_progress).rows(read_sheets(path))
    try:
        refuse_faulty(report, frozenset(audiences), is_given=edition is not None)
        with transaction.atomic():
            wait_for_other_imports()
            writing = Writing(report, rows)
            if edition is None:
                writing.refuse_older()
            if not allow_withdrawals:
                writing.refuse_many_withdrawals()
            writing.run()
            if dry_run:
                raise ImportRefused
        report.applied = True
    except ImportRefused as refused:
        report.refusal = str(refused)
    return report


def load_shipped_procedures() -> ImportReport | None:
    """Load the shipped catalogue for the audiences that have none of its edition or newer.

    None, after one query, when there is nothing to do.
    """
    shipped = read_heading()
    held = set(
        Procedure.objects.filter(edition__gte=shipped.edition)
        .values_list("audience", flat=True)
        .order_by()
        .distinct()
    )
    missing = [audience for audience in shipped.sheets if audience not in held]
    if not missing:
        return None
    return import_procedures(audiences=missing, edition=shipped.edition, allow_withdrawals=True)


def refuse_faulty(report: ImportReport, audiences: frozenset[str], *, is_given: bool) -> None:
    """Refuse what cannot be a catalogue, before any write."""
    if errors := len(report.errors):
        raise ImportRefused(
            f"{grouped(errors)} fiche(s) en erreur : rien n'a été changé. Corrigez-les ou "
            "téléchargez de nouveau le catalogue."
        )
    if absent := sorted(audiences - set(report.sheets)):
        raise ImportRefused(
            f"Aucune fiche pour : {', '.join(absent)}. Rien n'a été changé. Donnez le catalogue de "
            "ce public, ou retirez-le de --audience."
        )
    if report.edition is None:
        raise ImportRefused(
            "Aucune fiche n'est datée : donnez le jour du catalogue avec --edition AAAA-MM-JJ."
        )
    if is_given and report.edition > timezone.localdate():
        raise ImportRefused(
            f"L'édition du {report.edition:%d/%m/%Y} est dans l'avenir : corrigez --edition."
        )


def wait_for_other_imports() -> None:
    """One import at a time: the lock is released with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORT_LOCK])


class Reading:
    """The sheets of a source made into rows; their faults go to the report."""

    def __init__(
        self, report: ImportReport, audiences: frozenset[str], on_progress: Callable[[int], None]
    ) -> None:
        self.report = report
        self.audiences = audiences
        self.on_progress = on_progress
        self.today = timezone.localdate()
        self.places: dict[Key, str] = {}
        self.unknown_pivots: Counter[str] = Counter()

    def rows(self, reads: Iterable[Read]) -> dict[Key, Procedure]:
        """The procedures to have, by audience and code; the texts are dropped as they are read."""
        found: dict[Key, Procedure] = {}
        told: dict[Key, Counter[str]] = {}
        newest: date | None = None
        for rank, read in enumerate(reads, start=1):
            if rank % PROGRESS_STEP == 0:
                self.on_progress(PROGRESS_STEP)
            sheet = self.wanted(read)
            if sheet is None:
                continue
            key = sheet.audience, sheet.code
            found[key] = self.procedure(sheet, read.keywords or "")
            if read.keywords is None:
                told[key] = words_told(f"{sheet.title} {sheet.description} {sheet.text}")
            newest = max(filter(None, (newest, sheet.updated_on)), default=None)
        for key, keywords in zip(told, telling_words(list(told.values())), strict=True):
            found[key].keywords = keywords
        self.report.sheets.update(audience for audience, _ in found)
        self.report.edition = self.report.edition or newest
        self.tell_unknown_pivots()
        return found

    def wanted(self, read: Read) -> Sheet | None:
        """The sheet when it is to be taken, its impossible day left aside."""
        sheet = read.sheet
        if sheet and self.audiences and sheet.audience not in self.audiences:
            self.report.counts["left_aside"] += 1
            return None
        self.report.counts["read"] += 1
        self.report.faults += read.faults
        if sheet is None:
            return None
        if first := self.places.get((sheet.audience, sheet.code)):
            message = f"Cette fiche est déjà dans le catalogue ({first}) : gardez-en une seule."
            self.tell(read, "ID", sheet.code, message, "fiche refusée", "error")
            return None
        self.places[sheet.audience, sheet.code] = f"{read.file}, ligne {read.line}"
        if sheet.updated_on and sheet.updated_on > self.today:
            message = "La date de la fiche est dans l'avenir."
            self.tell(read, "dc:date", sheet.updated_on.isoformat(), message, "laissée de côté")
            sheet = replace(sheet, updated_on=None)
        return sheet

    def tell(
        self,
        read: Read,
        field_name: str,
        value: str,
        message: str,
        done: str,
        severity: str = "warning",
    ) -> None:
        code = read.sheet.code if read.sheet else ""
        self.report.faults.append(
            Fault(read.file, read.line, code, field_name, value[:200], message, done, severity)
        )

    def procedure(self, sheet: Sheet, keywords: str) -> Procedure:
        handled = [(one, self.handling(one, sheet)) for one in sheet.organisms]
        return Procedure(
            code=sheet.code,
            audience=sheet.audience,
            title=sheet.title,
            subject=sheet.subject,
            theme=sheet.theme,
            folder=sheet.folder,
            description=sheet.description,
            keywords=keywords,
            organisms=[stored_organism(one, row) for one, row in handled],
            online=[
                {"type": one.type, "title": one.title, "url": one.url, "cerfa": one.cerfa}
                for one in sheet.online
            ],
            kinds=list(dict.fromkeys(kind for _, row in handled if row for kind in row.kinds)),
            url=sheet.url,
            updated_on=sheet.updated_on,
        )

    def handling(self, organism: Organism, sheet: Sheet) -> OrganismRow | None:
        """The table's row; a pivot that it lacks stands for itself when the directory knows it."""
        pivot, title = organism.pivot, organism.title
        row = organism_table().find(pivot=pivot, title=title, sheet_title=sheet.title)
        if row or not pivot:
            return row
        if pivot in shipped_kinds():
            return OrganismRow(pivot, title, (current_kind(pivot),), False, ())
        self.unknown_pivots[pivot] += 1
        return None

    def tell_unknown_pivots(self) -> None:
        for pivot, count in sorted(self.unknown_pivots.items()):
            message = (
                f"Sorte de lieu inconnue, dans {grouped(count)} fiche(s) : ajoutez-la à "
                "guichet/orientation/reference/organisms.csv."
            )
            self.report.faults.append(
                Fault("", 0, "", "PivotLocal", pivot[:200], message, "sans guichet", "warning")
            )


def stored_organism(organism: Organism, row: OrganismRow | None) -> dict[str, Any]:
    """What a procedure keeps of an organism; `also` and `only_some` only where they say more."""
    kinds = row.kinds if row else ()
    stored: dict[str, Any] = {
        "title": organism.title,
        "kind": kinds[0] if kinds else "",
        "note": organism.note,
        "url": organism.url,
    }
    if kinds[1:]:
        stored["also"] = list(kinds[1:])
    if row and row.only_some:
        stored["only_some"] = True
    return stored


class Writing:
    """The rows of an edition put in the place of those of the edition before."""

    def __init__(self, report: ImportReport, rows: dict[Key, Procedure]) -> None:
        assert report.edition is not None
        self.report = report
        self.edition = report.edition
        self.rows = rows
        held = Procedure.objects.filter(audience__in=list(report.sheets))
        self.held: dict[Key, Procedure] = {(one.audience, one.code): one for one in held}

    def refuse_older(self) -> None:
        in_place = max((one.edition for one in self.held.values()), default=self.edition)
        if self.edition < in_place:
            raise ImportRefused(
                f"Ce catalogue ({self.edition:%d/%m/%Y}) est plus ancien que celui en place "
                f"({in_place:%d/%m/%Y}) : rien n'a été changé. Téléchargez le catalogue du jour, "
                f"ou, pour revenir en arrière, ajoutez --edition {self.edition:%Y-%m-%d}."
            )

    def run(self) -> None:
        """Write what differs. Keywords depend on all the sheets of the catalogue: new ones are
        written, but a sheet that says the same counts as unchanged."""
        found_otherwise: list[Procedure] = []
        dated_otherwise: list[Procedure] = []
        for key, row in self.rows.items():
            row.edition = self.edition
            held = self.held.get(key)
            outcome = outcome_of(row, held)
            self.report.counts[outcome] += 1
            if held is None or outcome != "unchanged" or held.keywords != row.keywords:
                found_otherwise.append(row)
            elif held.edition != self.edition:
                dated_otherwise.append(row)
        upsert_rows(Procedure, found_otherwise + dated_otherwise, unique=["audience", "code"])
        gone = self.gone()
        Procedure.objects.filter(pk__in=[one.pk for one in gone]).update(withdrawn_on=self.edition)
        self.report.counts["withdrawn"] = len(gone)
        if found_otherwise or gone:
            catalogue_changed()

    def current(self) -> list[Procedure]:
        """The procedures that the edition before had."""
        return [one for one in self.held.values() if one.withdrawn_on is None]

    def gone(self) -> list[Procedure]:
        """Those of them that this edition lacks."""
        return [one for one in self.current() if (one.audience, one.code) not in self.rows]

    def refuse_many_withdrawals(self) -> None:
        known = Counter(one.audience for one in self.current())
        for audience, gone in Counter(one.audience for one in self.gone()).items():
            if gone > known[audience] * WITHDRAWAL_LIMIT_SHARE:
                raise ImportRefused(
                    f"Ce catalogue retirerait {grouped(gone)} des {grouped(known[audience])} "
                    f"démarches pour les {audience} (plus de 20 %) : rien n'a été changé. Vérifiez "
                    "qu'il est complet, ou relancez avec --allow-withdrawals."
                )


def outcome_of(row: Procedure, held: Procedure | None) -> str:
    if held is None:
        return "created"
    if held.withdrawn_on is not None:
        return "restored"
    is_same = all(getattr(row, name) == getattr(held, name) for name in SAID_BY_SHEET)
    return "unchanged" if is_same else "updated"
