"""The parts of postal addresses: a number and a way, a flat, a place that has a name, a town.

Owns how each part is written; refuses to say which of them make an address (`addresses` does).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guichet.moderation.detection.reading import HIDDEN, Reading, read
from guichet.moderation.detection.town_endings import POSTAL, end_of_town, is_town, with_towns
from guichet.moderation.detection.way_names import end_of_way_name
from guichet.moderation.detection.word_lists import first_names, french_words, not_names

_SURE_WAYS = (
    r"grand'?[ -]?place|grande[ -]place|rue|r\.|r(?= (?:du|de|des|d'))|grand'?[ -]?rue"
    r"|grande[ -]rue|avenue|av\.?|ave|aven"
    r"|boulevard|bd\.?|bld|blvd|bvd|blv|boul|impasse|imp\.?|allees?|all\.?|alle|chemin|chem\.?"
    r"|chm|che|ch\.|route|rte\.?|rt|rocade|ruelle|ruette|venelles?|faubourg|fg|fbg|sentier|sente"
    r"|montee|mtee|mte|lotissement|lot\.|lot(?= (?:les?|la) )|clos|rond[ -]point|rpt|chaussee"
    r"|contre[ -]allee|esplanade|promenade|prom\.|corniche|residen[cs]e|residance|hameau|ham\."
    r"|lieu[ -]?dit|cite|quai"
    r"|traboule|carrefour|draille|carriera|carrer|servitude|hlm|domaine|cheminement|drive|straat"
    r"|strasse|hent|straed|banell|gwenodenn|strada|straeta|stretta|carrughju"
    r"|chjassu|lari|lakou|placette|placis|parvis|coursive|cavee|courees?|voyette|tertre"
    r"|raidillon|vieux chemin|voie communale|route departementale"
)
_WORDS_TOO = (
    r"place|plce|pl\.?|cours|crs|square|sq\.?|passage|pass\.?|villa|voie|cote|port|pont|quartier"
    r"|parc|cour|r|galerie|terrasses?|berges?|vallon|butte|jardins?|bourg|village|ferme|mas|moulin"
    r"|tour|pas|plan|plateau|chateau|carre|espace|enclos|coteau|centre(?:[ -]bourg|[ -]ville)?"
    r"|camin"
    r"|cami|piazza|via|chasse|z\.?[ai]\.?c?\.?|rn|rd|mail|degres|escaliers?|levee|dalle|rampe"
    r"|chaine"
    r"|traverse|trav?\.|qu?\.|chs|chauss\.|carr?\.|esp\.?|rle|rlle|sen\.|vla|pas\.|plt|res\.?"
    r"|dom\.?"
)
_WAY = rf"(?:{_SURE_WAYS}|{_WORDS_TOO})"
_NUMBER_WORD = (
    r"(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize"
    r"|vingts?|trente|quarante|cinquante|soixante|cents?)"
)
_SPELLED = rf"{_NUMBER_WORD}(?:[ -](?:et[ -]une?|{_NUMBER_WORD}|un)){{0,4}}"
_REPEATED = (
    r"(?:[ ]?(?:(?:bis|ter|quater|quinquies|sexies|septies)(?: ?[a-d](?![a-z'0-9]))?"
    r"|[abcdfg](?![a-z'0-9])))?"
)
_NUMBER = (
    rf"(?:(?:n[°o]?|numero|num|rd|rn|d)\.? ?)?(?:\d[ ]\d{{3}}|\d{{1,4}}){_REPEATED}"
    rf"(?:(?:[ ]?[-/&][ ]?|,[ ]?|[ ](?:et|ou|a|au)[ ])\d{{1,4}}{_REPEATED}){{0,4}}"
)
_ASIDE = (
    r"(?:(?:ancien(?:ne)?|vieux|vieille|petite?|grande?|basse?|haute?|nouvel(?:le)?|nouveau)[ ])?"
)
_GAP = (
    r"(?:[ ]?,?[ ]{1,2}(?:de la |de l'|du |de |d')?|[ ]?,|[ ]?[,-]?[ ]?\n|[ ]-[ ]"
    r"|(?<=[a-z])[ ]|(?=rue|avenue|bd )|,? (?:le |l'|la |au )(?=bourg|place|ferme|grange|tour"
    r"|voie|clos|hameau|village|mas|domaine"
    r"|esplanade|centre|moulin|chateau|plateau)(?!place d))"
)
_NOT_IN_A_NUMBER = (
    r"(?<![\w€])(?<!\d[.,/-])(?<![-/])(?!(?<=\d\d\d[ ])\d{3}(?!\d))"
    r"(?!(?<=[a-z.][ ])(?:19|20)\d\d, ?\d)"
)
"""Neither inside a number, nor the year of « 5 mars 1979, 14 rue des Écoles »."""
_NUMBERED = re.compile(
    rf"{_NOT_IN_A_NUMBER}(?P<number>{_NUMBER}){_GAP}(?P<aside>{_ASIDE})(?P<way>{_WAY})(?![a-z])"
)
_SPELLED_NUMBERED = re.compile(
    rf"(?<![\w-])(?P<number>{_SPELLED})(?P<repeated> bis| ter)?,? (?:de la |du )?"
    rf"(?P<aside>{_ASIDE})(?P<way>{_WAY})(?![a-z])"
)
_ONE_WORD_WAY = (
    r"[a-z]{2,20}-?(?:straete?|straat|gass(?:e|l)?|gaessel|gaessle|strasse|stross|platz|weg)"
)
_REGIONAL_WAY = (
    rf"(?:{_ONE_WORD_WAY}|(?:[a-z'-]{{2,25}}[ ]){{1,2}}(?:bidea|bide|karrika|kalea|etorbidea"
    r"|hiribidea|plaza|ibilbidea))"
)
_REGIONAL_NUMBERED = re.compile(
    rf"{_NOT_IN_A_NUMBER}(?P<number>{_NUMBER})[ ]?,?[ ]{{1,2}}{_REGIONAL_WAY}(?![a-z])"
)
_REGIONAL_PLACE = re.compile(rf"(?<![a-z-]){_REGIONAL_WAY}(?![a-z])")
_REGIONAL_WORD = re.compile(
    r"(?:straa?t|bide|karrika|kalea|plaza|gass|gaess|strass|stross|platz|weg)"
)
LIVES = (
    r"(?:(?:j'?)?h?abit(?!ue|ants|ation|acl|at(?![a-z]))\w*(?![a-z])|domicil\w*|demeur\w*|adresse"
    r"|residant"
    r"|adr\.?|je vis|on vit|(?:nous )?vivons|je loge|logee?s? (?:au|a)|hebergee?s?)"
)
_NUMBERED_AT_HOME = re.compile(
    rf"(?<![a-z])(?:{LIVES}|loge\w*|j'y vis|je vis|chez (?:moi|nous|elle|lui))"
    r"[^.!?\n\d]{0,25}?(?P<number>\d{1,4}(?: bis| ter)?),?(?=[ ][a-z])"
    r"|(?<![a-z])(?:rue|voie)[ ]?:[ ]{0,2}(?P<typed>\d{1,4}(?: bis| ter)?),?(?=[ ][a-z])"
)
_NOT_OF_A_WAY = re.compile(
    r"(?<![a-z])(?:lignes?|page|pages|bus|tram|metro|sortie|article|chapitre|etape|exercice"
    r"|question"
    r"|case|voie|il y a|pendant|apres|avant|encore|vers|plus de|moins de|sur)(?: n°)?[ ]\Z"
    r"|\d ?h ?\Z"
)
_SPELLED_AT = re.compile(
    r"(?<![a-z])(?:au|adresse|demeurant|domicilie|habite|loge)[ ]?[,:]?[ ]\Z|[:\n][ ]?\Z"
)
_PLACE = re.compile(
    r"(?<![a-z])(?:(?P<sure>lieu[ -]?dit|servitude|l\.?d\.?(?=[ ]))"
    r"|residen[cs]e|residance|resid\.?|res\.?(?= )|batiment|bat\.?(?= [a-z]{3})|hameau|ham\."
    r"|quartier|cite|foyer|domaine|mas|villa|maison|ferme|clos|lotissement|lott?\."
    r"|lot(?= (?:les?|la) )|camping|chateau|chalet|immeuble|imm\.?|tour|manoir|moulin|hlm|ehpad"
    r"|copropriete|route|rte\.?|chemin|rue|avenue|allee|impasse|place|dalle|bourg|section|morne"
    r"|squat|hotel|zone|tribu|habitation|ilet|village|aire d'accueil|terrain familial"
    r"|(?:terrain|parking)(?= (?:de|du|des) )|caravaning|quai|square|boulevard|bd|port|ecart"
    r"|bastide|cabane"
    r"|peniche|bateau|internat|fjt|cada|huda|chrs|rpa|marpa|usld)(?![a-z])"
)
_ONLY_PLACE = re.compile(
    r"(?<![\w'-])(?P<place>(?:le |la |les |l'|au |aux )?(?:(?:petit|grand|vieux|haut|bas) ?-?)?"
    r"(?:bourg|village|hameau|moulin|chateau|ferme|presbytere|lotissement|cite|domaine"
    r"|mas|camping|gare|eglise|ecluse|port))[ ]?[,\n]?[ ]?\Z"
)
"""« le bourg 19240 Saint-Viance »: the only one of its commune."""
_BOX = re.compile(
    r"(?<![a-z])(?:b\.?p\.?|boite postale|case postale)[ ]?(?:n[°o]? ?)?\d{1,6}(?:[ ]\d{3}(?!\d))?"
    r"(?![\w])"
)
_POSTE_RESTANTE = re.compile(r"(?<![a-z])poste restante(?![a-z])")
_KILOMETRE = re.compile(
    r"(?<![a-z])pk ?\d{1,3}(?:[.,]\d{1,3})?(?:,? cote (?:mer|montagne))?(?![a-z\d])"
)
_LABEL = r"(?:n[°o]?|numero|num)?[ ]?[:=]?[ ]?"
_LEVEL = (
    r"(?:(?:\d{1,2}(?:[ ]?(?:er|ere|eme|ieme|nd|nde)|e|[ ]e(?=[ ]?et))(?![a-z])"
    r"|rez[ -]de[ -](?:chaussee|jardin)|rdc"
    r"|rdj|sous[ -]sol|premier|deuxieme|second|troisieme|quatrieme|cinquieme|dernier|entresol)"
    r"(?:[ ]?(?:etage|etg|etag|et)(?![a-z])\.?)?)"
)
_UNIT = re.compile(
    r"(?<![a-z])(?:(?:appartement|appart|appt|aptmt|apt|app|logement|logt|lgt|chambre|chbre|ch"
    r"|aile|studio|porte|pte|bat(?:iment)?|bt|esc(?:alier)?|entree|hall|cage|lot|bloc"
    r"|boite(?: aux lettres)?|bal|etage|etg|et(?=\. ?\d)|entr(?=\. ?\w| \d)|ent(?=\.)|log(?=\.)"
    r"|villa|tour|ilot|emplacement|empl|place|maison|allee"
    r"|rangee|travee|secteur|tranche|palier"
    r"|pavillon|mobil-?home|bungalow|parcelle|box|interphone|niveau|caravane|stand|lgmt|ponton"
    r"|anneau|bte"
    rf"|(?:digi)?code)(?:\.?[ ]{_LABEL}|\.?(?:n°|[:=])?[ ]?)"
    r"(?:\d{1,5}(?:[ ]?[b-z]|a|[ ]a(?=[,;\n]))?|[a-z](?:[ ]?-?\d{1,3})?)(?![a-z0-9'])"
    r"(?:[ ](?:et|ou|&)[ ](?:\d{1,4}|[b-z])(?![\w']))?"
    r"|(?:digi)?code[ ]?:?[ ]?(?=[a-z]?\d)[\da-z*#]{3,6}(?![a-z0-9])"
    r"|(?:batiment |bat )?(?:sur|(?:au )?fond de(?: la)?) (?:cour|rue|jardin)(?![a-z])"
    r"|(?:porte|pte|etage)(?: de)? (?:gauche|droite|face)(?![a-z])|(?:n[°o]|numero|num)"
    rf" ?\d{{1,4}}(?!\d)|{_LEVEL}"
    r"(?:[ ,]{0,2}(?:(?:porte )?(?:a )?(?:gauche|droite|droit|face|gche|dte|dr|drt|gch|[gd](?!'))"
    r"|porte(?! ?\d| [a-z]\d| [a-z](?![a-z])))(?![a-z]))?)"
)
_NAMED_BEFORE = re.compile(
    r"((?:(?<![\w.,/-])\d{1,4}(?:[-/]\d{1,4})?(?: bis| ter)?,? )?(?<![\w'-])"
    r"(?:(?:Le|La|Les|Chez|L'|Au|Aux|(?<=\d )(?:les?|la|l'|aux?)) ?)?"
    r"[A-ZÀ-Ý][\w'-]{2,24}(?:[ ](?:(?:de|du|des|la|le|les|à|en|d'|l')"
    r" ?){0,2}[A-ZÀ-Ý][\w'-]{1,24}){0,3})"
    r"[ ]?[,\n-]?[ ]?\Z"
)
_LIVED_IN_BEFORE = re.compile(
    rf"(?<![a-z]){LIVES}(?: (?:maintenant|desormais|actuellement|est|c'est|chez moi|a|au|aux|dans"
    r"|dans le|sur))*[ ]?[:=]?[ ]?"
    r"((?:\d{1,4} ?(?:bis |ter )?,? ?)?(?:[a-z'-]{1,20}[ ]){0,3}[a-z'-]{3,20})[ ]?[,-]?[ ]?\Z"
)
_SMALL_BEFORE = re.compile(
    r"(?<![\w'-])((?P<number>(?:\d{1,4}[-/])?\d{1,4}(?: bis| ter)?,? )?(?P<article>(?:le|la|les"
    r"|aux?|chez|l') ?)?(?P<name>[a-z]{4,20}(?:-[a-z]{2,20}){0,3}))[ ]?[,\n]?[ ]?\Z"
)
_ONE_WORD = re.compile(r" ([a-z]{4,20})(?![a-z'-])")
_NUMBER_AND_NAME = re.compile(
    r"(?<![\w.,/-])(?:\d{1,4}[-/])?\d{1,4}(?: bis| ter)?,? (?P<article>(?:[Ll]es?|[Ll]a|[Ll]') ?)?"
    r"(?P<name>[A-ZÀ-Ý][a-zà-ÿ'-]{3,20})(?=,? à [A-ZÀ-Ý]|, [A-ZÀ-Ý])"
)
_CODE_LENGTH = 5
_SERVICES = frozenset(
    "caf cpam mairie prefecture sous-prefecture agence tribunal centre hopital clinique lycee"
    " college"
    " ecole tresorerie commissariat gendarmerie caisse poste maison bureau siege service gare"
    " universite insee code cedex residence monsieur madame bonjour cordialement merci conseil"
    " direction".split()
)
_AT_HOME = re.compile(
    r"(?<![a-z])(?:(?:j'?)?h?abit\w*|domicil\w*|demeur\w*|loge[es]?|log[e]e?|vi[st]|adresse|chez"
    r"|residant|hebergee?|mon|ma|au|sis|sise|situee?)(?: moi| nous| lui| elle)?[ ,:]{0,3}"
    r"(?:est |c'est |cest |c )?(?:au |aux |a |o |ou |le |du |dans (?:la |le )?|la |un |une )?\Z"
)
_NOT_A_NAME = re.compile(
    r"[ ](?:plus|d'ici|a cote|derriere|de chez|de la caf|barree?s?|de parking|de stationnement"
    r"|de creche|en creche|de francais|libres?|disponibles?|assises?|pmr|gratuites?|d'attente"
    r"|a pied|a droite|a gauche|de droite|de gauche|de bus|de route|au|en|par"
    r"|sur|pour|dans|du parking|d'un|du mois|de retour|et|ou"
    r"|scolaires?|d'eau|de table|de suite|de lit|ferme[er]\w*|coupee?s?|bloquee?s?"
    r"|inondee?s?|refaite?s?)(?![a-z-])"
)
_NAME_GOES_ON = re.compile(
    r" (?:[A-ZÀ-Ý]|(?:de|du|des) |de la |d'|l'|[a-z]+-[a-z]+-|(?:nord|sud|ouest)(?![a-z]))"
)
_CAPITAL_AHEAD = re.compile(r" [A-ZÀ-Ý]")
_ARTICLE_OF_A_WAY = re.compile(r" (?:le |la |au |l')\Z")
_SHORT_WAY = re.compile(r"r (?:du|de|des|d')|(?<!\b1 )(?:place|square) (?:du |des |de la |de l')")
_QUOTE = re.compile(r"[ ]?[«\"][ ]?")
_FIGURE_NEXT = re.compile(r"(?: (?:au|du|de|a|le|la))*,? ?\d")
_NUMBER_BEHIND = re.compile(
    r"(?:,| au| n[°o]|,? numero| au numero)? (?:n° ?)?\d{1,4}(?: ?bis| ?ter)?(?![\w°])"
    r"(?! ?(?:h|ans|euros?|€|%|mois|jours|minutes|personnes)(?![a-z]))"
)
_OF_A_KIND = re.compile(
    r" (?:principale?|secondaire|habituelle|sociale?|universitaire|etudiante?|alternee|permanente"
    r"|seniors?|autonomie|fiscale|medicalisee?|individuelle|voisine?|administrative|judiciaire"
    r"|scolaire|collectif|neuf|entiere?|hlm|fixee?|actuel(?:le)?|precedente?|stable|temporaire"
    r"|effective|prioritaire|habituel)s?(?![a-z])"
)
_NAMED_IN_FULL = re.compile(
    r" (?:(?:[Dd]e|[Dd]u|[Dd]es|[Dd]e [Ll]a|[Dd]e [Ll]'|[Ll]e|[Ll]a|[Ll]es|[Ll]'"
    r"|[Dd]') ?)?[A-ZÀ-Ý][a-zà-ÿ]"
)
_CODE_BEHIND = re.compile(r"[ ,;\n(-]{1,3}(?=f?-?\d|2[ab])")
_WAY_WORD = re.compile(r"rue|route|rte|chemin|avenue|allee|impasse|place|quai|square|boulevard|bd")
_HOME_WORD = re.compile(
    r"resid|res|quartier|cite|immeuble|imm|maison|foyer|villa|hotel|zone|lotissement"
)
_ARTICLE_BEFORE = re.compile(r"(?<![\w'-])(?:Le |La |Les |L')\Z")


@dataclass(frozen=True)
class Part:
    """`sort`: numbered, unit, place, lieu-dit (a place that is precise alone) or postal."""

    start: int
    end: int
    sort: str


def parts(reading: Reading) -> list[Part]:
    """In order, without overlap; numbers of ways win, with the flat that shares their number."""
    found: list[Part] = []
    for finder in (
        _numbered,
        _numbered_at_home,
        _numbered_names,
        _units,
        _places,
        _regional_places,
        _towns,
    ):
        found += finder(reading)
    found += _named_before_towns(reading, found)
    numbered = [part for part in found if part.sort == "numbered"]
    taken = bytearray(len(reading.bare))
    for part in numbered:
        taken[part.start : part.end] = b"\1" * (part.end - part.start)
    others = [part for part in found if not any(taken[part.start : part.end])]
    others += _before_shared_numbers(found, taken)
    kept: list[Part] = []
    for part in sorted([*numbered, *others], key=lambda one: (one.start, -one.end)):
        if not kept or part.start >= kept[-1].end:
            kept.append(part)
        elif part.sort == kept[-1].sort == "numbered" and part.end > kept[-1].end:
            kept[-1] = Part(kept[-1].start, part.end, "numbered")
    return kept


def _before_shared_numbers(found: list[Part], taken: bytearray) -> Iterator[Part]:
    """« PK 12, route de Cayenne », « emplacement 9, chemin des Sablières »: the word before."""
    for part in found:
        if part.sort in ("unit", "lieu-dit") and taken[part.end - 1] and not taken[part.start]:
            yield Part(part.start, taken.index(1, part.start), part.sort)


def _numbered(reading: Reading) -> Iterator[Part]:
    for match in _NUMBERED.finditer(reading.bare):
        end = _end_of_numbered(reading, match)
        if end:
            yield Part(match.start(), end, "numbered")
    for match in _SPELLED_NUMBERED.finditer(reading.bare):
        end = _end_of_numbered(reading, match)
        is_at = _SPELLED_AT.search(reading.bare, max(0, match.start() - 20), match.start())
        if end and (is_at or match["repeated"] or "," not in match[0]):
            yield Part(match.start(), end, "numbered")
    if _REGIONAL_WORD.search(reading.bare):
        for match in _REGIONAL_NUMBERED.finditer(reading.bare):
            yield Part(match.start(), match.end(), "numbered")


def _end_of_numbered(reading: Reading, match: re.Match[str]) -> int:
    """0 when it is no way."""
    opening = _after_quote(reading, match.end())
    end = end_of_way_name(reading, opening)
    is_village = (
        _ARTICLE_OF_A_WAY.search(reading.bare, match.start(), match.start("way")) is not None
    )
    is_named_itself = "grand" in match["way"] or bool(match["aside"]) or is_village
    if is_named_itself and not _NAME_GOES_ON.match(reading.plain, opening):
        end = opening
    if end == opening and not is_named_itself:
        return 0
    if " au " in match["number"] and reading.bare.endswith(" du ", 0, match.start()):
        return 0
    is_name = end == opening or not _NOT_A_NAME.match(reading.bare, opening)
    if not is_name and not _CAPITAL_AHEAD.match(reading.plain, opening):
        return 0
    if _NOT_OF_A_WAY.search(reading.bare, max(0, match.start() - 20), match.start()):
        return 0
    is_short_way = _SHORT_WAY.match(reading.bare, match.start("way")) is not None
    is_word_too = re.fullmatch(_WORDS_TOO, match["way"]) and not is_short_way
    is_word_too = is_word_too and not (
        match["aside"].startswith("grand") and match["way"] == "place"
    )
    if is_word_too and not _is_a_way(reading, match, end):
        return 0
    return end


def _after_quote(reading: Reading, end: int) -> int:
    """Where the name begins: « lieu-dit "la Croix Rouge" », with the space before it."""
    quote = _QUOTE.match(reading.bare, end)
    return quote.end() - (quote[0][-1] == " ") if quote else end


def _numbered_at_home(reading: Reading) -> Iterator[Part]:
    """« j'habite au 3 Le Champ du Bois »: no way, but a home and capitals."""
    for match in _NUMBERED_AT_HOME.finditer(reading.bare):
        if _NAMED_IN_FULL.match(reading.plain, match.end()) or match["typed"]:
            end = end_of_way_name(reading, match.end())
            if end > match.end():
                yield Part(match.start(match.lastindex or 0), end, "numbered")


