"""Postal addresses of people: a number and a way, or a place that is precise.

Owns which parts make an address; refuses a town or a way alone, and the address that is said to be
a counter's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guichet.moderation.detection.abroad import addresses_abroad
from guichet.moderation.detection.address_parts import LIVES, Part, names_a_place, parts
from guichet.moderation.detection.reading import HIDDEN, Reading
from guichet.moderation.detection.spans import Span
from guichet.moderation.detection.town_endings import is_town, with_towns
from guichet.moderation.detection.word_lists import family_names
from guichet.moderation.kinds import Kind

_JOINT = re.compile(
    r"(?:[ ]?\([^()\n]{1,40}\))?[ ,;:.()»«\"\n\t/|*•-]{0,6}"
    r"(?:(?:et|a|au|aux|en|de|du|de la|sur|dans le|dans la|dans l'|(?:la )?commune (?:de|du)"
    r"|dite?(?: de la| du| des| de| d'| le| la)?)[ ]?)?"
)
_AT_SOMEBODY_S = re.compile(r"[ ,;\n-]{1,3}(?:c/o|chez)[ ][^\n,\d]{2,40}[ ,;\n-]{1,3}")
_WORDS_TO_A_CODE = re.compile(r",?(?: [a-z][a-z'-]*){1,4}(?: \d{1,3})?,?[ \n]")
"""« 9 rue philibert le beau 01160 Pont-d'Ain », « 22 ch. Bassin Plat, ligne Paradis, 97410 »:
nothing ends the name before the code, or a place that has no word of its kind."""
_NUMBER_TO_A_CODE = re.compile(r"[\"» ]{0,3},? (?:n[°o] ?)?\d{1,4}(?: bis| ter)?,?[ \n]")
"""« lieu-dit la Croix Rouge, 35 bis, 22400 Noyal »."""
_SEAT = (
    r"guichet|agence|bureaux?|antenne|siege|mairie|tresorerie|prefecture|commissariat|accueil"
    r"|permanence|locaux|annexe|gendarmerie|point[ -]justice|france services|centre des impots"
)
_AT_A_COUNTER = re.compile(
    rf"(?:{_SEAT})(?: situee?s?| sise?| de| du|,| est| se trouve| se situe)*(?: au| du"
    rf"| a l'adresse| le|,|(?<=se trouve)|(?<=se situe))[ ]?\Z"
    r"|(?<![a-z])(?:poste|caf|cpam|caisse|tribunal)(?: est)?(?: situee?s?(?: au)?| sise?| du"
    r"| a l'adresse)[ ]\Z"
)
_SERVICE = (
    r"caf|cpam|cramif?|carsat|msa|urssaf|mdph|mdpe|ccas|cias|cdas|ddfip|sip|ofii|ofpra|crous|cnaf"
    r"|cnam|cmp|pmi|dreets|ddets|prud'hommes|tribunal|cour d'appel|(?:sous-)?prefecture|mairie"
    r"|trese?orerie|hotel (?:de ville|de police|des impots|du departement)|commissariat|rectorat"
    r"|gendarmerie|greffe|inspection|consulat|ambassade|bailleur|office|mission locale|pole emploi"
    r"|france (?:travail|services)|caisse|agence|antenne|siege|permanence|mediatheque|bibliotheque"
    r"|college|lycee|universite|clinique|association|syndicat|delegation|federation|commission"
    r"|conciliateur|defenseur|mutualite|chambre d[e']|point d'|plateforme"
    r"|(?:centre|maison|bureau|service|poste|ecole|hopital|direction|departement|conseil|banque)"
    r"s?(?= (?:d|fran|regional|social|hospital|communal|municip|public|general|postal|central))"
)
_AT_A_SERVICE = re.compile(
    rf"(?<![a-z'-])(?:{_SERVICE})s?"
    r"(?:(?: -)? (?:\((?=[^()]*\)))?(?:d'|l')*(?:[a-z'-]{1,20}|\d{1,2}(?:er|e|eme))\)?){0,9}?"
    r"[ ]?[,:(-][ ]?\Z"
)
_SAYS = (
    r"[^(),]* (?:(?:a|ont|est|sont|me|nous|vous|leur|lui|en|y|ne|qui|que)(?![a-z])|[nm]')"
    r"|[^(),]*(?<!de)(?<! a) l(?:[ae]s?(?![a-z])|')"
)
_SERVICE_BEHIND = re.compile(
    rf"[ ]?\((?:a |au |de |du |c'est |ancien(?:ne)? )?(?:la |le |les |l'|d')?"
    rf"(?:{_SERVICE})(?![a-z])(?!{_SAYS})[^(),]{{0,60}}[),]"
)
"""« au 12 rue Victor-Hugo (la CPAM) », not « (la CAF le sait) »."""
_SAID_OF_SOMEBODY = re.compile(
    rf"(?<![a-z])(?:{LIVES}|vi[st]|allocataires?|dossiers?|recours|objet|usagere?|assuree?|monsieur"
    r"|beneficiaire|cliente?|patiente?|mme|mlle|mr?|madame|nom|nee?|chez|bonjour|bonsoir|bjr"
    r"|domicile|logement|locataire|au nom)(?![a-z])[^.!?\n]*\Z"
)
_OF_ONE_SELF = re.compile(
    rf"(?<![a-z])(?:{LIVES}|je|j'|on|nous|il|elle|ils|elles|mon|ma|mes|m'|me|moi|chez|loge|est|ont"
    r"|sont|ete|vers|que|qui|un|une|ce|cet|cette|ne|n'|pas|plus|se|s'|sa|son|ses|leurs?|dit|veut"
    r"|doit|peut|fait|depuis|car|mais|donc|envo\w+|ecri\w+|adress\w+|recu\w*|arriv\w+|livr\w+"
    r"|retour\w*|courriers?|lettres?|retraite|repos|residence|foyer|ehpad|demand\w+"
    r"|refus\w+"
    r"|mme|mlle|mr?|monsieur|madame|allocataires?|dossiers?|assuree?s?)(?![a-z])"
)
_ONLY_A_WAY = re.compile(
    r"(?:rue|route|rte|chemin|avenue|allee|impasse|place|quai|square|boulevard|bd)(?![a-z])"
)
_OF_A_HOME = re.compile(
    r"(?<![a-z])(?:app?(?:artemen)?t?|chambre|studio|logement|lgt|villa)(?![a-z])"
)
_OF_A_SORT = re.compile(
    r"(?:maison|bateau|foyer|hotel|terrain|parking|zone|habitation|immeuble|villa|ferme|chalet"
    r"|maisons) d(?:e |')[a-z]+\Z"
)
"""« maison de retraite », « bateau de plaisance »: no name."""
_QUARTER = re.compile(r"(?<![a-z])(?:le|du|au|ce) (?:quartier|village|bourg|port)(?![a-z])")
"""« dans le quartier des Minguettes »: as wide as a town."""
_MANY_HOMES = re.compile(
    r"(?:la |le )?(?:cite|foyer|hlm|tour|zone|section|camping|hotel|internat|ehpad|usld|fjt|cada"
    r"|huda"
    r"|chrs|aire d'accueil|caravaning)(?![a-z])"
)
"""« j'habite à la cité U les Cèdres »: without a room nor a town, as wide as a street."""
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
_ARTICLED = re.compile(
    r"(?<![\w'-])(?:(?:Le|La|Les)[ ]|L')(?P<name>[A-ZÀ-Ý][\w'-]{3,20}(?:[ ](?:(?:de |du |des |d'"
    r"|aux? )"
    r"(?:la |l')?)?[A-ZÀ-Ý][\w'-]{2,20}){0,2})[ ]?[,\n][ ]?\Z"
)
_CAPITAL_BEFORE = re.compile(r"(?<![\w'-])[A-ZÀ-Ý](?:[\w'-]*|\.)[ ]\Z")
_SHORT_NAME = re.compile(r"(?<![\w'.-])[A-Z]-?\d{1,3}[ ]?[,-][ ]?\Z")
_TOWN_BEFORE = re.compile(
    r"(?<![\w'-])([A-ZÀ-Ý][\w'-]{2,30}(?:[ ][A-ZÀ-Ý][\w'-]{2,20}){0,2})[ ]?(?:\(\d{2,5}\))?"
    r"[ ]?[,(:-][ ]?\Z"
)
_TOLD_PLACE = re.compile(r"(?<![a-z])(?:a|en|aux?) \Z")
_LIVES_BEFORE = re.compile(rf"{LIVES}[^.!?\n]{{0,25}}\Z")


