"""The catalogue as this project ships it: one line of JSON a sheet, without the sheets' text.

Owns the layout, written and read here only; refuses a line that does not keep to it.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from .base import OnlineService, Organism, Read, Sheet, UnreadableSource

SHIPPED = Path(__file__).parents[2] / "reference" / "procedures.jsonl.gz"
Entry = TypeVar("Entry", Organism, OnlineService)
TEXTS = ("title", "subject", "theme", "folder", "description", "url")


@dataclass(frozen=True, slots=True)
class Heading:
    """The first line: the edition's day, where the sheets come from, how many for each audience."""

    edition: date
    source: str
    sheets: dict[str, int]


def written(rows: Iterable[tuple[Sheet, str]], source: str) -> bytes:
    """The compressed catalogue of (sheet, keywords), the same bytes for the same rows.

    An organism or an online service that many sheets name is written once, in the second and third
    lines; the sheets give its rank there.
    """
    rows = sorted(rows, key=lambda row: (row[0].audience, len(row[0].code), row[0].code))
    days = [sheet.updated_on for sheet, _ in rows if sheet.updated_on]
    counts: dict[str, int] = {}
    for sheet, _ in rows:
        counts[sheet.audience] = counts.get(sheet.audience, 0) + 1
    organisms = ranks(one for sheet, _ in rows for one in sheet.organisms)
    online = ranks(one for sheet, _ in rows for one in sheet.online)
    lines: list[object] = [
        {"edition": max(days).isoformat(), "source": source, "sheets": counts},
        [[one.title, one.pivot, one.note, one.url] for one in organisms],
        [[one.type, one.title, one.url, one.cerfa] for one in online],
    ]
    lines += [
        {
            "code": sheet.code,
            "audience": sheet.audience,
            **{name: said for name in TEXTS if (said := getattr(sheet, name))},
            "keywords": keywords,
            "organisms": [organisms[one] for one in sheet.organisms],
            "online": [online[one] for one in sheet.online],
            "updated_on": sheet.updated_on.isoformat() if sheet.updated_on else None,
        }
        for sheet, keywords in rows
    ]
    text = "".join(
        json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines
    )
    return gzip.compress(text.encode(), compresslevel=9, mtime=0)


def ranks(entries: Iterable[Entry]) -> dict[Entry, int]:
    found: dict[Entry, int] = {}
    for entry in entries:
        found.setdefault(entry, len(found))
    return found


def read_heading(path: Path = SHIPPED) -> Heading:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return heading_of(json.loads(next(lines)))


def heading_of(values: dict[str, Any]) -> Heading:
    return Heading(date.fromisoformat(values["edition"]), values["source"], values["sheets"])


def read_compact(path: Path = SHIPPED) -> Iterator[Read]:
    """The sheets of a compact catalogue. Raises `UnreadableSource` for any other content."""
    number = 0
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            heading_of(json.loads(next(lines)))
            organisms = [Organism(*values) for values in json.loads(next(lines))]
            online = [OnlineService(*values) for values in json.loads(next(lines))]
            for number, line in enumerate(lines, start=4):
                values = json.loads(line)
                sheet = sheet_of(values, organisms, online)
                yield Read(path.name, number, sheet, keywords=values["keywords"])
    except (OSError, EOFError, StopIteration, ValueError, LookupError, TypeError) as error:
        raise UnreadableSource(
            f"Le catalogue livré « {path.name} » est abîmé (ligne {number}) : réinstallez le "
            "logiciel, ou refaites ce fichier avec scripts/build_procedures.py."
        ) from error


def sheet_of(
    values: dict[str, Any], organisms: list[Organism], online: list[OnlineService]
) -> Sheet:
    updated_on = values["updated_on"]
    return Sheet(
        code=values["code"],
        audience=values["audience"],
        **{name: values.get(name, "") for name in TEXTS},
        organisms=tuple(organisms[rank] for rank in values["organisms"]),
        online=tuple(online[rank] for rank in values["online"]),
        updated_on=date.fromisoformat(updated_on) if updated_on else None,
    )