def _is_a_way(reading: Reading, match: re.Match[str], end: int) -> bool:
    """« 2 place du Marché », not « 3 cours de français »: capitals, a postal code, or a home."""
    name = reading.plain[match.start("way") if end == match.end() else match.end() : end]
    if any(letter.isupper() for letter in name) and not reading.plain[: match.start()].isupper():
        return True
    behind = _CODE_BEHIND.match(reading.bare, end)
    return bool(
        (behind and POSTAL.match(reading.bare, behind.end()))
        or _AT_HOME.search(reading.bare, max(0, match.start() - 40), match.start())
    )


def _units(reading: Reading) -> Iterator[Part]:
    for match in _UNIT.finditer(reading.bare):
        yield Part(match.start(), match.end(), "unit")


def _places(reading: Reading) -> Iterator[Part]:
    for pattern in (_KILOMETRE, _BOX):
        for match in pattern.finditer(reading.bare):
            yield Part(match.start(), match.end(), "lieu-dit")
    for match in _POSTE_RESTANTE.finditer(reading.bare):
        yield Part(match.start(), match.end(), "place")
    for match in _PLACE.finditer(reading.bare):
        start = _after_quote(reading, match.end())
        kind = _OF_A_KIND.match(reading.bare, start) if _HOME_WORD.match(match[0]) else None
        if kind:
            start = kind.end()
            if not (
                reading.plain[start + 1 : start + 2].isupper() or _is_unheard_of(reading, start)
            ):
                continue
        if _FIGURE_NEXT.match(reading.bare, start) or _NOT_A_NAME.match(reading.bare, start):
            continue
        end = end_of_way_name(reading, start)
        if end > start:
            yield from _named_place(reading, match, end)


