"""An answer as its page, its mail and its text message say it: words, and addresses.

Owns the wording; refuses to look for services.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.conf import settings

from guichet.core.words import NBSP, counted, distance_in_words
from guichet.directory.queries import shown_contacts
from guichet.directory.search_page import TOWN_HALL, visited_address
from guichet.orientation.answers import Answer, Door, PlaceShown, Subject
from guichet.orientation.competence import Basis, Place, Scope, scope_of
from guichet.orientation.contacts import NationalNumber
from guichet.orientation.models import Urgency
from guichet.orientation.travel import walking_minutes
from guichet.territories.models import Commune
from guichet.territories.queries import CommuneMatch

ADDRESS = "/orientation/"
SERVICES = "/services/"
URGENT_NUMBERS = {
    Urgency.VIOLENCE: "17 114 3919",
    Urgency.CHILD: "119 17 3018",
    Urgency.SUICIDE: "3114 15 112",
    Urgency.HOMELESS: "115",
    Urgency.DANGER: "17 112 114",
    Urgency.RESCUE: "18 112 114",
    Urgency.HEALTH: "15 112 114",
    Urgency.OLD_AGE: "3977 17",
    Urgency.RACISM: "3928",
}
URGENT_TITLES = {
    Urgency.VIOLENCE: "Vous êtes en danger, ou quelqu'un l'est ? Appelez tout de suite.",
    Urgency.CHILD: "Un enfant est en danger ? Appelez tout de suite.",
    Urgency.SUICIDE: "Vous souffrez, ou un proche souffre ? Appelez, jour et nuit.",
    Urgency.HOMELESS: "Vous n'avez nulle part où dormir ? Appelez, jour et nuit.",
    Urgency.DANGER: "En danger ? Appelez tout de suite.",
    Urgency.RESCUE: "Un incendie, un accident ? Appelez tout de suite.",
    Urgency.HEALTH: "Une urgence médicale ? Appelez tout de suite.",
    Urgency.OLD_AGE: "Une personne âgée ou handicapée est maltraitée ? Appelez.",
    Urgency.RACISM: "Vous êtes victime de discrimination ? On vous écoute.",
}
TEXT_MESSAGES = "114"
OWN_RULES = ("975", "977", "978", "98")
SOCIAL_SECURITY = {"cpam", "carsat", "msa"}
GENERAL_FUNDS = {"971", "972", "973", "974"}
MAYOTTE = "976"
GRAVE = {
    Urgency.VIOLENCE,
    Urgency.CHILD,
    Urgency.SUICIDE,
    Urgency.DANGER,
    Urgency.RESCUE,
    Urgency.HEALTH,
}


@dataclass(frozen=True)
class Telephone:
    """A number to dial; `note` says what is uncertain of it."""

    number: str
    display: str
    note: str = ""


@dataclass(frozen=True)
class PlaceCard:
    """A place in words. `journey` is the distance and the time it takes."""

    name: str
    url: str
    address: str
    journey: str
    presence_label: str
    presence_kind: str
    presence_detail: str
    hours_need_check: bool
    is_fictional: bool
    telephone: Telephone | None
    relay: str
    appointment_url: str


@dataclass(frozen=True)
class DoorCard:
    """A service in words: why, on what ground these places, how to reach it."""

    kind: str
    label: str
    why: str
    when: str
    only_some: bool
    find_url: str
    ground: str
    places: tuple[PlaceCard, ...]
    telephone: Telephone | None
    list_label: str
    list_url: str

    @property
    def title(self) -> str:
        """Its name, and under which condition it answers."""
        return f"{self.label} : {self.when[:1].lower()}{self.when[1:]}" if self.when else self.label

    @property
    def nearest(self) -> PlaceCard | None:
        return self.places[0] if self.places else None

    @property
    def further(self) -> tuple[PlaceCard, ...]:
        return self.places[1:]

    @property
    def has_relay(self) -> bool:
        return any(place.relay for place in self.places)

    @property
    def further_words(self) -> str:
        return counted(len(self.further), "autre lieu proche", "autres lieux proches")


@dataclass(frozen=True)
class ChoiceLink:
    label: str
    url: str
    detail: str


@dataclass(frozen=True)
class AnswerPage:
    """What `orientation/answer.html` shows."""

    title: str
    answer: Answer
    subject: Subject | None
    all_doors: tuple[DoorCard, ...]
    choices: tuple[ChoiceLink, ...]
    house: PlaceCard | None
    place_name: str
    place_typed: str
    other_places: tuple[ChoiceLink, ...]
    unknown_place: str
    overseas_note: str
    urgent_title: str
    urgent_numbers: str
    urgent_kind: str
    address: str
    sms_url: str
    asked: dict[str, str]

    @property
    def is_discreet(self) -> bool:
        """True where what is kept of the page may put the person in danger."""
        return self.answer.urgent == Urgency.VIOLENCE

    @property
    def best(self) -> DoorCard | None:
        return self.all_doors[0] if self.all_doors else None

    @property
    def other_doors(self) -> tuple[DoorCard, ...]:
        return self.all_doors[1:]

    @property
    def query(self) -> str:
        """The question as an address asks it."""
        return urlencode(self.asked)


def answer_page(answer: Answer, preferences: Iterable[str] = (), wrong: str = "") -> AnswerPage:
    """`preferences` are the names of the boxes ticked: "internet" (not at ease), "sourd"; `wrong`
    the kind of service that was said not to be the right one, which comes last."""
    asked = parameters(answer, preferences)
    subject = answer.subjects[0] if answer.is_sure or answer.out_of_scope else None
    doors = [door_card(door, answer.place) for door in (subject.doors if subject else ())]
    urgent = Urgency(answer.urgent)
    page_address = f"{ADDRESS}?{urlencode(asked)}" if asked else ADDRESS
    title = heading(answer, subject)
    shared = shared_text(title, doors, f"{settings.PUBLIC_URL}{page_address}", urgent)
    return AnswerPage(
        title=title,
        answer=answer,
        subject=subject,
        all_doors=tuple(
            door_card(door, answer.place) for door in (subject.doors if subject else ())
        ),
        choices=() if subject else tuple(choice(one, asked) for one in answer.subjects),
        house=place_card(answer.house) if answer.house else None,
        place_name=place_name(answer.place) if answer.place else "",
        place_typed=typed_place(answer),
        other_places=tuple(place_link(one, asked) for one in answer.other_places),
        unknown_place=f"Nous n'avons pas trouvé «{NBSP}{answer.question.where}{NBSP}»",
        overseas_note=overseas_note(answer.place),
        urgent_title=URGENT_TITLES.get(urgent, ""),
        urgent_numbers=urgent_numbers(urgent, asked),
        urgent_kind="error" if urgent in GRAVE else "warning",
        address=page_address,
        sms_url=f"sms:?&body={quote(shared)}",
        asked=asked,
    )


def shared_text(title: str, doors: list[DoorCard], address: str, urgent: Urgency) -> str:
    """What a text message says: the nearest place, to be read without Internet. Nothing of the need
    when somebody else may read the telephone."""
    if urgent is Urgency.VIOLENCE:
        return address
    place = next((door.nearest for door in doors if door.nearest), None)
    told = [title]
    if place:
        told += [place.name, place.address]
        told += [place.telephone.display] if place.telephone else []
    return "\n".join([*told, address])


def urgent_numbers(urgent: Urgency, asked: dict[str, str]) -> str:
    """By text message first for who cannot hear."""
    numbers = URGENT_NUMBERS.get(urgent, "").split()
    return " ".join(
        sorted(numbers, key=lambda one: one != TEXT_MESSAGES) if "sourd" in asked else numbers
    )


def parameters(answer: Answer, preferences: Iterable[str]) -> dict[str, str]:
    """The question as an address says it; once it is understood, without the person's words."""
    question = answer.question
    is_understood = answer.is_sure or answer.out_of_scope
    code = answer.subjects[0].code if is_understood and answer.subjects else ""
    asked = {
        "q": "" if code else question.text,
        "besoin": code or question.need,
        "lieu": answer.place.commune.insee_code if answer.place else "",
        "commune": "" if answer.place else question.where,
    }
    asked |= dict.fromkeys(preferences, "oui")
    return {name: value for name, value in asked.items() if value}


