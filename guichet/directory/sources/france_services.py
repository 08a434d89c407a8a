"""France services houses of 2020 (`--format france-services`), a CSV with hours in free text.

Owns its columns; refuses to assert a day whose text has more than one reading (`free_text_hours`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from .base import Fault, SourceInterval, SourceStructure
from .csv_rows import Row, read_rows
from .fields import (
    FaultLog,
    checked_identifier,
    checked_name,
    clean_text,
    looks_like_web_address,
    read_coordinates,
    read_emails,
    read_phones,
    read_postal_code,
    read_web_address,
)
from .free_text_hours import DayReading, read_day

EXPECTED = "le tableau CSV des France services (colonnes matricule, nom, h_lundi… h_samedi)"
# The table has no Sunday: it is taken as closed, like a day marked "-".
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi")
COLUMNS = (
    "matricule",
    "nom",
    "itinerance",
    "labellisation",
    "adresse",
    "code_postal",
    "commune",
    "code_insee",
    "lat",
    "lon",
    "telephone",
    "courriel",
    *(f"h_{day}" for day in DAYS),
    "commentaire_horaires",
)
KIND = "france_services"
EXAMPLE = "9:00 - 12:00 / 14:00 - 17:00"
_LABELLED = re.compile(r"(?:(\d{2})/)?(\d{2})/(\d{4})$")


class FranceServicesSource:
    """Reads the table; see `base.Source`. Identifiers are "france-services-<matricule>"."""

    name = "france-services"

    def read(self, path: str) -> Iterator[SourceStructure | Fault]:
        """Yields structures and faults in the order of the file; raises `UnreadableSource`."""
        seen: set[str] = set()
        for item in read_rows(path, COLUMNS, EXPECTED):
            if isinstance(item, Fault):
                yield item
            else:
                yield from _read_row(item, seen)


def _read_row(row: Row, seen: set[str]) -> Iterator[SourceStructure | Fault]:
    log = FaultLog(row.line)
    number = clean_text(row.cells["matricule"])
    identifier = checked_identifier(
        number and f"{FranceServicesSource.name}-{number}", "matricule", log, seen
    )
    name = checked_name(row.cells["nom"], "nom", log)
    structure = _structure(row, identifier, name, log) if identifier and name else None
    yield from log.faults
    if structure:
        yield structure


def _structure(row: Row, identifier: str, name: str, log: FaultLog) -> SourceStructure:
    cells = row.cells
    commune_code = clean_text(cells["code_insee"])
    latitude, longitude = read_coordinates(cells["lat"], cells["lon"], "lat, lon", log)
    emails, website = _emails_or_website(cells["courriel"], log)
    hours = _week(cells, log)
    return SourceStructure(
        line=row.line,
        identifier=identifier,
        other_identifiers=(),
        name=_full_name(name),
        kinds=(KIND,),
        commune_code=commune_code,
        address_lines=tuple(filter(None, (clean_text(cells["adresse"]),))),
        postal_code=read_postal_code(cells["code_postal"], commune_code, "code_postal", log),
        town=clean_text(cells["commune"]),
        latitude=latitude,
        longitude=longitude,
        position_source="" if latitude is None else FranceServicesSource.name,
        phones=read_phones(cells["telephone"], "", commune_code, "telephone", log),
        emails=emails,
        websites=(("", website),) if website else (),
        hours=hours.intervals,
        unknown_weekdays=hours.unknown_weekdays,
        hours_text=hours.text,
        information=_information(cells),
        updated_on=_labelled_on(cells["labellisation"]),
    )


def _full_name(name: str) -> str:
    """The table names the place only ("Valserhône"); the label is put before, as the DILA does."""
    return name if "france services" in name.lower() else f"France services - {name}"


def _information(cells: dict[str, str]) -> str:
    if clean_text(cells["itinerance"]).lower() == "oui":
        return "Espace itinérant : renseignez-vous sur les lieux et les jours de passage."
    return ""


def _labelled_on(cell: str) -> date | None:
    """The only date of a row: when it was labelled. Older than the survey, never newer."""
    found = _LABELLED.search(clean_text(cell))
    if not found:
        return None
    try:
        return date(int(found[3]), int(found[2]), int(found[1] or 1))
    except ValueError:
        return None


def _emails_or_website(cell: str, log: FaultLog) -> tuple[tuple[str, ...], str]:
    if looks_like_web_address(cell):
        return (), read_web_address(cell, "courriel", log)
    return read_emails(cell, "courriel", log), ""


class _Week(NamedTuple):
    intervals: tuple[SourceInterval, ...] | None
    unknown_weekdays: tuple[int, ...]
    text: str


def _week(cells: dict[str, str], log: FaultLog) -> _Week:
    comment = clean_text(cells["commentaire_horaires"])
    noted_days = _noted_days(comment)
    intervals: list[SourceInterval] = []
    unknown = []
    texts = []
    for weekday, day in enumerate(DAYS):
        cell = cells[f"h_{day}"]
        reading = read_day(cell)
        if reading.intervals is None:
            unknown.append(weekday)
            texts += _text_of_doubt(day, cell, reading, log)
            continue
        note = comment if weekday in noted_days else ""
        intervals += [SourceInterval(weekday, *interval, note) for interval in reading.intervals]
    text = "\n".join([*texts, comment] if comment else texts)
    if len(unknown) == len(DAYS):
        return _Week(None, (), text)
    return _Week(tuple(intervals), tuple(unknown), text)


def _text_of_doubt(day: str, cell: str, reading: DayReading, log: FaultLog) -> list[str]:
    if reading.status == "silent":
        return []
    log.warn(
        f"h_{day}",
        cell,
        f"Horaires du {day} non lus : {reading.reason}. Écrivez-les ainsi : {EXAMPLE}.",
        "horaires de ce jour inconnus, texte gardé",
    )
    return [f"{day.capitalize()} : {clean_text(cell)}"]


def _noted_days(comment: str) -> frozenset[int]:
    """The days that a comment conditions: those it names, or all of them."""
    lowered = comment.lower()
    named = frozenset(weekday for weekday, day in enumerate(DAYS) if day in lowered)
    return named or frozenset(range(len(DAYS)) if comment else ())
