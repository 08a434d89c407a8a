"""Recall and precision of a detector on labelled texts, as `docs/methods/personal-data.md` says.

Owns the counts; refuses to print a text: only figures by kind and numbers of texts come out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from guichet.moderation.detection.spans import Span
from guichet.moderation.kinds import Kind

HERE = Path(__file__).resolve().parent
DEVELOPMENT, FROZEN = HERE / "development.txt", HERE / "frozen.txt"
FROZEN_LATER = HERE / "frozen_later.txt"
"""Two lots of whole stories (aa, ab) written after the detector, for which it was never changed."""
DEVELOPMENT_ADDRESSES = HERE / "development_addresses.txt"
"""Addresses and file numbers of every shape."""
DEVELOPMENT_SHAPES = HERE / "development_shapes.txt"
"""All kinds in odd writings, and what looks like them, in four lots (s, t, u, v) of which each was
measured before the detector was changed for it."""
DEVELOPMENT_LOTS = HERE / "development_lots.txt"
"""Whole stories of every tone, in four lots (w, x, y, z) by people who had not seen the detector,
each measured before it was changed for it."""
DEVELOPMENT_SETS = (DEVELOPMENT, DEVELOPMENT_ADDRESSES, DEVELOPMENT_SHAPES, DEVELOPMENT_LOTS)
"""What the detector is written from."""
NEUTRAL = "?"
_HEADING = re.compile(r"^=== (\S+)\n", re.MULTILINE)
_MARK = re.compile(r"\[\[([a-z_?]+)\|(.*?)\]\]", re.DOTALL)


@dataclass(frozen=True)
class Labelled:
    """`marks` are (start, end, kind or "?") in `text`, which has no mark left in it."""

    name: str
    text: str
    marks: tuple[tuple[int, int, str], ...]


@dataclass
class Counts:
    marked: int = 0
    found: int = 0
    right: int = 0
    wrong: int = 0
    missed_in: list[str] = field(default_factory=list)
    wrong_in: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        return self.found / self.marked if self.marked else 1.0

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0


def read_labelled(content: str) -> list[Labelled]:
    pieces = _HEADING.split(content)
    return [
        labelled(name, body.removesuffix("\n"))
        for name, body in zip(pieces[1::2], pieces[2::2], strict=True)
    ]


def labelled(name: str, body: str) -> Labelled:
    text, marks, position = "", [], 0
    for match in _MARK.finditer(body):
        text += body[position : match.start()]
        kind = match[1] if match[1] == NEUTRAL else Kind(match[1]).value
        marks.append((len(text), len(text) + len(match[2]), kind))
        text += match[2]
        position = match.end()
    return Labelled(name, text + body[position:], tuple(marks))


def measure(
    texts: Iterable[Labelled], detector: Callable[[str], Sequence[Span]]
) -> dict[Kind, Counts]:
    counts = {kind: Counts() for kind in Kind}
    for one in texts:
        spans = detector(one.text)
        count_recall(counts, one, spans)
        count_precision(counts, one, spans)
    return counts


def signs(text: str, start: int, end: int) -> set[int]:
    """Positions of the letters and figures of a stretch."""
    return {i for i in range(start, end) if text[i].isalnum()}


def count_recall(counts: dict[Kind, Counts], one: Labelled, spans: Sequence[Span]) -> None:
    covered = set().union(*(range(span.start, span.end) for span in spans))
    for start, end, kind in one.marks:
        if kind == NEUTRAL:
            continue
        row = counts[Kind(kind)]
        row.marked += 1
        if signs(one.text, start, end) <= covered:
            row.found += 1
        else:
            row.missed_in.append(one.name)


def count_precision(counts: dict[Kind, Counts], one: Labelled, spans: Sequence[Span]) -> None:
    personal: set[int] = set()
    neutral: set[int] = set()
    for start, end, kind in one.marks:
        (neutral if kind == NEUTRAL else personal).update(range(start, end))
    for span in spans:
        inside = signs(one.text, span.start, span.end)
        if 2 * len(inside & (personal | neutral)) < len(inside) or not inside:
            counts[span.kind].wrong += 1
            counts[span.kind].wrong_in.append(one.name)
        elif 2 * len(inside & neutral) < len(inside):
            counts[span.kind].right += 1


def totals(counts: dict[Kind, Counts], kinds: Iterable[Kind]) -> Counts:
    summed: Counter[str] = Counter()
    for kind in kinds:
        row = counts[kind]
        summed.update(marked=row.marked, found=row.found, right=row.right, wrong=row.wrong)
    return Counts(**summed)


STRUCTURED = tuple(kind for kind in Kind if kind is not Kind.NAME)
