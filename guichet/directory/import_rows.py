"""From a source's plain structure to database rows, many at a time.

Owns the mapping of fields and the bulk writes; refuses to decide what opens or closes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Any

from django.db import connection

from guichet.core.bulk import copy_rows, upsert_rows
from guichet.core.text import folded
from guichet.directory import phones
from guichet.directory.models import (
    Competence,
    Correction,
    Level,
    OpeningInterval,
    SourceIdentifier,
    Structure,
    StructureKind,
)
from guichet.directory.reference_tables import load_reference
from guichet.directory.sources.base import Fault, SourceInterval, SourceStructure
from guichet.territories.importing import replace_approximate_positions
from guichet.territories.models import Commune
from guichet.territories.queries import current_codes

TOWN_HALL = "mairie"
HOURS = "hours"
UNSAID_DAY = "horaires de ce jour non renseignés"
ABSENT_REASON = "absent de la dernière mise à jour de sa source"
COPIED_FIELDS = (
    "name",
    "former_name",
    "acronym",
    "postal_code",
    "town",
    "accessibility",
    "accessibility_note",
    "relay_phone",
    "contact_form",
    "hours_text",
    "information",
    "siret",
)
SOURCE_FIELDS = frozenset(
    {
        *COPIED_FIELDS,
        "address_lines",
        "emails",
        "partners",
        "websites",
        "social_links",
        "chat_url",
        "phones",
        "latitude",
        "longitude",
        HOURS,
    }
)


@dataclass
class Reference:
    """What rows are checked against, read once an import."""

    communes: dict[str, tuple[float | None, float | None]]
    former_communes: dict[str, str]
    kinds: dict[str, StructureKind]
    town_halls: dict[str, tuple[float, float]] = field(default_factory=dict)

    @classmethod
    def load(cls) -> Reference:
        load_reference()
        return cls(
            communes={
                code: (latitude, longitude)
                for code, latitude, longitude in Commune.objects.values_list(
                    "insee_code", "latitude", "longitude"
                )
            },
            former_communes=current_codes(),
            kinds=StructureKind.objects.in_bulk(),
        )

    def commune_code(self, code: str) -> str | None:
        """Today's code, or None when nobody knows it."""
        return code if code in self.communes else self.former_communes.get(code)

    def kind(self, code: str) -> StructureKind:
        """A kind that nobody described yet is kept under its code, in words."""
        if code not in self.kinds:
            label = code.replace("_", " ").replace("-", " ").capitalize()
            self.kinds[code] = StructureKind.objects.create(code=code, label=label)
        return self.kinds[code]

    def use_town_halls_as_positions(self) -> int:
        return replace_approximate_positions(self.town_halls)


@dataclass(frozen=True)
class Row:
    """One structure to write. A mention only ties the source's identifier to a better row."""

    item: SourceStructure
    digest: str
    structure: Structure
    stored: Structure | None
    is_mention: bool = False

    def as_mention(self) -> Row:
        return replace(self, is_mention=True)


@dataclass
class Outcome:
    counts: Counter[str] = field(default_factory=Counter)


def row_of(
    item: SourceStructure,
    digest: str,
    source: str,
    reference: Reference,
    stored: Structure | None,
) -> tuple[Row | None, list[Fault]]:
    """The row for `item`, or None with the fault that refuses it."""
    faults: list[Fault] = []
    commune_code = reference.commune_code(item.commune_code) if item.commune_code else None
    if item.commune_code and commune_code is None:
        return None, [unknown_commune(item)]
    structure = Structure() if stored is None else copy_of(stored)
    if stored is None:
        structure.code = item.identifier
    structure.is_fictional = source == "demonstration"
    kind_codes = item.kinds or ("autre",)
    kind = reference.kind(kind_codes[0])
    structure.kind = kind
    structure.network_id = kind.network_id
    structure.level = kind.level if item.level == Level.SITE else item.level
    structure.other_kinds = [reference.kind(code).code for code in kind_codes[1:]]
    structure.commune_id = commune_code
    for name in COPIED_FIELDS:
        setattr(structure, name, fitting(name, getattr(item, name), item, faults))
    structure.name = structure.name.lstrip("# ")
    structure.address_lines = [line[:250] for line in item.address_lines]
    structure.emails = [email[:254] for email in item.emails]
    structure.partners = [partner[:250] for partner in item.partners]
    structure.websites = labelled_links(item.websites)
    structure.social_links = labelled_links(item.social_links)
    structure.chat_url = fitting("chat_url", item.chat, item, faults)
    structure.phones = phone_entries(item, commune_code or "", faults)
    structure.hours_known = item.hours is not None
    place(structure, item, commune_code, reference)
    structure.search_name = search_name(structure)
    structure.source = source
    structure.checked_on = item.updated_on
    return Row(item, digest, structure, stored), faults


