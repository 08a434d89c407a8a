"""Numbers said aloud: « deux, quarante-huit, zéro trois… », « 06 douze trente-quatre 56 78 ».

Owns how many figures words make and whose number it is; refuses amounts, years and dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guichet.moderation.detection.reading import Reading
from guichet.moderation.detection.spans import Span
from guichet.moderation.kinds import Kind

_UNIT = r"(?:zero|une?|deux|trois|quatre|cinq|six|sept|huit|neuf)(?![a-z])"
_TEEN = r"(?:dix(?:[ -](?:sept|huit|neuf))?|onze|douze|treize|quatorze|quinze|seize)(?![a-z])"
_TENS = (
    r"(?:(?:quatre[ -]vingts?|soixante)(?:[ -](?:et[ -])?(?:"
    rf"{_TEEN}|{_UNIT}))?"
    rf"|(?:vingt|trente|quarante|cinquante|septante|huitante|octante|nonante)"
    rf"(?:[ -](?:et[ -])?{_UNIT})?"
    rf"|{_TEEN})(?![a-z])"
)
_HUNDREDS = (
    rf"(?:(?:deux|trois|quatre|cinq|six|sept|huit|neuf)[ -])?cents?(?:[ -](?:{_TENS}|{_UNIT}))?"
)
_ONE = re.compile(
    rf"(?P<three>{_HUNDREDS}(?![a-z]))|(?P<two>{_TENS})|(?P<one>{_UNIT})|(?P<figures>\d+)"
)
_WORD = (
    r"(?:zero|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze"
    r"|seize|vingts?|trente|quarante|cinquante|soixante|septante|huitante|octante|nonante|cents?)"
    r"(?![a-z])"
)
_KEY = r"(?:(?:et )?(?:la |sa |ma )?cle(?: c'est| est)?[ :]{1,2})?"
_RUN = re.compile(
    rf"(?<![\w'-])(?:plus )?(?:{_WORD}|\d{{1,3}}(?![\w:/€%]))"
    rf"(?:(?:[ ,-]{{1,3}}|[.])(?:et[ -]|puis )?{_KEY}(?:{_WORD}|\d{{1,3}}(?![\w:/€%]))){{3,28}}"
)
_SAID_WORD = re.compile(_WORD)
_LONGER = re.compile(r"\d\d")
"""Without one, « 1 2 3 quatre 5 6 7 8 » is counting."""
_HINT = re.compile(
    r"(?<![a-z])(?:zero|un(?=,? \d\d)|deux|trois|quatre|cinq|six|sept|huit|neuf|vingt|trente"
    r"|quarante|cinquante|soixante)(?![a-z])"
)
_UNIT_BEHIND = re.compile(
    r"[ -]?(?:mille?|millions?|milliards?|euros?|€|ans|mois|jours|heures?|janvier|fevrier|mars"
    r"|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|metres|kilometres|fois"
    r"|personnes|pages|francs)(?![a-z])"
)
_FILE_BEFORE = re.compile(
    r"(?<![a-z])(?:numero|n°|num|dossier|allocataire|matricule|identifiant|reference|ref|code"
    r"|alloc)(?: [a-z'-]{1,15}){0,3}[ ,:]{1,3}\Z"
)
_LEAST_FIGURES = 8
_LEAST_OF_A_FILE = 5
_SOCIAL_SECURITY = range(12, 17)
"""One more or one less than the figures of a number, with its key or without: a word is lost."""


def spoken_numbers(reading: Reading) -> Iterator[Span]:
    if not _HINT.search(reading.bare):
        return
    for run in _RUN.finditer(reading.bare):
        figures = _figures(run[0])
        is_file = _FILE_BEFORE.search(reading.bare, max(0, run.start() - 80), run.start())
        least = _LEAST_OF_A_FILE if is_file else _LEAST_FIGURES
        is_said = len(_SAID_WORD.findall(run[0])) > (_LONGER.search(run[0]) is None)
        if is_said and figures >= least and not _UNIT_BEHIND.match(reading.bare, run.end()):
            yield Span(run.start(), run.end(), _kind(run[0], figures), 0.8)


def _figures(said: str) -> int:
    lengths = {"three": 3, "two": 2, "one": 1}
    return sum(lengths.get(one.lastgroup or "", 0) or len(one[0]) for one in _ONE.finditer(said))


def _kind(said: str, figures: int) -> Kind:
    if said.startswith(("zero", "0", "plus")):
        return Kind.PHONE
    return Kind.NIR if figures in _SOCIAL_SECURITY else Kind.FILE_NUMBER
