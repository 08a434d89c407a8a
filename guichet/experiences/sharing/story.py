"""A draft read as a story: the services chosen, what is written, what is missing.

Owns the shape of `Draft.answers`; refuses to write it (`actions`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from guichet.directory.models import Structure
from guichet.experiences.models import ASPECTS, Aspect, Channel, Draft, Entry, Feeling, WrittenAs
from guichet.experiences.sharing.titles import automatic_title
from guichet.orientation.models import Procedure
from guichet.orientation.models.catalogue import Audience
from guichet.territories.models import Departement

MOST_SERVICES = 3
BY_MAIL, BY_CODE = "mail", "code"


@dataclass(frozen=True)
class ChosenService:
    """A service of the story. `code` is a structure's, empty for one that is not in the directory;
    `place` is its town, to tell it from another."""

    name: str
    code: str = ""
    place: str = ""
    channels: tuple[str, ...] = ()

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> ChosenService:
        return cls(
            name=str(stored.get("name", "")),
            code=str(stored.get("code", "")),
            place=str(stored.get("place", "")),
            channels=tuple(one for one in stored.get("channels", ()) if one in Channel.values),
        )

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same service as another."""
        return self.code, "" if self.code else f"{self.name} {self.place}".casefold()

    @property
    def label(self) -> str:
        """ "CAF du Nord (Lille)"; the town is not said twice."""
        said = not self.place or self.place.casefold() in self.name.casefold()
        return self.name if said else f"{self.name} ({self.place})"

    @property
    def channel_labels(self) -> list[str]:
        return [str(Channel(one).label) for one in self.channels]

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "code": self.code,
            "place": self.place,
            "channels": list(self.channels),
        }


def service_of(structure: Structure) -> ChosenService:
    town = structure.town or (structure.commune.name if structure.commune else "")
    return ChosenService(name=structure.name, code=structure.code, place=town)


@dataclass(frozen=True)
class Story:
    """What a draft says. Texts are as typed, tidied; a choice not made yet is empty."""

    services: tuple[ChosenService, ...]
    title: str
    description: str
    wished: str
    feeling: str
    aspects: dict[Aspect, str]
    written_as: str
    departement: str
    pseudonym: str
    follow_by: str
    email: str
    entry: str
    procedure: str
    procedures_entered: str

    @property
    def shown_title(self) -> str:
        """Its title, or the first of its sentences that tells something."""
        return self.title or automatic_title(self.description)

    @property
    def feeling_label(self) -> str:
        return str(Feeling(self.feeling).label) if self.feeling else ""

    @property
    def aspect_labels(self) -> list[tuple[str, str]]:
        return [
            (str(one.label), str(Feeling(value).label))
            for one, value in self.aspects.items()
            if value
        ]

    @property
    def written_as_label(self) -> str:
        return str(WrittenAs(self.written_as).label) if self.written_as else ""

    @property
    def departement_name(self) -> str:
        found = Departement.objects.filter(code=self.departement).first()
        return found.name if found else ""

    @property
    def is_followed_by_mail(self) -> bool:
        return self.follow_by == BY_MAIL

    @property
    def is_entered_by_an_agent(self) -> bool:
        return self.entry != Entry.SELF


def story_of(draft: Draft) -> Story:
    said = draft.answers

    def text(name: str) -> str:
        return str(said.get(name, ""))

    def choice(name: str, allowed: list[str]) -> str:
        return text(name) if text(name) in allowed else ""

    return Story(
        services=services_of(draft),
        title=text("title"),
        description=text("description"),
        wished=text("wished"),
        feeling=choice("feeling", Feeling.values),
        aspects={one: choice(one.value, Feeling.values) for one in ASPECTS},
        written_as=choice("written_as", WrittenAs.values),
        departement=text("departement"),
        pseudonym=text("pseudonym"),
        follow_by=choice("follow_by", [BY_MAIL, BY_CODE]),
        email=draft.email,
        entry=choice("entry", [Entry.COUNTER, Entry.TELEPHONE]) or Entry.SELF,
        procedure=text("procedure"),
        procedures_entered=text("procedures_entered"),
    )


def services_of(draft: Draft) -> tuple[ChosenService, ...]:
    return tuple(ChosenService.read(one) for one in draft.answers.get("services", ()))


def structures_of(services: tuple[ChosenService, ...]) -> dict[str, Structure]:
    """The structures of today behind the codes; one merged since stands for what it became."""
    codes = [one.code for one in services if one.code]
    rows = Structure.objects.select_related(
        "network", "commune__departement", "merged_into__network", "merged_into__commune"
    )
    return {one.code: one.merged_into or one for one in rows.filter(code__in=codes)}


def service_part(rank: int) -> str:
    """What moderation calls the name that the author gave to the service at `rank`."""
    return f"service_{rank}"


def likely_departement(story: Story) -> str:
    """That of the first service that stands somewhere; empty when none does."""
    structures = structures_of(story.services)
    for one in story.services:
        structure = structures.get(one.code)
        if structure is not None and structure.commune is not None:
            return str(structure.commune.departement_id)
    return ""


def procedure_of(code: str) -> Procedure | None:
    """The sheet that an address names; a citizen's first, for several audiences may have it."""
    found = list(Procedure.objects.current().filter(code=code)) if code else []
    found.sort(key=lambda one: one.audience != Audience.CITIZENS)
    return found[0] if found else None
