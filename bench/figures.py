"""A figure, its target, and the table that is printed and kept."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """`value` in words with its unit; `target` as the issue says it; `beside` is what to compare
    with (a machine's limit, a ratio)."""

    name: str
    value: str
    target: str
    met: bool | None
    beside: str = ""


def milliseconds(
    run: Callable[[], object],
    *,
    times: int = 30,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """Median time of `run`, in milliseconds, after two runs that warm the caches."""
    for _ in range(2):
        run()
    spans = []
    for _ in range(times):
        started = clock()
        run()
        spans.append((clock() - started) * 1000)
    return statistics.median(spans)


def table(figures: list[Figure]) -> str:
    words = {True: "yes", False: "**no**", None: ""}
    rows = ["| what | measured | target | met | beside |", "|---|---|---|---|---|"]
    rows += [
        f"| {f.name} | {f.value} | {f.target} | {words[f.met]} | {f.beside} |" for f in figures
    ]
    return "\n".join(rows)
