"""A text with what was marked in it replaced.

Owns what a mark is and how marks are applied; refuses to find them (`detection`). Plain Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from guichet.moderation.kinds import REPLACEMENTS, Kind


class Origin(StrEnum):
    PATTERN = "pattern"
    MODEL = "model"
    MODERATOR = "moderator"


class MarkState(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, order=True)
class Mark:
    """Characters `start` to `end` (excluded) of the part named `part`; `replacement` empty means
    that of its kind. What is proposed is masked like what is accepted: only a rejection shows."""

    part: str
    start: int
    end: int
    kind: Kind
    origin: Origin = Origin.PATTERN
    state: MarkState = MarkState.PROPOSED
    replacement: str = ""

    @property
    def shown_instead(self) -> str:
        return self.replacement or REPLACEMENTS[self.kind]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def read_marks(stored: Iterable[dict[str, Any]]) -> list[Mark]:
    """Marks from their JSON, in the order of the text."""
    return sorted(
        Mark(
            part=one["part"],
            start=one["start"],
            end=one["end"],
            kind=Kind(one["kind"]),
            origin=Origin(one["origin"]),
            state=MarkState(one["state"]),
            replacement=one.get("replacement", ""),
        )
        for one in stored
    )


def redacted(text: str, marks: Iterable[Mark]) -> str:
    """`text` with each mark that is not rejected replaced; marks that overlap count as one, under
    the kind of the first."""
    pieces: list[str] = []
    position = 0
    for mark in joined(one for one in marks if one.state is not MarkState.REJECTED):
        start, end = max(0, mark.start), min(len(text), mark.end)
        if start >= end:
            continue
        pieces += [text[position:start], mark.shown_instead]
        position = end
    return "".join([*pieces, text[position:]])


def joined(marks: Iterable[Mark]) -> Iterator[Mark]:
    """Marks of one part in order, those that overlap made one."""
    current: Mark | None = None
    for mark in sorted(marks, key=lambda one: (one.start, -one.end)):
        if current is not None and mark.start < current.end:
            current = replace(current, end=max(current.end, mark.end))
            continue
        if current is not None:
            yield current
        current = mark
    if current is not None:
        yield current