def copy_of(stored: Structure) -> Structure:
    values = {f.attname: getattr(stored, f.attname) for f in Structure._meta.concrete_fields}
    return Structure(**values)


def unknown_commune(item: SourceStructure) -> Fault:
    return Fault(
        line=item.line,
        identifier=item.identifier,
        field="code_insee",
        value=item.commune_code[:200],
        message="Code INSEE inconnu au 1er janvier 2026 et parmi les anciens codes : corrigez-le "
        "(cinq caractères, par exemple 59350 pour Lille).",
        done="structure refusée",
    )


def fitting(name: str, value: str, item: SourceStructure, faults: list[Fault]) -> str:
    """`value` cut to the column's length, with a warning when something is lost."""
    limit: int | None = Structure._meta.get_field(name).max_length  # type: ignore[union-attr]
    if limit is None or len(value) <= limit:
        return value
    faults.append(
        Fault(
            line=item.line,
            identifier=item.identifier,
            field=name,
            value=value[:200],
            message=f"Texte trop long ({len(value)} caractères, {limit} au plus) : "
            "raccourcissez-le.",
            done="texte coupé" if name != "chat_url" else "adresse laissée de côté",
            severity="warning",
        )
    )
    return "" if name in {"contact_form", "chat_url"} else value[:limit]


def labelled_links(links: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    return [
        {"label": label, "url": url}
        for label, url in links
        if url.startswith(("http://", "https://"))
    ]


def phone_entries(
    item: SourceStructure, commune_code: str, faults: list[Fault]
) -> list[dict[str, str]]:
    """The numbers that can be dialled, each once; the others are told and left aside."""
    region = phones.region_of_commune(commune_code)
    entries: dict[str, dict[str, str]] = {}
    for written in item.phones:
        phone = phones.normalise(written.number, region)
        if phone is None:
            faults.append(
                Fault(
                    line=item.line,
                    identifier=item.identifier,
                    field="telephone",
                    value=written.number[:200],
                    message=phones.why_unreadable(written.number),
                    done="numéro laissé de côté",
                    severity="warning",
                )
            )
            continue
        entries.setdefault(
            phone.e164,
            {
                "number": phone.e164,
                "display": phone.national,
                "cost": phone.cost,
                "label": written.label[:100],
            },
        )
    return list(entries.values())


def place(
    structure: Structure, item: SourceStructure, commune_code: str | None, reference: Reference
) -> None:
    """The source's position, else the middle of the commune, said to be so."""
    structure.latitude, structure.longitude = item.latitude, item.longitude
    structure.position_source = item.position_source or ("source" if item.latitude else "")
    if item.latitude is None and commune_code:
        structure.latitude, structure.longitude = reference.communes[commune_code]
        structure.position_source = "commune" if structure.latitude is not None else ""
    elif (
        commune_code
        and not structure.is_fictional
        and TOWN_HALL in item.kinds
        and item.latitude is not None
        and item.longitude is not None
    ):
        reference.town_halls[commune_code] = (item.latitude, item.longitude)


def search_name(structure: Structure) -> str:
    return folded(f"{structure.name} {structure.acronym} {structure.former_name}".strip())


def write_rows(rows: list[Row], source: str) -> Outcome:
    """Insert and update `rows`, their identifiers, hours and competences."""
    outcome = Outcome()
    full = [row for row in rows if not row.is_mention]
    keep_corrections(full)
    number_new_structures([row.structure for row in full if row.stored is None])
    for row in full:
        outcome.counts[kind_of_change(row, source)] += 1
    copy_rows(Structure, (row.structure for row in full if row.stored is None))
    upsert_rows(Structure, (row.structure for row in full if row.stored is not None), unique=["id"])
    write_identifiers(rows, source)
    write_hours(full)
    write_competences(full)
    return outcome


def kind_of_change(row: Row, source: str) -> str:
    """Also reopens a structure that had only gone missing from its source."""
    if row.stored is None:
        return "created"
    if row.stored.closed_on and row.stored.closed_reason == ABSENT_REASON:
        row.structure.closed_on = None
        row.structure.closed_reason = ""
        return "reopened"
    return "updated"


def number_new_structures(structures: list[Structure]) -> None:
    """Primary keys are drawn first, because a path holds its own."""
    if not structures:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('directory_structure', 'id')) "
            "FROM generate_series(1, %s)",
            [len(structures)],
        )
        for structure, (pk,) in zip(structures, cursor.fetchall(), strict=True):
            structure.pk = pk
            structure.path = str(pk)


