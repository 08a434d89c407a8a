"""Quantities and names of months in French words. Owns their rounding; refuses HTML."""

from __future__ import annotations

import re

NBSP = "\u00a0"
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def distance_in_words(distance_m: float) -> str:
    """ "350 m", "2,4 km", "18 km": never more precise than the position deserves."""
    if distance_m < 975:
        return f"{max(50, round(distance_m / 50) * 50)}{NBSP}m"
    if distance_m < 9_950:
        return f"{distance_m / 1000:.1f}{NBSP}km".replace(".", ",")
    return f"{grouped(round(distance_m / 1000))}{NBSP}km"


def counted(count: int, one: str, many: str) -> str:
    """ "1 structure", "3 structures", "0 structure": French puts zero in the singular."""
    return f"{grouped(count)}{NBSP}{one if abs(count) < 2 else many}"


def grouped(number: int) -> str:
    """ "1 234 567", with narrow unbreakable spaces."""
    return f"{number:,}".replace(",", "\u202f")


def insecable(text: str) -> str:
    """No line begins with « : » or ends with an opening quotation mark."""
    return re.sub(r"(?<=«) | (?=[»:;?!])", NBSP, text)
