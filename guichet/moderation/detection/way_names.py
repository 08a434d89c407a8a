"""The names of ways: where « rue Pierre et Marie Curie » ends in a sentence.

Owns the words that such a name holds; refuses to say that an address begins.
"""

from __future__ import annotations

import re

from guichet.moderation.detection.reading import Reading
from guichet.moderation.detection.word_lists import first_names, french_words, not_names

_WORD = re.compile(r"[ ]{0,2}(?:[dl]'|-)?[a-z0-9œ]+(?:['-][a-zœ0-9]+)*\.?")
_DATE_OF_A_WAY = re.compile(
    r"[ ](?:du[ -])?(?:\d{1,2}(?:er)?|onze|huit|quatre|dix-neuf|six|vingt-deux)[ -](?:er )?"
    r"(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)"
    r"(?:[ -](?:19|18)\d\d)?(?![a-z\d])"
)
_LINKS = frozenset(
    "de du des la le les l d en aux au a sur sous saint sainte st ste general gal gen marechal"
    " mal mar mchal amiral col cap cne lt lieutenant sgt sergent"
    " docteur dr president pdt pdte abbe cdt commandant colonel capitaine professeur pr victor jean"
    " notre dame dit dite".split()
)
_OF = frozenset(("de", "du", "des", "de la", "aux"))
_ARTICLES = frozenset("la le les l l'".split())
_ROADS = frozenset(
    "departementale departemental nationale communale communal rurale rural vicinal territoriale"
    " provinciale forestiere forestier".split()
)
_INSIDE = frozenset("et a sur sous en".split())
_ENDS = frozenset(
    "et je j' on il elle nous vous ils depuis mais pour qui que ou car donc avec sans dans est a ai"
    " ont avait mon ma mes c'est merci svp tel telephone mail chez alors quand puis c'etait merci"
    " cordialement ne pas plus y suis sont etait".split()
)
_VERB_AHEAD = re.compile(r" (?:n|s|c|qu|t|m|j)'")
_UNIT_AHEAD = re.compile(
    r"[ ]?(?:batiment|bat|bt|appartement|appart|appt|apt|app|porte|pte|etage|escalier|esc|entree"
    r"|hall|chambre|ch|villa|lot|logement|logt|emplacement|bloc|boite|n°?|no|num|numero)\.?"
    r"(?: ?(?:n[°o]? ?)?(?:\d|[a-z]\d)| (?:n[°o]? ?)?[a-z](?![a-z']))"
    r"|[ ]?(?:residence|residance|lotissement|batiment|bat|hameau|res|zone|zac|za|cedex)\.? [a-z]"
)
_LAST_OF_ALL = re.compile(r",? \d{5}(?!\d)|[,\n]|\Z")
_CAPITAL_NEXT = re.compile(r" [A-ZÀ-Ý]")
"""« Mon Repos », « Sans Souci »."""
_MOST_WORDS = 9
_MOST_NAMED = 4
_MOST_IN_SMALL_LETTERS = 3
_LONG_NUMBER = re.compile(r"\d{5}")
_LONGEST_ABBREVIATION = 4


def end_of_way_name(reading: Reading, start: int) -> int:
    """Where the name that begins at `start` ends, `start` when there is none: with the last
    capital, or after up to three words when there is none; links (« de la ») go with what follows
    them."""
    dated = _DATE_OF_A_WAY.match(reading.bare, start)
    if dated:
        return dated.end()
    end = position = start
    named: list[str] = []
    for _ in range(_MOST_WORDS):
        match = _WORD.match(reading.bare, position)
        if match is None or match.end() == position:
            break
        word = match[0].strip(" -.")
        is_after_link = reading.bare[end:position].strip(" .") != ""
        is_unit = not is_after_link and _UNIT_AHEAD.match(reading.bare, position)
        if is_unit or _VERB_AHEAD.match(reading.bare, position):
            break
        if not _is_link(reading, word, match.end()):
            written = reading.plain[match.start() : match.end()].strip(" -.")
            is_inside = (
                word == "est" or is_after_link or _CAPITAL_NEXT.match(reading.plain, match.end())
            )
            is_end = word in _ENDS and not (has_capital(written) and is_inside)
            links = reading.bare[end:position]
            is_last = links.strip() in _OF and _LAST_OF_ALL.match(reading.bare, match.end())
            if is_end or not (is_last or _goes_on(match[0], written, named, links)):
                break
            named.append(written)
            end = match.end() - match[0].endswith(".")
            if match[0].endswith(".") and len(word) > _LONGEST_ABBREVIATION:
                break
        position = match.end()
    return end


def _is_link(reading: Reading, word: str, end: int) -> bool:
    """« de la », and « et », « à » in « Pierre et Marie Curie », « Moulin à Vent »."""
    following = reading.plain[end : end + 4]
    if word == "notre":
        return reading.bare.startswith(" dame", end)
    if word in _LINKS or (word in _INSIDE and re.match(r" (?:l'|d')?[A-ZÀ-Ý]", following)):
        return True
    match = _WORD.match(reading.bare, end) if word == "et" else None
    if match is None:
        return False
    is_last = _LAST_OF_ALL.match(reading.bare, match.end()) is not None
    return is_last or match[0].strip() in first_names()


def _goes_on(found: str, written: str, named: list[str], links: str) -> bool:
    """Whether a word that is no link belongs to the name, after `named` and `links`."""
    if len(named) >= _MOST_NAMED:
        return False
    if written[0].isdigit():
        is_road = bool(named) and named[-1].lower().replace("é", "e") in _ROADS
        return (not named or is_road) and not _LONG_NUMBER.match(written)
    if not named or has_capital(written) or found.startswith("-"):
        return True
    word = written.lower()
    is_full_name = named[-1].lower() in first_names() and word not in french_words()
    is_tied = links.strip() not in _ARTICLES and (is_full_name or word not in not_names())
    return is_tied and not any(map(has_capital, named)) and len(named) < _MOST_IN_SMALL_LETTERS


def has_capital(written: str) -> bool:
    """« Église », « l'Église », « A. »."""
    return written[0].isupper() or (written[1:2] == "'" and written[2:3].isupper())
