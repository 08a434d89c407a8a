"""`/resultats/`: the services around that publish results, each with its first figures.

Owns the words of the list; refuses to search otherwise than `/services/` does.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from guichet.core.words import NBSP, distance_in_words
from guichet.directory.models import Network, Structure
from guichet.directory.search import filtered, ordered
from guichet.directory.search_page import Link, heading, place_note
from guichet.directory.search_reading import SearchWish, Understood, read_wish
from guichet.publication import wording
from guichet.publication.area_names import after_de
from guichet.publication.models import Release
from guichet.publication.published.pooled_places import pool_area
from guichet.publication.published.publishing_networks import (
    networks_that_send,
    networks_with_values,
)
from guichet.publication.published.queries import KeyFigure, key_figures

NOT_PUBLISHED = "non publié par ce réseau"
ADDRESS = "/resultats/"
PAGE_SIZE = 12
LAST_PAGE = 10
FAR_M = 100_000
POOLED = f"Trop peu de réponses ici{NBSP}; avec d'autres lieux"


@dataclass(frozen=True)
class ShownFigure:
    """`before` is what must be known before the value: it is not that of the place alone."""

    value: str
    title: str
    detail: str
    before: str = ""


@dataclass(frozen=True)
class ResultCard:
    """One service: `figures` in words (of `key_figures`), or a `note` saying why there are none."""

    structure: Structure
    url: str
    detail: str
    town: str
    figures: tuple[ShownFigure, ...]
    key_figures: tuple[KeyFigure, ...]
    note: str


@dataclass(frozen=True)
class SearchPage:
    heading: str
    what: str
    where: str
    hidden: dict[str, str]
    read: Understood
    cards: list[ResultCard]
    place_note: str
    unknown_note: str
    far_note: str
    order_note: str
    other_places: list[Link]
    likely_kinds: list[Link]
    unfiltered_url: str
    previous_url: str
    next_url: str
    csv_url: str


def networks_with_results(release: Release) -> list[Network]:
    """Those of which the edition holds a value, by name."""
    return list(Network.objects.filter(code__in=networks_with_values(release)).order_by("name"))


def search_page(wish: SearchWish, release: Release, edition_query: str) -> SearchPage:
    """The asked page of services of the networks that publish, nearest first."""
    read = read_wish(wish)
    page = min(max(wish.page, 1), LAST_PAGE)
    first, last = (page - 1) * PAGE_SIZE, page * PAGE_SIZE
    publishing = (
        Structure.objects.open_ones()
        .filter(network__in=networks_with_results(release))
        .select_related("commune__departement__region")
    )
    asked_for = filtered(publishing, wish, read)
    found = [] if read.place_is_unknown else list(ordered(asked_for, read, last + 1)[first:])
    figures = key_figures(found[:PAGE_SIZE], release)
    sending = networks_that_send({one.network.code for one in found if one.network})
    asked = parameters(read, wish, edition_query)
    return SearchPage(
        heading=f"Résultats{NBSP}: {heading(read)}",
        what=read.what or (read.kind.label if read.kind else ""),
        where=read.where,
        hidden=hidden_fields(asked, read),
        read=read,
        cards=[
            card(one, figures.get(one.pk, []), release, sending, read, edition_query)
            for one in found[:PAGE_SIZE]
        ],
        place_note=place_note(read),
        unknown_note=unknown_note(read),
        far_note=far_note(found) if page == 1 else "",
        order_note=order_note(read),
        other_places=[
            Link(place.label, address(asked, ou=place.query, lat="", lon=""))
            for place in read.other_places
        ],
        likely_kinds=[
            Link(kind.label, address(asked, quoi="", type=kind.code)) for kind in read.likely_kinds
        ],
        unfiltered_url=address(asked, quoi="", type="") if read.origin and read.what else "",
        previous_url=address(asked, page=page - 1) if page > 1 else "",
        next_url=address(asked, page=page + 1)
        if len(found) > PAGE_SIZE and page < LAST_PAGE
        else "",
        csv_url=address(asked, page=page if page > 1 else "", format="csv"),
    )


def parameters(read: Understood, wish: SearchWish, edition_query: str) -> dict[str, str]:
    asked = {
        "quoi": read.what,
        "ou": read.where,
        "type": read.kind.code if wish.kind_code and read.kind else "",
        "edition": edition_query.partition("=")[2],
    }
    if wish.origin and not read.place:
        asked |= {"lat": str(wish.origin.latitude), "lon": str(wish.origin.longitude)}
    return {name: value for name, value in asked.items() if value}


def address(asked: dict[str, str], **changes: Any) -> str:
    changed = {name: str(value) for name, value in (asked | changes).items() if value}
    return f"{ADDRESS}?{urlencode(changed)}"


def hidden_fields(asked: dict[str, str], read: Understood) -> dict[str, str]:
    kept = {"edition", "lat", "lon"} | ({"type"} if read.name else set())
    return {name: value for name, value in asked.items() if name in kept}


def unknown_note(read: Understood) -> str:
    """What to write in place of a town or a postal code that nobody knows."""
    if not read.place_is_unknown:
        return ""
    told = f"Nous ne connaissons pas «{NBSP}{read.where}{NBSP}»."
    if read.where.replace(" ", "").isdigit():
        return f"{told} Vérifiez le code postal, ou écrivez le nom de la commune."
    return f"{told} Vérifiez l'orthographe, ou écrivez le code postal."


def far_note(found: list[Structure]) -> str:
    nearest_m = getattr(found[0], "distance_m", None) if found else None
    if nearest_m is None or nearest_m < FAR_M:
        return ""
    return f"Le service le plus proche est à {distance_in_words(nearest_m)}."


def order_note(read: Understood) -> str:
    if read.place or read.origin:
        return "Les plus proches d'abord, à vol d'oiseau. Ce n'est pas un classement."
    return "Par ordre alphabétique. Indiquez une ville pour voir d'abord les plus proches."


def card(
    structure: Structure,
    figures: Sequence[KeyFigure],
    release: Release,
    sending: Collection[str],
    read: Understood,
    edition_query: str,
) -> ResultCard:
    distance_m = getattr(structure, "distance_m", None)
    distance = "" if distance_m is None else f"À {distance_in_words(distance_m)}"
    kind = "" if read.kind else structure.kind.label
    shown = tuple(shown_figure(one, release) for one in figures)
    return ResultCard(
        structure=structure,
        url=f"{ADDRESS}{structure.code}/{edition_query}",
        detail=" · ".join(part for part in (distance, kind) if part),
        town=structure.town or (structure.commune.name if structure.commune else ""),
        figures=shown,
        key_figures=tuple(figures),
        note="" if shown else why_none(structure, sending),
    )


def shown_figure(key_figure: KeyFigure, release: Release) -> ShownFigure:
    version, figure = key_figure.version, key_figure.figure
    definition = version.definition
    margin = wording.margin_in_words(figure, definition)
    period = wording.period_in_words(figure.period, through=release.through)
    beside = [period, *([margin] if margin else [])]
    if key_figure.has_few_cases:
        beside.insert(0, wording.counted_in_words(figure, definition, version.counter_words))
    if figure.nation is not None:
        beside.append(wording.comparison_in_words(figure.nation, definition, "du pays"))
    value = wording.value_in_words(figure.value, definition)
    opinions = wording.opinions_in_words(figure, definition, version.counter_words)
    if opinions:
        beside.insert(0, f"Solde des avis{NBSP}: {value}")
    return ShownFigure(
        value=opinions or value,
        title=version.public_title,
        detail=f"{NBSP}; ".join(beside),
        before=whose(key_figure),
    )


def whose(key_figure: KeyFigure) -> str:
    """Whose figure it is, where it is not that of the place alone."""
    if key_figure.is_pooled:
        return f"{POOLED}{pool_area(key_figure.pool)}"
    place = key_figure.above
    if place is None:
        return ""
    name = {
        "departement": after_de(place.name),
        "region": f"de la région {place.name}",
        "nation": "de tout le pays",
    }.get(place.level, f"de «{NBSP}{place.name}{NBSP}»")
    return f"Chiffre {name}, pas de ce lieu seul"


def why_none(structure: Structure, sending: Collection[str]) -> str:
    """Where the network itself publishes nothing, and where this place has nothing."""
    if structure.network is None or structure.network.code not in sending:
        return f"{NOT_PUBLISHED.capitalize()}."
    return f"{wording.INSUFFICIENT.capitalize()} pour ce lieu."
