"""Weekly hours of the DILA's dump (`plage_ouverture`) as intervals.

Owns day ranges, the two time ranges and their comments; refuses to assert a day of which one part
cannot be read: that day is unknown and its text is kept.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import time
from functools import lru_cache
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from .base import SourceInterval
from .fields import FaultLog, clean_text

FIELD = "plage_ouverture"
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MIDNIGHT = time(0, 0)
NOON = time(12, 0)
# A range that ends before it begins is a night only between these; else it is a slip.
NIGHT_BEGINS = time(17, 0)
NIGHT_ENDS = time(9, 0)

_CLOCK = re.compile(r"(\d{1,2})[:hH](\d{2})(?::\d{2}(?:\.\d+)?)?")
_APPOINTMENT = re.compile(
    r"\b(?:sur|avec) (?:rendez[- ]?vous|rdv)\b|(?:rendez[- ]?vous|rdv) obligatoire"
)
_OPTIONAL = re.compile(r"\bsans\b|possib|egalement|aussi|\b(?:ou|et) (?:sur|avec) r")
_TELEPHONE = re.compile(r"(?:accueil|permanence|standard)s? telephonique|\bpar telephone\b")
_IN_PERSON = re.compile(r"physique|guichet|sur place|rendez[- ]?vous|rdv|\bpublic")
_DAY_NAMES = re.compile("|".join(WEEKDAYS))
_WORDS_OF_APPOINTMENT = re.compile(
    r"rendez[- ]?vous|rdv|\b(?:sur|avec|uniquement|seulement|exclusivement|obligatoire|accueil|du"
    r"|public|ouvert|reception|le|les|l'|matins?|apres[- ]midi|de|au|a|prendre|prise)\b|[^\w]"
)


class WeeklyHours(NamedTuple):
    """`intervals` is None when nothing is known; `text` keeps what was not read."""

    intervals: tuple[SourceInterval, ...] | None
    unknown_weekdays: tuple[int, ...]
    text: str


class _Entry(NamedTuple):
    """One entry of `plage_ouverture`, cells cleaned: days, clocks and comment."""

    first_day: str
    last_day: str
    opens_1: str
    closes_1: str
    opens_2: str
    closes_2: str
    comment: str

    def described(self) -> str:
        """As a line to read: "Lundi - Mardi : 09:00:00 - 25:99 (commentaire)"."""
        days = " - ".join(dict.fromkeys(filter(None, (self.first_day, self.last_day))))
        pairs = ((self.opens_1, self.closes_1), (self.opens_2, self.closes_2))
        hours = " / ".join(" - ".join(pair) for pair in pairs if any(pair))
        comment = f"({self.comment})" if self.comment else ""
        return " : ".join(filter(None, (days, " ".join(filter(None, (hours, comment))))))


class _Reading(NamedTuple):
    """What an entry says: its intervals, or the days it leaves unknown, its text and why."""

    intervals: tuple[SourceInterval, ...] = ()
    unknown_weekdays: tuple[int, ...] = ()
    text: str = ""
    doubts: tuple[str, ...] = ()


class _Doubt(Exception):
    """Why a range cannot be read (French)."""


_FIELDS = (
    "nom_jour_debut",
    "nom_jour_fin",
    "valeur_heure_debut_1",
    "valeur_heure_fin_1",
    "valeur_heure_debut_2",
    "valeur_heure_fin_2",
    "commentaire",
)
_WHOLE_WEEK = tuple(range(7))
# The same openings come back in thousands of places: one value serves them all.
_shared_interval = lru_cache(maxsize=32768)(SourceInterval)


def read_weekly_hours(entries: list[Any], general_comment: str, log: FaultLog) -> WeeklyHours:
    """Reads the entries of `plage_ouverture`; a day that no entry names is closed.

    `general_comment` (`commentaire_plage_ouverture`) turns everything into appointments when it
    says nothing else than "sur rendez-vous"; any other is kept as text.
    """
    intervals: list[SourceInterval] = []
    unknown: set[int] = set()
    texts: dict[str, None] = {}
    for item in entries:
        if not isinstance(item, dict):
            log.warn(FIELD, item, "Cette plage n'a pas de champs.", "plage ignorée")
            unknown.update(_WHOLE_WEEK)
            continue
        reading = _cached_reading(item)
        intervals += reading.intervals
        if reading.unknown_weekdays:
            unknown.update(reading.unknown_weekdays)
            texts[reading.text] = None
        for doubt in reading.doubts:
            log.warn(FIELD, reading.text, doubt, "horaires de ces jours inconnus, texte gardé")
    if unknown:
        intervals = [item for item in intervals if item.weekday not in unknown]
    kept = _in_order(intervals)
    if general_comment:
        kept = _under_general_comment(kept, general_comment, texts)
    text = "\n".join(texts)
    if not entries or (not kept and unknown):
        return WeeklyHours(None, (), text)
    return WeeklyHours(tuple(kept), tuple(sorted(unknown)), text)


def _in_order(intervals: list[SourceInterval]) -> list[SourceInterval]:
    """Sorted and each once; most weeks already are, entries being written from Monday on."""
    for before, after in pairwise(intervals):
        if after.weekday <= before.weekday and (
            after.weekday < before.weekday or after.opens <= before.opens
        ):
            ordered = sorted(intervals, key=lambda item: (item.weekday, item.opens, item.closes))
            return [item for item, _ in groupby(ordered)]
    return intervals


def _under_general_comment(
    intervals: list[SourceInterval], comment: str, texts: dict[str, None]
) -> list[SourceInterval]:
    meaning = meaning_of(comment)
    if not intervals or meaning.kind != "appointment" or meaning.note or meaning.part_of_day:
        texts[comment] = None
        return intervals
    return [
        replace(item, kind="appointment") if item.kind == "walk_in" else item for item in intervals
    ]


def _cached_reading(item: dict[str, Any]) -> _Reading:
    cells = [item.get(name) for name in _FIELDS]
    try:
        return _read_entry(*cells)
    except TypeError:  # a cell that is a list or an object cannot be a key of the cache
        return _read_entry(*[clean_text(cell) for cell in cells])


@lru_cache(maxsize=16384)
def _read_entry(*cells: object) -> _Reading:
    entry = _Entry(*[clean_text(cell) for cell in cells])
    days = weekdays_between(entry.first_day, entry.last_day)
    if not days:
        message = "Le jour n'est pas reconnu. Écrivez Lundi, Mardi… Dimanche."
        return _Reading((), _WHOLE_WEEK, entry.described(), (message,))
    meaning = meaning_of(entry.comment)
    try:
        ranges = _ranges(entry)
    except _Doubt as doubt:
        return _Reading((), days, entry.described(), (str(doubt),))
    if not ranges:
        return _Reading() if meaning.closed else _Reading((), days, entry.described())
    return _Reading(
        tuple(
            _shared_interval(day, opens, closes, meaning.kind_at(opens), meaning.note)
            for day in days
            for opens, closes in ranges
        )
    )


def _ranges(entry: _Entry) -> list[tuple[time, time]]:
    written = [
        pair
        for pair in ((entry.opens_1, entry.closes_1), (entry.opens_2, entry.closes_2))
        if any(pair)
    ]
    if len(written) > 1:
        # The whole day beside another range is the form's default value, not an opening.
        written = [pair for pair in written if {read_clock(cell) for cell in pair} != {MIDNIGHT}]
    ranges: list[tuple[time, time]] = []
    for start, end in written:
        opens, closes = read_clock(start), read_clock(end)
        if opens is None or closes is None:
            wrong = end if opens else start
            message = f"L'heure « {wrong} » n'existe pas." if wrong else "Une heure manque."
            raise _Doubt(f"{message} Écrivez-la HH:MM, de 00:00 à 23:59.")
        if not _is_plausible(opens, closes):
            raise _Doubt("La fermeture précède l'ouverture. Vérifiez les heures.")
        if ranges and opens < ranges[-1][1]:
            raise _Doubt("Les deux plages se chevauchent. Vérifiez les heures.")
        ranges.append((opens, closes))
    return ranges


def _is_plausible(opens: time, closes: time) -> bool:
    at_night = opens >= NIGHT_BEGINS and closes <= NIGHT_ENDS
    return opens < closes or closes == MIDNIGHT or at_night


@lru_cache(maxsize=4096)
def read_clock(cell: str) -> time | None:
    """HH:MM or HH:MM:SS; 24:00 is midnight; None for what is not a time."""
    found = _CLOCK.fullmatch(cell)
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2])
    if (hour, minute) == (24, 0):
        return MIDNIGHT
    return time(hour, minute) if hour < 24 and minute < 60 else None


@lru_cache(maxsize=1024)
def weekdays_between(first: str, last: str) -> tuple[int, ...]:
    """The days from one name to another (0 is Monday), across Sunday if need be; () if unknown."""
    names = [_folded(first), _folded(last or first)]
    if not all(name in WEEKDAYS for name in names):
        return ()
    start, end = (WEEKDAYS.index(name) for name in names)
    return tuple((start + offset) % 7 for offset in range((end - start) % 7 + 1))


class Meaning(NamedTuple):
    """What a comment says of the ranges it accompanies. `part_of_day` limits `kind`."""

    kind: str
    part_of_day: str
    note: str
    closed: bool

    def kind_at(self, opens: time) -> str:
        """The kind of a range, given when it opens."""
        if self.part_of_day == "morning" and opens >= NOON:
            return "walk_in"
        if self.part_of_day == "afternoon" and opens < NOON:
            return "walk_in"
        return self.kind


@lru_cache(maxsize=4096)
def meaning_of(comment: str) -> Meaning:
    """Reads a comment: appointments only when it says so without alternative, else a note."""
    folded = _folded(comment)
    morning, afternoon = "matin" in folded, bool(re.search(r"apres[- ]midi", folded))
    closed = bool(re.fullmatch(r"fermee?s?\.?|ferme au public\.?", folded))
    if not folded or closed:
        return Meaning("walk_in", "", "", closed)
    if _TELEPHONE.search(folded) and not _IN_PERSON.search(folded):
        return Meaning("telephone", "", comment, False)
    unclear = _OPTIONAL.search(folded) or _DAY_NAMES.search(folded) or (morning and afternoon)
    if not _APPOINTMENT.search(folded) or unclear:
        return Meaning("walk_in", "", comment, False)
    part_of_day = "morning" if morning else "afternoon" if afternoon else ""
    says_more = bool(_WORDS_OF_APPOINTMENT.sub("", folded))
    return Meaning("appointment", part_of_day, comment if says_more else "", False)


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("\u2019", "'"))
    return "".join(char for char in decomposed if not unicodedata.combining(char)).strip()
