"""Dates that the text says to be of somebody's birth.

Owns the ways of writing a date and the words that make it one of birth; refuses other dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from guichet.moderation.detection.reading import Reading
from guichet.moderation.detection.spans import Span
from guichet.moderation.detection.word_lists import first_names, names_that_are_words
from guichet.moderation.kinds import Kind

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv jan january enero gennaio janeiro januar",
            "fevrier fevr fev february feb febrero febbraio fevereiro februar",
            "mars mar march marzo marco marz",
            "avril avr april apr abril aprile abr",
            "mai may mayo maggio maio",
            "juin jun june junio giugno junho juni",
            "juillet juil jul july julio luglio julho juli",
            "aout aou august aug agosto ago",
            "septembre sept sep september septiembre settembre setembro",
            "octobre oct october octubre ottobre outubro oktober okt",
            "novembre nov november noviembre novembro",
            "decembre dec december diciembre dicembre dezembro dezember dic dez",
        ),
        start=1,
    )
    for name in names.split()
}
"""In French, English, Spanish, Italian, Portuguese, German; short or not."""
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_FIGURES = (
    r"(?:0?[1-9]|[12]\d|3[01])[ ]?(?P<gap>[./ \-])[ ]?(?:0?[1-9]|1[0-2])[ ]?(?P=gap)[ ]?"
    r"(?:(?:18|19|20)\d\d|\d\d)(?![\d])"
)
_ROMAN = (
    r"(?:0?[1-9]|[12]\d|3[01])(?P<dot>[./ -])(?:i{1,3}|iv|vi{0,3}|ix|xi{0,2})(?P=dot)"
    r"(?:19|20)\d\d(?!\d)"
)
_DAY_WORDS = (
    "premier|deux|trois|quatre|cinq|six|sept|huit|neuf|dix(?:-sept|-huit|-neuf)?|onze|douze|treize"
    "|quatorze|quinze|seize|vingt(?:[ -]et[ -]un|-(?:deux|trois|quatre|cinq|six|sept|huit|neuf))?"
    "|trente(?:[ -]et[ -]un)?"
)
_YEAR_WORDS = (
    r"(?:mil(?:le)?[ -](?:neuf|huit)[ -]cents?|deux[ -]mille)(?:[ -](?:et|une?|deux|trois|quatre"
    r"|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingts?|trente|quarante"
    r"|cinquante|soixante)(?![a-z])){0,5}"
)
_SPELLED = (
    rf"(?:(?:1er|\d{{1,2}}) (?:et|ou) (?:le )?)?(?:1 ?er|{_DAY_WORDS}|0?[1-9]|[12]\d"
    rf"|3[01])(?:[ ](?:de )?|(?<=\d)(?:(?:st|nd|rd|th)[ ](?:of )?|\.[ ]|[.-]?))(?:{_MONTH})"
    r"(?![a-z])\.?"
    rf"(?:[ ,.-]{{1,2}}(?:de l'an(?:nee)? |del? )?(?:(?:18|19|20)\d\d|\d\d)(?![\d])"
    rf"|[ ]{_YEAR_WORDS})?"
)
_MONTH_FIRST = (
    rf"(?:{_MONTH})\.?[ ](?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?,?[ ](?:19|20)\d\d(?!\d)"
    rf"|(?:19|20)\d\d-(?:{_MONTH})-(?:0?[1-9]|[12]\d|3[01])(?!\d)"
)
"""« July 7, 1992 », « 1990-Dec-04 »."""
_WITH_OF = (
    r"(?:0?[1-9]|[12]\d|3[01]) (?:du|/|,) (?:0?[1-9]|1[0-2]),? (?:du |de )?(?:19|20)\d\d(?!\d)"
)
_ISO = r"(?:19|20)\d\d(?P<cut>[-/.])(?:0[1-9]|1[0-2])(?P=cut)(?:0[1-9]|[12]\d|3[01])(?!\d)"
_BLOCK = r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:(?:19|20)\d\d|\d\d)(?!\d)"
_MONTH_AND_YEAR = rf"(?:{_MONTH})\.?[ ](?:19|20)\d\d(?!\d)|(?:0[1-9]|1[0-2])/(?:19|20)\d\d(?![\d/])"
_SHORT = r"(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2])(?![\d/])"
_DATE = re.compile(
    rf"(?<![\d/])(?<![a-z])(?:{_ISO}|{_FIGURES}|{_ROMAN}|{_WITH_OF}|{_SPELLED}|{_MONTH_FIRST}"
    rf"|{_MONTH_AND_YEAR}"
    rf"|(?P<block>{_BLOCK})"
    rf"|(?P<short>{_SHORT}))"
)

_EVENTS = (
    r"depuis |demand|depos|rendez|rdv|envoy|recu|deced|deces|mort|mariage|marie |mariee |arriv"
    r"|embauch|radie"
    r"|veuf|veuve|divorc|prevu|a compter|a partir|entre le|avant le|apres le|conge "
)
_ANOTHER_EVENT = re.compile(rf"(?<![a-z])(?:{_EVENTS})")
_ANOTHER_CLAUSE = re.compile(
    rf"(?<![a-z])(?:j'|je |on |il |elle |ils |elles |mais |nous |vous |dossier|mairie|rien|pas "
    rf"|jamais|que |{_EVENTS})"
)
_COMPARED = re.compile(
    r" (?:(?:le|la) meme (?:jour|mois|annee) (?:que|qu')|(?:tout )?comme |ainsi que )[^,:;.]{0,30}"
)
"""« né le même jour qu'elle : un 24 décembre 1969 »."""
_BORN_THERE = re.compile(
    r"(?:\(e\))? (?:a|au|aux|en|dans|sur) (?:[a-z'-]{1,20} ?){1,4}(?:\([^()\n]{1,20}\))?[ ]?[,:-]?"
    r"[ ]?\Z"
)
"""« née à Oran 9.9.79 »."""
_BORN_ON = re.compile(
    r"(?:^|[ ,(])(?:le|l'|les|en|:|du|, un)(?: (?:lundi|mardi|mercredi|jeudi|vendredi|samedi"
    r"|dimanche))?[ :]{0,2}\Z|^[ ]?[:=(]?[ ]?\Z"
)
_SHOWN = re.compile(
    r"(?<![a-z])(?:indiqu|port|affich|mentionn|marqu|inscri|not|donn|retenu|retien|ecri|mis|met"
    r"|saisi|lis|lit|lire|dit|dis|c'est|cest|est|etait|devient|devenu|soit)[a-z]{0,5}"
    r"(?: (?:bien|encore|toujours|alors|plutot))?(?: le| du| au)?[ ]?[:«\"]{0,2}[ ]?\Z|[:=][ ]?\Z"
)
"""« ma date de naissance : la carte indique 02.10.1966 »."""
_NOT_BORN = re.compile(
    r"(?:acte|actes|extrait|extraits|certificat|copie|declaration|conge|prime|certificats"
    r"|avis|faire|part|livret) (?:de |d'un |d')?\Z"
)
_CHAIN = re.compile(r"[ ,;/.…():a-z'-]+")
_CHAINED = frozenset(
    "et ou puis enfin non pas plutot au lieu de le du la l' les en pour mon ma mes son sa ses"
    " notre nos"
    " leur leurs lui elle autre aine ainee cadet cadette benjamin benjamine premier premiere"
    " deuxieme"
    " troisieme second seconde dernier derniere petit petite grand grande jumeau fils fille frere"
    " soeur"
    " mari femme pere mere papa maman conjoint conjointe epoux epouse compagnon compagne celui"
    " celle"
    " moi ici aussi celle-ci a".split()
)
_SAID = re.compile(
    r"(?<![a-z])(?:n[e]{1,2}e?s?|nait|naquit|naitre|n[ae]i?s+[aei]n[cs]+e?s?|nais+\.?"
    r"|d\.?(?:d\.?)?n\.?"
    r"|dob|natifs?|natives?|(?:(?<=vu le )|(?<=vue le ))jour"
    r"|(?:(?<=venu au )|(?<=venue au )|(?<=venus au )|(?<=venues au )|(?<=mis au )"
    r"|(?<=mise au ))monde"
    r")(?![a-z])"
)
_KIN = re.compile(
    r"(?<![a-z0-9])(?:fils|fille|mari|femme|mere|pere|maman|papa|frere|soeur|sœur|conjointe?|epoux"
    r"|epouse"
    r"|enfant|bebe|moi|\d{1,3} ans)[ ]?\([ ]?\Z"
)
_SAID_BEHIND = re.compile(
    r"[ ]?[»\"]?[ ]?[,(:=-]?[ ]?(?:c'?est |qui est |est |etant |voila |= ?|soit |en guise de |de "
    r"|pour ce qui (?:est|concerne) (?:de )?|pour (?=date)|comme )?(?:bien |donc )?"
    r"(?:ma |sa |la |mon |son |le )?(?:vraie |bonne |seule )?"
    r"(?:date (?:de )?(?:ma |sa )?naiss(?:ance)?|jour (?:de (?:ma |sa )?naissance|ou (?:je suis|il"
    r" est|elle est) ne)|naissance(?! prevu)|naiss|ddn)(?![a-z])"
)
_EVENT_BEHIND = re.compile(rf"[ ]?\([ ]?(?:date d[eu'] ?)?(?:{_EVENTS}|entree|sortie)")
"""« 12.03.20 (décès) »."""
_BORN_BEHIND = re.compile(
    r"(?: a [a-z'-]{2,20})?,? (?:que |qu'|ou )?(?:je suis|suis|il est|elle est|est) (?:bien )?nee?"
    r"(?![a-z])"
)
"""« c'est le 12 mars 1980 que je suis né »."""
_I_AM_OF = re.compile(r"(?<![a-z])(?:je suis|j'suis|chui[st]) (?:du|d'un) \Z")
_ONE_IS_OF = re.compile(r"(?<![a-z])(?:elle|il|mari|femme|fils|fille|mere|pere) est (?:du|d'un) \Z")
_SAID_ABROAD = re.compile(
    r"(?<![a-z])(?:born|birth[ ]?(?:date|day)|date of birth|nacid[oa]s?|fecha(?: de)?"
    r" nacimiento|nat[oa]|data di nascita|nascid[oa]s?|data de nascimento|geb(?:oren|\.)"
    r"|geburtsdatum|nascuta?|data nasterii|urodzon[ya]|dogum tarihi)(?![a-z])"
    r"(?: (?:in|en|a|em|at|din|w) [a-z' -]{2,25}?)?"
    r"(?:,? (?:on|the|el|dia|il|a|em|am|den|le|is|es)){0,2}[ ,:=(]{1,3}\Z"
)
"""Births in other languages: « born on », « nacido el », « geboren am »."""
_MISSPELT = re.compile(r"(?<![a-z'])(?:nai|nez|ner|nait|n|ne{1,3}|nee?r) (?:le?|un)[ :]{1,2}\Z")
"""« nai le », « nez le », « n le »."""
_ANNIVERSARY = re.compile(r"(?<![a-z])(?:date d')?anniversaire[ ]?[:(,]?[ ]?(?:c'est )?(?:le )?\Z")
_CELEBRATED = re.compile(
    r"(?<![a-z])(?:(?:mon|ma|son|leur|l')[ ]?anniversaire(?: (?:est|tombe|c'est|aura lieu))?"
    r"|(?:eu|aura|aurai|fete\w*|j'ai|auront)(?: eu)?(?: ses| mes| leurs)? \d{1,3} ans)"
    r"[ ,:(]{0,3}(?:c'est )?(?:le|du) \Z"
)
_GAP_AFTER_NAME = re.compile(r"[ ]?,?\n|[ ]?[,(:;|/-]?[ ]?(?:du |le )?")
_CLOSED = re.compile(r"[ ]{0,2}(?:[.)]{0,2}[ ]?(?:\n|\Z)|[,);|]|\x1f)")
_LINK = re.compile(r",? et (?:le )?|, (?:le )?")
_LONGEST_CHAIN = 30
_COLUMNS = re.compile(r"^[^\n\d]{0,120}[;|][^\n\d]{0,120}$", re.MULTILINE)
_COLUMN_OF_BIRTHS = re.compile(
    r"[ ]?(?:(?:date|jour)s? (?:de |d')?naissances?|naissances?"
    r"|nee?s? ?(?:\(e\)|[.·-]e)?(?:s|\(s\))? le"
    r"|d\.?d\.?n\.?|dob|date of birth)[ ]?[:*]?[ ]?"
)
"""The head of a column: « Né(e) le »."""
_MOST_LINES = 200
_LAST_YEAR_OF_TWO_FIGURES = 2010
"""After a name, a date with a year of two figures is taken for a birth up to this one."""
_LAST_YEAR_WITHOUT_WORDS = 2021
"""After a name, a full date of this year or before is taken for a birth: letters are younger."""


