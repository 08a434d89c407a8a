"""Texts that say nearly the same: MinHash of their words by threes, and bands to look them up.

Owns the signature; refuses to decide that one is a copy. Same text, same numbers, on any machine.
Source: A. Broder, « On the resemblance and containment of documents », 1997.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from hashlib import blake2b

from guichet.moderation.detection.reading import read

PERMUTATIONS = 64
BANDS = 16
ROWS = PERMUTATIONS // BANDS
"""16 bands of 4: two texts alike by half share a band two times in three, by 0.8 nearly always."""
SHINGLE = 3
LONGEST_TEXT = 20_000
_PRIME = (1 << 61) - 1
_MASK = (1 << 32) - 1
_WORD = re.compile(r"[^\W_]+")


def _coefficients() -> list[tuple[int, int]]:
    draw = random.Random(20261122)  # noqa: S311
    return [(draw.randrange(1, _PRIME), draw.randrange(_PRIME)) for _ in range(PERMUTATIONS)]


_COEFFICIENTS = _coefficients()


def signature(text: str) -> tuple[int, ...]:
    """64 numbers of 32 bits; none when the text has no word. Case, accents, signs count for
    nothing; what follows the first 20,000 characters neither."""
    sums = _shingle_sums(text)
    if not sums:
        return ()
    return tuple(
        min([(a * value + b) % _PRIME for value in sums]) & _MASK for a, b in _COEFFICIENTS
    )


def bands(signed: Sequence[int]) -> tuple[int, ...]:
    """16 numbers (63 bits, each band its own) : texts that share one may be alike."""
    return tuple(
        int.from_bytes(_digest(f"{start}:{signed[start : start + ROWS]}".encode())) >> 1
        for start in range(0, len(signed), ROWS)
    )


def likeness(one: Sequence[int], other: Sequence[int]) -> float:
    """Estimated share, 0..1, of what both texts say (Jaccard's), from their signatures; 0 when
    one has none."""
    if not one or len(one) != len(other):
        return 0.0
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)


def _shingle_sums(text: str) -> list[int]:
    words = _WORD.findall(read(text[:LONGEST_TEXT]).bare)
    width = min(SHINGLE, len(words))
    shingles = {" ".join(words[i : i + width]) for i in range(len(words) - width + 1)} - {""}
    return [int.from_bytes(_digest(one.encode("utf-8", "replace"))) >> 4 for one in shingles]


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=8).digest()