def _named_place(reading: Reading, match: re.Match[str], end: int) -> Iterator[Part]:
    start = _with_article(reading, match.start())
    yield Part(start, end, "lieu-dit" if match["sure"] else "place")
    number = _NUMBER_BEHIND.match(reading.bare, end) if _WAY_WORD.match(match[0]) else None
    if number and _is_numbered_behind(reading, start, number.end()):
        yield Part(start, number.end(), "numbered")


def _is_numbered_behind(reading: Reading, start: int, end: int) -> bool:
    """« j'habite rue des Lilas au 14 », « rue des Lilas 14, 59000 Lille »."""
    behind = _CODE_BEHIND.match(reading.bare, end)
    is_coded = behind is not None and POSTAL.match(reading.bare, behind.end()) is not None
    return is_coded or _AT_HOME.search(reading.bare, max(0, start - 40), start) is not None


def _with_article(reading: Reading, start: int) -> int:
    """« Le Clos Saint-Martin » is the whole name."""
    article = _ARTICLE_BEFORE.search(reading.plain, max(0, start - 4), start)
    return article.start() if article and reading.plain[start].isupper() else start


def _regional_places(reading: Reading) -> Iterator[Part]:
    if not _REGIONAL_WORD.search(reading.bare):
        return
    for match in _REGIONAL_PLACE.finditer(reading.bare):
        if reading.plain[match.start()].isupper():
            yield Part(match.start(), match.end(), "place")