def birth_dates(reading: Reading) -> Iterator[Span]:
    dates = list(_DATE.finditer(reading.bare))
    columns, others = _in_columns(reading.bare, dates)
    dates = [date for date in dates if date not in others]
    born = [date for date in dates if date in columns or _is_said_birth(reading.bare, date)]
    parts = {_parts(date[0]) for date in born}
    yield from map(_span, born)
    for date in dates:
        if date in born:
            continue
        if _continues(reading.bare, date, born):
            born.append(date)
            yield _span(date)
        elif _is_like(_parts(date[0]), parts):
            yield _span(date)


def _in_columns(bare: str, dates: list[re.Match[str]]) -> tuple[list[re.Match[str]], ...]:
    """Dates below « Né(e) le » in lines whose columns are cut by the same sign, and those of the
    other columns."""
    births: list[re.Match[str]] = []
    others: list[re.Match[str]] = []
    start = 0
    for head in _COLUMNS.finditer(bare) if dates else ():
        if head.start() < start:
            continue
        sign = ";" if ";" in head[0] else "|"
        heads = [_COLUMN_OF_BIRTHS.fullmatch(cell) for cell in head[0].split(sign)]
        start = head.end() + 1
        for line in bare[start:].split("\n", _MOST_LINES)[:_MOST_LINES] if any(heads) else ():
            if line.count(sign) + 1 != len(heads):
                break
            for date in dates:
                if start <= date.start() and date.end() <= start + len(line):
                    column = bare.count(sign, start, date.start())
                    (births if heads[column] else others).append(date)
            start += len(line) + 1
    return births, others


