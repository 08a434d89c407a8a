"""Where an agent may send a person: the answer's services, nearest first, and places by name.

Owns the order of the proposals and what each fills in; refuses to write.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.utils import timezone

from guichet.core.words import NBSP, distance_in_words
from guichet.directory.models import Structure, StructureKind
from guichet.directory.search import Found, search_structures
from guichet.directory.search_reading import SearchWish, read_words
from guichet.orientation.actions.handovers import LONGEST, MOST_DOCUMENTS
from guichet.orientation.answer_page import ChoiceLink, journey
from guichet.orientation.answers import Answer, Door, Question, Subject, answer_to
from guichet.orientation.competence import competent_places

PLACES_OF_DOOR = (3, 2)
"""Of the first service, of the second; one of each of the others."""

MOST_CHOICES = 8
MOST_NAMED = 4
MOST_OTHER_SUBJECTS = 4
HOUSE_WHY = "Une personne vous aide gratuitement pour la plupart des démarches."


@dataclass(frozen=True)
class HandoverWish:
    """What an agent asks: a need in words or picked (`need`), where the person lives, a place by
    its name, a kind that another service named, and the subject of the sheet that it follows."""

    text: str = ""
    where: str = ""
    need: str = ""
    place_name: str = ""
    kind: str = ""
    subject: str = ""

    @property
    def asks_something(self) -> bool:
        return bool(self.text or self.need or self.place_name or self.kind)


@dataclass(frozen=True)
class PlaceChoice:
    """A place to send to: what tells it from the others, and why it is the one."""

    structure: Structure
    hint: str
    why: str

    @property
    def code(self) -> str:
        return self.structure.code


@dataclass(frozen=True)
class Offer:
    """What the agent's screen proposes, best first; `subject`, `documents` and the first choice's
    reason fill the sheet in."""

    answer: Answer
    choices: tuple[PlaceChoice, ...]
    subject: str
    documents: tuple[str, ...]
    need: str
    other_subjects: tuple[ChoiceLink, ...]
    without_place: tuple[str, ...]

    @property
    def why(self) -> str:
        return self.choices[0].why if self.choices else ""

    def choice(self, code: str) -> PlaceChoice | None:
        return next((one for one in self.choices if one.code == code), None)


def offer_of(sender: Structure, wish: HandoverWish, *, at: datetime | None = None) -> Offer:
    """The proposals for a wish; closed places and `sender` itself are left out."""
    at = at or timezone.now()
    answer = answer_to(Question(text=wish.text, where=wish.where, need=wish.need), at=at)
    subject = answer.subjects[0] if answer.subjects else None
    doors = subject.doors if subject else ()
    found: dict[int, PlaceChoice] = {}
    for one in (
        *named_choices(wish, doors, at),
        *kind_choices(wish, answer, sender, doors, at),
        *door_choices(doors),
        *house_choice(answer),
    ):
        if one.structure.pk != sender.pk:
            found.setdefault(one.structure.pk, one)
    return Offer(
        answer=answer,
        choices=tuple(found.values())[:MOST_CHOICES],
        subject=shortened(
            wish.subject or (subject.title if subject else wish.text), LONGEST["subject"]
        ),
        documents=tuple(
            shortened(one, LONGEST["document"])
            for one in (subject.documents[:MOST_DOCUMENTS] if subject else ())
        ),
        need=subject.code if subject else "",
        other_subjects=tuple(other_subjects(wish, answer)),
        without_place=tuple(one.label for one in doors if answer.place and not one.places),
    )


def named_choices(
    wish: HandoverWish, doors: tuple[Door, ...], at: datetime
) -> Iterator[PlaceChoice]:
    """Places of this name, near the person unless the name says where (« caf roubaix »)."""
    if not wish.place_name:
        return
    says_where = bool(read_words(wish.place_name)[1])
    asked = SearchWish(what=wish.place_name, where="" if says_where else wish.where)
    whys = {door.kind: door.why for door in doors}
    for found in search_structures(asked, at=at).items[:MOST_NAMED]:
        why = whys.get(found.structure.kind_id, "")
        yield place_choice(found, distance_of(found), why)


def kind_choices(
    wish: HandoverWish, answer: Answer, sender: Structure, doors: tuple[Door, ...], at: datetime
) -> Iterator[PlaceChoice]:
    """Places of the kind that `sender` says is the right one."""
    kind = StructureKind.objects.filter(code=wish.kind).first() if wish.kind else None
    if kind is None or answer.place is None:
        return
    why = next((door.why for door in doors if door.kind == kind.code), "")
    why = why or f"D'après « {sender.name[:120]} », c'est ce service qui peut vous répondre."
    for found in competent_places([kind.code], answer.place, at)[kind.code].found:
        yield place_choice(found, distance_of(found), why)


def door_choices(doors: tuple[Door, ...]) -> Iterator[PlaceChoice]:
    for rank, door in enumerate(doors):
        most = PLACES_OF_DOOR[rank] if rank < len(PLACES_OF_DOOR) else 1
        for place in door.places[:most]:
            yield place_choice(place.found, journey(place), door.why)


def house_choice(answer: Answer) -> Iterator[PlaceChoice]:
    if answer.house:
        yield place_choice(answer.house.found, journey(answer.house), HOUSE_WHY)


def place_choice(found: Found, way: str, why: str) -> PlaceChoice:
    return PlaceChoice(found.structure, hint_of(found, way), shortened(why, LONGEST["why"]))


def shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def hint_of(found: Found, way: str) -> str:
    """Its kind where the name does not begin with it, how far it is, whether it is open."""
    structure = found.structure
    parts = [
        "" if says_its_kind(structure) else structure.kind.label,
        way,
        found.presence.words,
    ]
    if found.hours_need_check:
        parts.append("horaires à vérifier")
    return f"{NBSP}– ".join(part for part in parts if part)


def says_its_kind(structure: Structure) -> bool:
    """« Mairie de Lille »; « CAF de Lille » says « Caisse d'allocations familiales (CAF) »."""
    label, _, acronym = structure.kind.label.rstrip(")").partition(" (")
    name = structure.name.casefold()
    return any(one and name.startswith(one.casefold()) for one in (label, acronym))


def distance_of(found: Found) -> str:
    return "" if found.distance_m is None else f"À {distance_in_words(found.distance_m)}"


def other_subjects(wish: HandoverWish, answer: Answer) -> Iterator[ChoiceLink]:
    """What the words may mean besides, each as the same question with another need."""
    for subject in answer.subjects[1 : MOST_OTHER_SUBJECTS + 1]:
        asked = {"q": wish.text, "commune": wish.where, "besoin": subject.code}
        query = urlencode({name: value for name, value in asked.items() if value})
        yield ChoiceLink(subject.title, f"?{query}", services_of(subject))


def services_of(subject: Subject) -> str:
    return " ou ".join(door.label for door in subject.doors[:2])
