"""From a record of an export to one story: which column is which, what is wrong and where.

Owns the columns, old and new, and every fault of a row; refuses the database. Plain Python.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from guichet.core.text import folded
from guichet.experiences.importing import cells
from guichet.experiences.importing.records import Record

RANKS = (1, 2, 3)
ASPECTS = {
    "accessibility": "Accessibilité",
    "information": "Information/Explication",
    "relation": "Relation",
    "responsiveness": "Réactivité",
    "simplicity": "Simplicité/Complexité",
}
ID, PUBLISHED, FEELING, DESCRIPTION = (
    "ID expérience",
    "Date de publication",
    "Ressenti usager",
    "Description",
)
NEEDED = (ID, PUBLISHED, FEELING, DESCRIPTION)
ORIGIN, ADDRESS = "ID d'origine", "Adresse"
STATE, REJECTION = "Etat expérience", "Motif de rejet"
LENGTHS = {"title": 150, "pseudonym": 60, "procedures": 500, "service_change": 300}
LONGEST_NAME = 300
LONGEST_TEXT = 200_000
UNPUBLISHED = ("rejet", "refus", "brouillon", "attente de moderation", "supprim")
"""What a state says of a story that was never public, in lower case without accents."""
Errors = Callable[[str], None]


class NoSuchColumns(ValueError):
    """The columns that an export cannot do without and that this one lacks (French)."""


@dataclass
class ImportedService:
    """One service of a story as the export tells it; `code` only in our own exports."""

    rank: int
    name: str
    kind: str
    channels: list[str]
    answer: str
    code: str = ""
    network: str = ""
    answered_on: date | None = None


@dataclass
class ImportedStory:
    """What one row holds. `warnings` were mended or left out, `errors` keep the row out."""

    line: int
    number: int = 0
    address: str = ""
    is_published: bool = True
    values: dict[str, Any] = field(default_factory=dict)
    departement: str = ""
    departement_code: str = ""
    procedure_code: str = ""
    services: list[ImportedService] = field(default_factory=list)
    promise: dict[str, Any] = field(default_factory=dict)
    second_word: str = ""
    was_useful: bool | None = None
    useful_count: int = 0
    is_solved: bool | None = None
    warnings: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


class Columns:
    """Where each title stands in this file; technical names answer too."""

    def __init__(self, header: Sequence[str]) -> None:
        self.width = len(header)
        self.places = {plain(title): place for place, title in reversed([*enumerate(header)])}
        self.header = list(header)
        missing = [title for title in NEEDED if plain(title) not in self.places]
        if missing:
            raise NoSuchColumns(
                f"Il manque des colonnes : {', '.join(missing)}. La première ligne doit porter les "
                "titres de l'export officiel."
            )
        self.from_here = plain(ADDRESS) in self.places and plain(ORIGIN) in self.places

    def of(self, record: Record, title: str) -> str:
        place = self.places.get(plain(title))
        return record.cells[place] if place is not None and place < len(record.cells) else ""


def plain(title: str) -> str:
    """« Etat expérience », « État expérience » and « etat_experience » are one."""
    return "".join(mark for mark in folded(title) if mark.isalnum())


def story_of(record: Record, columns: Columns) -> ImportedStory:
    """Where cells are too many, even empty ones at the end, what is wrong in the others comes from
    that: their number alone is told."""
    story = ImportedStory(line=record.line, warnings=list(record.mended))
    found, expected = len(record.cells), columns.width
    surplus = [cell for cell in record.cells[expected:] if cell.strip()]
    if found < expected or surplus:
        story.errors.append(wrong_width(found, expected))
        return story
    RowReader(record, columns, story).read()
    if found > expected and story.errors:
        story.errors = [wrong_width(found, expected)]
    return story


def wrong_width(found: int, expected: int) -> str:
    return (
        f"{found} cellules, {expected} attendues : un point-virgule ou un guillemet est de trop ou "
        "manque"
    )


class RowReader:
    """Reads one record into `story`, telling each fault with the title of its column."""

    def __init__(self, record: Record, columns: Columns, story: ImportedStory) -> None:
        self.record, self.columns, self.story = record, columns, story

    def cell(self, title: str) -> str:
        return self.columns.of(self.record, title)

    def text(self, title: str) -> str:
        return cells.text_of(self.cell(title), from_here=self.columns.from_here)

    def line(self, title: str, most: int = LONGEST_NAME) -> str:
        found = cells.line(self.cell(title))
        if len(found) > most:
            self.story.warnings.append(f"{title} : coupé à {most} caractères")
        return found[:most].rstrip()

    def meant(self, title: str, reading: Callable[[str], Any], *, needed: bool = False) -> Any:
        """The cell through `reading`; a fault is an error only of what the story needs."""
        try:
            found = reading(self.cell(title))
        except ValueError as error:
            told = self.story.errors if needed else self.story.warnings
            told.append(f"{title} : {error}" + ("" if needed else " : laissé de côté"))
            return None
        if needed and found in (None, ""):
            self.story.errors.append(f"{title} : vide")
        return found

    def read(self) -> None:
        story = self.story
        origin = self.cell(ORIGIN).strip()
        story.number = self.meant(ORIGIN if origin else ID, cells.number, needed=True) or 0
        story.address = self.cell(ADDRESS).strip()
        story.is_published = self.reads_as_published()
        self.read_values()
        story.departement = cells.line(self.cell("Intitulé département usager"))
        story.departement_code = cells.line(self.cell("Code département usager"))
        story.procedure_code = cells.line(self.cell("Code de la démarche"))
        story.services = [one for rank in RANKS if (one := self.service(rank))]
        self.read_what_followed()

    def reads_as_published(self) -> bool:
        state = folded(self.cell(STATE))
        return not self.cell(REJECTION).strip() and not any(one in state for one in UNPUBLISHED)

    def read_values(self) -> None:
        description = self.text(DESCRIPTION)
        if not description and self.story.is_published:
            self.story.errors.append(f"{DESCRIPTION} : vide")
        if len(description) > LONGEST_TEXT:
            self.story.errors.append(f"{DESCRIPTION} : plus de {LONGEST_TEXT} caractères")
        published_on = self.meant(PUBLISHED, cells.day, needed=True)
        self.story.values = {
            "title": self.line("Titre", LENGTHS["title"]),
            "description": description,
            "wished": self.text("Ce qui aurait aidé"),
            "pseudonym": self.line("Pseudonyme usager", LENGTHS["pseudonym"]),
            "written_as": cells.written_as(self.cell("Posté comme")),
            "feeling": self.meant(FEELING, cells.feeling, needed=True),
            "procedures_entered": self.line("Démarches saisies par usager", LENGTHS["procedures"]),
            "published_on": published_on,
            "written_on": self.meant("Écrit le", cells.day) or published_on,
            "replied_on": self.meant("Date de premiere réponse", cells.day),
            "same_count": self.meant("Expériences Similaires", cells.count) or 0,
            "similar_service_change": self.line(
                "Amélioration de service à considérer", LENGTHS["service_change"]
            ),
            "language": self.line("Langue", 2),
            "is_fictional": bool(cells.truth(self.cell("Démonstration"))),
            **{name: self.meant(title, cells.feeling) or "" for name, title in ASPECTS.items()},
        }

    def service(self, rank: int) -> ImportedService | None:
        name = self.line(f"Intitulé structure {rank}")
        kind = self.line(f"Intitulé Typologie {rank}")
        answer = self.text(f"Réponse structure {rank}")
        if not (name or kind or answer):
            return None
        return ImportedService(
            rank=rank,
            name=name,
            kind=kind,
            channels=cells.channels(self.cell(f"Canaux Typologie {rank}")),
            answer=answer,
            code=cells.line(self.cell(f"Code structure {rank}")),
            network=cells.line(self.cell(f"Code réseau {rank}")),
            answered_on=self.meant(f"Première réponse structure {rank}", cells.day),
        )

    def read_what_followed(self) -> None:
        story = self.story
        story.second_word = self.text("Complément de l'auteur")
        story.was_useful = cells.truth(self.cell("Réponse 1 jugée utile par l'auteur"))
        story.is_solved = cells.truth(self.cell("Problème réglé d'après l'auteur"))
        useful = "Évaluation utile réponse structure 1 par visiteurs"
        story.useful_count = self.meant(useful, cells.count) or 0
        what = self.line("Action")
        done_on = self.meant("Date action engagée", cells.day)
        due_on = self.meant("Échéance de l'action", cells.day) or done_on
        outcome = self.cell("Avis de l'auteur sur l'action").strip()
        if what and due_on and story.services and story.services[0].answer:
            story.promise = {
                "what": what,
                "due_on": due_on,
                "done_on": done_on,
                "outcome": outcome if outcome in ("kept", "partly", "broken") else "pending",
            }
        elif what:
            story.warnings.append("Action : sans date ou sans réponse, elle n'est pas reprise")
