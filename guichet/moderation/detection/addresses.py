"""Postal addresses of people: a number and a way, or a place that is precise.

Owns which parts make an address; refuses a town or a way alone, and the address that is said to be
a counter's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guichet.moderation.detection.address_parts import LIVES, Part, parts
from guichet.moderation.detection.reading import HIDDEN, Reading
from guichet.moderation.detection.spans import Span
from guichet.moderation.detection.town_endings import is_town, with_towns
from guichet.moderation.kinds import Kind

_JOINT = re.compile(
    r"(?:[ ]?\([^()\n]{1,40}\))?[ ,;:.()»«\"\n\t/|*•-]{0,6}"
    r"(?:(?:et|a|au|aux|en|de|du|de la|sur|dans le|dans la|dans l'|(?:la )?commune (?:de|du))[ ]?)?"
)
_AT_SOMEBODY_S = re.compile(r"[ ,;\n-]{1,3}(?:c/o|chez)[ ][^\n,\d]{2,40}[ ,;\n-]{1,3}")
_SEAT = (
    r"guichet|agence|bureaux?|antenne|siege|mairie|tresorerie|prefecture|commissariat|accueil"
    r"|permanence|locaux|annexe|gendarmerie|point[ -]justice|france services|centre des impots"
)
_AT_A_COUNTER = re.compile(
    rf"(?:{_SEAT})(?: situee?s?| sise?| de| du|,| est)*(?: au| du| a l'adresse| le|,)[ ]?\Z"
    r"|(?<![a-z])(?:poste|caf|cpam|caisse|tribunal)(?: est)?(?: situee?s?(?: au)?| sise?| du"
    r"| a l'adresse)[ ]\Z"
)
_ONLY_A_WAY = re.compile(
    r"(?:rue|route|rte|chemin|avenue|allee|impasse|place|quai|square|boulevard|bd)(?![a-z])"
)
_HOMES = re.compile(
    r"(?:le |la |les |l')?(?:residen[cs]e|residance|hameau|mas|lotissement|ferme|villa|chalet|clos"
    r"|domaine|immeuble|cite|manoir|moulin|bastide|tribu|ilet)(?![a-z])"
)
_HOUSE_NAME = re.compile(
    r"(?:[«\"][ ]?[A-ZÀ-Ý][\w' -]{2,30}?[ ]?[»\"]"
    r"|(?<![\w'-])(?:Les|Clos|Villa|Ker|Ty|Ti|Pen|Penn|Chez|(?:Le|La)[ ](?:Petite?|Grande?"
    r"|Haute?|Basse?|Vieux|Vieille|Belle|Croix|Bois|Mas|Moulin|Clos|Pré|Champ|Grange|Roche"
    r"|Fontaine|Chapelle|Ville|Motte|Bourg))[ ][A-ZÀ-Ý][\w'-]{2,20}(?:[ ](?:de |du |des |d')?"
    r"[A-ZÀ-Ý][\w'-]{2,20}){0,2})[ ]?[,\n-][ ]?\Z"
)
_TOWN_BEFORE = re.compile(
    r"(?<![\w'-])([A-ZÀ-Ý][\w'-]{2,30}(?:[ ][A-ZÀ-Ý][\w'-]{2,20}){0,2})[ ]?(?:\(\d{2,5}\))?"
    r"[ ]?[,(:-][ ]?\Z"
)
_LIVES_BEFORE = re.compile(rf"{LIVES}[^.!?\n]{{0,25}}\Z")


def addresses(reading: Reading) -> Iterator[Span]:
    chain: list[Part] = []
    for part in parts(reading):
        if chain and not _follows(reading, chain[-1], part):
            yield from _address(reading, chain)
            chain = []
        chain.append(part)
    if chain:
        yield from _address(reading, chain)


def _follows(reading: Reading, last: Part, part: Part) -> bool:
    """At once, or after the town of `last`: « 14 rue des Lilas, Lille, appartement 3 »."""
    for joint in (_JOINT, _AT_SOMEBODY_S):
        if joint.fullmatch(reading.bare, last.end, part.start):
            return True
    if part.start - last.end > 60 or last.sort == "unit":
        return False
    town = with_towns(reading, last.end)
    return last.end < town <= part.start and bool(_JOINT.fullmatch(reading.bare, town, part.start))


def _address(reading: Reading, chain: list[Part]) -> Iterator[Span]:
    sorts = [part.sort for part in chain]
    start, end = chain[0].start, chain[-1].end
    if not _is_precise(reading, sorts, start, end):
        return
    if _AT_A_COUNTER.search(reading.bare, max(0, start - 60), start):
        return
    start = _with_town_before(reading, _with_house_name(reading, start))
    yield Span(start, with_towns(reading, end), Kind.ADDRESS, 0.85)


def _with_house_name(reading: Reading, start: int) -> int:
    """« Les Tamaris », 8 chemin des Dunes: the name of the house before."""
    match = _HOUSE_NAME.search(reading.plain, max(0, start - 50), start)
    return match.start() if match and HIDDEN not in match[0] else start


def _with_town_before(reading: Reading, start: int) -> int:
    """« Bras-Panon, 14 chemin Rivière-du-Mât »."""
    match = _TOWN_BEFORE.search(reading.plain, max(0, start - 50), start)
    while match:
        if is_town(reading.bare[slice(*match.span(1))]):
            return match.start()
        match = _TOWN_BEFORE.search(reading.plain, match.start() + 1, start)
    return start


def _is_precise(reading: Reading, sorts: list[str], start: int, end: int) -> bool:
    if "numbered" in sorts or "lieu-dit" in sorts:
        return True
    is_home = _LIVES_BEFORE.search(reading.bare, max(0, start - 45), start) is not None
    if "place" not in sorts:
        if sorts[-1] == "postal" and len(sorts) > 1 and "\n" in reading.bare[start:end]:
            return True
        return sorts.count("unit") > 1 and is_home
    if "unit" in sorts or ("postal" in sorts and len(sorts) > 1):
        return True
    if _HOMES.match(reading.bare, start) and _has_town(reading, start, end):
        return True
    return is_home and _ONLY_A_WAY.match(reading.bare, start) is None


def _has_town(reading: Reading, start: int, end: int) -> bool:
    """Behind the name, or inside it: « ferme du Mesnil à Saint-Lô »."""
    if with_towns(reading, end) > end:
        return True
    inside = reading.bare.rfind(" a ", start, end)
    return inside > 0 and with_towns(reading, inside) >= end
