"""A text cut in pieces so that its marks are seen in place, and its marks grouped by their words.

Owns the cutting; refuses HTML. Plain Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from guichet.moderation.kinds import LABELS
from guichet.moderation.redaction import Mark, MarkState, Origin, joined, redacted

ORIGINS = {
    Origin.PATTERN: "d'après sa forme",
    Origin.MODEL: "d'après le modèle de langue",
    Origin.MODERATOR: "ajout de la modération",
}


@dataclass(frozen=True)
class Segment:
    """A piece of a part; `group` is the number of the group that masks it, 0 when it is shown."""

    text: str
    group: int = 0


@dataclass(frozen=True)
class MarkGroup:
    """Marks of the same words under the same kind, state and replacement. `places` names them in
    a form ("description:15:29,…")."""

    number: int
    words: str
    kind: str
    kind_label: str
    replacement: str
    shown_instead: str
    state: str
    origin: str
    marks: tuple[Mark, ...]

    @property
    def places(self) -> str:
        return ",".join(f"{one.part}:{one.start}:{one.end}" for one in self.marks)

    @property
    def count(self) -> int:
        return len(self.marks)


@dataclass(frozen=True)
class ShownPart:
    """One part as it was written, cut at its marks, and as it will be published."""

    name: str
    label: str
    segments: tuple[Segment, ...]
    masked: str


def mark_groups(texts: Mapping[str, str], marks: Iterable[Mark]) -> tuple[MarkGroup, ...]:
    """In the order in which each first stands in the text; `texts` are the parts by name."""
    gathered: dict[tuple[str, str, str, str], list[Mark]] = {}
    for mark in marks:
        words = texts.get(mark.part, "")[mark.start : mark.end]
        key = (" ".join(words.split()).casefold(), mark.kind, mark.state, mark.replacement)
        gathered.setdefault(key, []).append(mark)
    return tuple(
        group_of(number, texts, alike) for number, alike in enumerate(gathered.values(), 1)
    )


def group_of(number: int, texts: Mapping[str, str], alike: Sequence[Mark]) -> MarkGroup:
    first = alike[0]
    return MarkGroup(
        number=number,
        words=" ".join(texts.get(first.part, "")[first.start : first.end].split()),
        kind=first.kind,
        kind_label=LABELS[first.kind],
        replacement=first.replacement,
        shown_instead=first.shown_instead,
        state=first.state,
        origin=ORIGINS[first.origin],
        marks=tuple(alike),
    )


def shown_parts(
    parts: Iterable[Mapping[str, str]], marks: Sequence[Mark], groups: Iterable[MarkGroup]
) -> tuple[ShownPart, ...]:
    """Each part that holds something; `marks` in the order of `read_marks`."""
    numbers = {
        (mark.part, mark.start, mark.end): group.number for group in groups for mark in group.marks
    }
    return tuple(
        ShownPart(
            part["name"],
            part["label"],
            tuple(segments(part["text"], of_part(part["name"], marks), numbers)),
            redacted(part["text"], of_part(part["name"], marks)),
        )
        for part in parts
        if part["text"]
    )


def of_part(name: str, marks: Iterable[Mark]) -> list[Mark]:
    return [mark for mark in marks if mark.part == name]


def segments(
    text: str, marks: Sequence[Mark], numbers: Mapping[tuple[str, int, int], int]
) -> Iterable[Segment]:
    """`text` whole, cut where something is masked."""
    masked = sorted(
        (one for one in marks if one.state is not MarkState.REJECTED),
        key=lambda one: (one.start, -one.end),
    )
    first_at: dict[int, Mark] = {}
    for one in masked:
        first_at.setdefault(one.start, one)
    position = 0
    for mark in joined(masked):
        start, end = max(mark.start, position), min(mark.end, len(text))
        if start >= end:
            continue
        if text[position:start]:
            yield Segment(text[position:start])
        first = first_at[mark.start]
        yield Segment(text[start:end], numbers[first.part, first.start, first.end])
        position = end
    if text[position:]:
        yield Segment(text[position:])
