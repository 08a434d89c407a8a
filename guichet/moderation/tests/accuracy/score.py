"""Print recall and precision on the labelled texts: `python -m …tests.accuracy.score [frozen]`.

Nothing of the texts is printed: figures by kind, and the numbers of the texts where one failed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from guichet.moderation.detection.detector import found
from guichet.moderation.detection.patterns import found_by_patterns
from guichet.moderation.kinds import Kind
from guichet.moderation.tests.accuracy.measuring import (
    DEVELOPMENT_SETS,
    FROZEN,
    FROZEN_LATER,
    STRUCTURED,
    Counts,
    measure,
    read_labelled,
    totals,
)

DETECTORS = {"patterns alone": found_by_patterns, "patterns and model": found}


def main() -> None:
    is_frozen = "frozen" in sys.argv[1:]
    for path in (FROZEN, FROZEN_LATER) if is_frozen else DEVELOPMENT_SETS:
        texts = read_labelled(path.read_text(encoding="utf-8"))
        for name, detector in DETECTORS.items():
            counts = measure(texts, detector)
            print(f"\n{path.stem}, {len(texts)} texts, {name}\n")
            print("\n".join(lines(counts)))


def lines(counts: dict[Kind, Counts]) -> Iterator[str]:
    yield "| kind | marked | recall | right | wrong | precision |"
    yield "|---|---|---|---|---|---|"
    for kind in Kind:
        yield row(kind.value, counts[kind])
    yield row("all but names", totals(counts, STRUCTURED))
    yield row("all", totals(counts, Kind))
    for kind in Kind:
        if counts[kind].missed_in:
            yield f"{kind.value}, missed in: {' '.join(counts[kind].missed_in)}"
        if counts[kind].wrong_in:
            yield f"{kind.value}, wrong in: {' '.join(counts[kind].wrong_in)}"


def row(name: str, one: Counts) -> str:
    return (
        f"| {name} | {one.marked} | {one.recall:.3f} | {one.right} | {one.wrong} "
        f"| {one.precision:.3f} |"
    )


if __name__ == "__main__":
    main()
