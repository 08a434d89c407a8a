"""What a file would change in the sites of a network: read whole, then applied whole or not at all.

Owns the comparison of a file with what stands; refuses a code that is not one of the network's
open sites, and every cell that an agent could not have typed.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, NamedTuple

from django.db import transaction

from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.core.text import folded
from guichet.directory.actions.corrections import correct_hours, correct_structure
from guichet.directory.actions.weekly_hours import Interval, Week, line_of, refuse_overlaps, week_of
from guichet.directory.csv_sheets import Fault, Sheet, UnreadableSheet, read_sheet
from guichet.directory.hours_lines import UnclearLine, read_line
from guichet.directory.models import Network, Structure
from guichet.directory.models.structures import StructureQuerySet
from guichet.directory.network_columns import (
    CODE,
    COLUMN_NAMES,
    COLUMNS,
    ERASED,
    HOURS_COLUMNS,
    Column,
    HoursColumn,
    hours_cells,
    same_cell,
)
from guichet.directory.opening_words import WEEKDAYS

MOST_SITES = 50_000
HOURS = "horaires"
COLUMN_OF = {column.name: column for column in COLUMNS}
HOURS_COLUMN_OF = {column.name: column for column in HOURS_COLUMNS}
Cells = dict[str, str]


class CellChange(NamedTuple):
    """One field, before and after, as its cell reads."""

    column: str
    before: str
    after: str


@dataclass
class SiteEdit:
    """What becomes of one site: `values` for `correct_structure`, `week` for `correct_hours`."""

    line: int
    structure: Structure
    values: dict[str, Any] = field(default_factory=dict)
    week: Week | None = None
    changes: list[CellChange] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """`edits` in the order of the file; nothing may be applied when there are `faults`."""

    edits: list[SiteEdit]
    unchanged: int
    faults: list[Fault]

    @property
    def digest(self) -> str:
        """Two plans that would do the same have the same."""
        told = [[edit.structure.code, edit.changes] for edit in self.edits]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def changes_by_column(self) -> list[tuple[str, int]]:
        """How many sites each column changes, in the order of the columns."""
        counts = Counter(change.column for edit in self.edits for change in edit.changes)
        return [(name, counts[name]) for name in COLUMN_NAMES if counts[name]]


def editable_sites(network: Network) -> StructureQuerySet:
    """The sites whose row is exported, and that a file may change."""
    sites = Structure.objects.receiving_public().filter(network=network)
    return sites.prefetch_related("intervals").order_by("name", "pk")


def plan_of(content: bytes, network: Network) -> Plan:
    """Read the file against the network as it stands. Never raises: an unreadable file is one
    fault, of line 0."""
    try:
        sheet = read_sheet(content, wanted=CODE)
    except UnreadableSheet as error:
        return Plan([], 0, [Fault(0, "", "", str(error))])
    names, faults = columns_of(sheet)
    if faults:
        return Plan([], 0, [*faults, *sheet.faults])
    if len(sheet.records) > MOST_SITES:
        message = f"{len(sheet.records)} lignes : {MOST_SITES} au plus. Envoyez-les en deux fois."
        return Plan([], 0, [Fault(0, "", "", message)])
    return plan_of_sheet(sheet, names, network)


def plan_of_sheet(sheet: Sheet, names: list[str], network: Network) -> Plan:
    records = [(line, dict(zip(names, cells, strict=True))) for line, cells in sheet.records]
    known = known_sites(network, {cells[CODE].strip() for _, cells in records})
    faults = [*sheet.faults, *faults_of_codes(records, known)]
    edits = [
        edit_of(line, cells, known[cells[CODE].strip()], is_narrow=sheet.is_narrow)
        for line, cells in records
        if cells[CODE].strip() in known
    ]
    faults += [fault for edit in edits for fault in edit.faults]
    return Plan(
        edits=[edit for edit in edits if edit.changes],
        unchanged=sum(not edit.changes for edit in edits),
        faults=sorted(faults),
    )


def columns_of(sheet: Sheet) -> tuple[list[str], list[Fault]]:
    """The known name of each column, and what is wrong with the header."""
    by_folded = {folded(name): name for name in COLUMN_NAMES}
    names: list[str] = []
    faults: list[Fault] = []
    for title in sheet.header:
        written = " ".join(title.split())
        name = by_folded.get(folded(written), "")
        if not name and (written or holds_something(sheet, len(names))):
            faults.append(unknown_column(sheet.header_line, written))
        elif name and name in names:
            message = "Cette colonne est là deux fois : retirez l'une des deux."
            faults.append(Fault(sheet.header_line, name, "", message))
        names.append(name)
    if CODE not in names:
        message = (
            f"La colonne « {CODE} » manque : gardez les titres du fichier que vous avez téléchargé."
        )
        faults = [Fault(sheet.header_line, CODE, "", message)]
    return names, faults


def holds_something(sheet: Sheet, position: int) -> bool:
    return any(cells[position].strip() for _, cells in sheet.records)


def unknown_column(line: int, title: str) -> Fault:
    if not title:
        return Fault(
            line, "", "", "Une colonne n'a pas de titre : retirez-la, ou donnez-lui le sien."
        )
    close = get_close_matches(title[:80].casefold(), COLUMN_NAMES, n=1)
    hint = f" Vouliez-vous dire « {close[0]} » ?" if close else " Retirez-la."
    return Fault(line, title[:80], "", f"Cette colonne n'est pas connue.{hint}")


def known_sites(network: Network, codes: set[str]) -> dict[str, Structure]:
    return {site.code: site for site in editable_sites(network).filter(code__in=codes)}


def faults_of_codes(
    records: list[tuple[int, Cells]], known: dict[str, Structure]
) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for line, cells in records:
        code = cells[CODE].strip()
        if not code:
            yield Fault(line, CODE, "", "Le code manque : recopiez celui du fichier téléchargé.")
        elif code in seen:
            message = f"Ce site est déjà à la ligne {seen[code]} : ne gardez qu'une ligne."
            yield Fault(line, CODE, code[:80], message)
        elif code not in known:
            message = (
                "Ce code n'est pas celui d'un site ouvert de votre réseau : "
                "corrigez-le ou retirez la ligne."
            )
            yield Fault(line, CODE, code[:80], message)
        seen.setdefault(code, line)


def edit_of(line: int, cells: Cells, structure: Structure, *, is_narrow: bool) -> SiteEdit:
    edit = SiteEdit(line, structure)
    for name, column in COLUMN_OF.items():
        cell = cells.get(name, "").strip()
        if cell and not same_cell(cell, column.write(structure), is_narrow=is_narrow):
            read_value(edit, column, cell)
    read_week(edit, cells, is_narrow=is_narrow)
    return edit


def read_value(edit: SiteEdit, column: Column, cell: str) -> None:
    try:
        values = erased_values(column) if cell == ERASED else column.read(cell, edit.structure)
    except RuleViolation as error:
        edit.faults.append(Fault(edit.line, column.name, cell[:80], str(error)))
        return
    if all(getattr(edit.structure, name) == value for name, value in values.items()):
        return
    changed = copy(edit.structure)
    for name, value in values.items():
        setattr(changed, name, value)
    if "latitude" in values:
        changed.position_source = "correction"
    edit.values |= values
    change = CellChange(column.name, column.write(edit.structure), column.write(changed))
    edit.changes.append(change)


def erased_values(column: Column) -> dict[str, Any]:
    if column.erased is None:
        raise RuleViolation("Cette case ne peut pas être vidée : un site a toujours un nom.")
    return column.erased


def read_week(edit: SiteEdit, cells: Cells, *, is_narrow: bool) -> None:
    """The whole week as it would stand, when a cell of it changes."""
    filled = {name: cell for name in HOURS_COLUMN_OF if (cell := cells.get(name, "").strip())}
    written = hours_cells(edit.structure) if filled else {}
    changed = {
        name: cell
        for name, cell in filled.items()
        if not same_cell(cell, written[name], is_narrow=is_narrow)
    }
    if not changed:
        return
    held = week_of(edit.structure)
    missing = [] if held is not None else days_without_word(filled)
    if missing:
        message = (
            "Les horaires de ce site étaient inconnus : remplissez les sept jours, avec « fermé » "
            "quand il ne reçoit pas."
        )
        edit.faults.append(Fault(edit.line, missing[0], "", message))
    week = {*(held or ())}
    for name in changed:
        column = HOURS_COLUMN_OF[name]
        week -= {one for one in week if is_of(one, column)}
    for name, cell in changed.items():
        week |= read_day_cell(edit, HOURS_COLUMN_OF[name], cell)
    settle_week(edit, held, sorted(week))


def days_without_word(filled: Iterable[str]) -> list[str]:
    said = {HOURS_COLUMN_OF[name].weekday for name in filled}
    return [day for weekday, day in enumerate(WEEKDAYS) if weekday not in said]


def is_of(interval: Interval, column: HoursColumn) -> bool:
    return (interval.kind, interval.weekday) == (column.kind, column.weekday)


def read_day_cell(edit: SiteEdit, column: HoursColumn, cell: str) -> set[Interval]:
    try:
        ranges = () if cell == ERASED else read_line(cell, column.kind)
    except UnclearLine as error:
        edit.faults.append(Fault(edit.line, column.name, cell[:80], str(error)))
        return set()
    return {Interval(column.weekday, one.opens, one.closes, one.kind, one.note) for one in ranges}


def settle_week(edit: SiteEdit, held: Week | None, week: Week) -> None:
    if edit.faults or held == week:
        return
    try:
        refuse_overlaps(week)
    except RuleViolation as error:
        edit.faults.append(Fault(edit.line, HOURS, "", str(error)))
        return
    edit.week = week
    for column in HOURS_COLUMNS:
        before = line_of([one for one in held or () if is_of(one, column)])
        after = line_of([one for one in week if is_of(one, column)])
        if before != after:
            edit.changes.append(CellChange(column.name, before, after))
    if not any(change.column in HOURS_COLUMN_OF for change in edit.changes):
        edit.changes.append(CellChange(WEEKDAYS[0], "", "fermé toute la semaine"))


def apply_plan(
    content: bytes, *, network: Network, digest: str, by: User
) -> Iterator[tuple[int, int]]:
    """Apply the plan that was previewed, in one transaction; yields (sites done, sites in all).

    `RuleViolation`, and nothing applied, when the sites changed since the preview (`digest`).
    """
    with transaction.atomic():
        locked = Structure.objects.filter(network=network).order_by("pk").select_for_update()
        list(locked.values_list("pk"))
        plan = plan_of(content, network)
        if plan.faults or plan.digest != digest:
            raise RuleViolation(
                "Des fiches ont changé depuis l'aperçu : rien n'a été appliqué. Relisez l'aperçu."
            )
        for number, edit in enumerate(plan.edits, start=1):
            if edit.values:
                correct_structure(structure=edit.structure, by=by, **edit.values)
            if edit.week is not None:
                correct_hours(structure=edit.structure, intervals=edit.week, by=by)
            yield number, len(plan.edits)
