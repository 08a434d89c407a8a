"""A usual week as a table: a row a day, a column for each way of being received."""

from __future__ import annotations

from dataclasses import dataclass

from guichet.directory.actions.weekly_hours import Week
from guichet.directory.models import ReceptionKind
from guichet.directory.opening_words import WEEKDAYS, opening_in_words


@dataclass(frozen=True)
class WeekRow:
    day: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class WeekTable:
    columns: tuple[str, ...]
    rows: tuple[WeekRow, ...]


def week_table(week: Week | None) -> WeekTable | None:
    """None when the hours are unknown; the walk-in column alone when there is no opening."""
    if week is None:
        return None
    kinds = [kind for kind in ReceptionKind if any(one.kind == kind for one in week)] or [
        ReceptionKind.WALK_IN
    ]
    rows = tuple(
        WeekRow(
            day.capitalize(),
            tuple(
                cell([one for one in week if (one.weekday, one.kind) == (number, kind)])
                for kind in kinds
            ),
        )
        for number, day in enumerate(WEEKDAYS)
    )
    return WeekTable(tuple(kind.label.capitalize() for kind in kinds), rows)


def cell(openings: Week) -> str:
    said = [opening_in_words(one.opens, one.closes, one.note) for one in openings]
    return ", ".join(said) or "Fermé"
