"""How alike two search forms of names are, for typing errors. Owns the measure; knows no place."""

from __future__ import annotations

from rapidfuzz.distance import OSA


def likeness(one: str, other: str) -> float:
    """From 0 (nothing in common) to 1 (the same), spaces left out.

    One minus the share of letters to add, drop, replace or swap with their neighbour (optimal
    string alignment distance) in the longer of the two.
    """
    one, other = one.replace(" ", ""), other.replace(" ", "")
    longest = max(len(one), len(other))
    if one == other:
        return 1.0
    return 1 - OSA.distance(one, other) / longest
