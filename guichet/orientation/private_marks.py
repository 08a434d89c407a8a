"""What tells who a person is, in a text that must not: addresses, long numbers, titled names.

Owns the patterns; refuses to find a name that no title goes before. Plain Python.
"""

from __future__ import annotations

import re

EMAIL = "une adresse électronique"
TELEPHONE = "un numéro de téléphone"
SOCIAL_SECURITY = "un numéro de sécurité sociale"
LONG_NUMBER = "un numéro de dossier ou de compte"

POSTAL_ADDRESS = "une adresse postale"
BIRTH_DATE = "une date de naissance"
NAME = "un nom"
WEB_ADDRESS = "une adresse internet"

_GAP = r"[\s.\-/_\u00a0\u202f]?"
_EMAIL = re.compile(r"[^\s@]+@[^\s@.]+\.[^\s@]+")
_DATE_OF_FOUR = r"\d{1,2}([/.\-])\d{1,2}\1(?:19|20)\d\d(?!\d)"
_DATE = re.compile(
    rf"(?<!\d){_DATE_OF_FOUR}|(?<!\d)\d{{4}}-\d\d-\d\d(?!\d)"
    r"|(?<![\d/.\-])\d{1,2}([/.\-])\d{1,2}\2\d\d(?![\d/.\-])"
)
_TELEPHONE = re.compile(
    rf"(?<!\d)(?!{_DATE_OF_FOUR})(?:\+33{_GAP}(?:\(0\))?|0033{_GAP}|0){_GAP}[1-9]"
    rf"(?:{_GAP}\d){{8}}(?!\d)"
)
_SOCIAL_SECURITY = re.compile(
    rf"(?<!\d)[1278]{_GAP}\d\d{_GAP}\d\d{_GAP}(?:\d\d|2[AB]){_GAP}\d{{3}}{_GAP}\d{{3}}"
    rf"(?:{_GAP}\d\d)?(?!\d)",
    re.IGNORECASE,
)
_LONG_NUMBER = re.compile(rf"(?<!\d)\+?\d(?:{_GAP}\d){{8,}}(?!\d)")
_ADDRESS = re.compile(
    r"\b\d{1,4}\s*(?:bis|ter)?\s*,?\s+(?:rue|avenue|av\.|boulevard|bd|impasse|allée|chemin|quai)\s",
    re.IGNORECASE,
)
_BORN = re.compile(r"\bn[ée]+e?\s+le\s+\d", re.IGNORECASE)
_TITLED = re.compile(r"\b(?:M\.|MM\.|Mr|Mme|Mlle|Monsieur|Madame)\s+[A-ZÀ-Ö][\w'-]+")
_WEB = re.compile(r"\bhttps?://|\bwww\.", re.IGNORECASE)
_PATTERNS = (
    (EMAIL, _EMAIL),
    (SOCIAL_SECURITY, _SOCIAL_SECURITY),
    (TELEPHONE, _TELEPHONE),
    (WEB_ADDRESS, _WEB),
    (POSTAL_ADDRESS, _ADDRESS),
    (BIRTH_DATE, _BORN),
    (NAME, _TITLED),
)


def private_marks(text: str) -> tuple[str, ...]:
    """In French, each sort of thing that was found; dates and short numbers (3646) are none.

    Ten figures of a French telephone or their +33 form, a NIR of 13 or 15 characters (Corsica
    included), and any other number of nine figures or more.
    """
    found = []
    for name, pattern in _PATTERNS:
        text, count = pattern.subn(" ", text)
        if count:
            found.append(name)
    return (*found, LONG_NUMBER) if _LONG_NUMBER.search(_DATE.sub(" ", text)) else tuple(found)
