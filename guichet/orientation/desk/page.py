"""What an adviser of the telephone desk has before the eyes: an answer to read aloud, what else may
be picked by its figure, and the call so far.

Owns the words and the addresses of the desk; refuses to look for services (`answers` does).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import urlencode

from guichet.directory.schedules import Presence
from guichet.orientation.answer_page import (
    GRAVE,
    URGENT_NUMBERS,
    URGENT_TITLES,
    PlaceCard,
    Telephone,
    ground,
    national,
    overseas_note,
    place_card,
)
from guichet.orientation.answers import FRANCE_SERVICES, Answer, Door, PlaceShown, Subject
from guichet.orientation.competence import Place
from guichet.orientation.contacts import national_number
from guichet.orientation.models import Urgency
from guichet.territories.queries import CommuneMatch

ADDRESS = "/agents/orientation/standard/"
MOST_OPTIONS = 9
"""As many as there are figures to press."""

PLACES_OF_A_DOOR = 2
HOUSE_LABEL = "France services"
HOUSE_WHY = "Une personne vous y aide pour la plupart des démarches, gratuitement."


@dataclass(frozen=True)
class Asked:
    """The call so far, as its address says it: codes, the words of the need until they are
    understood, the urgency that they said (`alarm`), and the signed moment at which it began.
    `commune` is an INSEE code, empty when the person did not say."""

    commune: str = ""
    text: str = ""
    need: str = ""
    kind: str = ""
    structure: str = ""
    alarm: str = ""
    started: str = ""

    @property
    def address(self) -> str:
        asked = {
            "q": self.text,
            "besoin": self.need,
            "service": self.kind,
            "lieu": self.structure,
            "urgence": self.alarm,
            "debut": self.started,
        }
        kept = {name: value for name, value in asked.items() if value}
        return f"{ADDRESS}?{urlencode({'commune': self.commune} | kept)}"


@dataclass(frozen=True)
class Choice:
    """What a figure picks. `figure` is 0 beyond the ninth."""

    figure: int
    label: str
    detail: str
    url: str
    is_current: bool = False


@dataclass(frozen=True)
class Spoken:
    """The service to name, the sentence that says why, and whom to transfer the call to."""

    kind: str
    service: str
    why: str
    when: str = ""
    only_some: bool = False
    find_url: str = ""
    ground: str = ""
    place: PlaceCard | None = None
    structure: str = ""
    telephone: Telephone | None = None
    hours: str = ""


@dataclass(frozen=True)
class DeskAnswer:
    """What `orientation/desk/answer.html` shows; `asked` is what the note of the call says. The
    choices are services, or (`is_about_services` false) what may be meant."""

    title: str
    answer: Answer
    subject: Subject | None
    spoken: Spoken | None
    choices: tuple[Choice, ...]
    is_about_services: bool
    house: PlaceCard | None
    house_hours: str
    urgent_title: str
    urgent_numbers: str
    urgent_kind: str
    overseas_note: str
    asked: Asked


def place_choices(matches: Sequence[CommuneMatch], asked: Asked) -> tuple[Choice, ...]:
    """The communes that may be meant."""
    return tuple(
        Choice(
            figure=rank,
            label=one.label,
            detail=" ".join(one.postal_codes[:3]),
            url=replace(asked, commune=one.insee_code).address,
        )
        for rank, one in enumerate(matches[:MOST_OPTIONS], 1)
    )


def desk_answer(answer: Answer, asked: Asked) -> DeskAnswer:
    """The page of an answer. A sure one shows its first service unless `asked` picks another that
    it has; out of scope, none is shown before it is picked."""
    asked = replace(asked, alarm=answer.alarm or asked.alarm)
    subject = answer.subjects[0] if answer.is_sure or answer.out_of_scope else None
    if subject:
        asked = replace(asked, text="", need=subject.code)
    offered = list(islice(offered_by(answer, subject), MOST_OPTIONS))
    picked = picked_among(offered, asked)
    if picked is None and offered and answer.is_sure:
        picked = offered[0]
    urgent = Urgency(asked.alarm or answer.urgent)
    return DeskAnswer(
        title=heading(answer, subject),
        answer=answer,
        subject=subject,
        spoken=picked,
        choices=choices_of(answer, subject, offered, picked, asked),
        is_about_services=subject is not None or not answer.subjects,
        house=place_card(answer.house) if answer.house else None,
        house_hours=hours_now(answer.house.found.presence) if answer.house else "",
        urgent_title=URGENT_TITLES.get(urgent, ""),
        urgent_numbers=URGENT_NUMBERS.get(urgent, ""),
        urgent_kind="error" if urgent in GRAVE else "warning",
        overseas_note=overseas_note(answer.place),
        asked=replace(
            asked,
            kind=picked.kind if picked else "",
            structure=picked.structure if picked else "",
        ),
    )


def heading(answer: Answer, subject: Subject | None) -> str:
    if subject:
        return subject.title
    return "Que veut la personne ?" if answer.subjects else "Rien trouvé pour ces mots"


def offered_by(answer: Answer, subject: Subject | None) -> Iterator[Spoken]:
    """The services that answer with their nearest places, then the France services house."""
    doors = subject.doors if subject else ()
    for door in doors:
        for place in door.places[:PLACES_OF_A_DOOR] or (None,):
            yield spoken(door, place, answer.place)
    if answer.house and FRANCE_SERVICES not in {door.kind for door in doors}:
        house = Door(kind=FRANCE_SERVICES, label=HOUSE_LABEL, why=HOUSE_WHY)
        yield spoken(house, answer.house, None)


def spoken(door: Door, place: PlaceShown | None, where: Place | None) -> Spoken:
    card = place_card(place) if place else None
    number = door.number or national_number(door.kind)
    telephone = card.telephone if card else None
    return Spoken(
        kind=door.kind,
        service=door.label,
        why=door.why,
        when=door.when,
        only_some=door.only_some,
        find_url=door.find_url,
        ground=ground(door, where) if where else "",
        place=card,
        structure=place.found.structure.code if place else "",
        telephone=telephone or (national(number) if number else None),
        hours=hours_now(place.found.presence) if place else "",
    )


def picked_among(offered: Sequence[Spoken], asked: Asked) -> Spoken | None:
    """The service that was picked by its kind and its place."""
    same_kind = [one for one in offered if asked.kind and one.kind == asked.kind]
    exact = (one for one in same_kind if one.structure == asked.structure)
    return next(exact, same_kind[0] if same_kind else None)


def choices_of(
    answer: Answer,
    subject: Subject | None,
    offered: Sequence[Spoken],
    picked: Spoken | None,
    asked: Asked,
) -> tuple[Choice, ...]:
    """What may be meant, while that is not sure; then the services."""
    if answer.subjects and subject is None:
        return tuple(
            Choice(
                figure=rank,
                label=one.title,
                detail=" ou ".join(door.label for door in one.doors[:2]),
                url=replace(asked, text="", need=one.code).address,
            )
            for rank, one in enumerate(answer.subjects[:MOST_OPTIONS], 1)
        )
    return tuple(
        Choice(
            figure=rank,
            label=one.place.name if one.place else one.service,
            detail=detail_of(one),
            url=replace(asked, kind=one.kind, structure=one.structure).address,
            is_current=one is picked,
        )
        for rank, one in enumerate(offered, 1)
    )


def detail_of(one: Spoken) -> str:
    if one.place is None:
        return "Pas d'adresse connue dans les environs"
    return ". ".join(part for part in (one.place.journey, one.hours) if part)


def hours_now(presence: Presence) -> str:
    """ "Ouvert jusqu'à 17 h", else the state as it is said everywhere."""
    return presence.words.replace("Ouvert, ferme à ", "Ouvert jusqu'à ", 1)
