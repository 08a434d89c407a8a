"""« Which service is mine? »: words and a commune become services, why, and where.

Owns the assembly of an answer; refuses to name a service that neither the team's table nor a sheet
of service-public.fr names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import timezone

from guichet.core.text import search_text
from guichet.directory.models import StructureKind
from guichet.directory.nearby import Point
from guichet.directory.search import Found
from guichet.orientation.catalogue import Catalogue, catalogue, need_key, sheet_key
from guichet.orientation.competence import Basis, Competent, Place, competent_places
from guichet.orientation.contacts import NationalNumber, national_number
from guichet.orientation.matching.alarms import alarm_in
from guichet.orientation.matching.index import Reading
from guichet.orientation.matching.verdict import Outcome, Verdict
from guichet.orientation.models import Need, Procedure
from guichet.orientation.routes import Stop, route_service
from guichet.territories.likeness import likeness
from guichet.territories.matching import Reason
from guichet.territories.naming import read_place as read_name
from guichet.territories.naming import search_name
from guichet.territories.queries import (
    CommuneMatch,
    commune_of_code,
    find_commune,
    nearest_commune,
)

FRANCE_SERVICES = "france_services"
PLACES_SHOWN = 3
PLACES_OF_A_CHOICE = 1
MOST_DOORS = 6
URGENT_CHOICES = 2
LIKE_ENOUGH = 0.75
"""« lile » is taken for Lille; « wallis » is not taken for Wallers."""


@dataclass(frozen=True)
class Question:
    """What is asked: a need in words, or picked (`need`, its code); a place as typed, by its INSEE
    code, or by a position in degrees. `insee_code` goes first and is never read as a postal code:
    59350 is Lille, and the postal code of another commune."""

    text: str = ""
    where: str = ""
    need: str = ""
    position: tuple[float, float] | None = None
    insee_code: str = ""


@dataclass(frozen=True)
class PlaceShown:
    """A place to go to: minutes by car, None when unknown or when no road leads there."""

    found: Found
    minutes: float | None


@dataclass(frozen=True)
class Sheet:
    """The sheet of service-public.fr that an answer rests on."""

    code: str
    title: str
    url: str
    read_on: date
    needs_check: bool


@dataclass(frozen=True)
class Door:
    """A service that answers: why this one, under which condition, and its places."""

    kind: str
    label: str
    why: str
    when: str = ""
    only_some: bool = False
    find_url: str = ""
    basis: Basis = Basis.UNKNOWN
    places: tuple[PlaceShown, ...] = ()
    number: NationalNumber | None = None


@dataclass(frozen=True)
class Subject:
    """What the words were understood to mean: a need of the team's table, or a sheet."""

    key: str
    title: str
    doors: tuple[Door, ...]
    code: str = ""
    documents: tuple[str, ...] = ()
    advice: str = ""
    urgent: str = ""
    online: tuple[dict[str, str], ...] = ()
    sheet: Sheet | None = None


@dataclass(frozen=True)
class Answer:
    """The answer to a question. `subjects` are what is meant, best first: one when it is sure.

    `place` is where the person is, None when not told; `other_places` may be meant as well.
    """

    question: Question
    outcome: Outcome
    subjects: tuple[Subject, ...] = ()
    place: Place | None = None
    place_match: CommuneMatch | None = None
    other_places: tuple[CommuneMatch, ...] = ()
    place_is_unknown: bool = False
    house: PlaceShown | None = None
    house_basis: Basis = Basis.UNKNOWN
    method: str = ""
    unknown_words: tuple[str, ...] = ()
    known_words: frozenset[str] = frozenset()
    alarm: str = ""

    @property
    def is_sure(self) -> bool:
        return self.outcome is Outcome.SURE

    @property
    def out_of_scope(self) -> bool:
        return self.outcome is Outcome.OUT_OF_SCOPE

    @property
    def urgent(self) -> str:
        """The urgency that the words say (`alarm`), else that of what is most likely meant."""
        return self.alarm or next((one.urgent for one in self.subjects if one.urgent), "")


