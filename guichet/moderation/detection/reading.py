"""A text as it is read: the same for accents typed apart, full-width figures, hidden characters.

Owns the way back to the positions of what was written; refuses to look for anything.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

HIDDEN = "\x1f"
"""Stands in place of each character of what was found already."""

_PLAIN_TEXT = re.compile(r"[\n\x20-\x7e\u00a1-\u00ac\u00ae-\u017f]*\Z")
_SPELLED = {
    **dict.fromkeys(map(ord, "’‘ʼ`´ʹ′＇"), "'"),
    **dict.fromkeys(map(ord, "‐‑‒–—―−－﹣"), "-"),
    **dict.fromkeys(map(ord, "“”„‟"), '"'),
    ord("º"): "°",
}


@dataclass(frozen=True)
class Reading:
    """`plain` keeps capitals and accents, `bare` has neither; both have the same length.

    `starts[i]` and `ends[i]` are where the character `i` stands in the text as written; both are
    empty when nothing was moved.
    """

    plain: str
    bare: str
    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()

    def written(self, start: int, end: int) -> tuple[int, int]:
        """The positions, in the text as written, of `plain[start:end]` (not empty)."""
        if not self.starts:
            return start, end
        return self.starts[start], self.ends[end - 1]

    def read_as(self, start: int, end: int) -> tuple[int, int]:
        """The positions, in `plain`, of a stretch of the text as written."""
        if not self.starts:
            return start, end
        return bisect_left(self.starts, start), bisect_left(self.starts, end)

    def without(self, stretches: Iterable[tuple[int, int]]) -> Reading:
        """The same reading with these stretches hidden, so that they are not found twice."""
        plain, bare = list(self.plain), list(self.bare)
        for start, end in stretches:
            plain[start:end] = bare[start:end] = HIDDEN * (end - start)
        return Reading("".join(plain), "".join(bare), self.starts, self.ends)


def read(text: str) -> Reading:
    if _PLAIN_TEXT.match(text):
        return Reading(text, text.translate(_BARE))
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for position, character in enumerate(text):
        if character.isascii() and character.isprintable():
            letter = character
        else:
            letter = _spelled(character)
            if unicodedata.combining(character) and _composed(letters, character):
                letter = ""
                ends[-1] = position + 1
            if not letter:
                continue
        letters.append(letter)
        starts.append(position)
        ends.append(position + 1)
    plain = "".join(letters)
    return Reading(plain, plain.translate(_BARE), tuple(starts), tuple(ends))


def _composed(letters: list[str], mark: str) -> bool:
    """True when `mark` was added to the last letter."""
    composed = unicodedata.normalize("NFC", letters[-1] + mark) if letters else ""
    if len(composed) != 1:
        return False
    letters[-1] = composed
    return True


def _spelled(character: str) -> str:
    """One character, or none for what is not seen."""
    if character in "\n\r\u2028\u2029\x85":
        return "\n"
    category = unicodedata.category(character)
    if category in ("Zs", "Cc"):
        return " "
    if category in ("Cf", "Cs", "Mn", "Me") or character == "\ufe0f":
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    spelled = _SPELLED.get(ord(character), character)
    compatible = unicodedata.normalize("NFKC", spelled)
    return compatible if len(compatible) == 1 else spelled


def _bare_letters() -> dict[int, str]:
    found = {}
    for code in [*range(0x41, 0x5B), *range(0xA0, 0x250), *range(0x1E00, 0x1F00)]:
        letter = chr(code)
        base = unicodedata.normalize("NFD", letter)[0].lower()
        if base != letter and len(base) == 1:
            found[code] = base
    return found | {0x131: "i", 0x142: "l", 0x141: "l", 0xF8: "o", 0xD8: "o", 0x111: "d"}


_BARE = _bare_letters()
_BARE |= {0xA0: " ", 0xBA: "°"}