def dates_after(reading: Reading, ends: Iterable[int]) -> Iterator[Span]:
    """Full dates that follow a name at once: « Enzo (12 mai 2008) », « KONÉ, 11-03-1969 »; and
    those that go on with it."""
    for end in ends:
        gap = _GAP_AFTER_NAME.match(reading.bare, end)
        date = _DATE.match(reading.bare, gap.end() if gap else end)
        while date and _is_told_by_a_name(reading.bare, date):
            yield _span(date)
            link = _LINK.match(reading.bare, date.end())
            date = _DATE.match(reading.bare, link.end()) if link else None


def _is_told_by_a_name(bare: str, date: re.Match[str]) -> bool:
    """A full date, or the short one of « franck delmas 11/11/71 » where nothing follows it."""
    if re.search(r"\d{4}", date[0]):
        return _is_old(date[0])
    year = _parts(date[0])[2]
    return 0 < year <= _LAST_YEAR_OF_TWO_FIGURES and bool(_CLOSED.match(bare, date.end()))


def _is_old(written: str) -> bool:
    return 0 < _parts(written)[2] <= _LAST_YEAR_WITHOUT_WORDS


def _span(date: re.Match[str]) -> Span:
    end = date.end() - 1 if date[0].endswith(".") else date.end()
    return Span(date.start(), end, Kind.BIRTH_DATE, 0.9)


