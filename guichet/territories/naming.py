"""How French places are written: search forms of names, and what a person typed as a place.

Owns spellings and the reading of postal codes and arrondissements; knows no list of communes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from guichet.core.text import SEARCH_LENGTH, folded, search_text

ARRONDISSEMENTS = {"paris": 20, "lyon": 9, "marseille": 16}
ARTICLES = frozenset({"le", "la", "les", "l"})
LINKS = frozenset({"de", "du", "des", "d", "en", "a", "au", "aux"}) | ARTICLES

_ABBREVIATIONS = {
    "st": "saint",
    "ste": "sainte",
    "sts": "saints",
    "stes": "saintes",
    "ss": "sous",
}
_ARRONDISSEMENT_WORDS = frozenset({"arrondissement", "arrondissements", "arrdt", "ardt", "arr"})
_ORDINAL = re.compile(r"0*([0-9]{1,2})(?:er|re|e|eme|ieme|nd|nde)?")
_ORDINAL_ENDINGS = frozenset({"er", "re", "e", "eme", "ieme", "nd", "nde"})
_ROMAN = re.compile(r"(?=[xvi])(x{0,2}(?:ix|iv|v?i{0,3}))(?:er|re|e|eme|ieme)?")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10}
_DEPARTEMENT = re.compile(r"0[1-9]|[1-8][0-9]|9[0-5]|2[ab]|97[1-8]|98[46-9]")
_POSTAL_CODE = re.compile(r"(?<![0-9a-z])(?:fr?[- ]?)?([0-9]{2}) ?([0-9]{3})(?![0-9a-z])")
_LAST_PARENTHESIS = re.compile(r"\(([^()]*)\)?([^()]*)$")


@dataclass(frozen=True)
class PlaceQuery:
    """What a person typed, read: every part may be empty.

    `name` and `area` are search forms (see `search_name`); `area` is what stood between
    parentheses or after a comma, the name of a département or région. `postal_code` has one to
    five digits. `departements` are INSEE codes; « 20 » stands for both of Corsica.
    """

    name: str = ""
    postal_code: str = ""
    departements: tuple[str, ...] = ()
    area: str = ""


def search_name(text: str) -> str:
    """The form under which names are compared: « L'Haÿ-les-Roses » → « l hay les roses ».

    Letters a to z, figures and single spaces only, at most 200 characters. « St » becomes
    « saint », « s/ » « sur », « CEDEX 3 » disappears, and every way of writing an arrondissement
    of Paris, Lyon or Marseille becomes « paris 12 ». Applying it twice changes nothing.
    """
    name = _search_name_once(text)
    for _ in range(8):
        again = _search_name_once(name)
        if again == name:
            break
        name = again
    return name


def bare_name(name: str) -> str:
    """A search form without its leading article: « la rochelle » → « rochelle »."""
    first, _, rest = name.partition(" ")
    return rest if first in ARTICLES and rest else name


def read_place(text: str) -> PlaceQuery:
    """Read what a person typed as a place: name, postal code, département, in any order."""
    line = folded(search_text(text))
    if not line.strip():
        return PlaceQuery()
    whole = re.sub(r"[\s.]", "", line)
    if whole.isascii() and whole.isdigit() and len(whole) <= 5:
        return PlaceQuery(postal_code=whole)
    line, area = _split_area(line)
    departements: tuple[str, ...] = ()
    if line.strip() in ARRONDISSEMENTS:
        line, area = f"{line} {area}", ""
    if _DEPARTEMENT.fullmatch(area):
        departements, area = _departements(area), ""
    line, postal_code = _split_postal_code(line)
    name = search_name(line)
    if not departements:
        name, departements = _split_departement(name)
        name = search_name(name)
    if not postal_code and re.fullmatch(r"[0-9]{1,5}", name):
        name, postal_code = "", name
    return PlaceQuery(name, postal_code, departements, search_name(area))


def _search_name_once(text: str) -> str:
    is_plain = text.isascii() and text.isprintable() and len(text) <= SEARCH_LENGTH
    line = text.lower() if is_plain else folded(search_text(text))
    if "/" in line:
        line = re.sub(r"\bs/s(?=\W|$)", " sous ", line)
        line = re.sub(r"\bs/", " sur ", line)
    words = re.findall(r"[a-z0-9]+", line)
    words = [_ABBREVIATIONS.get(word, word) for word in words]
    words = [
        "sur" if word == "s" and 0 < index < len(words) - 1 else word
        for index, word in enumerate(words)
    ]
    city = next((word for word in words if word in ARRONDISSEMENTS), "")
    words = _without_cedex(words, keep_number=bool(city))
    if city:
        words = _arrondissement_last(words, city)
    while len(" ".join(words)) > SEARCH_LENGTH and len(words) > 1:
        words.pop()
    return " ".join(words)[:SEARCH_LENGTH]


def _without_cedex(words: list[str], *, keep_number: bool) -> list[str]:
    kept: list[str] = []
    follows_cedex = False
    for word in words:
        is_its_number = follows_cedex and bool(re.fullmatch(r"[0-9]{1,2}", word))
        follows_cedex = word == "cedex"
        if not follows_cedex and (keep_number or not is_its_number):
            kept.append(word)
    return kept


def _arrondissement_last(words: list[str], city: str) -> list[str]:
    """« 12 eme arrondissement de paris » → « paris 12 »; other words leave the name as it is."""
    rest = [word for word in words if word != city and word not in _ARRONDISSEMENT_WORDS]
    while rest and rest[-1] in LINKS:
        rest.pop()
    if len(rest) == 2 and rest[1] in _ORDINAL_ENDINGS:
        rest = rest[:1]
    if len(rest) != 1:
        return words
    number = _ordinal(rest[0])
    return [city, str(number)] if 1 <= number <= ARRONDISSEMENTS[city] else words


def _ordinal(word: str) -> int:
    """The number that « 12e », « 03 » or « xviiie » writes, 0 when it writes none."""
    if figures := _ORDINAL.fullmatch(word):
        return int(figures[1])
    if roman := _ROMAN.fullmatch(word):
        values = [_ROMAN_VALUES[letter] for letter in roman[1]]
        following = [*values[1:], 0]
        return sum(
            -value if value < after else value
            for value, after in zip(values, following, strict=True)
        )
    return 0


def _split_area(line: str) -> tuple[str, str]:
    """Take out the last parenthesis, or what follows the last comma; a postal code stays."""
    if found := _LAST_PARENTHESIS.search(line):
        place, area = f"{line[: found.start()]} {found[2]}".strip(), found[1].strip()
    else:
        place, _, area = (part.strip() for part in line.rpartition(","))
    if not place or re.search(r"[0-9]{4}", area):
        return f"{place} {area}", ""
    return place, area


def _split_postal_code(line: str) -> tuple[str, str]:
    found = _POSTAL_CODE.search(line)
    if not found:
        return line, ""
    return f"{line[: found.start()]} {line[found.end() :]}", found[1] + found[2]


def _split_departement(name: str) -> tuple[str, tuple[str, ...]]:
    """Take a département's number off either end, unless it numbers an arrondissement."""
    first, _, after = name.partition(" ")
    before, _, last = name.rpartition(" ")
    if before in ARRONDISSEMENTS and last.isdigit() and int(last) <= ARRONDISSEMENTS[before]:
        return name, ()
    if _DEPARTEMENT.fullmatch(last):
        return before, _departements(last)
    if after and _DEPARTEMENT.fullmatch(first):
        return after, _departements(first)
    return name, ()


def _departements(code: str) -> tuple[str, ...]:
    return ("2A", "2B") if code == "20" else (code.upper(),)
