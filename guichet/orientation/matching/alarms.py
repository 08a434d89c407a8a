"""Words that ring an alarm, whatever else is understood: « perds du sang », « veux en finir ».

Owns the reading of `reference/alarms.csv`; refuses any score: an alarm rings or does not.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from guichet.core.sounds import sound_of
from guichet.core.text import search_text, without_controls
from guichet.orientation.matching.index import Meaning, Meanings
from guichet.orientation.matching.words import LONGEST_WORD, plain, stem, words_of

GRAVEST_FIRST = (
    "sante",
    "secours",
    "danger",
    "suicide",
    "enfance",
    "violences",
    "sans-abri",
    "vieillesse",
    "racisme",
)
"""The urgencies; of several, the first is told."""

MOST_BETWEEN = 2
"""How many other words may stand between two words of an expression."""

_SOMEBODY = re.compile(r"\b(?:quelqu\W*un|quelqun|kelkun|qqun|qqn)\b", re.I)
"""One word, that the cut of elisions would leave as « un »."""

READ_CHARACTERS = 1_000
LEAST_SOUND = 4
LEAST_BEGINNING = 3
REFERENCE = Path(__file__).parent.parent / "reference"

GROUPS = {
    "ENFANT": "enfant/gosse/gamin/gamine/bebe/fils!/fille/fillette/garcon/petit/petite/petits/"
    "mineur/ado/eleve/nourrisson/frere/soeur/neveu/niece/jumeau/jumelle/timoun/marmaille",
    "PROCHE": "mari!/femme/conjoint/compagnon/compagne/copain/copine/ami!/amie!/pere/papa/mere/"
    "maman/daron/daronne/parent/grand/papi/papy/mamie/mamy/meme!/oncle/tante/cousin/cousine/"
    "voisin/voisine/collegue/quelquun/homme/dame/monsieur/mr!/mec/gars!/"
    "personne/il!/elle!/vieux/vieille/client/cliente/epoux/epouse/belle/beau/ENFANT",
    "COUPLE": "mari!/femme/conjoint/compagnon/compagne/copain/copine/ex!/epoux/epouse/mec!/"
    "homme/petit/il!/elle!",
    "FAMILLE": "pere/papa/mere/maman/parents/beau/belle/oncle/frere/grand/tonton/daron/daronne",
    "AGE": "grand/mamie/mamy/papi/papy/mere/pere/maman/papa/tante/oncle/vieux!/vieille!/agee!/"
    "age!/agees!/ages!/resident/residente/handicape/handicapee/autiste/voisine",
    "QUELQUUN": "quelquun/homme/femme/dame/monsieur/mr!/mec!/gars!/type!/personne/"
    "jeune/fille/garcon/vieux/vieille/papi/papy/mamie/mamy/passant/gens/clochard/sdf/voisin/"
    "voisine/pieton/motard/cycliste/enfant/corps",
    "MEDICAMENT": "medicament/medoc/cachet!/cachets!/comprime/somnifere/pilule/doliprane/"
    "paracetamol/xanax/"
    "lexomil/anxiolytique/antidepresseur/calmant/morphine/methadone/insuline/tranquillisant/"
    "gelule/tramadol/aspirine",
    "POISON": "javel/detergent/lessive/destop/deboucheur/white/spirit/essence/antigel/acide/pile/"
    "piles/poison/herbicide/desherbant/insecticide/antirat/soude/detartrant/decapant/solvant/"
    "petrole/gazole/liquide/produit/capsule/bille/aimant/ammoniaque/rats!/roundup/pesticide/"
    "vernis/dissolvant/piece/bouton/muguet/nicotine",
    "ANIMAL": "chien/chienne/chiot/chat/chatte/chaton/lapin/hamster/cheval/poule/vache/poisson/"
    "oiseau/perruche/veterinaire/veto/animal/animaux",
    "NUISIBLE": "rat/souris/cafard/blatte/taupe/guepe/frelon/puce/punaise/pigeon/moustique/"
    "mouche/limace/fourmi/mauvaise/herbe/temps/gluten/plante/rosier",
    "PAPIERS": "assurance/assureur/sinistre/indemn*/constat/expert/expertise/declar*/rembours*/"
    "attestation/facture/certificat/recours/contester/dossier/prejudice/pension/reversion/"
    "reglementation/norme/norm/formulaire/cpam/secu!/ameli/capital/succession/heritage/"
    "diplome/concours/formation/stage/metier/devenir/recrut*/benevole/don/prevention",
    "FICTION": "film!/serie/livre!/roman/chanson/exposé/expose/recette/definition/jeu!/concert/"
    "paroles/acteur/theatre/tuto/dissertation/poeme/citation",
}
"""Words that an expression of the table names together, in capitals."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """An expression, the urgency that it means, and the expressions that cancel it.

    Of each word: `a/b` either; `a!` this spelling only; `expuls*` this beginning; `ENFANT` a word
    of `GROUPS`. Else its other endings and what sounds the same are read too.
    """

    expression: str
    urgency: str
    unless: tuple[str, ...] = ()


Slots = tuple[frozenset[str], ...]
Places = Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Bell:
    """An alarm ready to be compared: the marks of each of its words."""

    slots: Slots
    rank: int
    unless: tuple[Slots, ...]


class Alarms:
    """The alarms that a text rings; built once, read many times."""

    def __init__(self, alarms: Iterable[Alarm], meanings: Iterable[Meaning] = ()) -> None:
        self._meanings = Meanings(one for one in meanings if one.replaces)
        self._by_mark: dict[str, list[Bell]] = defaultdict(list)
        for alarm in alarms:
            bell = Bell(
                slots_of(alarm.expression),
                GRAVEST_FIRST.index(alarm.urgency),
                tuple(slots_of(one) for one in alarm.unless),
            )
            for mark in bell.slots[0]:
                self._by_mark[mark].append(bell)

    def heard_in(self, text: str) -> str:
        """The gravest urgency that `text` says, "" when none. Any text is safe."""
        words = words_of(_SOMEBODY.sub("quelquun", without_controls(text[:READ_CHARACTERS])))
        replaced = [one for typed, _ in self._meanings.apply(words) for one in typed]
        readings = [places_of(words)]
        if replaced != words:
            readings.append(places_of(replaced))
        gravest = len(GRAVEST_FIRST)
        for places in readings:
            for bell in self._bells_near(places):
                if bell.rank < gravest and rings(bell, places, readings):
                    gravest = bell.rank
        return GRAVEST_FIRST[gravest] if gravest < len(GRAVEST_FIRST) else ""

    def _bells_near(self, places: Places) -> Iterable[Bell]:
        """The alarms whose first word is there."""
        near = {id(bell): bell for mark in places for bell in self._by_mark.get(mark, ())}
        return near.values()


def rings(bell: Bell, places: Places, readings: Sequence[Places]) -> bool:
    return is_said(bell.slots, places) and not any(
        is_said(unless, reading) for unless in bell.unless for reading in readings
    )


def is_said(slots: Slots, places: Places) -> bool:
    """True when the words come in this order, with at most `MOST_BETWEEN` others between two."""
    ends: set[int] | None = None
    for slot in slots:
        here = {place for mark in slot for place in places.get(mark, ())}
        if ends is not None:
            before = ends
            here = {
                place
                for place in here
                if any(place - back in before for back in range(1, MOST_BETWEEN + 2))
            }
        if not here:
            return False
        ends = here
    return True


def places_of(words: Sequence[str]) -> Places:
    """Where each mark of the words stands."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, word in enumerate(words):
        for mark in marks_of_typed(word):
            places[mark].append(place)
    return places


