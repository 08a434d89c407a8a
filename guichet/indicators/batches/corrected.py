"""The received file again, with its mechanical mends made and a column that says what remains.

Owns this file (CSV); refuses to change a batch: the mended file is sent as another one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pyarrow.parquet as pq
from django.utils import timezone

from guichet.core.errors import RuleViolation
from guichet.directory.csv_sheets import written_lines
from guichet.indicators import lake
from guichet.indicators.checking.check import Checked, Sending, check
from guichet.indicators.checking.columns import ERROR, columns_of
from guichet.indicators.checking.mending import Mender, mended_file
from guichet.indicators.checking.structures import structures_table
from guichet.indicators.files.staged import Staged, UnreadableFile
from guichet.indicators.models import Batch
from guichet.indicators.reading import stage_received

MOST_FAULTS = 100_000
MOST_BYTES = 100_000_000
TOO_LARGE = (
    "Le fichier corrigé dépasserait 100 Mo : envoyez vos chiffres en plusieurs fichiers (par "
    "indicateur ou par période), ou corrigez le vôtre d'après la liste des défauts."
)


def corrected_file(batch: Batch) -> IO[bytes]:
    """The file (CSV), open at its beginning and erased once closed.

    `RuleViolation` when the received file could not be read at all, or gives one too large.
    """
    with lake.workshop() as folder:
        out = folder / "corrected.csv"
        write_corrected(batch, out, folder)
        return out.open("rb")


def write_corrected(batch: Batch, out: Path, folder: Path) -> Checked:
    """Write the file to `out`, in bounded memory; returns what the checks say of it."""
    try:
        staged = stage_received(lake.received_path(batch), folder / "staged.parquet")
    except UnreadableFile as error:
        raise RuleViolation(f"Ce fichier n'a pas pu être lu. {error}") from None
    sending = Sending(batch.network, batch.source, batch.scope, timezone.localdate())
    mender = Mender(sending.known(), structures_table(batch.network, batch.scope))
    columns = columns_of(staged.headers)
    mended = mended_file(staged, columns, mender, folder / "mended.parquet")
    checked = check(mended, sending, folder, lambda _: None, most_faults=MOST_FAULTS)
    written = 0
    with out.open("wb") as file:
        for piece in written_lines(lines_of(staged, mended, checked)):
            written += file.write(piece.encode())
            if written > MOST_BYTES:
                raise RuleViolation(TOO_LARGE)
    return checked


def lines_of(staged: Staged, mended: Staged, checked: Checked) -> Iterator[list[str]]:
    """Titles, then each row with what remains wrong, then the lines that could not be read."""
    remaining = sentences_by_line(checked)
    yield [*mended.headers, ERROR]
    about_file = remaining.pop(mended.header_line, []) + remaining.pop(0, [])
    with pq.ParquetFile(mended.path) as source:
        for batch in source.iter_batches(batch_size=20_000):
            columns = [column.to_pylist() for column in batch.columns]
            for line, *cells in zip(*columns, strict=True):
                told = [*about_file, *remaining.get(line, [])]
                about_file = []
                yield [*cells, " ".join(told)]
    blank = [""] * len(mended.headers)
    for words in about_file:
        yield [*blank, words]
    for fault in staged.faults:
        if not fault.column:
            yield [*blank, f"Ligne {fault.line} : {fault.message} « {fault.value} »"]


def sentences_by_line(checked: Checked) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for fault in checked.findings.faults:
        where = f"{fault.column} : " if fault.column else ""
        found.setdefault(fault.line, []).append(f"{where}{fault.message}")
    return found