def _towns(reading: Reading) -> Iterator[Part]:
    for match in POSTAL.finditer(reading.bare):
        end = end_of_town(reading, match.end())
        yield Part(match.start(), end, "postal")
        only = _ONLY_PLACE.search(reading.bare, max(0, match.start() - 30), match.start())
        if only and end > match.end():
            yield Part(only.start(), only.end("place"), "place")


def _named_before_towns(reading: Reading, found: list[Part]) -> Iterator[Part]:
    """« Kervihan, 56340 Carnac », « 12 La Croix Blanche, 35140 Saint-Aubin »: capitals that stand
    right before a postal code and are no town, service or organisation; small letters too where
    somebody says to live."""
    ends = {part.end for part in found}
    for part in found:
        if part.sort != "postal":
            continue
        start = max(0, part.start - 70)
        for pattern, text in ((_NAMED_BEFORE, reading.plain), (_LIVED_IN_BEFORE, reading.bare)):
            match = pattern.search(text, start, part.start)
            if match and match.end(1) not in ends and names_a_place(match[1]):
                yield Part(match.start(1), match.end(1), "lieu-dit")
                break
        else:
            yield from _unheard_of_before(reading, part, ends)


def _unheard_of_before(reading: Reading, postal: Part, ends: set[int]) -> Iterator[Part]:
    """« kergroas 29710 plozevet »: a word that nobody knows, right before a code and its town."""
    match = _SMALL_BEFORE.search(reading.bare, max(0, postal.start - 40), postal.start)
    if match is None or match.end(1) in ends or postal.end - postal.start < _CODE_LENGTH + 3:
        return
    words = [word for word in re.split("[ '-]", match["name"]) if len(word) > 2]
    is_told = match["number"] and (match["article"] or "-" in match["name"])
    is_place = is_told and names_a_place(match[1])
    if is_place or (words and not any(map(_is_heard_of, words))):
        yield Part(match.start(1), match.end(1), "lieu-dit")


