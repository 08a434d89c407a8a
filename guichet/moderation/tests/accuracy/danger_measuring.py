"""How well danger is found in the labelled texts of `dangers.txt`.

Owns the reading of that file and the counting; refuses any other measure of the detection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

DANGERS = Path(__file__).with_name("dangers.txt")


@dataclass(frozen=True)
class DangerCount:
    """`recall` and `precision` are shares, 0 to 1; `missed` and `wrong` are texts."""

    found: int
    missed: tuple[str, ...]
    wrong: tuple[str, ...]

    @property
    def recall(self) -> float:
        return self.found / (self.found + len(self.missed))

    @property
    def precision(self) -> float:
        return self.found / (self.found + len(self.wrong))


def labelled_dangers() -> list[tuple[bool, str]]:
    """Whether each text calls for an alert, and the text."""
    lines = DANGERS.read_text(encoding="utf-8").splitlines()
    return [(line[0] == "+", line[2:]) for line in lines if line and not line.startswith("#")]


def measured(
    texts: Iterable[tuple[bool, str]], find: Callable[[str], Sequence[str]]
) -> DangerCount:
    read = [(is_danger, text, bool(find(text))) for is_danger, text in texts]
    return DangerCount(
        found=sum(is_danger and was_found for is_danger, _, was_found in read),
        missed=tuple(text for is_danger, text, was_found in read if is_danger and not was_found),
        wrong=tuple(text for is_danger, text, was_found in read if was_found and not is_danger),
    )
