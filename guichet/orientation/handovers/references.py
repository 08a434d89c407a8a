"""The reference of a hand-over sheet: drawn at random, said by telephone, typed back anyhow.

Owns its letters and how it is read; refuses look-alikes. Plain Python.
"""

from __future__ import annotations

import secrets

ALPHABET = "23456789CDFHJKMPQRTVWXY"
"""No vowel, so that no word comes out, and one of each pair that an eye or an ear mistakes."""

LENGTH = 8
HALF = LENGTH // 2
_MEANT = str.maketrans("SZBGNU", "5286MV")
"""What a letter that is never drawn was misread from."""


def new_reference() -> str:
    """Eight letters and figures: one guess out of 78 billion."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read_reference(text: str) -> str:
    """The reference as it is stored, from « k7m4 q2xt », « K7M4-Q2XT »…; empty if it is none.

    Case, spaces, dashes and dots do not count; S is read 5, Z 2, B 8, G 6, N M and U V.
    """
    marks = "".join(mark for mark in text[:60].upper() if mark.isalnum()).translate(_MEANT)
    return marks if len(marks) == LENGTH and set(marks) <= set(ALPHABET) else ""


def shown_reference(reference: str) -> str:
    """ "K7M4Q2XT" → "K7M4-Q2XT"."""
    return f"{reference[:HALF]}-{reference[HALF:]}"
