"""Personal data in texts: recall and precision by kind, the time of a text and how it grows, the
worker's memory."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.figures import Figure, milliseconds

TARGETS = {"recall": 0.98, "recall of names": 0.90, "precision": 0.85}
MEMORY = (
    "import pathlib; from guichet.moderation.detection.detector import found;"
    "found('Bonjour, je suis Nadia Benali.');"
    "pages = int(pathlib.Path('/proc/self/statm').read_text().split()[1]);"
    "print(pages * 4096 // 2**20)"
)


def figures(*, full: bool) -> list[Figure]:
    from guichet.moderation.detection.detector import found
    from guichet.moderation.detection.patterns import found_by_patterns
    from guichet.moderation.tests.accuracy import measuring

    return [
        *(
            figure
            for path in (measuring.FROZEN, measuring.FROZEN_LATER)
            for name, detector in (
                ("patterns alone", found_by_patterns),
                ("patterns and model", found),
            )
            for figure in accuracy_figures(path, name, detector)
        ),
        time_figure("patterns alone", found_by_patterns, 5),
        time_figure("patterns and model", found, 25),
        growth_figure(),
        memory_figure(),
    ]


def accuracy_figures(
    path: Path, name: str, detector: Callable[[str], Sequence[object]]
) -> list[Figure]:
    from guichet.moderation.kinds import Kind
    from guichet.moderation.tests.accuracy import measuring

    texts = measuring.read_labelled(path.read_text(encoding="utf-8"))
    counts = measuring.measure(texts, detector)  # type: ignore[arg-type]
    rows = [(kind.value, counts[kind], kind is Kind.NAME) for kind in Kind]
    rows.append(("all but names", measuring.totals(counts, measuring.STRUCTURED), False))
    rows.append(("all", measuring.totals(counts, Kind), True))
    return [
        Figure(
            f"{len(texts)} {path.stem.replace('_', ' ')} texts, {name}, {kind}: recall, precision",
            f"{one.recall:.3f}, {one.precision:.3f}",
            f"{TARGETS['recall of names' if is_name else 'recall']}, {TARGETS['precision']}",
            one.recall >= TARGETS["recall of names" if is_name else "recall"]
            and one.precision >= TARGETS["precision"],
            f"{one.marked} marked; {one.wrong} wrong",
        )
        for kind, one, is_name in rows
    ]


def time_figure(name: str, detector: Callable[[str], object], target_ms: int) -> Figure:
    """A text of 1,000 characters made of the development texts, once warm."""
    from guichet.moderation.tests.accuracy import measuring

    texts = measuring.read_labelled(measuring.DEVELOPMENT.read_text(encoding="utf-8"))
    whole = "\n".join(one.text for one in texts)
    pieces = [whole[start : start + 1000] for start in range(0, 10_000, 1000)]
    spent_ms = milliseconds(lambda: [detector(piece) for piece in pieces], times=10) / len(pieces)
    return Figure(
        f"1,000 characters, {name}, once warm",
        f"{spent_ms:.1f} ms",
        f"{target_ms} ms",
        spent_ms < target_ms,
    )


def growth_figure() -> Figure:
    """The piece of text whose time grows most when it is written four times as often."""
    from guichet.moderation.detection.dangers import danger_words
    from guichet.moderation.detection.insults import insult_words
    from guichet.moderation.detection.patterns import found_by_patterns
    from guichet.moderation.tests.accuracy.repeated_pieces import REPEATED

    def read(unit: str, length: int) -> None:
        text = (unit * length)[:length]
        found_by_patterns(text)
        danger_words(text)
        insult_words(text)

    def processor_ms(unit: str, length: int) -> float:
        return milliseconds(lambda: read(unit, length), times=5, clock=time.process_time)

    growths = {unit: processor_ms(unit, 32_000) / processor_ms(unit, 8_000) for unit in REPEATED}
    worst = max(growths, key=growths.__getitem__)
    return Figure(
        f"32,000 characters beside 8,000, worst of {len(REPEATED)} pieces written over and over",
        f"{growths[worst]:.1f} times as long",
        "4 times, as the text",
        growths[worst] < 6,
        f"« {worst.strip()} »",
    )


def memory_figure() -> Figure:
    done = subprocess.run(
        [sys.executable, "-c", MEMORY], capture_output=True, text=True, check=True
    )
    return Figure(
        "a process that has read one text with the model", f"{done.stdout.strip()} MB", "", None
    )
