"""Small CSV files of a release: as § 12 writes them, quoted only where words hold a comma.

Owns the bytes; refuses to know the columns.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 without mark, LF after every line, the header first, then lines sorted by bytes."""
    lines = sorted(line_of(row) for row in rows)
    return b"".join([line_of(header), *lines])


def line_of(row: Sequence[str]) -> bytes:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow(row)
    return written.getvalue().encode()
