"""Floats to text, rounded as `formulas.written` rounds.

Owns which roundings are certain; refuses the others, for which it asks the exact text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from guichet.indicators.calculations.bulk.sides import Bools, Floats, Ints

ERROR = 8e-15
"""Bound of the relative error of a quotient of two integers times a factor: 18 times the 4
roundings of 1.1e-16 that it takes."""
LARGEST = 2.0**51
"""Above, a float has no halves of its last decimal to spare."""
WIDEST_TABLE = 20_000

ExactText = Callable[[int], str]


@dataclass(frozen=True)
class Rounded:
    """Whole numbers of the last decimal; `text` stands in their place for the rows it holds, and
    rows that are not `known` are empty."""

    units: Ints
    known: Bools
    decimals: int
    text: Mapping[int, str]


def rounded(
    value: Floats, error: Floats | None, known: Bools, decimals: int, exact: ExactText
) -> Rounded:
    """Half away from zero; `error` bounds that of `value`, in its unit (None: one quotient)."""
    scale = 10**decimals
    shifted = np.abs(value) * scale + 0.5
    near = ERROR * shifted if error is None else ERROR * shifted + error * scale
    doubtful = np.abs(shifted - np.rint(shifted)) <= near
    doubtful = known & (doubtful | ~(shifted < LARGEST))
    certain = known & ~doubtful
    units = np.where(certain, np.copysign(np.floor(shifted), value), 0.0).astype(np.int64)
    return Rounded(units, known, decimals, {row: exact(row) for row in rows_of(doubtful)})


def rows_of(mask: Bools) -> list[int]:
    found: list[int] = np.flatnonzero(mask).tolist()
    return found


def scattered(found: Rounded, rows: Ints, length: int) -> Rounded:
    """What was found of some rows, at their place among `length` rows."""
    units, known = np.zeros(length, np.int64), np.zeros(length, np.bool_)
    units[rows], known[rows] = found.units, found.known
    text = {int(rows[row]): text for row, text in found.text.items()}
    return Rounded(units, known, found.decimals, text)


def written_column(found: Rounded) -> pa.Array:
    """As strings; empty where not known."""
    if not found.known.any():
        return pa.array([""] * len(found.known), pa.string())
    distinct, ranks = distinct_values(
        np.where(found.known, found.units, found.units[found.known][0])
    )
    words = [*(unit_text(unit, found.decimals) for unit in distinct), ""]
    indices = np.where(found.known, ranks, len(words) - 1)
    column = worded_column(indices, words)
    if not found.text:
        return column
    replaced = np.zeros(len(found.known), np.bool_)
    rows = sorted(found.text)
    replaced[rows] = True
    return pc.replace_with_mask(
        column, pa.array(replaced), pa.array([found.text[row] for row in rows], pa.string())
    )


def distinct_values(units: Ints) -> tuple[list[int], Ints]:
    """Sorted values that hold all of `units`, and the rank of each among them."""
    least, greatest = int(units.min()), int(units.max())
    if greatest - least <= WIDEST_TABLE:
        return list(range(least, greatest + 1)), units - least
    values, ranks = np.unique(units, return_inverse=True)
    return values.tolist(), ranks.astype(np.int64)


def unit_text(units: int, decimals: int) -> str:
    if not decimals:
        return str(units)
    whole, rest = divmod(abs(units), 10**decimals)
    return f"{'-' if units < 0 else ''}{whole}.{rest:0{decimals}}"


def worded_column(ranks: Ints, words: list[str]) -> pa.Array:
    """Strings from ranks in a short list of words."""
    indices = pa.array(ranks.astype(np.int32))
    column = pa.DictionaryArray.from_arrays(indices, pa.array(words, pa.string()))
    return column.cast(pa.string())
