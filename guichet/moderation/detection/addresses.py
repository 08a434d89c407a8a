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
    r"(?P<gap>[ ]?,?[ ]{1,2}(?:de la |de l'|du |de |d')?|[ ]?,|(?<=[a-z])[ ])"
    rf"(?P<aside>{_ASIDE})(?P<way>{_WAY})(?![a-z])"
)
_NUMBERED_AT_HOME = re.compile(
    r"(?<![a-z])(?:habit\w*|domicil\w*|demeur\w*|adresse|loge\w*|j'y vis|je vis|chez (?:moi|nous"
    r"|elle|lui))"
    r"[^.!?\n\d]{0,25}?(?P<number>\d{1,4}(?: bis| ter)?),?(?=[ ][a-z])"
)
_PLACE = re.compile(
    r"(?<![a-z])(?:(?P<sure>lieu[ -]?dit|servitude|l\.?d\.?(?=[ ])|bp|poste restante)"
    r"|residence|res\.|hameau|quartier|cite|foyer|domaine|mas|villa|maison|ferme|clos|lotissement"
    r"|camping|chateau|chalet|immeuble|imm\.?|tour|manoir|moulin|hlm|ehpad|copropriete|route|chemin"
    r"|rue|avenue|allee|impasse|place|bourg|section|morne|squat|hotel)(?![a-z])"
)
_KILOMETRE = re.compile(r"(?<![a-z])pk ?\d{1,3}(?:[.,]\d)?(?:,? cote (?:mer|montagne))?(?![a-z\d])")
_UNIT = re.compile(
    r"(?<![a-z])(?:(?:appartement|appart|appt|apt|app|logement|logt|lgt|chambre|ch|studio|porte|pte"
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
_WORD = re.compile(r"[ ]?(?:[dl]'|-)?[a-z0-9œ]+(?:['-][a-zœ0-9]+)*\.?")
_DATE_OF_A_WAY = re.compile(
    r"[ ](?:du[ -])?(?:\d{1,2}|onze|huit|quatre|dix-neuf|six|vingt-deux)[ -](?:er )?"
    r"(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)"
    r"(?:[ -](?:19|18)\d\d)?(?![a-z\d])"
)
_LINKS = frozenset(
    "de du des la le les l d et en aux au a sur sous saint sainte st ste general gal marechal"
    " docteur dr president pdt abbe cdt commandant colonel capitaine professeur pr victor jean"
    " notre dame".split()
)
_ENDS = frozenset(
    "et je j' on il elle nous vous ils depuis mais pour qui que ou car donc avec sans dans est a ai"
    " ont avait mon ma mes c'est merci svp tel telephone mail chez alors quand puis c'etait merci"
    " cordialement ne pas plus y suis sont etait".split()
)
_ONLY_A_WAY = re.compile(r"(?:rue|route|chemin|avenue|allee|impasse|place)(?![a-z])")
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
    others = [part for part in found if not any(_overlap(part, one) for one in numbered)]
    kept: list[_Part] = []
    for part in sorted([*numbered, *others], key=lambda one: (one.start, -one.end)):
        if not kept or part.start >= kept[-1].end:
            kept.append(part)
    return kept


def _overlap(one: _Part, other: _Part) -> bool:
    return one.start < other.end and other.start < one.end


def _numbered(reading: Reading) -> Iterator[_Part]:
    for match in _NUMBERED.finditer(reading.bare):
        end = _end_of_name(reading, match.end())
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
            end = _end_of_name(reading, match.end())
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
        end = _end_of_name(reading, start)
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


def _end_of_name(reading: Reading, start: int) -> int:
    """Where the name of a way ends: with the last capital, or after one or two words when there
    is none; links (« de la », « du Général ») go with what follows them."""
    bare, plain = reading.bare, reading.plain
    dated = _DATE_OF_A_WAY.match(bare, start)
    if dated:
        return dated.end()
    end = position = start
    named = 0
    for _ in range(9):
        match = _WORD.match(bare, position)
        if match is None or match.end() == position:
            break
        word = match[0].strip(" -.")
        first = plain[match.start() + (1 if match[0][0] == " " else 0)]
        is_link = word in _LINKS
        if word in _ENDS and not is_link:
            break
        if not is_link:
            is_number = word[0].isdigit()
            is_capital = first.isupper() or (
                word[1:2] == "'"
                and plain[match.start() :][:4].lower() != plain[match.start() :][:4]
            )
            if is_number and (named or len(word) > 4):
                break
            if named and not is_capital and bare[match.start()] != "-":
                break
            if named >= 4:
                break
            named += 1
        position = match.end()
        if not is_link:
            end = position - (1 if match[0].endswith(".") else 0)
    return end


def _end_of_town(reading: Reading, start: int) -> int:
    """Where the town after a postal code ends; `start` when there is none."""
    match = re.compile(
        r"[ ,-]{1,3}([a-zœ]+(?:['-][a-zœ]+)*(?:[ ][a-zœ]+(?:['-][a-zœ]+)*){0,5})"
    ).match(reading.bare, start)
    if match is None:
        return start
    words = match[1].split(" ")
    for count in range(len(words), 0, -1):
        if spaced(" ".join(words[:count])) in towns():
            return _with_cedex(reading.bare, match.start(1) + len(" ".join(words[:count])))
    first = reading.plain[match.start(1)]
    if first.isupper():
        return _with_cedex(reading.bare, match.start(1) + len(words[0]))
    return start


def _with_cedex(bare: str, end: int) -> int:
    match = re.compile(r"[ ]cedex(?:[ ]\d{1,2}(?!\d))?|[ ]\d{1,2}(?:e|er|eme)(?![a-z])").match(
        bare, end
    )
    return match.end() if match else end


def _follows(bare: str, last: _Part, part: _Part) -> bool:
    return _JOINT.fullmatch(bare, last.end, part.start) is not None


def _address(reading: Reading, chain: list[_Part]) -> Iterator[Span]:
    sorts = [part.sort for part in chain]
    start, end = chain[0].start, chain[-1].end
    if not _is_precise(reading, sorts, start):
        return
    if _AT_A_COUNTER.search(reading.bare, max(0, start - 60), start):
        return
    if sorts[-1] != "postal":
        end = _with_town(reading, end)
    yield Span(start, end, Kind.ADDRESS, 0.85)


def _is_precise(reading: Reading, sorts: list[str], start: int) -> bool:
    if "numbered" in sorts or "lieu-dit" in sorts:
        return True
    if "place" not in sorts:
        is_home = _LIVES.search(reading.bare, max(0, start - 45), start) is not None
        return sorts.count("unit") > 1 and is_home
    if "unit" in sorts or ("postal" in sorts and len(sorts) > 1):
        return True
    is_way = _ONLY_A_WAY.match(reading.bare, start) is not None
    return not is_way and _LIVES.search(reading.bare, max(0, start - 45), start) is not None


def _with_town(reading: Reading, end: int) -> int:
    """« 12 rue des Lilas, Lyon »: a town that stands right behind, with its capital."""
    match = re.compile(r"[ ]?,?[ ](?:a )?(?=[a-z])").match(reading.bare, end)
    if match is None:
        return end
    is_told = reading.plain[match.end()].isupper()
    if not is_told and not match[0].endswith("a "):
        return end
    name = re.compile(r"[a-zœ]+(?:['-][a-zœ]+)*(?:[ ][a-zœ]+(?:['-][a-zœ]+)*){0,3}").match(
        reading.bare, match.end()
    )
    if name is None:
        return end
    words = name[0].split(" ")
    for count in range(len(words), 0, -1):
        town = " ".join(words[:count])
        if spaced(town) in towns() and (count > 1 or town not in french_words()):
            return match.end() + len(town)
    return end
