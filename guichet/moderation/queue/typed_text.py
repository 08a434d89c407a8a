"""What somebody typed, made safe to keep and to show without changing its words.

Owns which invisible characters go; refuses to touch what can be seen. Plain Python.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

HIDDEN = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad]")
"""Marks that turn the direction of a line or cut a word without being seen: they could hide a
number from the detection, or turn the page around. Joiners (U+200C, U+200D) stay: some scripts
and emoji are written with them."""
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True)
class TypedText:
    text: str
    had_hidden: bool


def typed_text(typed: str) -> TypedText:
    """`typed` in NFC, lines ended by "\\n", without control characters nor hidden marks."""
    lines = typed.replace("\r\n", "\n").replace("\r", "\n")
    seen = HIDDEN.sub("", CONTROLS.sub("", lines))
    return TypedText(unicodedata.normalize("NFC", seen).strip(), bool(HIDDEN.search(lines)))