def addresses(reading: Reading) -> Iterator[Span]:
    for start, end in addresses_abroad(reading):
        yield Span(start, end, Kind.ADDRESS, 0.8)
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
    is_before_code = part.sort == "postal" and last.sort in ("numbered", "unit")
    is_before_code |= part.sort == "lieu-dit" and last.sort == "numbered"
    if is_before_code and _WORDS_TO_A_CODE.fullmatch(reading.bare, last.end, part.start):
        return True
    is_of_a_place = part.sort == "postal" and last.sort in ("place", "lieu-dit")
    if is_of_a_place and _NUMBER_TO_A_CODE.fullmatch(reading.bare, last.end, part.start):
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
    at_a_counter = _AT_A_COUNTER.search(reading.bare, max(0, start - 60), start)
    if at_a_counter and not _is_said_of_somebody(reading, at_a_counter.start()):
        return
    if not _OF_A_HOME.search(reading.bare, start, end) and _is_a_service_s(reading, start):
        return
    if sorts[0] == "unit":
        start = _with_short_name(reading, start)
    end = with_towns(reading, end)
    if _SERVICE_BEHIND.match(reading.bare, end) and not _is_said_of_somebody(reading, start):
        return
    start = _with_town_before(reading, _with_house_name(reading, start))
    yield Span(start, end, Kind.ADDRESS, 0.85)


