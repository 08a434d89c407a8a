"""Numbers that need no word before them: social security, telephone, bank account, plate.

Owns their shapes, and the words that make a doubtful shape sure; refuses public short numbers.
Sources: INSEE (NIR), ARCEP (numbering plan), ISO 13616 (IBAN), arrêté du 9 février 2009 (plates).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guichet.moderation.detection.reading import Reading
from guichet.moderation.detection.spans import Span
from guichet.moderation.kinds import Kind

_GAP = r"[ .\-/_·]{0,3}"
_WIDE = r"[ .,:\-/_·()\n]{0,3}"

_NIR = re.compile(
    rf"(?<![\w])(?!\d{{5}}[-/](?:19|20)\d\d[-/])[1-478]{_GAP}\d{_GAP}\d{_GAP}"
    rf"(?:0[1-9]|1[0-2]|[2-9]\d){_GAP}"
    rf"(?:\d{_GAP}\d|2{_GAP}[ab]){_GAP}\d(?:{_GAP}\d){{5}}(?:{_GAP}\(?(?:cle)?[ :]?\d{_GAP}\d\)?)?"
    r"(?![\d])"
)
_NIR_SCANNED = re.compile(
    rf"(?<![\w])[1-478il]{_GAP}[\doil]{_GAP}[\doil]{_GAP}[01o][\doil]{_GAP}[\doil]{_GAP}[\doil]"
    rf"{_GAP}[\doil](?:{_GAP}[\doil]){{5}}(?:{_GAP}[\doil]{_GAP}[\doil])?(?!\w)"
)
"""« l 84 O7 75 116 042 37 »: letters for figures, typed or read from a photograph."""
_FEWEST_FIGURES = 9
_PAUSE = r"(?:[ .,:\-/_·]{0,3}|[ ,]{1,3}(?:puis|et|ensuite|apres|tiret|espace|point)[ ,:]{1,3})"
_NIR_TOLD = re.compile(
    rf"(?<![\w])[1-478]{_PAUSE}\d\d{_PAUSE}(?:0[1-9]|1[0-2]|[2-9]\d){_PAUSE}(?:\d\d|2[ab]){_PAUSE}"
    rf"\d{{3}}{_PAUSE}\d{{3}}(?:[ /-]?\d\d|{_PAUSE}(?:la |sa |ma )?cle(?: est"
    rf"| c'est)?[ ]?[:=]?[ ]?\d\d)?"
    r"(?!\d)"
)
"""Said over the telephone: « 2 92 04 puis 93 puis 099 puis 037 et la clé 26 »."""
_NIR_ONE_BY_ONE = re.compile(
    r"(?<![\w])[1-478](?:[ .-]\d){4}[ .-](?:\d|2[ .-][ab])(?:[ .-]\d){7}"
    r"(?:[ .,-]{1,2}(?:(?:la )?cle[ :]{1,2})?\d[ .-]\d)?(?![ .-]?\d)"
)
_NIR_CUE = re.compile(
    r"(?<![a-z])(?:s[e]?cu(?:rite)?(?: sociale)?|n[°o]?\s?ss|nir|carte vitale|immatricul\w+|insee)"
    r"[^\d\n]{0,40}?(?<![\d])([1-478](?:[ .\-/_·]{0,2}(?:\d|(?<=2)[ab])){9,20})(?![\d])"
)

_FRENCH = re.compile(
    rf"(?<![\w+])(?<!\d[ -])\(?(?:\+"
    rf"|00){_GAP}33\)?{_GAP}(?:\(0\))?0?{_WIDE}[1-79](?:{_WIDE}[\do]){{8}}(?!\w)"
    r"|(?<![\w+./-])0[1-9](?P<gap>[ .-])\d\d(?:(?P=gap)\d\d){3}(?=[ ](?:\d{3}|[12][ ]\d\d[ ]))"
)
"""With its country, or in pairs before another number: sure, whatever that one is."""
_TEN = re.compile(
    rf"(?<![\w+])(?<!\w[-/])(?<!\d{{3}} )(?!0[1-9][ ]?[:=(][ ]?(?:0[ ]?[1-9]|\+))"
    rf"(?:(?<!\d\d[ .])33(?=[ .]?[1-79]){_GAP}(?:\(0\))?0?"
    rf"|[0o]){_WIDE}"
    rf"[1-79](?:{_WIDE}[\doil]){{8}}(?![\w]|[.,]\d\d(?!\d)|[ ]\d{{3}}(?!\d)"
    r"|/(?:19|20)\d\d(?!\d))"
)
_ANOTHER = re.compile(r"[ ]?/[ ]?(0[1-9](?:[ .-]?\d\d){4})(?!\w)")
"""« 06-12-34-56-78/01.23.45.67.89 »."""
_IN_PAIRS = re.compile(r"\d\d(?:\W{0,2}\d\d){4}")
_CAPITAL_BEHIND = re.compile(r" [A-Z](?![\w'.])")
"""« 0458 871 234 K » is another number."""
_ABROAD = re.compile(
    rf"(?<![\w+])(?:\+{_GAP}(?!33)[1-9]\d{{0,2}}{_GAP}(?:\(0\))?\d(?:{_WIDE}\d){{5,11}}"
    rf"|00{_GAP}(?!33)[1-9](?:{_WIDE}\d){{8,13}})(?![\w])"
)
_PHONE_CUE = re.compile(
    r"(?<![a-z])(?:tel(?:ephone)?s?|telefon\w*|phone|portables?|port|mobile|gsm|fixe|whatsapp"
    r"|(?:join(?:dre|dr|gnez|dez)|rappel(?:er|ez|e|le)|appel(?:er|ez)|contact\w*|sms)"
    r"(?:[ -]?(?:moi|nous|le|la))?(?: au| sur| a)?)"
    r"[^\w\n]{0,6}(?:(?:au|est|c'?est|le|du|sur|numero|no?|mon|perso|pro|fixe|mobile|portable"
    r"|direct)"
    r"[^\w\n]{1,4}){0,4}"
    r"(\d(?:[ .\-/_·]{0,2}\d){5,12})(?![\w]|[ ][b-xz](?![\w']))"
)
_FIGURES = (
    r"(?:zero|un|une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze"
    r"|quinze|seize|vingts?|trente|quarante|cinquante|soixante|septante|octante|huitante|nonante"
    r"|cent)"
)
_SPOKEN = re.compile(
    rf"(?<![a-z])(?:zero|plus trente[ -]trois)(?:[ ,.-]{{1,3}}(?:et[ -])?{_FIGURES}){{4,24}}"
    r"(?![a-z])"
)
_DATE_LIKE = re.compile(r"\d\d([ ./-])\d\d\1(?:19|20)\d\d(?!\d)")

_LENGTHS = {
    "ad": 24, "ae": 23, "al": 28, "at": 20, "az": 28, "ba": 20, "be": 16, "bg": 22, "ch": 21,
    "cy": 28, "cz": 24, "de": 22, "dk": 18, "ee": 20, "es": 24, "fi": 18, "fr": 27, "gb": 22,
    "ge": 22, "gr": 27, "hr": 21, "hu": 28, "ie": 22, "is": 26, "it": 27, "lb": 28, "li": 21,
    "lt": 20, "lu": 20, "lv": 21, "ma": 28, "mc": 27, "md": 24, "me": 22, "mk": 19, "mr": 27,
    "mt": 31, "nl": 18, "no": 15, "pl": 28, "pt": 25, "ro": 24, "rs": 22, "se": 24, "si": 19,
    "sk": 24, "sm": 27, "sn": 28, "tn": 24, "tr": 26, "ua": 29, "ci": 28, "bj": 28, "bf": 28,
    "ml": 28, "dz": 26, "mg": 27, "cm": 27, "gf": 27, "gp": 27, "mq": 27, "re": 27, "pf": 27,
    "nc": 27, "yt": 27, "pm": 27, "tf": 27, "wf": 27,
}  # fmt: skip
_BANK_GAP = r"[ .\-_·\n:/]{0,3}"
_IBAN = re.compile(
    rf"(?:(?<![a-z0-9])|(?<=iban))([a-z]{{2}}){_BANK_GAP}\d{_BANK_GAP}\d(?={_BANK_GAP}\w)"
)
_NEXT = re.compile(rf"{_BANK_GAP}[a-z0-9]")
_RIB = re.compile(
    rf"(?<![a-z0-9])(?!\d\d([/.-])\d\d\1(?:19|20)\d\d)\d(?:{_GAP}\d){{9}}{_GAP}"
    rf"(?:[a-z0-9]{_GAP}){{11}}\d{_GAP}\d(?![a-z0-9]|[ ]\d)"
)
_THREE_LETTERS = re.compile(r"[a-z]{3}")
_RIB_PARTS = re.compile(
    r"(?<![a-z])(?:code (?:banque|guichet|etablissement)|banque|guichet|(?:n[°o]?|numero)"
    r"(?: de)? compte(?: bancaire)?|compte(?: bancaire)?(?: n[°o]?| numero)?|cle(?: rib)?|rib)"
    r"[ ]?[:=]?[ ]{0,2}(\d[\da-z]{4,11}|(?<=cle )\d\d|(?<=cle: )\d\d|(?<=rib )\d\d)(?![\w])"
)
_CARD = re.compile(r"(?<![\w])(?:[3-6]\d{3})(?:[ .-]?\d{4}){3}(?![ .-]?\d)")

_PLATE = re.compile(
    r"(?<![\w])(?:[a-z]{2}[ ]?-[ ]?(?:\d{3}|[iol]\d\d|\d[iol]\d|\d\d[iol])[ ]?-[ ]?[a-z]{2}"
    r"|([a-z]{2})[ .·]?\d{3}[ .·]?([a-z]{2})"
    r"|w-?\d{3}-?[a-z]{2})(?![\w-])"
)
_OLD_PLATE = re.compile(
    r"(?<![\w,.-])(\d{1,4})[ .-]?([a-z]{2,3})[ .-]?(0[1-9]|[1-8]\d|9[0-5]|2[ab]|97[1-6])"
    r"(?![\w]|[.,/-]\d)"
)
_CUED_PLATE = re.compile(
    r"(?<![A-Za-z])(?:[Ii]mmat\w*|[Pp]laques?|IMMAT\w*|PLAQUES?)(?: [a-zà-ÿ]{2,12}){0,3}[ :]{1,3}"
    r"(\d[ -][A-Z]{3}[ -]\d{3}|[A-Z](?:[ ]?[A-Z]){0,2}[ ]?[./_ -]?[ ]?\d(?:[ ]?\d){1,5}"
    r"(?:[ ]?[./_ -]?[ ]?[A-Z](?:[ ]?[A-Z])?)?|[A-Z]{1,3}-[A-Z]{1,2}[ ]\d{1,4})(?![\w])"
)
"""Foreign ones, and those that are spaced in another way."""
_PLATE_CUE = re.compile(
    r"(?:immat\w*|plaques?|voiture\w*|vehicules?|vsp|automobiles?|(?<![a-z])autos?|scooters?|quads?"
    r"|motos?|mobylette|cyclo\w*|camion\w*|utilitaire|fourgon\w*|remorque|caravane|tracteur|berline"
    r"|epave|(?<![a-z])suv|clio|twingo|kangoo|megane|scenic|partner|berlingo|peugeot|renault"
    r"|citroen"
    r"|dacia|toyota|volkswagen|(?<![a-z])(?:fiat|ford|opel|kia|bmw|audi|golf|polo|mercedes)"
    r"|aixam|ligier|ancien numero|cartes? grises?|sans permis)[^\n]{0,40}\Z"
)
_NOT_PLATE = frozenset(
    "de et le la un du au en je il on ai as sa ma ta ca ce se ne me te ni ou si tu es vu eu km ko"
    " mo go kg cm mm ml ha kw cv ch an st no nb ok mn hr min ans eur les des mes ses ces est pas"
    " que"
    " qui sur une par ils moi bis ter mai jan fev mar avr jun jul aou sep oct nov dec lun mer jeu"
    " ven sam dim rue the art loi fin age cas eme ere hab caf rsa apl aah ttc".split()
)


_LETTERS_FOR_FIGURES = str.maketrans("oil", "011")


def social_security_numbers(reading: Reading) -> Iterator[Span]:
    for pattern in (_NIR, _NIR_TOLD, _NIR_ONE_BY_ONE):
        for match in pattern.finditer(reading.bare):
            figures = re.sub(r"[^\dab]|cle|la|sa|ma|espace|apres", "", match[0])
            if _is_dated(figures):
                yield Span(match.start(), match.end(), Kind.NIR, 0.95)
    for match in _NIR_SCANNED.finditer(reading.bare):
        figures = match[0].translate(_LETTERS_FOR_FIGURES)
        is_told = sum(map(str.isdigit, match[0])) >= _FEWEST_FIGURES
        if is_told and _is_dated(re.sub(r"\D", "", figures)):
            yield Span(match.start(), match.end(), Kind.NIR, 0.9)
    for match in _NIR_CUE.finditer(reading.bare):
        yield Span(match.start(1), match.end(1), Kind.NIR, 0.8)


def _is_dated(figures: str) -> bool:
    """Figures 4 and 5 are a month, or one of the codes kept for months that are not known."""
    month = int(figures[3:5])
    return 1 <= month <= 12 or 20 <= month <= 42 or month >= 50


def sure_telephones(reading: Reading) -> Iterator[Span]:
    """Looked for first: « 0033 6 22 15 80 47 283 05 69 259 310 35 » holds another number."""
    for match in _FRENCH.finditer(reading.bare):
        yield Span(match.start(), match.end(), Kind.PHONE, 0.95)


def telephones(reading: Reading) -> Iterator[Span]:
    for match in _TEN.finditer(reading.bare):
        goes_on = _CAPITAL_BEHIND.match(reading.plain, match.end())
        if goes_on and not _IN_PAIRS.fullmatch(match[0]):
            continue
        if not _DATE_LIKE.search(match[0]) and sum(map(str.isdigit, match[0])) >= 8:
            yield Span(match.start(), match.end(), Kind.PHONE, 0.95)
            another = _ANOTHER.match(reading.bare, match.end())
            if another:
                yield Span(another.start(1), another.end(), Kind.PHONE, 0.95)
    for match in _ABROAD.finditer(reading.bare):
        yield Span(match.start(), match.end(), Kind.PHONE, 0.9)
    for match in _PHONE_CUE.finditer(reading.bare):
        if not _DATE_LIKE.search(match[1]) and not re.match(r"0?[ .]?8[0-9]", match[1]):
            yield Span(match.start(1), match.end(1), Kind.PHONE, 0.8)
    for match in _SPOKEN.finditer(reading.bare):
        yield Span(match.start(), match.end(), Kind.PHONE, 0.8)


def bank_accounts(reading: Reading) -> Iterator[Span]:
    for match in _IBAN.finditer(reading.bare):
        is_word = match[1] in _NOT_PLATE and reading.bare[match.end(1)].isspace()
        if is_word and reading.plain[match.start()].islower():
            continue
        end = _end_of_account(reading.bare, match)
        if end:
            yield Span(match.start(), end, Kind.IBAN, 0.95)
    for pattern, score in ((_RIB, 0.9), (_CARD, 0.8)):
        for match in pattern.finditer(reading.bare):
            if sum(map(str.isdigit, match[0])) >= 14 and not _THREE_LETTERS.search(match[0]):
                yield Span(match.start(), match.end(), Kind.IBAN, score)


def bank_details(reading: Reading) -> Iterator[Span]:
    """« code banque 30003, clé 12 »: looked for after social security numbers, which have a key."""
    for match in _RIB_PARTS.finditer(reading.bare):
        yield Span(match.start(1), match.end(1), Kind.IBAN, 0.7)


def _end_of_account(bare: str, opening: re.Match[str]) -> int:
    """Where the account that begins so ends: at its country's length, or at the last group that
    has a figure when some are missing; 0 when it is none."""
    length = _LENGTHS.get(opening[1], 0)
    end, count, figures, last_figure = opening.end(), 4, 2, opening.end()
    while count < length and (match := _NEXT.match(bare, end)):
        end, count = match.end(), count + 1
        if bare[end - 1].isdigit():
            figures, last_figure = figures + 1, end
        elif end - last_figure > 4:
            break
    if count == length and figures >= 8:
        return end
    return last_figure if figures >= 12 else 0


def plates(reading: Reading) -> Iterator[Span]:
    if "plaque" in reading.bare or "immat" in reading.bare:
        for match in _CUED_PLATE.finditer(reading.plain):
            yield Span(match.start(1), match.end(1), Kind.PLATE, 0.8)
    for match in _PLATE.finditer(reading.bare):
        if _is_plate(reading, match, match[1], match[2]):
            yield Span(match.start(), match.end(), Kind.PLATE, 0.9)
    for match in _OLD_PLATE.finditer(reading.bare):
        if match[2] not in _NOT_PLATE and _is_plate(reading, match, match[2], ""):
            yield Span(match.start(), match.end(), Kind.PLATE, 0.8)


def _is_plate(reading: Reading, match: re.Match[str], left: str | None, right: str | None) -> bool:
    """Hyphens tell a plate, or capitals, or a word about vehicles: not « de 150 km »."""
    if left is None:
        return True
    if _PLATE_CUE.search(reading.bare, max(0, match.start() - 60), match.start()):
        return left not in _NOT_PLATE or right not in _NOT_PLATE
    if left in _NOT_PLATE or right in _NOT_PLATE:
        return False
    written = reading.plain[match.start() : match.end()]
    is_one_block = bool(right) and written.isalnum()
    return is_one_block or (written == written.upper() and (bool(right) or len(match[1]) > 1))