def answer_to(question: Question, *, at: datetime | None = None) -> Answer:
    """The competent services for a question, with their places when a place is given.

    Any text is safe: 200 characters are read. Nothing is written: `counting` counts.
    """
    at = at or timezone.now()
    match, others, place = read_place(question)
    outcome, keys, reading = understand(question)
    subjects = subjects_of(keys)
    kinds = list(dict.fromkeys(door.kind for one in subjects for door in one.doors))[:MOST_DOORS]
    shown, method = places_by_kind([*kinds, FRANCE_SERVICES], place, at)
    house = shown.get(FRANCE_SERVICES)
    return Answer(
        question=question,
        outcome=outcome,
        subjects=tuple(with_places(one, shown) for one in subjects),
        place=place,
        place_match=match,
        other_places=tuple(others),
        place_is_unknown=bool(search_text(question.where)) and place is None,
        house=house.places[0] if house and house.places else None,
        house_basis=house.basis if house else Basis.UNKNOWN,
        method=method,
        unknown_words=reading.unknown if reading else (),
        known_words=reading.exact if reading else frozenset(),
        alarm="" if question.need else alarm_in(question.text),
    )


def read_place(question: Question) -> tuple[CommuneMatch | None, list[CommuneMatch], Place | None]:
    """The commune meant, and the others that may be; a place typed goes before a position."""
    if commune := commune_of_code(question.insee_code):
        return None, [], Place(commune)
    if typed := search_text(question.where):
        match, others = find_commune(typed)
        if match is None or is_doubtful(typed, match):
            return None, [match, *others] if match else [], None
        named = commune_of_code(match.insee_code)
        return match, others, Place(named) if named else None
    if question.position:
        near = nearest_commune(*question.position)
        return None, [], Place(near) if near else None
    return None, [], None


def is_doubtful(typed: str, match: CommuneMatch) -> bool:
    """True for a name that is only somewhat like what was typed: it is asked, not taken."""
    if match.reason is not Reason.SPELLING:
        return False
    return likeness(read_name(typed).name, search_name(match.name)) < LIKE_ENOUGH


def understand(question: Question) -> tuple[Outcome, tuple[str, ...], Reading | None]:
    """What is meant: the need that was picked, else the verdict on the words."""
    if question.need and (picked := picked_subject(question.need)):
        return *picked, None
    known = catalogue()
    verdict, reading = known.judge(question.text)
    if alarm := alarm_in(question.text):
        return *urgent_first(alarm, verdict, reading, known), reading
    return verdict.outcome, verdict.keys, reading


def urgent_first(
    alarm: str, verdict: Verdict, reading: Reading, known: Catalogue
) -> tuple[Outcome, tuple[str, ...]]:
    """What an alarm makes of a verdict: needs of that urgency come first, nothing is refused."""
    kept = () if verdict.outcome is Outcome.OUT_OF_SCOPE else verdict.keys
    urgent = [key for key in kept if known.named[key].urgent]
    if urgent:
        return verdict.outcome, (*urgent, *(key for key in kept if key not in urgent))
    found = [one.key for one in reading.found if known.named[one.key].urgent == alarm]
    named = [key for key, one in known.named.items() if one.urgent == alarm and one.is_first_aid]
    first = list(dict.fromkeys((*found, *named)))[:URGENT_CHOICES]
    return Outcome.CHOICE, (*first, *kept)


def picked_subject(code: str) -> tuple[Outcome, tuple[str, ...]] | None:
    """A need by its code, or a sheet by its own (« F19778 »)."""
    code = search_text(code)
    need = Need.objects.active().filter(code=code).first()
    if need is not None:
        outcome = Outcome.OUT_OF_SCOPE if need.out_of_scope else Outcome.SURE
        return outcome, (need_key(need),)
    sheet = Procedure.objects.current().exclude(kinds=[]).filter(code=code).first()
    return (Outcome.SURE, (sheet_key(sheet),)) if sheet else None


def subjects_of(keys: Sequence[str]) -> list[Subject]:
    """The needs and sheets of `keys`, in their order. Four queries, however many."""
    needs = Need.objects.prefetch_related("answers__kind").in_bulk(keys_of("need", keys))
    sheets = Procedure.objects.in_bulk(keys_of("procedure", keys))
    codes = {code for need in needs.values() for code in need.procedures[:1]}
    named = {one.code: one for one in Procedure.objects.current().filter(code__in=codes)}
    labels = labels_of(kind for sheet in sheets.values() for kind in sheet.kinds)
    subjects = []
    for key in keys:
        table, _, number = key.partition(":")
        if table == "need" and (need := needs.get(int(number))):
            sheet = named.get(need.procedures[0]) if need.procedures else None
            subjects.append(subject_of_need(key, need, sheet))
        elif table == "procedure" and (procedure := sheets.get(int(number))):
            subjects.append(subject_of_procedure(key, procedure, labels))
    return subjects


