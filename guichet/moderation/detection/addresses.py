"""Postal addresses of people: a number and a way, or a place that is precise.

Owns the parts of an address and which of them make one; refuses a town or a way alone, and the
address that is said to be a counter's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guichet.moderation.detection.reading import HIDDEN, Reading, read
from guichet.moderation.detection.spans import Span
from guichet.moderation.detection.way_names import end_of_way_name
from guichet.moderation.detection.word_lists import french_words, not_names, spaced, towns
from guichet.moderation.kinds import Kind

_SURE_WAYS = (
    r"rue|r\.|r(?= (?:du|de|des|d'))|grand'?[ -]?rue|grande[ -]rue|avenue|av\.?|ave|boulevard"
    r"|bd\.?|bld|blvd|bvd|boul"
    r"|impasse|imp\.?|allees?|all\.|chemin|chem\.?|che|ch\.|route|rte\.?|ruelle|venelle|faubourg"
    r"|fg|fbg|sentier|sente|montee|traverse|lotissement|lot\.|clos|rond[ -]point|chaussee"
    r"|esplanade|promenade|corniche|mail|residence|hameau|lieu[ -]?dit|cite|quai|traboule"
    r"|levee|carrefour|draille|carriera|servitude|hlm|domaine|venelles|cheminement|degres"
    r"|escaliers?|plan|drive|straat|strasse"
)
_WORDS_TOO = r"place|pl\.?|cours|square|sq\.?|passage|villa|voie|cote|port|pont|quartier|parc|cour"
_WAY = rf"(?:{_SURE_WAYS}|{_WORDS_TOO})"
_NUMBER = (
    r"(?:n[°o]? ?)?\d{1,4}(?:[ ]?(?:bis|ter|quater|[a-f](?![a-z'])))?"
    r"(?:[ ]?[-/&][ ]?\d{1,4}(?:[ ]?(?:bis|ter))?)?"
)
_ASIDE = (
    r"(?:(?:ancien(?:ne)?|vieux|vieille|petite?|grande?|basse?|haute?|nouvel(?:le)?|nouveau)[ ])?"
)
_NUMBERED = re.compile(
    rf"(?<![\w.,/€-])(?<!\d )(?P<number>{_NUMBER})"
    r"(?P<gap>[ ]?,?[ ]{1,2}(?:de la |de l'|du |de |d')?|[ ]?,|(?<=[a-z])[ ]|(?=rue|avenue|bd ))"
    rf"(?P<aside>{_ASIDE})(?P<way>{_WAY})(?![a-z])"
)
_NUMBERED_AT_HOME = re.compile(
    r"(?<![a-z])(?:habit\w*|domicil\w*|demeur\w*|adresse|loge\w*|j'y vis|je vis|chez (?:moi|nous"
    r"|elle|lui))"
    r"[^.!?\n\d]{0,25}?(?P<number>\d{1,4}(?: bis| ter)?),?(?=[ ][a-z])"
)
_PLACE = re.compile(
    r"(?<![a-z])(?:(?P<sure>lieu[ -]?dit|servitude|l\.?d\.?(?=[ ])|bp|poste restante)"
    r"|residence|res\.|batiment|bat\.?(?= [a-z]{3})|hameau|quartier|cite|foyer|domaine|mas|villa"
    r"|maison|ferme|clos|lotissement"
    r"|camping|chateau|chalet|immeuble|imm\.?|tour|manoir|moulin|hlm|ehpad|copropriete|route|chemin"
    r"|rue|avenue|allee|impasse|place|bourg|section|morne|squat|hotel)(?![a-z])"
)
_KILOMETRE = re.compile(r"(?<![a-z])pk ?\d{1,3}(?:[.,]\d)?(?:,? cote (?:mer|montagne))?(?![a-z\d])")
_UNIT = re.compile(
    r"(?<![a-z])(?:(?:appartement|appart|appt|apt|app|logement|logt|lgt|chambre|ch|aile|studio"
    r"|porte|pte"
    r"|bat(?:iment|\.)?|bt|esc(?:alier|\.)?|entree|hall|cage|lot|boite(?: aux lettres)?|bal|etage"
    r"|villa|tour|ilot|emplacement|maison|pavillon|mobil-?home|bungalow|parcelle|box"
    r"|(?:digi)?code)\.?[ ]?(?:n[°o]? ?)?(?:\d{1,5}[a-z]?|[a-z]\d{0,3})(?![a-z0-9])"
    r"|(?:porte|pte|etage)(?: de)? (?:gauche|droite|face)(?![a-z])|(?:n[°o]|numero|num)"
    r" ?\d{1,4}(?!\d)|(?:\d{1,2}[ ]?(?:er|ere|e|eme|ieme|nd|nde)(?![a-z])"
    r"|rez[ -]de[ -]chaussee|rdc|premier|deuxieme"
    r"|troisieme|quatrieme|cinquieme|dernier)(?:[ ]?etage)?"
    r"(?:[ ]?(?:porte )?(?:gauche|droite|droit|porte"
    r"|face)(?![a-z]))?)"
)
_NAMED_BEFORE = re.compile(
    r"((?:(?<![\w.,/-])\d{1,4}(?: bis| ter)?,? )?(?<![\w'-])(?:(?:Le|La|Les|Chez|L'|Au|Aux) ?)?"
    r"[A-ZÀ-Ý][\w'-]{2,24}(?:[ ](?:(?:de|du|des|la|le|les|à|en|d'|l')"
    r" ?){0,2}[A-ZÀ-Ý][\w'-]{1,24}){0,3})"
    r"[ ]?[,\n–-]?[ ]?\Z"
)
_CAPITALS = re.compile(
    r"[A-ZÀ-Ý][\w'-]*(?:[ ](?:(?:de|du|des|la|le|les|sur|sous|en|d'|l')"
    r" ?){0,2}[A-ZÀ-Ý][\w'-]*){0,4}"
)
_SERVICES = frozenset(
    "caf cpam mairie prefecture sous-prefecture agence tribunal centre hopital clinique lycee"
    " college"
    " ecole tresorerie commissariat gendarmerie caisse poste maison bureau siege service gare"
    " universite residence monsieur madame bonjour cordialement merci conseil direction".split()
)
_POSTAL = re.compile(
    r"(?<![\w.,])(?:f-?)?(?:0[1-9]|[1-8]\d|9[0-8])[ ]?\d{3}(?![\w]|[.,]\d| ?(?:€|euros?))"
)
_JOINT = re.compile(
    r"(?:[ ]?\([^()\n]{1,40}\))?[ ,;:.()»\"\n\t-]{0,6}(?:(?:a|au|sur|dans le|dans la)[ ])?"
)
_AT_A_COUNTER = re.compile(
    r"(?:guichet|agence|bureaux?|antenne|siege|mairie|tresorerie|prefecture|commissariat|accueil"
    r"|permanence|locaux|annexe|gendarmerie|point[ -]justice|france services|centre des impots)"
    r"(?: situee?s?| sise?| de| est)*(?: au| du| a l'adresse)[ ]?\Z"
)
_AT_HOME = re.compile(
    r"(?<![a-z])(?:habit\w*|domicil\w*|demeur\w*|adresse|loge\w*|j'y vis|je vis|chez (?:moi|nous"
    r"|elle|lui))"
    r"[^.!?\n\d]{0,25}?(?P<number>\d{1,4}(?: bis| ter)?),?(?=[ ][a-z])"
)
_PLACE = re.compile(
    r"(?<![a-z])(?:(?P<sure>lieu[ -]?dit|servitude|l\.?d\.?(?=[ ])|bp|poste restante)"
    r"|residence|res\.|batiment|bat\.?(?= [a-z]{3})|hameau|quartier|cite|foyer|domaine|mas|villa"
    r"|maison|ferme|clos|lotissement"
    r"|camping|chateau|chalet|immeuble|imm\.?|tour|manoir|moulin|hlm|ehpad|copropriete|route|chemin"
    r"|rue|avenue|allee|impasse|place|bourg|section|morne|squat|hotel)(?![a-z])"
)
_KILOMETRE = re.compile(r"(?<![a-z])pk ?\d{1,3}(?:[.,]\d)?(?:,? cote (?:mer|montagne))?(?![a-z\d])")
_UNIT = re.compile(
    r"(?<![a-z])(?:(?:appartement|appart|appt|apt|app|logement|logt|lgt|chambre|ch|aile|studio"
    r"|porte|pte"
    r"|bat(?:iment|\.)?|bt|esc(?:alier|\.)?|entree|hall|cage|lot|boite(?: aux lettres)?|bal|etage"
    r"|villa|tour|ilot|emplacement|maison|pavillon|mobil-?home|bungalow|parcelle|box"
    r"|(?:digi)?code)\.?[ ]?(?:n[°o]? ?)?(?:\d{1,5}[a-z]?|[a-z]\d{0,3})(?![a-z0-9])"
    r"|(?:n[°o]|numero|num) ?\d{1,4}(?!\d)|(?:\d{1,2}[ ]?(?:er|ere|e|eme|ieme|nd|nde)(?![a-z])"
    r"|rez[ -]de[ -]chaussee|rdc|premier|deuxieme"
    r"|troisieme|quatrieme|cinquieme|dernier)(?:[ ]?etage)?(?:[ ]?(?:gauche|droite|droit|porte"
    r"|face)(?![a-z]))?)"
)
_NAMED_BEFORE = re.compile(
    r"((?:(?<![\w.,/-])\d{1,4}(?: bis| ter)?,? )?(?<![\w'-])(?:(?:Le|La|Les|Chez|L'|Au|Aux) ?)?"
    r"[A-ZÀ-Ý][\w'-]{2,24}(?:[ ](?:(?:de|du|des|la|le|les|à|en|d'|l')"
    r" ?){0,2}[A-ZÀ-Ý][\w'-]{1,24}){0,3})"
    r"[ ]?[,\n–-]?[ ]?\Z"
)
_CAPITALS = re.compile(
    r"[A-ZÀ-Ý][\w'-]*(?:[ ](?:(?:de|du|des|la|le|les|sur|sous|en|d'|l')"
    r" ?){0,2}[A-ZÀ-Ý][\w'-]*){0,4}"
)
_SERVICES = frozenset(
    "caf cpam mairie prefecture sous-prefecture agence tribunal centre hopital clinique lycee"
    " college"
    " ecole tresorerie commissariat gendarmerie caisse poste maison bureau siege service gare"
    " universite residence monsieur madame bonjour cordialement merci conseil direction".split()
)
_POSTAL = re.compile(
    r"(?<![\w.,])(?:f-?)?(?:0[1-9]|[1-8]\d|9[0-8])[ ]?\d{3}(?![\w]|[.,]\d| ?(?:€|euros?))"
)
_JOINT = re.compile(
    r"(?:[ ]?\([^()\n]{1,40}\))?[ ,;:.()»\"\n\t-]{0,6}(?:(?:a|au|sur|dans le|dans la)[ ])?"
)
_AT_A_COUNTER = re.compile(
    r"(?:guichet|agence|bureaux?|antenne|siege|mairie|tresorerie|prefecture|commissariat|poste"
    r"|accueil|caf|cpam|caisse|tribunal|permanence|locaux|annexe|gendarmerie|point[ -]justice"
    r"|france services|centre des impots|cabinet|magasin|garage)"
    r"(?: situee?s?| sise?| de| du| au|,| est)*(?: au| du| a l'adresse| le| ,)[ ]?\Z"
)
_AT_HOME = re.compile(
    r"(?<![a-z])(?:habit\w*|domicil\w*|demeur\w*|loge[es]?|log[e]e?|vi[st]|adresse|chez|residant"
    r"|hebergee?|mon|ma|au|sis|sise|situee?)(?: moi| nous| lui| elle)?[ ,:]{0,3}"
    r"(?:est |c'est )?(?:au |a |le |du |dans (?:la |le )?|la |un |une )?\Z"
)
_ONLY_A_WAY = re.compile(r"(?:rue|route|chemin|avenue|allee|impasse|place)(?![a-z])")
_HOMES = re.compile(
    r"(?:residence|hameau|mas|lotissement|ferme|villa|chalet|clos|domaine|immeuble|cite)(?![a-z])"
)
_LIVES = re.compile(r"(?:habit\w*|domicil\w*|demeur\w*|mon adresse)[^.!?\n]{0,25}\Z")
_NOT_A_NAME = re.compile(
    r"[ ](?:plus|d'ici|a cote|derriere|de chez|de la caf|barree?s?|de parking|de stationnement"
    r"|de creche|en creche|de francais|libres?|disponibles?|assises?|pmr|gratuites?|d'attente"
    r"|a pied|de bus|de route|au|en|par|sur|pour|dans|du parking|d'un|du mois|de retour|et|ou"
    r"|scolaires?|d'eau|de table)(?![a-z])"
)


@dataclass(frozen=True)
class _Part:
    start: int
    end: int
    sort: str


def addresses(reading: Reading) -> Iterator[Span]:
    chain: list[_Part] = []
    for part in _parts(reading):
        if chain and not _follows(reading.bare, chain[-1], part):
            yield from _address(reading, chain)
            chain = []
        chain.append(part)
    if chain:
        yield from _address(reading, chain)


def _parts(reading: Reading) -> list[_Part]:
    """In order, without overlap; the earlier sorts win."""
    found: list[_Part] = []
    for finder in (_numbered, _numbered_at_home, _units, _places, _towns):
        found += finder(reading)
    found += _named_before_towns(reading, found)
    numbered = [part for part in found if part.sort == "numbered"]
    taken = bytearray(len(reading.bare))
    for part in numbered:
        taken[part.start : part.end] = b"\1" * (part.end - part.start)
    others = [part for part in found if not any(taken[part.start : part.end])]
    kept: list[_Part] = []
    for part in sorted([*numbered, *others], key=lambda one: (one.start, -one.end)):
        if not kept or part.start >= kept[-1].end:
            kept.append(part)
    return kept


def _numbered(reading: Reading) -> Iterator[_Part]:
    for match in _NUMBERED.finditer(reading.bare):
        end = end_of_way_name(reading, match.end())
        is_named_itself = "grand" in match["way"] or bool(match["aside"])
        if end == match.end() and not is_named_itself:
            continue
        if _NOT_A_NAME.match(reading.bare, match.end()):
            continue
        if re.fullmatch(_WORDS_TOO, match["way"]) and not _is_a_way(reading, match, end):
            continue
        yield _Part(match.start(), end, "numbered")


def _numbered_at_home(reading: Reading) -> Iterator[_Part]:
    """« j'habite au 3 Le Champ du Bois »: no way, but a home and capitals."""
    for match in _NUMBERED_AT_HOME.finditer(reading.bare):
        if reading.plain[match.end() + 1].isupper():
            end = end_of_way_name(reading, match.end())
            if end > match.end():
                yield _Part(match.start("number"), end, "numbered")


