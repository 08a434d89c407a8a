"""What `/services/` takes in its address, read leniently.

Owns the names of the parameters; refuses nothing: a value that makes no sense is ignored, because
an address may be old or cut.
"""

from __future__ import annotations

from django.http import QueryDict

from guichet.core.text import search_text
from guichet.directory.nearby import Point
from guichet.directory.search_reading import FILTERS, SearchWish

POSITION_DECIMALS = 3
"""About a hundred metres: enough to sort, too little to tell a door."""


def wish_of(query: QueryDict) -> SearchWish:
    """`q` is the header's single line; `quoi` and `ou` are the page's own fields."""
    what = search_text(query.get("quoi", "")) or search_text(query.get("q", ""))
    return SearchWish(
        what=what,
        where=search_text(query.get("ou", "")),
        kind_code=search_text(query.get("type", "")),
        origin=position(query),
        page=page_number(query.get("page", "")),
        **{field: bool(query.get(name)) for name, field in FILTERS.items()},
    )


def position(query: QueryDict) -> Point | None:
    """The visitor's position, when the browser gave it, rounded again here."""
    try:
        latitude, longitude = (
            round(float(query.get(name, "")), POSITION_DECIMALS) for name in ("lat", "lon")
        )
    except (ValueError, OverflowError):
        return None
    on_earth = -90 <= latitude <= 90 and -180 <= longitude <= 180
    return Point(latitude, longitude) if on_earth else None


def page_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 1
