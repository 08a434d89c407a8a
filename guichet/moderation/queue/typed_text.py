"""What somebody typed, made safe to keep and to show without changing its words.

Owns which invisible characters go; refuses to touch what can be seen. Plain Python.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from guichet.core.text import TURNING_MARKS

HIDDEN = re.compile(f"[{TURNING_MARKS}\u200b\u2060-\u2064\u00ad]")
"""Marks that turn the direction of what follows (`core.text` takes them out everywhere) or cut a
word without being seen. Plain marks of right to left (U+200E, U+200F, U+061C) and joiners (U+200C,
U+200D) stay: some scripts and emoji are written with them, and the detection reads through them."""
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
