"""An agent corrects what a source says of a structure; the correction outlives re-imports.

Owns `Correction` rows; refuses changes to what identifies the structure (its code, its source).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from guichet.accounts.audit import record
from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.core.text import folded
from guichet.directory import phones
from guichet.directory.models import Correction, OpeningInterval, Structure

HOURS = "hours"
CORRECTABLE_FIELDS = (
    "name",
    "acronym",
    "address_lines",
    "postal_code",
    "town",
    "latitude",
    "longitude",
    "accessibility",
    "accessibility_note",
    "phones",
    "relay_phone",
    "emails",
    "websites",
    "contact_form",
    "appointment_url",
    "chat_url",
    "video_url",
    "social_links",
    "hours_text",
    "information",
    "partners",
    "closed_on",
    "closed_reason",
)
MAX_INTERVALS = 100


@dataclass(frozen=True)
class Interval:
    """One weekly opening as entered; `closes` at or before `opens` means the next day."""

    weekday: int
    opens: time
    closes: time
    kind: str = "walk_in"
    note: str = ""


@transaction.atomic
def correct_structure(*, structure: Structure, by: User | None, **values: Any) -> list[str]:
    """Set the fields that differ and return their names; the source's value is kept beside.

    `RuleViolation` for a field that may not be corrected or a telephone number that is
    surcharged (none is allowed since 1 January 2021: law 2018-727, article 28).
    """
    stored = Structure.objects.select_for_update().get(pk=structure.pk)
    unknown = set(values) - set(CORRECTABLE_FIELDS)
    if unknown:
        raise RuleViolation(f"Ces champs ne se corrigent pas ici : {', '.join(sorted(unknown))}.")
    refuse_surcharged(values.get("phones", []))
    changed = {name: value for name, value in values.items() if getattr(stored, name) != value}
    if not changed:
        return []
    before = {name: getattr(stored, name) for name in changed}
    for name, value in changed.items():
        keep_source_value(stored, name, plain(before[name]), by)
        setattr(stored, name, value)
    if {"latitude", "longitude"} & set(changed):
        stored.position_source = "correction" if stored.latitude is not None else ""
    stored.search_name = folded(f"{stored.name} {stored.acronym} {stored.former_name}".strip())
    stored.checked_on = timezone.localdate()
    stored.save()
    record(
        by=by,
        action="structure.corrected",
        subject=stored,
        scope=stored.scope,
        before=before,
        after=changed,
    )
    return sorted(changed)


@transaction.atomic
def correct_hours(
    *, structure: Structure, intervals: Iterable[Interval], by: User | None
) -> bool:
    """Replace the weekly hours (none at all: closed all week); True when they changed."""
    stored = Structure.objects.select_for_update().get(pk=structure.pk)
    wanted = sorted(set(intervals), key=place_in_week)
    refuse_overlaps(wanted)
    rows = list(stored.intervals.all())
    held = sorted(
        {Interval(r.weekday, r.opens, r.closes, r.kind, r.note) for r in rows},
        key=place_in_week,
    )
    if stored.hours_known and wanted == held:
        return False
    before = [as_row(interval) for interval in held] if stored.hours_known else None
    keep_source_value(stored, HOURS, before, by)
    stored.intervals.all().delete()
    OpeningInterval.objects.bulk_create(
        OpeningInterval(structure=stored, **vars(interval)) for interval in wanted
    )
    stored.hours_known = True
    stored.checked_on = timezone.localdate()
    stored.save(update_fields=["hours_known", "checked_on"])
    record(
        by=by,
        action="structure.hours_corrected",
        subject=stored,
        scope=stored.scope,
        before={"hours": before},
        after={"hours": [as_row(interval) for interval in wanted]},
    )
    return True


@transaction.atomic
def withdraw_correction(*, correction: Correction, by: User) -> None:
    """Give the source's value back, and let the next imports change it."""
    structure = Structure.objects.select_for_update().get(pk=correction.structure_id)
    if correction.field == HOURS:
        restore_hours(structure, correction.source_value)
    else:
        before = getattr(structure, correction.field)
        value = correction.source_value
        if correction.field == "closed_on" and value:
            value = date.fromisoformat(value)
        setattr(structure, correction.field, value)
        structure.save()
        record(
            by=by,
            action="structure.correction_withdrawn",
            subject=structure,
            scope=structure.scope,
            before={correction.field: before},
            after={correction.field: value},
        )
    correction.delete()


@transaction.atomic
def confirm_structure(*, structure: Structure, by: User) -> None:
    """Somebody who answers for it vouches that all that is shown is right today."""
    before = structure.checked_on
    structure.checked_on = timezone.localdate()
    structure.save(update_fields=["checked_on"])
    for name in ("phones", "emails"):
        keep_source_value(structure, name, getattr(structure, name), by)
    record(
        by=by,
        action="structure.confirmed",
        subject=structure,
        scope=structure.scope,
        before={"checked_on": before},
        after={"checked_on": structure.checked_on},
    )


def keep_source_value(structure: Structure, name: str, value: Any, by: User | None) -> None:
    """The first correction of a field keeps what the source said; later ones only its author."""
    correction, is_new = Correction.objects.get_or_create(
        structure=structure, field=name, defaults={"source_value": value, "by": by}
    )
    if not is_new:
        correction.by, correction.at = by, timezone.now()
        correction.save(update_fields=["by", "at"])


def restore_hours(structure: Structure, rows: list[list[Any]] | None) -> None:
    structure.intervals.all().delete()
    OpeningInterval.objects.bulk_create(
        OpeningInterval(
            structure=structure,
            weekday=weekday,
            opens=time.fromisoformat(opens),
            closes=time.fromisoformat(closes),
            kind=kind,
            note=note,
        )
        for weekday, opens, closes, kind, note in rows or []
    )
    structure.hours_known = rows is not None
    structure.save(update_fields=["hours_known"])


def refuse_surcharged(entries: list[dict[str, str]]) -> None:
    for entry in entries:
        if phones.is_surcharged(entry["number"]):
            raise RuleViolation(
                f"Le {entry['display']} est surtaxé : aucun numéro de service public ne peut "
                "l'être depuis le 1er janvier 2021. Indiquez un numéro gratuit ou ordinaire."
            )


def refuse_overlaps(intervals: list[Interval]) -> None:
    if len(intervals) > MAX_INTERVALS:
        raise RuleViolation(f"{MAX_INTERVALS} plages au plus : regroupez celles qui se suivent.")
    for earlier, later in zip(intervals, intervals[1:], strict=False):
        same_day = earlier.weekday == later.weekday and earlier.kind == later.kind
        if same_day and earlier.opens < earlier.closes and later.opens < earlier.closes:
            raise RuleViolation(
                f"Deux plages se chevauchent : {earlier.opens:%H:%M}–{earlier.closes:%H:%M} et "
                f"{later.opens:%H:%M}–{later.closes:%H:%M}. Réunissez-les en une seule."
            )


def place_in_week(interval: Interval) -> tuple[int, str, time, time]:
    return interval.weekday, interval.kind, interval.opens, interval.closes


def as_row(interval: Interval) -> list[Any]:
    return [
        interval.weekday,
        interval.opens.isoformat("minutes"),
        interval.closes.isoformat("minutes"),
        interval.kind,
        interval.note,
    ]


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