def heading(answer: Answer, subject: Subject | None) -> str:
    if answer.out_of_scope:
        return "Ce n'est pas une question pour un service public"
    if subject:
        return subject.title
    return "Que voulez-vous faire ?" if answer.subjects else "Nous n'avons pas compris"


def place_name(place: Place) -> str:
    """ "Saint-Denis (La Réunion)"; an arrondissement needs no département."""
    commune = place.commune
    if commune.kind == Commune.Kind.ARRONDISSEMENT:
        return commune.name.replace(" Arrondissement", " arrondissement")
    return f"{commune.name} ({commune.departement.name})"


def overseas_note(place: Place | None) -> str:
    """Collectivities have rules and services of their own (Constitution, articles 74 and 77)."""
    if place is None or not place.departement.startswith(OWN_RULES):
        return ""
    return (
        f"{place.commune.departement.name}{NBSP}: les règles et les services y sont souvent "
        "différents. Renseignez-vous d'abord à votre mairie."
    )


def typed_place(answer: Answer) -> str:
    """What to type to mean the same commune again: « Saint-Denis (974) »."""
    if answer.place is None:
        return answer.question.where
    commune = answer.place.commune
    is_arrondissement = commune.kind == Commune.Kind.ARRONDISSEMENT
    return commune.name if is_arrondissement else f"{commune.name} ({commune.departement_id})"