def _is_a_way(reading: Reading, match: re.Match[str], end: int) -> bool:
    """« 2 place du Marché », not « 3 cours de français »: capitals, a postal code, or a home."""
    name = reading.plain[match.end() : end]
    if any(letter.isupper() for letter in name) and not reading.plain[: match.start()].isupper():
        return True
    return bool(
        _POSTAL.match(reading.bare, end + 1)
        or _AT_HOME.search(reading.bare, max(0, match.start() - 40), match.start())
    )


def _units(reading: Reading) -> Iterator[_Part]:
    for match in _UNIT.finditer(reading.bare):
        yield _Part(match.start(), match.end(), "unit")


def _places(reading: Reading) -> Iterator[_Part]:
    for match in _KILOMETRE.finditer(reading.bare):
        yield _Part(match.start(), match.end(), "lieu-dit")
    for match in _PLACE.finditer(reading.bare):
        is_box = match["sure"] == "bp"
        quote = re.compile(r"[ ]?[«\"][ ]?").match(reading.bare, match.end())
        start = quote.end() - 1 if quote else match.end()
        if (
            re.compile(r"(?: (?:au|du|de|a|le|la))*,? ?\d").match(reading.bare, start)
            and not is_box
        ):
            continue
        end = end_of_way_name(reading, start)
        if end > start:
            yield _Part(match.start(), end, "lieu-dit" if match["sure"] else "place")


