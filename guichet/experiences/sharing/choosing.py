"""Places to choose from: searched by name and town, guessed from words, or those of a procedure.

Owns the proposals and what tells one from another; refuses to write.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from guichet.core.text import search_text
from guichet.core.words import distance_in_words
from guichet.directory.models import Structure
from guichet.directory.search import Found, search_structures
from guichet.directory.search_page import visited_address
from guichet.directory.search_reading import SearchWish
from guichet.orientation.answers import Answer, Question, answer_to, read_place
from guichet.orientation.competence import competent_places
from guichet.orientation.models import Procedure

MOST_SHOWN = 8
MOST_OF_A_GUESS = 6
MOST_OF_A_KIND = 3


@dataclass(frozen=True)
class PlaceOffered:
    """A place to press; `detail` tells it from the others, `why` says why it is proposed."""

    code: str
    name: str
    detail: str
    address: str
    why: str = ""
    is_fictional: bool = False


@dataclass(frozen=True)
class Proposals:
    """What a search gives. `place_is_unknown`: the town was not understood."""

    places: tuple[PlaceOffered, ...] = ()
    is_asked: bool = False
    place_is_unknown: bool = False
    other_places: tuple[tuple[str, str], ...] = ()
    subjects: tuple[tuple[str, str], ...] = ()
    has_more: bool = False


def searched(what: str, where: str) -> Proposals:
    """Places of this name or kind, nearest first when a town is given."""
    wish = SearchWish(what=search_text(what), where=search_text(where))
    if not wish.asks_something:
        return Proposals()
    results = search_structures(wish)
    read = results.read
    return Proposals(
        places=tuple(offered(found) for found in results.items[:MOST_SHOWN]),
        is_asked=True,
        place_is_unknown=read.place_is_unknown,
        other_places=tuple((one.label, one.query) for one in read.other_places),
        has_more=len(results.items) > MOST_SHOWN or results.has_next,
    )


def guessed(words: str, where: str, need: str = "") -> Proposals:
    """The services that orientation finds for what the person wanted to do, and their places; what
    else may have been meant when it is not sure."""
    question = Question(text=search_text(words), where=search_text(where), need=search_text(need))
    if not (question.text or question.need):
        return Proposals()
    answer = answer_to(question)
    return Proposals(
        places=tuple(unique(places_of_answer(answer)))[:MOST_OF_A_GUESS],
        is_asked=bool(question.where),
        place_is_unknown=answer.place_is_unknown,
        other_places=tuple((one.label, one.query) for one in answer.other_places),
        subjects=()
        if answer.is_sure
        else tuple((one.title, one.code) for one in answer.subjects if one.code),
    )


def places_of_answer(answer: Answer) -> Iterable[PlaceOffered]:
    if not answer.is_sure:
        return
    for door in answer.subjects[0].doors:
        for place in door.places:
            yield offered(place.found, why=door.label)


def of_procedure(procedure: Procedure, where: str) -> Proposals:
    """The places near a town that handle a procedure."""
    if not search_text(where):
        return Proposals()
    _, others, place = read_place(Question(where=where))
    if place is None:
        return Proposals(
            is_asked=True,
            place_is_unknown=True,
            other_places=tuple((one.label, one.query) for one in others),
        )
    by_kind = competent_places(procedure.kinds, place, timezone.now(), limit=MOST_OF_A_KIND)
    found = (offered(one) for kind in procedure.kinds for one in by_kind[kind].found)
    return Proposals(
        places=tuple(unique(found))[:MOST_SHOWN],
        is_asked=True,
        other_places=tuple((one.label, one.query) for one in others),
    )


def unique(places: Iterable[PlaceOffered]) -> Iterable[PlaceOffered]:
    return {one.code: one for one in places}.values()


def offered(found: Found, why: str = "") -> PlaceOffered:
    structure = found.structure
    distance = f"À {distance_in_words(found.distance_m)}" if found.distance_m is not None else ""
    return PlaceOffered(
        code=structure.code,
        name=structure.name,
        detail=" · ".join(part for part in (distance, structure.kind.label) if part),
        address=visited_address(structure),
        why=why,
        is_fictional=structure.is_fictional,
    )


def structure_named(code: str) -> Structure | None:
    """The open structure of this code, or the one that it was merged into."""
    found = (
        Structure.objects.select_related("merged_into__commune", "commune")
        .filter(code=search_text(code))
        .first()
    )
    found = found.merged_into or found if found else None
    return None if found is None or found.is_closed else found
