"""The filters that people use most, one press each, above the list.

Owns which they are and their addresses; refuses to search.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse

OFFERED = (
    ("Avec une réponse", "reponse", "oui"),
    ("Sans réponse", "reponse", "non"),
    ("Promesse tenue", "promesse", "tenue"),
    ("Ressenti positif", "ressenti", "positive"),
    ("Ressenti négatif", "ressenti", "negative"),
)
CURSORS = ("apres", "avant")


@dataclass(frozen=True)
class QuickFilter:
    """Pressed again, it narrows no more."""

    label: str
    url: str
    is_chosen: bool


def quick_filters(query: QueryDict) -> list[QuickFilter]:
    """Each with what the address already asks, from the first page."""
    return [one(query, *offered) for offered in OFFERED]


def one(query: QueryDict, label: str, name: str, value: str) -> QuickFilter:
    asked = query.copy()
    for cursor in CURSORS:
        asked.pop(cursor, None)
    is_chosen = query.get(name) == value
    if is_chosen:
        del asked[name]
    else:
        asked[name] = value
    for empty in [key for key in asked if not asked[key]]:
        del asked[empty]
    words = asked.urlencode()
    base = reverse("experiences")
    return QuickFilter(label, f"{base}?{words}" if words else base, is_chosen)
