"""The columns of the file that a network's lead edits: each field of a site as one cell.

Owns how a field is written in a cell and read back; refuses nothing that `entries` accepts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from guichet.core.errors import RuleViolation
from guichet.core.text import folded, one_line, without_controls
from guichet.directory import entries
from guichet.directory.actions.weekly_hours import line_name, written_week
from guichet.directory.models import Accessibility, ReceptionKind, Structure
from guichet.directory.opening_words import WEEKDAYS
from guichet.directory.phones import region_of_commune

CODE = "code"
ERASED = "(vide)"
BETWEEN = " | "
MOST_ITEMS = 12
LONGEST_ITEM = 700
MOST_PARTNERS = 40
ACCESS_WORDS = {
    Accessibility.FULL: "oui",
    Accessibility.ON_REQUEST: "sur demande",
    Accessibility.NONE: "non",
    Accessibility.UNKNOWN: "",
}
_LABELLED = re.compile(r"(?P<value>.*?)\s*(?:\((?P<label>[^()]*[^()\d\s][^()]*)\))?", re.DOTALL)
_LABELLED_PAGE = re.compile(r"(?P<value>\S+)\s*(?:\((?P<label>.*)\))?", re.DOTALL)

Values = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """`write` gives the cell of a structure; `read` the values that `correct_structure` takes,
    or raises `RuleViolation`; `erased` those of « (vide) », None where it makes no sense."""

    name: str
    write: Callable[[Structure], str]
    read: Callable[[str, Structure], Values]
    erased: Values | None


@dataclass(frozen=True)
class HoursColumn:
    """One way of being received, on one day of the week (Monday is 0)."""

    name: str
    kind: str
    weekday: int


def same_cell(cell: str, written: str, *, is_narrow: bool) -> bool:
    """True when `cell` is what was exported, give or take line ends and lost characters."""
    if plain(cell) == plain(written):
        return True
    narrowed = written.encode("cp1252", "replace").decode("cp1252")
    return is_narrow and plain(cell) == plain(narrowed)


def plain(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines()).strip()


def text_column(name: str, field: str, *, may_be_empty: bool = True) -> Column:
    limit = Structure._meta.get_field(field).max_length or entries.LONGEST_TEXT  # type: ignore[union-attr]

    def read(cell: str, structure: Structure) -> Values:
        return {field: entries.short(cell, limit, "Ce texte")}

    return Column(name, partial(stored_text, field), read, {field: ""} if may_be_empty else None)


def long_text_column(name: str, field: str) -> Column:
    def read(cell: str, structure: Structure) -> Values:
        text = "\n".join(without_controls(line).rstrip() for line in cell.splitlines()).strip()
        if len(text) > entries.LONGEST_TEXT:
            raise RuleViolation(
                f"Ce texte a {len(text)} caractères : {entries.LONGEST_TEXT} au plus."
            )
        return {field: text}

    return Column(name, partial(stored_text, field), read, {field: ""})


def stored_text(field: str, structure: Structure) -> str:
    return str(getattr(structure, field))


def address_column(name: str, field: str) -> Column:
    """The address of a page."""

    def read(cell: str, structure: Structure) -> Values:
        return {field: entries.web_address(cell)}

    return Column(name, partial(stored_text, field), read, {field: ""})


def lines_column(name: str, field: str, most: int) -> Column:
    def read(cell: str, structure: Structure) -> Values:
        return {field: entries.text_lines("\n".join(re.split(r"\s\|\s|\n", cell)), most=most)}

    def write(structure: Structure) -> str:
        return BETWEEN.join(getattr(structure, field))

    return Column(name, write, read, {field: []})


def items_of(cell: str) -> list[str]:
    items = [item.strip() for item in re.split(r"[|\n]", cell) if item.strip()]
    if len(items) > MOST_ITEMS:
        raise RuleViolation(f"{len(items)} éléments dans cette case : {MOST_ITEMS} au plus.")
    if any(len(item) > LONGEST_ITEM for item in items):
        raise RuleViolation(f"Un élément de cette case a plus de {LONGEST_ITEM} caractères.")
    return items


def read_emails(cell: str, structure: Structure) -> Values:
    return {"emails": list(dict.fromkeys(entries.email_entry(item) for item in items_of(cell)))}


def read_phones(cell: str, structure: Structure) -> Values:
    region = region_of_commune(structure.commune_id or "")
    phones: dict[str, dict[str, str]] = {}
    for item in items_of(cell):
        match = _LABELLED.fullmatch(item)
        number, label = (match["value"], match["label"] or "") if match else (item, "")
        entry = entries.phone_entry(number, label, region=region)
        phones.setdefault(entry["number"], entry)
    return {"phones": list(phones.values())}


def write_phones(structure: Structure) -> str:
    return BETWEEN.join(
        labelled(phone.get("display") or phone["number"], phone.get("label", ""))
        for phone in structure.phones
    )


def links_column(name: str, field: str) -> Column:
    def read(cell: str, structure: Structure) -> Values:
        links: dict[str, dict[str, str]] = {}
        for item in items_of(cell):
            match = _LABELLED_PAGE.fullmatch(item)
            page, label = (match["value"], match["label"] or "") if match else (item, "")
            entry = entries.link_entry(page, label)
            links.setdefault(entry["url"], entry)
        return {field: list(links.values())}

    def write(structure: Structure) -> str:
        return BETWEEN.join(
            labelled(link["url"], link.get("label", "")) for link in getattr(structure, field)
        )

    return Column(name, write, read, {field: []})


def labelled(value: str, label: str) -> str:
    return f"{value} ({label})" if label else value


def read_postal_code(cell: str, structure: Structure) -> Values:
    """A spreadsheet drops the zero of « 01000 »."""
    code = one_line(cell).replace(" ", "")
    if not re.fullmatch(r"[0-9]{4,5}", code):
        raise RuleViolation("Un code postal a cinq chiffres. Exemple : 59000.")
    return {"postal_code": code.zfill(5)}


def read_position(cell: str, structure: Structure) -> Values:
    latitude, longitude = entries.position(cell) or (None, None)
    return {"latitude": latitude, "longitude": longitude}


def read_access(cell: str, structure: Structure) -> Values:
    written = folded(cell.strip())
    for code, word in ACCESS_WORDS.items():
        if word and written in (word, code.value.lower(), folded(code.label)):
            return {"accessibility": code.value}
    raise RuleViolation("Écrivez « oui », « sur demande » ou « non ».")


def write_access(structure: Structure) -> str:
    return ACCESS_WORDS.get(Accessibility(structure.accessibility), "")


COLUMNS: tuple[Column, ...] = (
    text_column("nom", "name", may_be_empty=False),
    text_column("sigle", "acronym"),
    lines_column("adresse", "address_lines", entries.MOST_LINES),
    Column(
        "code postal", partial(stored_text, "postal_code"), read_postal_code, {"postal_code": ""}
    ),
    text_column("ville", "town"),
    Column("position", entries.position_text, read_position, {"latitude": None, "longitude": None}),
    Column("accès en fauteuil roulant", write_access, read_access, {"accessibility": ""}),
    long_text_column("précision d'accès", "accessibility_note"),
    Column("téléphones", write_phones, read_phones, {"phones": []}),
    text_column("relais pour personnes sourdes", "relay_phone"),
    Column("courriels", lambda one: BETWEEN.join(one.emails), read_emails, {"emails": []}),
    links_column("sites internet", "websites"),
    address_column("formulaire de contact", "contact_form"),
    address_column("prise de rendez-vous", "appointment_url"),
    address_column("messagerie instantanée", "chat_url"),
    address_column("visioconférence", "video_url"),
    links_column("réseaux sociaux", "social_links"),
    long_text_column("informations", "information"),
    lines_column("partenaires", "partners", MOST_PARTNERS),
    long_text_column("précisions sur les horaires", "hours_text"),
)
_KIND_WORDS = {
    ReceptionKind.WALK_IN: "",
    ReceptionKind.APPOINTMENT: " sur rendez-vous",
    ReceptionKind.TELEPHONE: " par téléphone",
}
HOURS_COLUMNS: tuple[HoursColumn, ...] = tuple(
    HoursColumn(f"{day}{_KIND_WORDS[kind]}", kind.value, weekday)
    for kind in ReceptionKind
    for weekday, day in enumerate(WEEKDAYS)
)
COLUMN_NAMES: tuple[str, ...] = (
    CODE,
    *(column.name for column in COLUMNS),
    *(column.name for column in HOURS_COLUMNS),
)


def hours_cells(structure: Structure) -> dict[str, str]:
    """The cell of each column of hours, the structure's `intervals` prefetched."""
    lines = written_week(structure)
    return {
        column.name: lines.get(line_name(column.kind, column.weekday), "")
        for column in HOURS_COLUMNS
    }


def written_row(structure: Structure) -> list[str]:
    return [
        structure.code,
        *(column.write(structure) for column in COLUMNS),
        *hours_cells(structure).values(),
    ]
