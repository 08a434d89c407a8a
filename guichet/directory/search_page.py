"""The results of a search as the page shows them: words, and the addresses of what comes next.

Owns the wording and the addresses; refuses to search.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from guichet.core.extensions import Suggestion, suggestions_for
from guichet.core.text import folded
from guichet.core.words import NBSP, distance_in_words
from guichet.directory.addresses import commune_beyond_address
from guichet.directory.kind_search import NamedKind
from guichet.directory.models import Structure
from guichet.directory.reference_tables import searchable_kinds
from guichet.directory.search import Found, SearchResults, SearchWish
from guichet.directory.search_reading import FILTERS, Understood
from guichet.territories.queries import CommuneMatch
from guichet.territories.wording import after_de

SEARCH_URL = "/services/"
HELP_KIND = "france_services"
TOWN_HALL = "mairie"
FAR_M = 100_000
FILTER_LABELS = {
    "ouvert": "Ouvert maintenant",
    "accessible": "Accessible en fauteuil",
    "rdv": "Sur rendez-vous",
}
LEFT_OUT = {
    "ouvert": "Les lieux dont les horaires sont inconnus ne sont pas montrés.",
    "accessible": "Les lieux dont l'accessibilité est inconnue ne sont pas montrés.",
}


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    is_current: bool = False


@dataclass(frozen=True)
class FoundCard:
    """One result, in words."""

    found: Found
    detail: str
    address: str


@dataclass(frozen=True)
class ResultsPage:
    """What `directory/results.html` shows. `hidden` is what the form keeps unseen."""

    title: str
    heading: str
    what: str
    where: str
    hidden: dict[str, str]
    cards: list[FoundCard]
    read: Understood
    place_note: str
    far_note: str
    order_note: str
    left_out: list[str]
    other_places: list[Link]
    likely_kinds: list[Link]
    kinds: list[Link]
    filters: list[Link]
    previous_url: str
    next_url: str
    unfiltered_url: str
    everything_near_url: str
    help_url: str
    town_hall_url: str
    suggestions: list[Suggestion]

    @property
    def urgent_numbers(self) -> str:
        return self.suggestions[0].urgent_numbers if self.suggestions else ""


def results_page(results: SearchResults, wish: SearchWish) -> ResultsPage:
    read = results.read
    asked = parameters(read, wish)
    title = heading(read)
    return ResultsPage(
        title=title if results.page == 1 else f"{title}, page {results.page}",
        heading=title,
        what=read.what or (read.kind.label if read.kind else ""),
        where=read.where,
        hidden=hidden_fields(asked, read),
        cards=[card(found, read) for found in results.items],
        read=read,
        place_note=place_note(read),
        far_note=far_note(results),
        order_note=order_note(read),
        left_out=[note for name, note in LEFT_OUT.items() if name in asked],
        other_places=[
            Link(place.label, address(asked, ou=place.query, lat="", lon=""))
            for place in read.other_places
        ],
        likely_kinds=kind_links(read.likely_kinds, asked),
        kinds=kind_links(in_order(read.common_kinds), asked),
        filters=[
            Link(label, address(asked, **{name: "" if name in asked else "oui"}), name in asked)
            for name, label in FILTER_LABELS.items()
        ],
        previous_url=address(asked, page=results.page - 1) if results.page > 1 else "",
        next_url=address(asked, page=results.page + 1) if results.has_next else "",
        unfiltered_url=address(asked, **dict.fromkeys(FILTERS, "")) if wish.is_filtered else "",
        everything_near_url=address(asked, quoi="", type="") if read.origin and read.what else "",
        help_url=address(asked, quoi="", type=HELP_KIND),
        town_hall_url=town_hall_url(read, asked),
        suggestions=suggestions_for(read.name, read.where) if read.name else [],
    )


def parameters(read: Understood, wish: SearchWish) -> dict[str, str]:
    """The wish as an address says it, without its page."""
    asked = {
        "quoi": read.what,
        "ou": read.where,
        "type": read.kind.code if wish.kind_code and read.kind else "",
    }
    if wish.origin and not read.place:
        asked |= {"lat": str(wish.origin.latitude), "lon": str(wish.origin.longitude)}
    asked |= {name: "oui" for name, field in FILTERS.items() if getattr(wish, field)}
    return {name: value for name, value in asked.items() if value}


def address(asked: dict[str, str], **changes: Any) -> str:
    """The search with some parameters changed; an empty value takes one out."""
    changed = {name: str(value) for name, value in (asked | changes).items() if value}
    return f"{SEARCH_URL}?{urlencode(changed)}"


def hidden_fields(asked: dict[str, str], read: Understood) -> dict[str, str]:
    """Filters and position stay when the words change; a kind picked only beside a name."""
    kept = {*FILTERS, "lat", "lon"} | ({"type"} if read.name else set())
    return {name: value for name, value in asked.items() if name in kept}


def kind_links(kinds: Iterable[NamedKind], asked: dict[str, str] | None = None) -> list[Link]:
    return [Link(kind.label, address(asked or {}, quoi="", type=kind.code)) for kind in kinds]


def common_kind_links() -> list[Link]:
    """The kinds that most people look for."""
    return kind_links(in_order(kind for kind in searchable_kinds() if kind.is_common))


def all_kind_links() -> list[Link]:
    return kind_links(in_order(searchable_kinds()))


def in_order(kinds: Iterable[NamedKind]) -> list[NamedKind]:
    return sorted(kinds, key=lambda kind: folded(kind.label))


def heading(read: Understood) -> str:
    """« Mairie près de Lille », « « gambetta » en France »."""
    what = read.kind.label if read.kind else "Services publics"
    if read.name:
        name = f"«{NBSP}{read.name}{NBSP}»"
        what = f"{read.kind.label}, {name}" if read.kind else name
    if read.place:
        return f"{what} près {after_de(place_name(read.place, read.other_places))}"
    return f"{what} près de vous" if read.origin else f"{what} en France"


def place_name(place: CommuneMatch, others: Iterable[CommuneMatch]) -> str:
    """The commune, and its département where another one has the same name."""
    return place.full_name if any(one.name == place.name for one in others) else place.name


def place_note(read: Understood) -> str:
    """What was understood of the place, where it is not what was typed."""
    place = read.place
    if place is None:
        return ""
    if place.former_name:
        return f"{place.label}."
    if not place.is_exact:
        return f"«{NBSP}{read.where}{NBSP}»{NBSP}: nous avons compris {place.label}."
    return ""


def far_note(results: SearchResults) -> str:
    """A warning where the nearest of all is too far to go to."""
    nearest_m = results.items[0].distance_m if results.items and results.page == 1 else None
    if nearest_m is None or nearest_m < FAR_M:
        return ""
    return f"Le lieu le plus proche est à {distance_in_words(nearest_m)}"


def town_hall_url(read: Understood, asked: dict[str, str]) -> str:
    """Who to ask in place of a kind of which nothing is known."""
    if read.kind is None or read.name or read.kind.code == TOWN_HALL:
        return ""
    return address(asked, quoi="", type=TOWN_HALL)


def order_note(read: Understood) -> str:
    if read.place:
        return f"Distances à vol d'oiseau depuis le centre {after_de(read.place.name)}."
    if read.origin:
        return "Distances à vol d'oiseau depuis votre position, arrondie à une centaine de mètres."
    return "Indiquez une ville pour voir d'abord les lieux les plus proches."


def card(found: Found, read: Understood) -> FoundCard:
    """The distance, then the kind where results may be of several."""
    distance = "" if found.distance_m is None else f"À {distance_in_words(found.distance_m)}"
    kind = "" if read.kind else found.structure.kind.label
    return FoundCard(
        found=found,
        detail=" · ".join(part for part in (distance, kind) if part),
        address=visited_address(found.structure),
    )


def visited_address(structure: Structure) -> str:
    """The address, and the commune when the post says another name."""
    commune = commune_beyond_address(structure)
    written = structure.full_address
    return f"{written} (commune{NBSP}: {commune})" if written and commune else written or commune