def _towns(reading: Reading) -> Iterator[_Part]:
    for match in _POSTAL.finditer(reading.bare):
        end = _end_of_town(reading, match.end())
        yield _Part(match.start(), end, "postal")


def _named_before_towns(reading: Reading, found: list[_Part]) -> Iterator[_Part]:
    """« Kervihan, 56340 Carnac », « 12 La Croix Blanche, 35140 Saint-Aubin »: capitals that stand
    right before a postal code and are no town, service or organisation."""
    ends = {part.end for part in found}
    for part in found:
        if part.sort != "postal":
            continue
        match = _NAMED_BEFORE.search(reading.plain, max(0, part.start - 70), part.start)
        if match is None or match.end(1) in ends or HIDDEN in match[1]:
            continue
        name = read(match[1]).bare.lstrip("0123456789 ,")
        words = [word for word in re.findall(r"[a-z]{3,}", name) if word != "les"]
        is_town = spaced(name) in towns() and not name.startswith(("le ", "la ", "les ", "l'"))
        is_label = match[1].isupper() and len(match[1]) < 5
        if is_town or is_label or any(word in not_names() or word in _SERVICES for word in words):
            continue
        yield _Part(match.start(1), match.end(1), "lieu-dit")


def _end_of_town(reading: Reading, start: int) -> int:
    """Where the town after a postal code ends; `start` when there is none."""
    match = re.compile(
        r"[ ,-]{1,3}([a-zœ]+(?:['-][a-zœ]+)*(?:[ ][a-zœ]+(?:['-][a-zœ]+)*){0,5})"
    ).match(reading.bare, start)
    if match is None:
        return start
    words = match[1].split(" ")
    start = match.start(1)
    for count in range(len(words), 0, -1):
        name = " ".join(words[:count])
        if spaced(name) in towns():
            end = start + len(name)
            if re.match(r" [A-ZÀ-Ý][a-zà-ÿ]", reading.plain[end : end + 3]):
                end = max(end, _end_of_unknown_town(reading, start))
            return _with_cedex(reading.bare, end)
    return _with_cedex(reading.bare, _end_of_unknown_town(reading, start))


