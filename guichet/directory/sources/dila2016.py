"""The DILA's directory as it was in 2016 (`--format dila2016`), a CSV of 18 columns.

Owns its columns; knows no hours, for that dump has none. Commune codes are those of 2026.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .base import Fault, SourceStructure
from .csv_rows import Row, read_rows
from .fields import (
    FaultLog,
    checked_identifier,
    checked_name,
    clean_block,
    clean_text,
    looks_like_web_address,
    read_coordinates,
    read_date,
    read_emails,
    read_phones,
    read_postal_code,
    read_web_address,
)

EXPECTED = "le tableau CSV de l'annuaire de la DILA de 2016 (colonnes id, type, nom, code_insee…)"
COLUMNS = (
    "id",
    "type",
    "nom",
    "code_insee",
    "adresse",
    "code_postal",
    "ville",
    "lat",
    "lon",
    "source_coord",
    "telephone",
    "courriel",
    "site",
    "accessibilite",
    "commentaire",
    "maj",
)
_POSITION_SOURCES = {"DILA": "dila", "BAN": "ban", "centroide_commune": "commune"}
_ACCESSIBILITIES = frozenset({"", "ACC", "DEM", "NAC"})


class Dila2016Source:
    """Reads the table; see `base.Source`."""

    name = "dila2016"

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
    identifier = checked_identifier(row.cells["id"], "id", log, seen)
    name = checked_name(row.cells["nom"], "nom", log)
    structure = _structure(row, identifier, name, log) if identifier and name else None
    yield from log.faults
    if structure:
        yield structure


def _structure(row: Row, identifier: str, name: str, log: FaultLog) -> SourceStructure:
    cells = row.cells
    commune_code = clean_text(cells["code_insee"])
    latitude, longitude = read_coordinates(cells["lat"], cells["lon"], "lat, lon", log)
    emails, contact_form = _emails_or_form(cells["courriel"], log)
    website = read_web_address(cells["site"], "site", log)
    position_source = _POSITION_SOURCES.get(cells["source_coord"], Dila2016Source.name)
    return SourceStructure(
        line=row.line,
        identifier=identifier,
        other_identifiers=(),
        name=name,
        kinds=tuple(filter(None, (clean_text(cells["type"]),))),
        commune_code=commune_code,
        address_lines=_address_lines(cells["adresse"]),
        postal_code=read_postal_code(cells["code_postal"], commune_code, "code_postal", log),
        town=clean_text(cells["ville"]),
        latitude=latitude,
        longitude=longitude,
        position_source="" if latitude is None else position_source,
        phones=read_phones(cells["telephone"], "", commune_code, "telephone", log),
        emails=emails,
        websites=(("", website),) if website else (),
        contact_form=contact_form,
        accessibility=_accessibility(cells["accessibilite"], log),
        information=clean_block(cells["commentaire"]),
        updated_on=read_date(cells["maj"], "maj", log),
    )


def _address_lines(cell: str) -> tuple[str, ...]:
    lines = (clean_text(line) for line in re.split(r" ; |\n", cell))
    return tuple(filter(None, dict.fromkeys(lines)))


def _emails_or_form(cell: str, log: FaultLog) -> tuple[tuple[str, ...], str]:
    if looks_like_web_address(cell):
        return (), read_web_address(cell, "courriel", log)
    return read_emails(cell, "courriel", log), ""


def _accessibility(cell: str, log: FaultLog) -> str:
    code = clean_text(cell)
    if code in _ACCESSIBILITIES:
        return code
    log.warn("accessibilite", code, "Codes admis : ACC, DEM, NAC.", "code ignoré")
    return ""