def choice(subject: Subject, asked: dict[str, str]) -> ChoiceLink:
    changed = {name: value for name, value in asked.items() if name != "q"}
    url = f"{ADDRESS}?{urlencode(changed | {'besoin': subject.code})}"
    return ChoiceLink(subject.title, url, " ou ".join(door.label for door in subject.doors[:2]))


def place_link(place: CommuneMatch, asked: dict[str, str]) -> ChoiceLink:
    url = f"{ADDRESS}?{urlencode(asked | {'lieu': place.insee_code})}"
    return ChoiceLink(place.label, url, "")


def door_card(door: Door, place: Place | None) -> DoorCard:
    places = tuple(place_card(one) for one in door.places)
    has_own_number = any(one.telephone for one in places)
    asks_town_hall = not places and place is not None and scope_of(door.kind) is Scope.COMMUNE
    asked = {"type": TOWN_HALL if asks_town_hall else door.kind}
    if place:
        asked["ou"] = f"{place.commune.name} ({place.departement})"
    return DoorCard(
        kind=door.kind,
        label=door.label,
        why=door.why,
        when=door.when,
        only_some=door.only_some,
        find_url=door.find_url,
        ground=ground(door, place) if place else "",
        places=places,
        telephone=None if has_own_number or not door.number else national(door.number),
        list_label="Demander à la mairie" if asks_town_hall else "Voir tous les lieux",
        list_url=f"{SERVICES}?{urlencode(asked)}" if asks_town_hall or places or not place else "",
    )


def ground(door: Door, place: Place) -> str:
    """Why these places and not others, in a sentence."""
    name = place.commune.name
    if not door.places and door.kind in SOCIAL_SECURITY:
        if place.departement in GENERAL_FUNDS:
            return "Ici, adressez-vous à la caisse générale de sécurité sociale (CGSS)."
        if place.departement == MAYOTTE:
            return "Ici, adressez-vous à la caisse de sécurité sociale de Mayotte (CSSM)."
    return {
        Basis.DECLARED: f"Compétent pour {name} d'après l'annuaire de l'administration.",
        Basis.COMMUNE: f"C'est le service de votre commune, {name}.",
        Basis.DEPARTEMENT: "Dans votre département "
        f"({place.commune.departement.name}), du plus proche au plus éloigné.",
        Basis.REGION: "Dans votre région "
        f"({place.commune.departement.region.name}), du plus proche au plus éloigné.",
        Basis.ANYWHERE: "Vous pouvez choisir : voici les lieux les plus proches.",
        Basis.NEAREST: "Nous n'en connaissons pas dans votre territoire : voici le plus proche. "
        "Appelez avant de vous déplacer.",
        Basis.UNKNOWN: "Nous n'en connaissons pas encore l'adresse près de chez vous : "
        "demandez-la à France services.",
    }[door.basis]


def place_card(place: PlaceShown) -> PlaceCard:
    structure, presence = place.found.structure, place.found.presence
    return PlaceCard(
        name=structure.name,
        url=structure.get_absolute_url(),
        address=visited_address(structure),
        journey=journey(place),
        presence_label=presence.label,
        presence_kind=presence.badge_kind,
        presence_detail=presence.detail,
        hours_need_check=place.found.hours_need_check,
        is_fictional=structure.is_fictional,
        telephone=telephone_of(place),
        relay=structure.relay_phone,
        appointment_url=structure.appointment_url,
    )


def telephone_of(place: PlaceShown) -> Telephone | None:
    """The first number that may be shown and does not cost more than a call."""
    phones = shown_contacts(place.found.structure).phones
    phone = next((one for one in phones if one["cost"] != "surcharged"), None)
    return Telephone(phone["number"], phone["display"]) if phone else None


def national(number: NationalNumber) -> Telephone:
    note = f"numéro national : {number.label}"
    if number.noted_on:
        note += f", relevé en {number.noted_on.year}"
    return Telephone(number.number, number.display, note)


def journey(place: PlaceShown) -> str:
    """ "À 2,4 km, environ 9 minutes en voiture"; on foot when it is near."""
    distance_m = place.found.distance_m
    if distance_m is None:
        return ""
    words = f"À {distance_in_words(distance_m)}"
    if place.minutes is None:
        return f"{words} à vol d'oiseau, sans route directe"
    on_foot = walking_minutes(distance_m)
    if on_foot is not None:
        return f"{words}, environ {in_hours(on_foot)} à pied"
    return f"{words}, environ {in_hours(place.minutes)} en voiture"


def in_hours(minutes: float) -> str:
    """ "9 minutes", "1 h 20"."""
    whole = max(1, round(minutes / 5) * 5 if minutes > 30 else round(minutes))
    if whole < 60:
        return f"{whole}{NBSP}minute{'s' if whole > 1 else ''}"
    hours, rest = divmod(whole, 60)
    return f"{hours}{NBSP}h{NBSP}{rest:02}" if rest else f"{hours}{NBSP}h"