def keys_of(table: str, keys: Sequence[str]) -> list[int]:
    prefix = f"{table}:"
    return [int(key.removeprefix(prefix)) for key in keys if key.startswith(prefix)]


def labels_of(kinds: Iterable[str]) -> dict[str, str]:
    return dict(StructureKind.objects.filter(code__in=list(kinds)).values_list("code", "label"))


def subject_of_need(key: str, need: Need, sheet: Procedure | None) -> Subject:
    return Subject(
        key=key,
        code=need.code,
        title=need.title,
        doors=tuple(
            Door(
                kind=one.kind_id,
                label=one.kind.label,
                why=one.why,
                when=one.when,
                only_some=one.only_some,
                find_url=one.find_url,
                number=national_number(one.kind_id),
            )
            for one in need.answers.all()
        ),
        documents=tuple(need.documents),
        advice=need.advice,
        urgent=need.urgent,
        online=tuple(need.online) or online_of(sheet),
        sheet=sheet_of(sheet) if sheet else None,
    )


def subject_of_procedure(key: str, procedure: Procedure, labels: dict[str, str]) -> Subject:
    """A sheet answers by its own words: the organism that it names, and its note."""
    notes = {one["kind"]: one for one in reversed(procedure.organisms) if one["kind"]}
    return Subject(
        key=key,
        code=procedure.code,
        title=procedure.title,
        doors=tuple(
            Door(
                kind=kind,
                label=labels[kind],
                why=f"La fiche « {procedure.title} » de service-public.fr indique : "
                f"{notes[kind]['title'] if kind in notes else labels[kind]}.",
                when=notes[kind]["note"] if kind in notes else "",
                only_some=bool(kind in notes and notes[kind].get("only_some")),
                number=national_number(kind),
            )
            for kind in procedure.kinds
            if kind in labels
        ),
        online=online_of(procedure),
        sheet=sheet_of(procedure),
    )


def online_of(procedure: Procedure | None) -> tuple[dict[str, str], ...]:
    """The sheet's online procedures, without forms to print."""
    if procedure is None:
        return ()
    return tuple(
        {"title": one["title"], "url": one["url"]}
        for one in procedure.online
        if one["type"] == "teleservice" and one["url"]
    )[:PLACES_SHOWN]


def sheet_of(procedure: Procedure) -> Sheet:
    return Sheet(
        code=procedure.code,
        title=procedure.title,
        url=procedure.url,
        read_on=procedure.read_on,
        needs_check=procedure.needs_check(),
    )


@dataclass(frozen=True)
class ShownPlaces:
    basis: Basis
    places: tuple[PlaceShown, ...]


def places_by_kind(
    kinds: Sequence[str], place: Place | None, at: datetime
) -> tuple[dict[str, ShownPlaces], str]:
    """The places of each kind with their journey, and the method of the journeys."""
    if place is None:
        return {}, ""
    competent = competent_places(list(dict.fromkeys(kinds)), place, at, limit=PLACES_SHOWN)
    founds = [found for one in competent.values() for found in one.found]
    origin = Stop(place.point, place.commune.insee_code)
    stops = [stop_of(found) for found in founds]
    journeys = route_service().journeys(origin, [stop for stop in stops if stop])
    minutes = iter(journeys.minutes)
    by_key = {
        found.structure.pk: PlaceShown(found, next(minutes) if stop else None)
        for found, stop in zip(founds, stops, strict=True)
    }
    return {kind: shown_places(one, by_key) for kind, one in competent.items()}, journeys.method


def shown_places(competent: Competent, by_key: dict[int, PlaceShown]) -> ShownPlaces:
    return ShownPlaces(
        competent.basis, tuple(by_key[found.structure.pk] for found in competent.found)
    )


def stop_of(found: Found) -> Stop | None:
    structure = found.structure
    if structure.latitude is None or structure.longitude is None:
        return None
    return Stop(Point(structure.latitude, structure.longitude), structure.commune_id or "")


def with_places(subject: Subject, shown: dict[str, ShownPlaces]) -> Subject:
    doors = tuple(
        replace(door, basis=shown[door.kind].basis, places=shown[door.kind].places)
        if door.kind in shown
        else door
        for door in subject.doors
    )
    return replace(subject, doors=doors)
