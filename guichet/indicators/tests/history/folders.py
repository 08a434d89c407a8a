"""Small fictional folders of the barometer's shape. Of its indicators a few; no real value."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

from guichet.indicators.history.reading import AIM, COLUMNS, EDITION, LIST_COLUMNS, SERIES, table

EDITION_ROWS = (
    ("IND-246", "DEPT", "D59", "2023-07-01", "91.5"),
    ("IND-246", "NAT", "FRANCE", "2023-07-01", "92.25"),
    ("IND-246", "DEPT", "D59", "2026-12-01", "", "95.0"),
    ("IND-296", "DEPT", "D59", "2022-06-01", "4.51"),
    ("IND-323", "REG", "R32", "2023-01-01", "1234.0"),
    ("IND-208", "NAT", "FRANCE", "2023-01-01", "17.5"),
)
SERIES_ROWS = (
    ("DEPT", "59", "Familles", "nb-familles-aripa", "812.0", "2021-01-31"),
    ("REG", "32", "Familles", "nb-familles-aripa", "1500.0", "2021-01-31"),
    ("NAT", "FR", "Satisfaction", "tx-satisfaction-usagers-services-publics", "71.0", "2017-12-31"),
)


def folder_of(
    tmp_path: Path,
    edition: tuple[tuple[str, ...], ...] = EDITION_ROWS,
    series: tuple[tuple[str, ...], ...] = SERIES_ROWS,
) -> Path:
    """The three files, written under `tmp_path`."""
    told = table()
    columns = (*COLUMNS[EDITION], AIM)
    padded = tuple((*row, "")[: len(columns)] for row in edition)
    write(tmp_path / told[EDITION]["values"], columns, padded)
    write(tmp_path / told[SERIES]["values"], COLUMNS[SERIES], series)
    listed = tuple(
        (
            row["id"],
            f"Intitulé de {row['id']}",
            "Comment il est compté",
            "baisse" if row["unit"] == "month" else "hausse",
        )
        for row in told[EDITION]["indicator"]
    )
    write(tmp_path / told[EDITION]["indicators"], LIST_COLUMNS, listed)
    return tmp_path


def write(path: Path, columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(rows)
    content = text.getvalue().encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