def _end_of_unknown_town(reading: Reading, start: int) -> int:
    """« 97411 Bois-de-Nèfles Saint-Paul », « 93210 La Plaine Saint-Denis »: words with capitals and
    what links them; one word when there is no capital."""
    match = _CAPITALS.match(reading.plain, start)
    if match:
        return match.end()
    word = re.compile(r"[a-zœ]{3,}(?:['-][a-zœ]+)*").match(reading.bare, start)
    return word.end() if word and word[0] not in not_names() else start - 1


def _with_cedex(bare: str, end: int) -> int:
    match = re.compile(
        r"[ ]cedex(?:[ ]\d{1,2}(?!\d))?|[ ]\d{1,2}(?:e|er|eme)?(?: arrondissement| arr\.?)?(?![\w])"
        r"|[ ]\((?:97\d|\d\d|2[ab])\)"
    ).match(bare, end)
    return match.end() if match else end


def _follows(bare: str, last: _Part, part: _Part) -> bool:
    return _JOINT.fullmatch(bare, last.end, part.start) is not None


def _address(reading: Reading, chain: list[_Part]) -> Iterator[Span]:
    sorts = [part.sort for part in chain]
    start, end = chain[0].start, chain[-1].end
    if not _is_precise(reading, sorts, start, end):
        return
    if _AT_A_COUNTER.search(reading.bare, max(0, start - 60), start):
        return
    if sorts[-1] != "postal":
        end = _with_town(reading, end)
    yield Span(start, end, Kind.ADDRESS, 0.85)


