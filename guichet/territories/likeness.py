"""How alike two search forms of names are, for typing errors. Owns the measure; knows no place."""

from __future__ import annotations


def likeness(one: str, other: str) -> float:
    """From 0 (nothing in common) to 1 (the same), spaces left out.

    One minus the share of letters to add, drop, replace or swap with their neighbour (optimal
    string alignment distance) in the longer of the two.
    """
    one, other = one.replace(" ", ""), other.replace(" ", "")
    longest = max(len(one), len(other))
    if one == other:
        return 1.0
    return 1 - edits(one, other) / longest


def edits(one: str, other: str) -> int:
    """The fewest letters to add, drop, replace or swap to go from `one` to `other`."""
    before: list[int] = []
    previous = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        current = [row]
        for column, wanted in enumerate(other, start=1):
            best = min(
                previous[column] + 1,
                current[column - 1] + 1,
                previous[column - 1] + (letter != wanted),
            )
            is_swap = (
                row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == wanted
            )
            current.append(min(best, before[column - 2] + 1) if is_swap else best)
        before, previous = previous, current
    return previous[-1]