@lru_cache(maxsize=16_384)
def marks_of_typed(word: str) -> tuple[str, ...]:
    """What a typed word may be compared by: `=` spelling, `~` stem, `#` sound, `*` beginning."""
    spelling = plain(word)[:LONGEST_WORD]
    beginnings = {f"*{spelling[:end]}" for end in range(LEAST_BEGINNING, len(spelling) + 1)}
    return tuple(marks_of_meant(word) | beginnings)


def marks_of_meant(word: str) -> frozenset[str]:
    spelling = plain(word)
    marks = {f"={spelling}", f"~{stem(word)}", f"~{stem(spelling)}"}
    if len(sound := sound_of(spelling)) >= LEAST_SOUND:
        marks.add(f"#{sound}")
    return frozenset(marks)


def slots_of(expression: str) -> Slots:
    """The marks of each word of an expression of the table."""
    return tuple(marks_of_slot(slot) for slot in expression.split())


def marks_of_slot(slot: str) -> frozenset[str]:
    marks: set[str] = set()
    for word in slot.split("/"):
        if word.isupper():
            marks |= marks_of_slot(GROUPS[word])
        elif word.endswith("*"):
            marks.add(f"*{plain(word[:-1])}")
        elif word.endswith("!"):
            marks.add(f"={plain(word[:-1])}")
        else:
            marks |= marks_of_meant(word)
    return frozenset(marks)


def shipped_alarms() -> list[Alarm]:
    """The rows of `reference/alarms.csv`."""
    with (REFERENCE / "alarms.csv").open(encoding="utf-8", newline="") as table:
        return [
            Alarm(row["expression"], row["urgency"], tuple(filter(None, row["unless"].split("|"))))
            for row in csv.DictReader(table, strict=True)
        ]


@lru_cache(maxsize=1)
def _shipped() -> Alarms:
    with (REFERENCE / "synonyms.csv").open(encoding="utf-8", newline="") as table:
        spellings = [
            Meaning(row["typed"], row["means"], replaces=True)
            for row in csv.DictReader(table, strict=True)
            if row["replaces"] == "yes"
        ]
    return Alarms(shipped_alarms(), spellings)


def alarm_in(text: str) -> str:
    """The gravest urgency said in `text` (a value of `Urgency`), "" when none."""
    return _shipped().heard_in(search_text(text))
