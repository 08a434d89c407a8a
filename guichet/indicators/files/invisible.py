"""Characters that nobody sees in a cell: controls, zero-width ones, marks of direction.

Owns which they are and how they are told; refuses to remove one that may separate. Plain Python.
"""

from __future__ import annotations

import unicodedata

INVISIBLE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
SELECTORS = range(0xFE00, 0xFE10)


def is_invisible(character: str) -> bool:
    return unicodedata.category(character) in INVISIBLE or ord(character) in SELECTORS


def without_invisible(text: str) -> str:
    """`text` without the invisible characters that separate nothing: a line break stays."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c for c in text if c.isspace() or not is_invisible(c))


def invisible_sentence(text: str) -> str:
    """Which invisible characters stand in a cell, and the mend (French); empty without any."""
    found = list(dict.fromkeys(c for c in text.strip() if is_invisible(c)))
    if not found:
        return ""
    codes = ", ".join(f"U+{ord(c):04X}" for c in found[:3])
    if len(found) == 1:
        return f"La case contient un caractère invisible ({codes}) : effacez-la et retapez-la."
    return f"La case contient des caractères invisibles ({codes}) : effacez-la et retapez-la."