def _is_a_service_s(reading: Reading, start: int) -> bool:
    """« Le tribunal, 6 rue de la Justice », « siège de la CPAM : 2 rue Alfred-Labbé »: a service,
    its name without a verb, a sign; nobody who lives there in the sentence."""
    service = _AT_A_SERVICE.search(reading.bare, max(0, start - 110), start)
    if service is None or _OF_ONE_SELF.search(reading.bare, service.start(), start):
        return False
    return not _is_said_of_somebody(reading, service.start())


def _is_said_of_somebody(reading: Reading, end: int) -> bool:
    """« J'habite près de la mairie, 12 rue des Lilas »."""
    return _SAID_OF_SOMEBODY.search(reading.bare, max(0, end - 60), end) is not None


def _with_short_name(reading: Reading, start: int) -> int:
    """« C4, 6e étage »: a building said by its letter alone."""
    match = _SHORT_NAME.search(reading.plain, max(0, start - 8), start)
    return match.start() if match else start


def _with_house_name(reading: Reading, start: int) -> int:
    """« Les Tamaris », 8 chemin des Dunes: the name of the house before."""
    match = _HOUSE_NAME.search(reading.plain, max(0, start - 50), start)
    if match and HIDDEN not in match[0]:
        return match.start()
    match = _ARTICLED.search(reading.plain, max(0, start - 60), start)
    if match is None or HIDDEN in match[0] or not names_a_place(match["name"]):
        return start
    is_somebody = _CAPITAL_BEFORE.search(reading.plain, max(0, match.start() - 30), match.start())
    return start if is_somebody or match["name"].lower() in family_names() else match.start()


def _with_town_before(reading: Reading, start: int) -> int:
    """« Bras-Panon, 14 chemin Rivière-du-Mât »."""
    match = _TOWN_BEFORE.search(reading.plain, max(0, start - 50), start)
    while match:
        is_told = _TOLD_PLACE.search(reading.bare, max(0, match.start() - 6), match.start())
        if is_told or is_town(reading.bare[slice(*match.span(1))]):
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
        is_in_town = re.search(r"[a-z]\Z", reading.bare[start:end]) is not None
        if sorts[-1] == "postal" and len(sorts) > 1 and is_in_town:
            return True
        return sorts.count("unit") > 1 and is_home
    if "unit" in sorts or ("postal" in sorts and len(sorts) > 1):
        return True
    if _HOMES.match(reading.bare, start) and _has_town(reading, start, end):
        return True
    is_none = (
        _ONLY_A_WAY.match(reading.bare, start)
        or _MANY_HOMES.match(reading.bare, start)
        or _QUARTER.search(reading.bare, max(0, start - 8), start + 10)
        or (_OF_A_SORT.fullmatch(reading.bare, start, end) and reading.plain[start:end].islower())
    )
    return is_home and not is_none


def _has_town(reading: Reading, start: int, end: int) -> bool:
    """Behind the name, or inside it: « ferme du Mesnil à Saint-Lô »."""
    if with_towns(reading, end) > end:
        return True
    inside = reading.bare.rfind(" a ", start, end)
    return inside > 0 and with_towns(reading, inside) >= end