def _is_said_birth(bare: str, date: re.Match[str]) -> bool:
    window = bare[max(0, date.start() - 75) : date.start()]
    if _KIN.search(window) and re.search(r"\d{4}", date[0]):
        return True
    if _is_said_around(bare, date, window):
        return True
    if _EVENT_BEHIND.match(bare, date.end()):
        return False
    said = max(_SAID.finditer(window), key=re.Match.start, default=None)
    if said is None:
        return False
    opening, gap = window[: said.start()], window[said.end() :]
    if re.search(r"[!?]|\.[ \n]|\n[^\n]*\n|\x1f", gap):
        return False
    if _is_shown(said[0], opening, gap) and _is_old(date[0]):
        return True
    gap = _COMPARED.sub("", gap)
    is_of_another = any(_parts(other[0])[2] for other in _DATE.finditer(gap))
    if is_of_another or _ANOTHER_CLAUSE.search(gap):
        return False
    if gap.endswith(" un ") and (gap == " un " or re.search(r"\d{4}", date[0])):
        return _parts(date[0])[2] > 0
    return _is_date_of(said[0], opening, gap, date[0])


def _is_date_of(said: str, opening: str, gap: str, written: str) -> bool:
    """Whether the date that is `written` behind `gap` is that of the birth `said`."""
    if said.startswith("nati"):
        return gap in (" du ", " d'un ")
    if said.startswith("n") and said.endswith(("ce", "ces", "se", "ses")):
        return not _NOT_BORN.search(opening)
    if said not in ("ne", "nes", "nee", "nees", "nait", "naquit", "naitre"):
        return True
    if _BORN_THERE.fullmatch(gap) and _parts(written)[2]:
        return True
    return _BORN_ON.search(gap) is not None


