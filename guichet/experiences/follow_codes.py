"""The follow-up code of an author without e-mail: noted on paper, typed back anyhow.

Owns how it is drawn, its seal and whose it is; refuses to keep it in clear (`Author.code_seal`).
"""

from __future__ import annotations

from guichet.core.tokens import sealed
from guichet.experiences.models import Author
from guichet.orientation.handovers.references import ALPHABET

PURPOSE, DRAWN = "experience-follow-code", "story-code"
LENGTH = 12
GROUP = 4
_MEANT = str.maketrans("SZBGNU", "5286MV")


def code_from(key: str) -> str:
    """Twelve marks drawn from the key of a draft, which nobody but its author has, so that the
    code can be shown again while it is noted. One guess out of 20 million billion."""
    number = int(sealed(DRAWN, key), 16)
    marks = []
    for _ in range(LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        marks.append(ALPHABET[rest])
    return "".join(marks)


def shown_code(code: str) -> str:
    """ "K7M4Q2XTC3F9" → "K7M4-Q2XT-C3F9"."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def read_code(text: str) -> str:
    """The code from however it was typed; empty if it is none. Case, spaces and dashes do not
    count; S is read 5, Z 2, B 8, G 6, N M and U V: those are never drawn."""
    marks = "".join(mark for mark in text[:80].upper() if mark.isalnum()).translate(_MEANT)
    return marks if len(marks) == LENGTH and set(marks) <= set(ALPHABET) else ""


def seal_of(code: str) -> str:
    """What `Author.code_seal` keeps of `code`, as `read_code` gives it."""
    return sealed(PURPOSE, code)


def author_with_code(text: str) -> Author | None:
    """Whose code was typed; None when it is nobody's."""
    code = read_code(text)
    if not code:
        return None
    return Author.objects.select_related("experience").filter(code_seal=seal_of(code)).first()
