"""The lists that tell a name from a word or a town: loaded at first use, small in memory.

Owns membership; refuses to judge a word in its sentence. Lists: `moderation/reference/`, built by
`scripts/build_detection_lists.py`; towns: those of `territories`.
"""

from __future__ import annotations

import csv
import gzip
import io
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from zlib import crc32

from guichet.moderation.detection.reading import read

_LARGE_TOWN = 20_000


class WordSet:
    """A set of words kept as sorted 32-bit sums: four bytes a word; one chance in twenty thousand
    that a word which is not there seems to be."""

    def __init__(self, words: Iterable[str]) -> None:
        self._sums = array("I", sorted({crc32(word.encode()) for word in words}))

    def __contains__(self, word: str) -> bool:
        found = crc32(word.encode("utf-8", "replace"))
        position = bisect_left(self._sums, found)
        return position < len(self._sums) and self._sums[position] == found

    def __len__(self) -> int:
        return len(self._sums)


def _shipped(name: str) -> list[str]:
    packed = files("guichet.moderation").joinpath("reference", name).read_bytes()
    return gzip.decompress(packed).decode().splitlines()


@cache
def french_words() -> WordSet:
    """Forms of French words, in small letters without accents."""
    return WordSet(_shipped("french_words.txt.gz"))


@cache
def first_names() -> frozenset[str]:
    return frozenset(_shipped("first_names.txt.gz"))


@cache
def family_names() -> frozenset[str]:
    return frozenset(_shipped("family_names.txt.gz"))


@cache
def towns() -> WordSet:
    """Names of communes, départements and regions, in small letters without accents, hyphens as
    spaces."""
    folder = files("guichet.territories").joinpath("reference")
    sheets = [
        gzip.decompress(folder.joinpath("communes.csv.gz").read_bytes()).decode(),
        folder.joinpath("departements.csv").read_text("utf-8"),
        folder.joinpath("regions.csv").read_text("utf-8"),
    ]
    rows = (row for sheet in sheets for row in csv.DictReader(io.StringIO(sheet)))
    return WordSet(spaced(read(row["name"]).bare) for row in rows)


@cache
def large_towns() -> frozenset[str]:
    """Those where somebody may say to be from: of 20,000 inhabitants or more."""
    packed = files("guichet.territories").joinpath("reference", "communes.csv.gz").read_bytes()
    rows = csv.DictReader(io.StringIO(gzip.decompress(packed).decode()))
    return frozenset(
        read(row["name"]).bare for row in rows if int(row["population"] or 0) >= _LARGE_TOWN
    )


def spaced(name: str) -> str:
    """A town's name as it is compared: « saint-étienne » and « saint etienne » are one."""
    return name.replace("-", " ").replace("œ", "oe")


def _written(name: str) -> frozenset[str]:
    """A list written for the project: words on lines, notes after `#`."""
    content = files("guichet.moderation").joinpath("reference", f"{name}.txt").read_text("utf-8")
    lines = [line for line in content.splitlines() if not line.startswith("#")]
    return frozenset(read(word).bare for line in lines for word in line.split())


@cache
def names_that_are_words() -> frozenset[str]:
    return _written("names_that_are_words")


@cache
def not_names() -> frozenset[str]:
    """Small words, functions, organisations, places: whatever their capitals."""
    return _written("not_names")
