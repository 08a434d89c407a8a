"""One day's opening hours written in French by hand, read with certainty or not at all.

Owns the small language of such cells ("9h-12h / sur RDV : 14h-17h"); refuses every cell that has
two readings, an unknown word, a missing or impossible time, and says why.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import time
from itertools import pairwise
from typing import Literal, NamedTuple

Interval = tuple[time, time, str]

MIDNIGHT = time(0, 0)
NOON_MINUTES = 12 * 60
DAY_MINUTES = 24 * 60
# Outside these bounds a time is more likely a slip of the pen than an opening.
EARLIEST_OPENING_MINUTES = 5 * 60
SHORTEST_OPENING_MINUTES = 15
LATEST_MORNING_END_MINUTES = 14 * 60


class DayReading(NamedTuple):
    """What a cell says: `intervals` is None unless `status` is "certain".

    "silent" means that the cell gives nothing to read; "uncertain", that `reason` (French, for a
    fault line) tells why it was not read.
    """

    status: Literal["certain", "uncertain", "silent"]
    intervals: tuple[Interval, ...] | None
    reason: str = ""


class _Doubt(Exception):
    """Why the cell cannot be read with certainty (French)."""


class _Token(NamedTuple):
    kind: str
    text: str
    minutes: int = 0


class _Segment(NamedTuple):
    """What stands between two separators: times, and the words that qualify them."""

    spans: tuple[tuple[int, int], ...]
    kinds: frozenset[str]
    part_of_day: str
    closed: bool
    kind_first: bool
    in_brackets: bool


_SILENT = re.compile(
    r"|(?:horaires? )?non (?:communique|renseigne|precise|connu)e?s?|n\.?[cr]\.?|inconnus?"
)
_CLOSED = re.compile(
    r"-+|(?:(?:espace|bureau|mairie|accueil|guichet|agence|service) )?fermee?"
    r"(?: (?:au public|ce jour(?:-la)?|(?:toute )?la journee))?\.?"
    r"|(?:jour de )?fermeture(?: au public)?|pas d'(?:ouverture|accueil)(?: du public)?|non ouvert"
)
_ALWAYS_OPEN = re.compile(
    r"(?:ouvert )?24 ?h?(?: ?/ ?| sur )24 ?h?(?: ?(?:et |, ?)?7 ?j? ?(?:/|sur) ?7 ?j?)?"
)

_TOKENS = re.compile(
    r"""
    (?P<clock>(?<!\d)\d{1,2}\ ?h(?:eures?|rs?)?\ ?\d{2}(?!\d|\ ?[:h])
      |(?<!\d)\d{1,2}\ ?h(?:eures?|rs?)?(?![\da-z])
      |(?<!\d)\d{1,2}:\d{2}(?::00)?(?!\d|\ ?[:h])
      |(?<!\d)\d{1,2}\ ?:\ ?\d{2}(?!\d|\ ?:)
      |(?<!\d)\d{1,2}\.\d{2}(?![\d.:])
      |\bmidi\b|\bminuit\b)
    |(?P<bare>(?<![\d:.])\d{1,2}(?![\d:.]))
    |(?P<broken>\d[\d:.]*)
    |(?P<group>//|\n)
    |(?P<next>[/,;|&]|\bet\b|\bpuis\b|\bainsi\ que\b)
    |(?P<dash>-+|\bjusqu'a\b|\ba\b|>)
    |(?P<opening>\()
    |(?P<closing>\))
    |(?P<colon>:)
    |(?P<walk_in>\b(?:(?:avec\ ou\ )?sans\ rdv|(?:en\ )?(?:acces|accueil|entree)\ libre)\b)
    |(?P<appointment>\b(?:uniquement\ |seulement\ |exclusivement\ )?(?:(?:sur|avec|par)\ )?rdv
        (?:\ (?:uniquement|seulement|exclusivement|obligatoire))?\b)
    |(?P<telephone>\btel(?:ephon\w*|\b))
    |(?P<morning>\b(?:le\ |du\ )?matin(?:ee)?s?\b)
    |(?P<afternoon>\b(?:l'|d')?apres(?:-|\ )midi\b)
    |(?P<closed>\bfermee?\b)
    |(?P<filler>\b[ld]'|\b(?:de|du|des|le|la|les|au|horaires?|ouverte?|ouverture|accueil|public|physique
        |sans\ interruption|non(?:-|\ )?stop|en\ continu|journee\ continue|continu)\b|\.(?!\d))
    |(?P<blank>\s+)
    |(?P<unknown>[^\W\d]+|.)
    """,
    re.VERBOSE,
)
_KINDS = ("appointment", "walk_in")


def parse_day(text: str) -> tuple[Interval, ...] | None:
    """The intervals (opens, closes, kind) of one day's cell, in order, or None when not certain.

    An empty tuple means surely closed. `kind` is "walk_in" or "appointment". A closing at 00:00
    is the end of the day, (00:00, 00:00) the whole of it; no other opening runs past midnight.
    """
    return read_day(text).intervals


def read_day(text: str) -> DayReading:
    """Like `parse_day`, with the reason of a refusal."""
    plain = _plain(text)
    if _SILENT.fullmatch(plain):
        return DayReading("silent", None, "les horaires ne sont pas indiqués")
    if _CLOSED.fullmatch(plain):
        return DayReading("certain", ())
    if _ALWAYS_OPEN.fullmatch(plain):
        return DayReading("certain", ((MIDNIGHT, MIDNIGHT, "walk_in"),))
    try:
        return DayReading("certain", _intervals(plain))
    except _Doubt as doubt:
        return DayReading("uncertain", None, str(doubt))


def _plain(text: str) -> str:
    """Lower case without accents, one kind of dash, space and apostrophe, "rdv" spelt one way."""
    folded = unicodedata.normalize("NFKD", text.lower())
    folded = "".join(char for char in folded if not unicodedata.combining(char))
    folded = re.sub(r"[\u2010-\u2015\u2212]", "-", folded)
    folded = folded.replace("\u2019", "'").replace("\u00a0", " ")
    folded = re.sub(r"rendez[- ]?vous|\br\.? ?d\.? ?v\b\.?", "rdv", folded)
    folded = re.sub(r"[^\S\n]+", " ", folded)
    return re.sub(r" ?\n ?", "\n", folded).strip()


def _intervals(plain: str) -> tuple[Interval, ...]:
    groups = _groups(_tokens(plain))
    found: list[tuple[int, int, str]] = []
    marked_before = False
    for group in groups:
        kinds = _kinds_of(group, several_groups=len(groups) > 1)
        marked = any(segment.kinds for segment in group)
        if marked_before and not marked:
            raise _Doubt("on ne sait pas si la condition écrite au début vaut jusqu'à la fin")
        marked_before = marked_before or marked
        _check_parts_of_day(group)
        _check_order([span for segment in group for span in segment.spans])
        found += [
            (*span, kind)
            for segment, kind in zip(group, kinds, strict=True)
            for span in segment.spans
        ]
    found.sort()
    _check_order([(opens, closes) for opens, closes, _ in found])
    if not found:
        raise _Doubt("aucune heure n'est indiquée")
    return tuple((_clock(opens), _clock(closes), kind) for opens, closes, kind in found)


def _clock(minutes: int) -> time:
    return time(minutes % DAY_MINUTES // 60, minutes % 60)


def _tokens(plain: str) -> list[_Token]:
    tokens = []
    for match in _TOKENS.finditer(plain):
        kind, text = str(match.lastgroup), match[0].strip()
        if kind in ("clock", "bare"):
            tokens.append(_Token(kind, text, _minutes(text)))
        elif kind == "broken":
            raise _Doubt(f"« {text} » n'est pas une heure complète")
        elif kind == "telephone":
            raise _Doubt("les heures de téléphone ne sont pas des heures d'ouverture")
        elif kind == "unknown":
            raise _Doubt(f"« {text} » n'est pas compris")
        elif kind not in ("blank", "filler"):
            tokens.append(_Token(kind, text))
    return tokens


def _minutes(text: str) -> int:
    if text in ("midi", "minuit"):
        return NOON_MINUTES if text == "midi" else DAY_MINUTES
    numbers = [int(digits) for digits in re.findall(r"\d+", text)]
    hour, minute = numbers[0], numbers[1] if len(numbers) > 1 else 0
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise _Doubt(f"l'heure « {text} » n'existe pas")
    if text.isdecimal() and not 5 <= hour <= 23:
        raise _Doubt(f"« {text} » n'est pas sûrement une heure")
    return hour * 60 + minute


def _groups(tokens: list[_Token]) -> list[list[_Segment]]:
    groups: list[list[_Segment]] = []
    for group in _split(tokens, "group"):
        segments = []
        for part in _split(group, "next"):
            segments += _bracketed(part)
        if not segments:
            raise _Doubt("un séparateur ne sépare rien")
        groups.append(segments)
    return groups


def _split(tokens: list[_Token], kind: str) -> Iterator[list[_Token]]:
    part: list[_Token] = []
    for token in tokens:
        if token.kind == kind:
            yield part
            part = []
        else:
            part.append(token)
    yield part


def _bracketed(part: list[_Token]) -> list[_Segment]:
    """One segment, or two when brackets hold times of their own: "9h-12h (sur RDV 14h-17h)"."""
    openings = [index for index, token in enumerate(part) if token.kind == "opening"]
    closings = [index for index, token in enumerate(part) if token.kind == "closing"]
    if not openings and not closings:
        return [_segment(part)]
    if len(openings) != 1 or closings != [len(part) - 1]:
        raise _Doubt("les parenthèses sont mal placées")
    before, within = part[: openings[0]], part[openings[0] + 1 : -1]
    if any(token.kind in ("clock", "bare") for token in within):
        return [_segment(before), _segment(within, in_brackets=True)]
    if not within:
        raise _Doubt("les parenthèses sont vides")
    return [_segment(before + within)]


def _segment(tokens: list[_Token], *, in_brackets: bool = False) -> _Segment:
    words = [token for token in tokens if token.kind not in ("clock", "bare", "dash")]
    shape = "".join(
        "t" if token.kind in ("clock", "bare") else "-"
        for token in tokens
        if token.kind in ("clock", "bare", "dash")
    )
    for previous, token in pairwise([_Token("", ""), *tokens]):
        if token.kind == "colon" and previous.kind not in (*_KINDS, "morning", "afternoon", ""):
            raise _Doubt("un deux-points ne suit ni une heure ni une condition")
    parts = {word.kind for word in words} & {"morning", "afternoon"}
    if len(parts) > 1:
        raise _Doubt("matin et après-midi sont mêlés")
    spans = _spans([token for token in tokens if token.kind in ("clock", "bare")], shape)
    closed = any(word.kind == "closed" for word in words)
    kinds = frozenset(word.kind for word in words) & set(_KINDS)
    _check_segment(spans, kinds, parts, closed=closed)
    return _Segment(
        spans=spans,
        kinds=kinds,
        part_of_day=next(iter(parts), ""),
        closed=closed,
        kind_first=bool(tokens) and tokens[0].kind in _KINDS,
        in_brackets=in_brackets,
    )


def _spans(times: list[_Token], shape: str) -> tuple[tuple[int, int], ...]:
    if shape not in ("", "t-t", "t-tt-t", "t-t-t-t"):
        raise _Doubt("une plage doit avoir une heure de début et une heure de fin")
    spans = []
    for opens, closes in zip(times[::2], times[1::2], strict=True):
        if opens.kind == closes.kind == "bare":
            raise _Doubt(f"rien ne dit que « {opens.text} » et « {closes.text} » sont des heures")
        _check_span(opens.minutes, closes.minutes)
        spans.append((opens.minutes % DAY_MINUTES, closes.minutes))
    return tuple(spans)


def _check_span(opens: int, closes: int) -> None:
    opens %= DAY_MINUTES
    if opens == 0 and closes >= DAY_MINUTES - 1:
        return
    if closes == 0:
        closes = DAY_MINUTES
    if opens < EARLIEST_OPENING_MINUTES:
        raise _Doubt(f"une ouverture à {_shown(opens)} est invraisemblable")
    if closes < opens + SHORTEST_OPENING_MINUTES:
        raise _Doubt(f"la fin ({_shown(closes)}) ne vient pas après le début ({_shown(opens)})")


def _shown(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"


def _check_segment(
    spans: tuple[tuple[int, int], ...], kinds: frozenset[str], parts: set[str], *, closed: bool
) -> None:
    if closed and (spans or kinds or not parts):
        raise _Doubt("« fermé » accompagne des heures")
    if not spans and not closed:
        raise _Doubt(
            "une condition est écrite sans heures" if kinds or parts else "une heure manque"
        )
    if len(kinds) > 1:
        raise _Doubt("deux conditions se contredisent")
    if len(spans) > 1 and (kinds or parts):
        raise _Doubt("on ne sait pas sur quelle plage porte la condition")


def _kinds_of(group: list[_Segment], *, several_groups: bool) -> list[str]:
    """The kind of each segment; a condition must leave no doubt on what it covers."""
    kinds = [next(iter(segment.kinds), "walk_in") for segment in group]
    marked = [index for index, segment in enumerate(group) if segment.kinds]
    if not marked or len(group) == 1 or len(marked) == len(group):
        return kinds
    if several_groups and marked == [0] and group[0].kind_first:
        return [kinds[0]] * len(group)
    for index in marked:
        last = index == len(group) - 1
        clear = group[index].in_brackets or (
            group[index].kind_first if last else not group[index].kind_first
        )
        if not clear:
            raise _Doubt("on ne sait pas sur quelles plages porte la condition")
    return kinds


def _check_parts_of_day(group: list[_Segment]) -> None:
    spans = [span for segment in group for span in segment.spans]
    for segment in group:
        if segment.part_of_day == "morning":
            meant = [
                span
                for span in segment.spans
                if span[1] > LATEST_MORNING_END_MINUTES or span[0] >= NOON_MINUTES
            ]
            against = [span for span in spans if span[0] < NOON_MINUTES]
        elif segment.part_of_day == "afternoon":
            meant = [span for span in segment.spans if span[0] < NOON_MINUTES]
            against = [span for span in spans if span[1] > LATEST_MORNING_END_MINUTES]
        else:
            continue
        if meant or (segment.closed and against):
            raise _Doubt("les heures ne sont pas celles de la demi-journée annoncée")


def _check_order(spans: list[tuple[int, int]]) -> None:
    for (opens, closes), (following, _) in pairwise(spans):
        if closes <= opens or following < closes:
            raise _Doubt("les plages se chevauchent ou ne sont pas dans l'ordre")
