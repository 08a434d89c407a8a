"""The towns of addresses: where « 97411 Bois-de-Nèfles Saint-Paul », « à Lille (59) » end.

Owns what follows a town (cedex, arrondissement, département); refuses to say that an address
begins.
"""

from __future__ import annotations

import re

from guichet.moderation.detection.abroad import TOWNS
from guichet.moderation.detection.reading import Reading
from guichet.moderation.detection.word_lists import french_words, not_names, spaced, towns

POSTAL = re.compile(
    r"(?<![\w.,/])(?:f-?)?(?:0[1-9]|[1-8]\d|9[0-8]|2[ab])[ ]?\d{3}"
    r"(?![\w]|[.,]\d|-(?:19|20)\d\d-| ?(?:€|euros?))"
)
_CAPITALS = re.compile(
    r"[A-ZÀ-Ý][\w'-]*(?:[ ](?:(?:de|du|des|la|le|les|sur|sous|en|d'|l')"
    r" ?){0,2}[A-ZÀ-Ý][\w'-]*){0,4}"
)
_AFTER_CODE = re.compile(
    r"[ ,\n-]{1,3}([a-zœ]+(?:['-][a-zœ]+)*(?:[ ][a-zœ]+(?:['-][a-zœ]+)*){0,5})"
)
_ONE_TOWN = re.compile(
    r"(?:(?:la|les?|saint|sainte|ste?)[ ]|l')?([a-zœ]{3,})(?:['-][a-zœ]+)*"
    r"(?:[ ](?:sur|sous|en|les?|la|de|du|des|aux?)(?:[ ](?:la"
    r"|les?))?[ ](?:l')?[a-zœ]{3,}(?:['-][a-zœ]+)*)?"
)
_AFTER_TOWN = re.compile(
    r"[ ,-]{1,2}cedex(?:[ ]\d{1,2}(?!\d))?"
    r"|[ ,]{1,2}(?:\(?(?:le )?(?:\d{1,2}|[ivx]{1,5})[ ]?(?:e|er|eme|ieme)"
    r"(?: arrondissement| arr?\.?)?|\d{1,2})(?![\w])\)?"
    r"|[ ]?\((?:97\d|\d\d|2[ab])(?:[ ]?\d{3})?\)"
    r"|[ ,-]{1,3}(?:0[1-9]|[1-8]\d|9[0-8])\d{3}(?![\w]|[.,]\d| ?(?:€|euros?))"
)
_BEFORE_TOWN = re.compile(
    r"(?:\)?[ ]?[,;(/-]?[ ]|,|\n|[ ]\()"
    r"(?P<link>(?:a |au |aux |en )?(?:(?:la )?commune (?:de |d'|du ))?)"
    r"(?=[a-z])"
)
_TOWN_WORDS = re.compile(r"[a-zœ]+(?:['-][a-zœ]+)*(?:[ ][a-zœ]+(?:['-][a-zœ]+)*){0,4}")
_UNLISTED = re.compile(
    r"(?:(?:Les?|La)[ ]|L')?[A-ZÀ-Ý][a-zà-ÿœ]{2,}(?:[-'][A-Za-zÀ-ÿœ]+){0,4}(?![\w'-])"
)
_UP_TO_CEDEX = re.compile(
    r"[ ,\n-]{1,3}[a-zœ]+(?:[ '-][a-zœ]+){0,4}[ ,-]{1,2}cedex(?![a-z])(?:[ ]\d{1,2}(?!\d))?"
)
_GOES_ON = re.compile(
    r" [A-ZÀ-Ý][a-zà-ÿ]|[ -](?:LES?|LA|SUR|SOUS|EN|DE|DU|DES|AUX?|D|L)[ '-][A-ZÀ-Ý]{2}"
)
_SAINT = re.compile(r"(?<![a-z])st(?=e?[ ])")
_CEDEX = re.compile(r"(?<=[ -])cedex(?![a-z])(?:[ ]\d{1,2}(?!\d))?")
_MOST_PLACES = 3


def is_town(name: str) -> bool:
    """`name` in small letters without accents; « st denis » is « saint denis »."""
    return _SAINT.sub("saint", spaced(name)) in towns() or name in TOWNS


def end_of_town(reading: Reading, start: int) -> int:
    """Where the town after a postal code ends; `start` when there is none."""
    match = _UP_TO_CEDEX.match(reading.bare, start)
    if match:
        return match.end()
    match = _AFTER_CODE.match(reading.bare, start)
    if match is None:
        return start
    after_code, start = start, match.start(1)
    words = match[1].split(" ")
    is_next_line = "\n" in reading.bare[after_code:start]
    for count in range(len(words), 0, -1):
        name = " ".join(words[:count])
        if is_town(name):
            end = start + len(name)
            if _GOES_ON.match(reading.plain, end):
                end = max(end, _end_of_unknown_town(reading, start))
            return after_town(reading.bare, end)
    if is_next_line:
        return after_code
    return after_town(reading.bare, _end_of_unknown_town(reading, start))


def _end_of_unknown_town(reading: Reading, start: int) -> int:
    """« 97411 Bois-de-Nèfles Saint-Paul », « 93210 La Plaine Saint-Denis »: words with capitals and
    what links them; one word when there is no capital."""
    match = _CAPITALS.match(reading.plain, start)
    if match:
        return match.end()
    match = _ONE_TOWN.match(reading.bare, start)
    if match is None or match[1] in not_names():
        return start - 1
    return match.end()


def after_town(bare: str, end: int) -> int:
    """With « CEDEX 2 », « 19e », « (59) », « 75019 » when they follow the town that ends here."""
    for _ in range(2):
        match = _AFTER_TOWN.match(bare, end)
        if match is None:
            break
        end = match.end()
    return end


def with_towns(reading: Reading, end: int) -> int:
    """« 12 rue des Lilas, Lyon », « …, Saint-Denis, La Réunion »: the towns right behind."""
    cedex = _CEDEX.match(reading.bare, end - len("cedex")) or _CEDEX.match(reading.bare, end + 1)
    if cedex:
        return cedex.end()
    for _ in range(_MOST_PLACES):
        further = _with_town(reading, end)
        if further == end:
            break
        end = further
    return end


def _with_town(reading: Reading, end: int) -> int:
    match = _BEFORE_TOWN.match(reading.bare, end)
    if match is None:
        return end
    is_told = reading.plain[match.end()].isupper()
    name = _TOWN_WORDS.match(reading.bare, match.end())
    if name is None:
        return end
    words = name[0].split(" ")
    for count in range(len(words), 0, -1):
        town = " ".join(words[:count])
        if is_town(town) and (is_told or count > 1 or town not in french_words()):
            return after_town(reading.bare, match.end() + len(town))
    if match["link"] in ("a ", "au ", "aux ") or "commune" in match["link"]:
        return _with_unlisted(reading, match.end(), end)
    return end


def _with_unlisted(reading: Reading, start: int, end: int) -> int:
    """« 12 rue des Lilas à Kerfeunteun »: a hamlet, a former commune; `end` when it is none."""
    match = _UNLISTED.match(reading.plain, start)
    if match is None or reading.bare[match.start() : match.end()] in not_names():
        return end
    return after_town(reading.bare, match.end())