def _is_precise(reading: Reading, sorts: list[str], start: int, end: int) -> bool:
    if "numbered" in sorts or "lieu-dit" in sorts:
        return True
    if "place" not in sorts:
        is_home = _LIVES.search(reading.bare, max(0, start - 45), start) is not None
        return sorts.count("unit") > 1 and is_home
    if "unit" in sorts or ("postal" in sorts and len(sorts) > 1):
        return True
    if _HOMES.match(reading.bare, start) and _with_town(reading, end) > end:
        return True
    is_way = _ONLY_A_WAY.match(reading.bare, start) is not None
    return not is_way and _LIVES.search(reading.bare, max(0, start - 45), start) is not None


def _with_town(reading: Reading, end: int) -> int:
    """« 12 rue des Lilas, Lyon »: a town that stands right behind, with its capital."""
    match = re.compile(r"(?:[ ]?[,(-]?[ ]|\n|[ ]\()(?:a )?(?=[a-z])").match(reading.bare, end)
    if match is None:
        return end
    is_told = reading.plain[match.end()].isupper()
    name = re.compile(r"[a-zœ]+(?:['-][a-zœ]+)*(?:[ ][a-zœ]+(?:['-][a-zœ]+)*){0,3}").match(
        reading.bare, match.end()
    )
    if name is None:
        return end
    words = name[0].split(" ")
    for count in range(len(words), 0, -1):
        town = " ".join(words[:count])
        if spaced(town) in towns() and (is_told or count > 1 or town not in french_words()):
            return _with_cedex(reading.bare, match.end() + len(town))
    return end