def _numbered_names(reading: Reading) -> Iterator[Part]:
    """« 22 Peyrelongue à Saint-Laurent », « 157 les Thévenins »: a number, a name that nobody knows
    and a town."""
    for match in _NUMBER_AND_NAME.finditer(reading.plain):
        name = reading.bare[slice(*match.span("name"))]
        words = [word for word in re.split("[ '-]", name) if len(word) > 2]
        town = with_towns(reading, match.end())
        is_dated = reading.bare.endswith("le ", 0, match.start())
        is_told = match["article"] is not None and not is_dated and names_a_place(match["name"])
        if town > match.end() and words and (is_told or not any(map(_is_heard_of, words))):
            yield Part(match.start(), match.end(), "numbered")


def _is_heard_of(word: str) -> bool:
    return word in french_words() or word in not_names() or word in first_names() or is_town(word)


def _is_unheard_of(reading: Reading, start: int) -> bool:
    """« résidence sociale coallia »: a name, however it is written."""
    match = _ONE_WORD.match(reading.bare, start)
    return match is not None and not _is_heard_of(match[1])


def names_a_place(written: str) -> bool:
    """Whether capitals are no town, service nor organisation: a hamlet, a house."""
    name = read(written).bare.lstrip("0123456789 ,")
    words = [word for word in re.findall(r"[a-z]{3,}", name) if word not in ("les", "des")]
    names_a_town = is_town(name) and not name.startswith(("le ", "la ", "les ", "l'"))
    is_label = written.isupper() and len(written) < 5
    if HIDDEN in written or names_a_town or is_label or not words:
        return False
    return not any(word in not_names() or word in _SERVICES for word in words)