def keep_corrections(rows: list[Row]) -> None:
    """What an agent set stays; the source's new value waits beside it."""
    of_structure: dict[int, list[Correction]] = defaultdict(list)
    stored = {row.stored.pk: row for row in rows if row.stored is not None}
    for correction in Correction.objects.filter(structure__in=list(stored)):
        of_structure[correction.structure_id].append(correction)
    refreshed: list[Correction] = []
    for pk, corrections in of_structure.items():
        row = stored[pk]
        for correction in corrections:
            if correction.field in SOURCE_FIELDS:
                correction.source_value = source_value(row, correction.field)
                refreshed.append(correction)
            if correction.field == HOURS:
                row.structure.hours_known = row.stored.hours_known  # type: ignore[union-attr]
            else:
                column = Structure._meta.get_field(correction.field).attname  # type: ignore[union-attr]
                setattr(row.structure, column, getattr(row.stored, column))
        row.structure.search_name = search_name(row.structure)
        row.structure.checked_on = latest(row.structure.checked_on, row.stored.checked_on)  # type: ignore[union-attr]
        if {"latitude", "longitude"} & {c.field for c in corrections}:
            row.structure.position_source = row.stored.position_source  # type: ignore[union-attr]
        row.structure.corrected_fields = {c.field for c in corrections}  # type: ignore[attr-defined]
    Correction.objects.bulk_update(refreshed, ["source_value"])


def latest(*days: date | None) -> date | None:
    return max((day for day in days if day is not None), default=None)


def source_value(row: Row, name: str) -> Any:
    if name != HOURS:
        value = getattr(row.structure, name)
        return value.isoformat() if isinstance(value, date) else value
    week = week_of(row.item)
    if week is None:
        return None
    return [
        [i.weekday, i.opens.isoformat("minutes"), i.closes.isoformat("minutes"), i.kind, i.note]
        for i in week
    ]


def write_identifiers(rows: list[Row], source: str) -> None:
    identifiers = [
        SourceIdentifier(
            scheme=source,
            value=row.item.identifier,
            structure_id=row.structure.pk,
            digest=row.digest,
            is_present=True,
        )
        for row in rows
    ]
    upsert_rows(SourceIdentifier, identifiers, unique=["scheme", "value"])
    mentions = {
        (scheme, value): SourceIdentifier(scheme=scheme, value=value, structure_id=row.structure.pk)
        for row in rows
        for scheme, value in row.item.other_identifiers
        if value and scheme != source
    }
    SourceIdentifier.objects.bulk_create(mentions.values(), ignore_conflicts=True)


def write_hours(rows: list[Row]) -> None:
    rows = [
        row for row in rows if HOURS not in getattr(row.structure, "corrected_fields", frozenset())
    ]
    OpeningInterval.objects.filter(
        structure__in=[row.structure.pk for row in rows if row.stored is not None]
    ).delete()
    copy_rows(
        OpeningInterval,
        (
            OpeningInterval(
                structure_id=row.structure.pk,
                kind=interval.kind,
                weekday=interval.weekday,
                opens=interval.opens,
                closes=interval.closes,
                note=interval.note[:200],
            )
            for row in rows
            for interval in week_of(row.item) or ()
        ),
    )


def week_of(item: SourceStructure) -> list[SourceInterval] | None:
    """The source's week; a day that it does not surely say is uncertain from end to end."""
    if item.hours is None:
        return None
    unsaid = [
        SourceInterval(weekday, time(0), time(0), note=UNSAID_DAY)
        for weekday in item.unknown_weekdays
    ]
    return [*item.hours, *unsaid]


def write_competences(rows: list[Row]) -> None:
    Competence.objects.filter(
        structure__in=[row.structure.pk for row in rows if row.stored is not None]
    ).delete()
    copy_rows(
        Competence,
        (
            Competence(
                structure_id=row.structure.pk,
                commune_codes=sorted({code[:5] for code in row.item.served_commune_codes}),
            )
            for row in rows
            if row.item.served_commune_codes
        ),
    )
