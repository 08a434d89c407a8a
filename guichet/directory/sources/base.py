"""What every reader of a source yields: structures as plain values, and faults.

Owns the shape shared by all formats; refuses any knowledge of the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SourcePhone:
    """A telephone number as the source writes it, with what it is for."""

    number: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class SourceInterval:
    """One weekly opening: `weekday` 0 is Monday; `closes` at or before `opens` ends the next day.

    `kind` is "walk_in", "appointment" or "telephone". `note` is a condition that no calendar can
    settle ("semaines paires").
    """

    weekday: int
    opens: time
    closes: time
    kind: str = "walk_in"
    note: str = ""


@dataclass(frozen=True, slots=True)
class SourceStructure:
    """A place that receives the public, as one source describes it.

    `line` is where it stands in the file (1-based; the item's rank in a JSON array). `hours` is
    None when the source says nothing, an empty tuple when it says "closed all week";
    `unknown_weekdays` are the days about which `hours` is silent because the source could not be
    read with certainty: they are unknown, not closed. `hours_text` keeps what was not read.
    `level` is "site" (then that of its kind), or what the source says. A source gives the
    parent (`parent_identifier`), or on the parent's side its children (`child_identifiers`).
    Coordinates are WGS 84 degrees; `position_source` is the format's name, "ban" (address
    database) or "commune" (its centre).
    """

    line: int
    identifier: str
    other_identifiers: tuple[tuple[str, str], ...]
    name: str
    kinds: tuple[str, ...]
    commune_code: str
    served_commune_codes: tuple[str, ...] = ()
    former_name: str = ""
    acronym: str = ""
    address_lines: tuple[str, ...] = ()
    postal_code: str = ""
    town: str = ""
    latitude: float | None = None
    longitude: float | None = None
    position_source: str = ""
    phones: tuple[SourcePhone, ...] = ()
    relay_phone: str = ""
    emails: tuple[str, ...] = ()
    websites: tuple[tuple[str, str], ...] = ()
    contact_form: str = ""
    chat: str = ""
    social_links: tuple[tuple[str, str], ...] = ()
    accessibility: str = ""
    accessibility_note: str = ""
    hours: tuple[SourceInterval, ...] | None = None
    unknown_weekdays: tuple[int, ...] = ()
    hours_text: str = ""
    information: str = ""
    partners: tuple[str, ...] = ()
    parent_identifier: str = ""
    child_identifiers: tuple[str, ...] = ()
    level: str = "site"
    siret: str = ""
    updated_on: date | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong on one line, and what was done about it.

    `severity` is "error" (the structure is refused) or "warning" (the field was left aside and
    the structure kept). `message` is French and says how to mend it; `value` is cut at 200
    characters; `done` says what the import did.
    """

    line: int
    identifier: str
    field: str
    value: str
    message: str
    done: str
    severity: str = "error"


class UnreadableSource(Exception):
    """The file as a whole cannot be read: nothing of it may be imported. Carries French text."""


class Source(Protocol):
    """A format. `read` streams; it raises `UnreadableSource` when the rest cannot be trusted."""

    name: str

    def read(self, path: str) -> Iterator[SourceStructure | Fault]: ...