def _is_shown(said: str, before: str, gap: str) -> bool:
    """« un autre jour de naissance que le mien ; la pièce d'identité indiquait 02.10.1966 »."""
    is_date = said.startswith("n") and re.search(r"(?:date|jour)s?(?: de)? \Z", before) is not None
    return is_date and _SHOWN.search(gap) is not None and not _ANOTHER_EVENT.search(gap)


def _is_said_around(bare: str, date: re.Match[str], window: str) -> bool:
    """« le 12/12/1970, date de naissance », « je suis du 7 janvier 1961 », « a eu 60 ans le 3 mai
    »."""
    if _SAID_BEHIND.match(bare, date.end()) or _BORN_BEHIND.match(bare, date.end()):
        return True
    if _I_AM_OF.search(window) or _SAID_ABROAD.search(window):
        return True
    if _MISSPELT.search(window) and _is_old(date[0]):
        return True
    if (_ONE_IS_OF.search(window) or _ANNIVERSARY.search(window)) and _is_old(date[0]):
        return True
    return _CELEBRATED.search(window) is not None


def _continues(bare: str, date: re.Match[str], born: list[re.Match[str]]) -> bool:
    """« nées le 3 mai 2012 et le 4 juin 2014 », « né le 17/01/2016 pour lui, 30/09/2018 pour
    elle », « et Noé le 4 juin 2014 »; a list that only commas cut holds old dates."""
    gaps = (
        bare[other.end() : date.start()]
        for other in born
        if 0 < date.start() - other.end() <= _LONGEST_CHAIN
    )
    return any(_is_chain(gap) and (gap.strip(" ,;") or _is_old(date[0])) for gap in gaps)


def _is_chain(gap: str) -> bool:
    words = re.findall(r"[a-z]+'?", gap)
    return _CHAIN.fullmatch(gap) is not None and all(
        word in _CHAINED or (word in first_names() and word not in names_that_are_words())
        for word in words
    )


def _parts(written: str) -> tuple[int, int, int]:
    """Day, month, year (0 when not said)."""
    numbers = [int(number) for number in re.findall(r"\d+", written)]
    month = re.search(rf"(?<![a-z])(?:{_MONTH})(?![a-z])", written)
    if month:
        years = [number for number in numbers if number > 31]
        day = numbers[0] if numbers and numbers[0] < 32 else 0
        return day, _MONTHS[month[0]], _full(years[-1] if years else 0)
    if len(numbers) == 2 and "/" in written and numbers[1] > 99:
        return 0, numbers[0], numbers[1]
    if len(numbers) == 1 and len(written) == 6:
        return int(written[:2]), int(written[2:4]), _full(int(written[4:]))
    if len(numbers) == 1:
        digits = f"{numbers[0]:08d}"
        return int(digits[:2]), int(digits[2:4]), int(digits[4:])
    if numbers[0] > 31:
        return numbers[2], numbers[1], numbers[0]
    return numbers[0], numbers[1], _full(numbers[2]) if len(numbers) > 2 else 0


def _full(year: int) -> int:
    """0 stays 0: no year was said."""
    if not year:
        return 0
    return year if year > 99 else (2000 if year < 27 else 1900) + year


def _is_like(date: tuple[int, int, int], born: set[tuple[int, int, int]]) -> bool:
    """The same birth written again, or with one part wrong: the year and the day or the month."""
    day, month, year = date
    return year != 0 and any(
        year == other[2] and (day == other[0] or month == other[1]) for other in born
    )
