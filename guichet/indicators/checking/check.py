"""One file, checked whole: what is wrong, what to confirm, what it would change.

Owns the order of the checks; refuses to write anything but its prepared files.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from guichet.directory.models import Network, Structure
from guichet.indicators import lake
from guichet.indicators.calculations.definition import Definition
from guichet.indicators.checking import (
    declared,
    expected,
    history,
    jumps,
    repeated_keys,
    rows,
    sentences,
)
from guichet.indicators.checking.changes import changes_of
from guichet.indicators.checking.columns import (
    COUNTERS,
    CUT,
    DECLARED,
    KEY,
    NEEDED_KEY,
    STRUCTURE,
    Columns,
    columns_of,
)
from guichet.indicators.checking.declared import DeclaredRow
from guichet.indicators.checking.engine import engine
from guichet.indicators.checking.faults import KEPT, Fault, Findings
from guichet.indicators.checking.keys import judged
from guichet.indicators.checking.knowing import known_of
from guichet.indicators.checking.known import Known
from guichet.indicators.checking.places import facts_of, suggestions
from guichet.indicators.checking.published_sums import published_sums
from guichet.indicators.checking.structures import (
    named,
    places_of_publication,
    structures_table,
)
from guichet.indicators.files.invisible import invisible_sentence
from guichet.indicators.files.staged import Staged

Progress = Callable[[str], None]


@dataclass
class Checked:
    """`rows_file` holds the observations to accept when nothing is refused, `declared` the
    declared values; `changes` is what they would change; `definitions`, by primary key, are
    those that the rows were checked against."""

    findings: Findings = field(default_factory=Findings)
    row_count: int = 0
    contents: list[list[Any]] = field(default_factory=list)
    is_declared: bool = False
    rows_file: Path | None = None
    declared: list[DeclaredRow] = field(default_factory=list)
    changes: dict[str, Any] = field(default_factory=dict)
    definitions: dict[int, Definition] = field(default_factory=dict)


@dataclass(frozen=True)
class Sending:
    """Who sends, for what: a network, a source, the subtree held (None: all of it), the day."""

    network: Network
    source: str
    scope: Structure | None
    today: date

    def known(self) -> Known:
        return known_of(self.network, source=self.source, scope=self.scope, today=self.today)


def check(
    staged: Staged,
    sending: Sending,
    folder: Path,
    progress: Progress,
    *,
    most_faults: int = KEPT,
) -> Checked:
    """Check a staged file against what is known; prepared files go into `folder`.

    `most_faults` are kept in words, the others counted.
    """
    columns = columns_of(staged.headers)
    findings = Findings(most=most_faults)
    checked = Checked(findings, row_count=staged.row_count, is_declared=columns.is_declared)
    tell_file_faults(staged, columns, checked.findings)
    if not staged.row_count and not staged.fault_count:
        line = staged.header_line + 1
        checked.findings.add(
            Fault(line, "", "", "", "Le fichier n'a aucune ligne sous ses titres : ajoutez-en.")
        )
    needed = DECLARED if columns.is_declared else NEEDED_KEY
    if not set(needed) <= set(columns.positions):
        return checked
    if columns.is_declared:
        check_declared(staged, columns, sending, checked)
        return checked
    progress("Contrôle des lignes")
    with engine(folder, staged.path.parent, lake.root()) as connection:
        Inspection(staged, columns, sending, connection, checked).run(folder, progress)
    return checked


def tell_file_faults(staged: Staged, columns: Columns, findings: Findings) -> None:
    for header in columns.faults:
        column = header.column[:200]
        cell = staged.cell(column, staged.header_line)
        findings.add(Fault(staged.header_line, column, cell, column, header.message))
    for fault in staged.faults:
        cell = staged.cell(fault.column, fault.line)
        findings.add(Fault(fault.line, fault.column, cell, fault.value, fault.message))
    findings.count_more(staged.fault_count - len(staged.faults))


def check_declared(staged: Staged, columns: Columns, sending: Sending, checked: Checked) -> None:
    findings = checked.findings
    if staged.row_count > declared.MOST_ROWS:
        message = "Ce fichier a plus de 200 000 valeurs déclarées : envoyez-le en plusieurs fois."
        findings.add(Fault(staged.header_line, "", "", "", message))
        return
    known = sending.known()
    cells = told_cells(findings)
    places = declared.places_of(sending.network, sending.scope)
    for line, found in declared.read_declared(staged.path, columns.positions, known, places):
        if isinstance(found, DeclaredRow):
            checked.declared.append(found)
            continue
        for column, value, message in found:
            told = invisible_sentence(value) or message
            fault = titled_fault(staged, columns, line, column, value, told)
            if fault.cell not in cells:
                findings.add(fault)
    sort_faults(findings, staged)
    checked.contents = declared.contents_of(checked.declared)
    keep_definitions(checked, known)


def keep_definitions(checked: Checked, known: Known) -> None:
    for code, number in {(code, number) for code, number, *_ in checked.contents}:
        version = known.versions[code, number]
        checked.definitions[version.key] = version.definition


def told_cells(findings: Findings) -> set[str]:
    """The cells of which reading the file said what is wrong: a formula is told once."""
    return {fault.cell for fault in findings.faults if fault.cell}


def sort_faults(findings: Findings, staged: Staged) -> None:
    """As they stand in the file: by line, then from left to right."""
    ranks = {title: rank for rank, title in enumerate(staged.headers)}
    findings.faults.sort(key=lambda fault: (fault.line, ranks.get(fault.column, len(ranks))))


def titled_fault(
    staged: Staged, columns: Columns, line: int, column: str, value: str, message: str
) -> Fault:
    position = columns.positions.get(column)
    title = column if position is None else staged.headers[position]
    return Fault(line, column, staged.cell(title, line), value[:200], message)


class Inspection:
    """The checks of one file of observations on one connection."""

    def __init__(
        self,
        staged: Staged,
        columns: Columns,
        sending: Sending,
        connection: duckdb.DuckDBPyConnection,
        checked: Checked,
    ) -> None:
        self.staged, self.columns, self.sending = staged, columns, sending
        self.connection, self.checked = connection, checked
        self.known: Known = sending.known()
        self.structures: pa.Table = structures_table(sending.network, sending.scope)
        self.found = rows.prepare(
            connection, staged.path, columns.positions, self.structures, self.known
        )

    def run(self, folder: Path, progress: Progress) -> None:
        self.tell_missing_counters()
        rows.mark_rows(
            self.connection, folder / "checked.parquet", self.found.shapes, self.columns.positions
        )
        self.tell_rows()
        self.tell_repeated_keys()
        findings = self.checked.findings
        sort_faults(findings, self.staged)
        if findings.is_refused:
            return
        self.checked.contents = self.contents()
        keep_definitions(self.checked, self.known)
        progress("Comparaison avec l'historique")
        self.compare()
        progress("Écriture des lignes")
        self.checked.rows_file = folder / "rows.parquet"
        rows.write_accepted(self.connection, self.checked.rows_file)

    def tell_missing_counters(self) -> None:
        wanted = {header: shape for shape in self.found.shapes for header in shape.headers}
        for header, shape in wanted.items():
            if header not in self.columns.positions:
                message = (
                    f"La colonne « {header} » manque : les indicateurs de la forme "
                    f"« {shape.kind.label} » la demandent."
                )
                self.checked.findings.add(Fault(self.staged.header_line, header, "", "", message))

    def tell_rows(self) -> None:
        """The first marked rows in words; the others are counted."""
        marked = self.marked_rows()
        codes = {row.texts[STRUCTURE] for row in marked}
        facts = facts_of(codes, self.sending.network, self.sending.scope) if codes else {}
        meant = suggestions(codes, self.structures) if codes else {}
        findings, before = self.checked.findings, self.checked.findings.fault_count
        cells, again = told_cells(findings), before - len(findings.faults)
        for row in marked:
            texts = row.texts
            key = (texts[KEY[0]], texts[KEY[1]], texts[KEY[3]])
            one = self.found.judged.get(key) or judged(*key, self.known)
            place = facts.get(texts[STRUCTURE])
            number = rows.shape_number(self.found, one)
            shape = None if number is None else self.found.shapes[number]
            suggestion = meant.get(texts[STRUCTURE], "")
            for column, message in sentences.row_faults(
                row, one, shape, place, self.known, suggestion
            ):
                told = invisible_sentence(texts[column]) or message
                fault = self.fault(row.line, column, texts[column], told)
                if fault.cell in cells:
                    again += 1
                else:
                    findings.add(fault)
        if len(marked) == findings.most:
            total = rows.fault_total(self.connection) - again
            findings.count_more(total - (findings.fault_count - before))

    def marked_rows(self) -> list[sentences.MarkedRow]:
        names = (*KEY, *COUNTERS)
        found = self.connection.execute(
            f"""
            WITH bad AS (SELECT line, marks, bad, stray FROM checked
                         WHERE marks <> 0 OR bad <> 0 OR stray <> 0 ORDER BY line
                         LIMIT {self.checked.findings.most})
            SELECT line, marks, bad, stray, {", ".join(names)} FROM raw JOIN bad USING (line)
            ORDER BY line
            """
        ).fetchall()
        return [
            sentences.MarkedRow(line, dict(zip(names, texts, strict=True)), marks, bad, stray)
            for line, marks, bad, stray, *texts in found
        ]

    def tell_repeated_keys(self) -> None:
        most = self.checked.findings.most
        twice, count = repeated_keys.rows_twice(self.connection, most)
        for row in twice:
            message = sentences.duplicate_sentence(row.lines, row.times)
            self.checked.findings.add(self.fault(row.lines[1], STRUCTURE, "", message))
        self.checked.findings.count_more(count - len(twice))
        grains = self.found.grains
        cuts = {key: grain.cuts for key, grain in grains.items() if grain.cuts}
        lacking, count = repeated_keys.places_without_all_cuts(
            self.connection,
            {key: len(codes) for key, codes in cuts.items()},
            self.checked.findings.most,
        )
        for place in lacking:
            absent = [code for code in cuts[place.grain] if code not in place.present]
            message = sentences.missing_cuts_sentence(
                place.structure, place.period, absent, place.indicator
            )
            self.checked.findings.add(self.fault(place.line, CUT, "", message))
        self.checked.findings.count_more(count - len(lacking))

    def fault(self, line: int, column: str, value: str, message: str) -> Fault:
        return titled_fault(self.staged, self.columns, line, column, value, message)

    def compare(self) -> None:
        """Jumps and missing structures (warnings), and what the batch would change."""
        versions = {
            (one.version.definition.code, one.version.definition.version): one.version
            for one in self.found.judged.values()
            if one.version is not None
        }
        files = history.past_files(self.sending.network, self.sending.source, versions)
        keys = {name: version.key for name, version in versions.items()}
        history.make_history(self.connection, files, keys)
        notices, count = jumps.tell_jumps(
            self.connection, list(versions.values()), named, has_history=bool(files)
        )
        cells = {(code, number, when) for code, number, when, _ in self.checked.contents}
        has_overlap = history.make_overlap(self.connection, files, cells)
        findings = self.checked.findings
        findings.jump_count = count
        for notice in (*notices, *expected.tell_missing(self.connection, named)):
            findings.warn(notice)
        findings.warning_count += count - len(notices)
        changes = changes_of(self.connection, has_overlap=has_overlap)
        above = places_of_publication(self.sending.network, self.found.grains.values())
        row_count = self.checked.row_count
        changes["published"] = published_sums(self.connection, above, row_count=row_count)
        self.checked.changes = changes

    def contents(self) -> list[list[Any]]:
        found = self.connection.execute(
            """
            SELECT j.indicator, j.number, j.period, count(*)::BIGINT FROM checked c
            JOIN (SELECT DISTINCT cell, indicator, number, period FROM combinations) j USING (cell)
            GROUP BY ALL ORDER BY ALL
            """
        ).fetchall()
        return [list(row) for row in found]
