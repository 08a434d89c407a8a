"""Published figures in plain French sentences: pages, cards and posters say them the same way.

Owns the words; refuses HTML, and any verdict of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from guichet.core.periods import Period, PeriodKind, following, period
from guichet.core.words import MONTHS, NBSP, grouped
from guichet.indicators.calculations.definition import Definition
from guichet.indicators.calculations.formulas import cases
from guichet.indicators.calculations.kinds import Kind, whole_of
from guichet.publication.published.figures import Change, Comparison, Figure, QuantileBounds

INSUFFICIENT = "données insuffisantes"
WITHHELD = f"non publié{NBSP}: trop peu de cas"
DECLARED = "déclaré par le réseau"
NO_CASE = "aucun cas sur la période"
NOTHING_RECEIVED = "aucune donnée reçue pour la période"
DEMONSTRATION = "démonstration"
COUNTRY = "pays"

RANKS = ("1er", "2e", "3e", "4e")
LINKING = re.compile(r"d'|(?:de|du|des|en|à|au|aux|par|pour|sur|dans|avec|sans|ou|et) ")
ALWAYS_WITH_S = frozenset(
    {"cas", "avis", "temps", "fois", "mois", "pays", "accès", "plus", "moins", "relais", "refus"}
)
UNITS = {
    "day": ("jour", "jours"),
    "hour": ("heure", "heures"),
    "minute": ("minute", "minutes"),
    "second": ("seconde", "secondes"),
    "week": ("semaine", "semaines"),
    "month": ("mois", "mois"),
    "point": ("point", "points"),
}
RIGHT_OF = dict.fromkeys(
    ("day", "hour", "minute", "second", "week", "month"), "plus long vers la droite"
)
"""What goes to the right on a scale, where more is not plainly better."""
VERDICTS = {
    "better": "mieux que",
    "worse": "moins bien que",
    "above": "plus que",
    "below": "moins que",
    "no_clear_difference": "pas de différence nette avec",
    "insufficient": f"{INSUFFICIENT} pour comparer avec",
}
TARGETS = {"met": "atteint", "not_met": "pas atteint", "not_yet": "pas encore atteint"}
CLEAR_CHANGES = {"improved", "worsened", "rose", "fell"}
CHANGES = {
    "improved": "mieux",
    "worsened": "moins bien",
    "rose": "en hausse",
    "fell": "en baisse",
    "no_clear_change": "pas de changement net",
    "insufficient": INSUFFICIENT,
}


# --- numbers -----------------------------------------------------------------------------------


def number_in_words(value: Decimal) -> str:
    """ "1 234,5", with a true minus sign."""
    sign = "−" if value < 0 else ""
    whole, _, decimals = f"{abs(value):f}".partition(".")
    return f"{sign}{grouped(int(whole))}" + (f",{decimals}" if decimals else "")


def with_unit(number: str, definition: Definition, *, is_many: bool) -> str:
    """The number and what it counts, never parted."""
    if definition.kind in (Kind.SHARE, Kind.DISTRIBUTION):
        return f"{number}{NBSP}%"
    if definition.kind is Kind.NET_SHARE:
        return f"{number}{NBSP}{'points' if is_many else 'point'}"
    if definition.unit == "percent":
        return f"{number}{NBSP}%" if definition.kind is Kind.MEAN else number
    one, many = UNITS.get(definition.unit, (singular(definition.unit), definition.unit))
    return f"{number}{NBSP}{many if is_many else one}".strip()


def value_in_words(value: Decimal | None, definition: Definition) -> str:
    """ "80,4 %", "+12,3 points", "12,4 jours", "1 234"; empty without a value."""
    if value is None:
        return ""
    number = number_in_words(value)
    if definition.kind is Kind.NET_SHARE and value > 0:
        number = f"+{number}"
    return with_unit(number, definition, is_many=abs(value) >= 2)


def plain_value_in_words(value: Decimal, definition: Definition) -> str:
    """The end of a scale: "0 %", "+100 points", "15 jours"."""
    whole = value == value.to_integral_value()
    return value_in_words(value.quantize(Decimal(1)) if whole else value.normalize(), definition)


def gap_in_words(gap: Decimal | None, definition: Definition) -> str:
    """ "+6,4 points", "−2 jours"."""
    if gap is None:
        return ""
    number = ("+" if gap > 0 else "") + number_in_words(gap)
    is_many = abs(gap) >= 2
    if definition.kind in (Kind.SHARE, Kind.DISTRIBUTION, Kind.NET_SHARE):
        return f"{number}{NBSP}{'points' if is_many else 'point'}"
    return with_unit(number, definition, is_many=is_many)


def counted_in_words(figure: Figure, definition: Definition, words: Mapping[str, str]) -> str:
    """The counters in a sentence: « 262 usagers satisfaits sur 326 interrogés », « 1 sur 326
    usagers interrogés »: names are plural."""
    counters = figure.counters
    if not counters:
        return ""
    names = [words.get(name, name) for name in definition.counters]
    whole = grouped(whole_of(definition.kind, counters))
    if definition.kind is Kind.SHARE and counters[0] < 2:
        few = whole_of(definition.kind, counters) < 2
        return f"{counters[0]} sur {whole}" + ("" if few else f"{NBSP}{names[1]}")
    if definition.kind is Kind.SHARE:
        said = without_first_word(names[1], names[0])
        return f"{grouped(counters[0])}{NBSP}{names[0]} sur {whole}{NBSP}{said}"
    if definition.kind is Kind.NET_SHARE:
        return (
            f"{grouped(counters[0])}{NBSP}{names[0]} et {grouped(counters[1])}{NBSP}{names[1]}, "
            f"sur {whole}{NBSP}{without_first_word(names[2], names[0])}"
        )
    if definition.kind is Kind.MEAN:
        return f"en moyenne, sur {whole}{NBSP}{words.get('count', 'cas')}"
    if definition.kind is Kind.DISTRIBUTION:
        return distribution_in_words(counters, definition, words.get("whole", "cas"))
    is_many = whole_of(definition.kind, counters) >= 2
    return f"{whole}{NBSP}{names[0] if is_many else singular(names[0])}"


def counts_alone(figure: Figure, definition: Definition) -> str:
    """The same in a column of a table: « 262 sur 326 »."""
    counters = figure.counters
    if not counters:
        return ""
    whole = grouped(whole_of(definition.kind, counters))
    if definition.kind is Kind.SHARE:
        return f"{grouped(counters[0])} sur {whole}"
    if definition.kind is Kind.NET_SHARE:
        return f"{grouped(counters[0])} et {grouped(counters[1])} sur {whole}"
    if definition.kind is Kind.COUNT:
        return whole
    return f"sur {whole}"


def without_first_word(whole: str, part: str) -> str:
    """« usagers interrogés » after « usagers satisfaits » is « interrogés »; « heures d'ouverture »
    stays whole."""
    first, _, rest = whole.partition(" ")
    is_again = rest and part.partition(" ")[0] == first
    return rest if is_again and not LINKING.match(rest) else whole


def singular(words: str) -> str:
    """« expérience publiée » of « expériences publiées », until the first word that links; what a
    relative clause says stays, with its verb."""
    if " qui " in words:
        return words
    found = words.split(" ")
    for rank, word in enumerate(found):
        if LINKING.match(f"{word} "):
            break
        if word not in ALWAYS_WITH_S:
            found[rank] = "lieu" if word == "lieux" else word.removesuffix("s")
    return " ".join(found)


def opinions_in_words(figure: Figure, definition: Definition, words: Mapping[str, str]) -> str:
    """« 9 usagers trouvent le service meilleur, 17 le trouvent moins bon, sur 36 », of a net share
    whose counters are known."""
    if definition.kind is not Kind.NET_SHARE or not figure.counters:
        return ""
    favourable, unfavourable = (words.get(name, name) for name in definition.counters[:2])
    against = without_first_word(unfavourable, favourable).removeprefix("qui ")
    return (
        f"{grouped(figure.counters[0])}{NBSP}{favourable.replace(' qui ', ' ', 1)}, "
        f"{grouped(figure.counters[1])}{NBSP}{against}, "
        f"sur {grouped(whole_of(definition.kind, figure.counters))}"
    )


def distribution_in_words(counters: tuple[int, ...], definition: Definition, whole: str) -> str:
    """How many cases are at or under the reference bound."""
    reference = definition.reference_bound
    within = cases(definition, counters)
    said = f"{grouped(within)} sur {grouped(sum(counters))}{NBSP}{whole}"
    return f"{said}, en {bound_in_words(reference, definition)} ou moins" if reference else said


def bound_in_words(bound: Decimal, definition: Definition) -> str:
    one, many = UNITS.get(definition.unit, (definition.unit, definition.unit))
    return f"{plain_number(bound)}{NBSP}{many if bound >= 2 else one}"


def plain_number(value: Decimal) -> str:
    """Without useless zeros: "7", "7,5"."""
    whole = value == value.to_integral_value()
    return number_in_words(value.quantize(Decimal(1)) if whole else value.normalize())


def quantile_in_words(bounds: QuantileBounds, definition: Definition, whole: str = "cas") -> str:
    """« la moitié des cas : en plus de 7 et au plus 15 jours »; nothing is known inside."""
    who = {Decimal("0.5"): "la moitié", Decimal("0.9"): "9 sur 10"}.get(
        bounds.q, f"{plain_number(bounds.q * 100)}{NBSP}%"
    )
    if bounds.at_most is None:
        limit = f"il faut plus de {bound_in_words(bounds.above or Decimal(0), definition)}"
        return f"{who} des {whole}{NBSP}: {limit} pour y arriver"
    return f"{who} des {whole}{NBSP}: au plus {bound_in_words(bounds.at_most, definition)}"


# --- periods -----------------------------------------------------------------------------------


def day_in_words(day: date, *, with_year: bool = True) -> str:
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number}{NBSP}{MONTHS[day.month - 1]}" + (f"{NBSP}{day.year}" if with_year else "")


def month_in_words(day: date) -> str:
    return f"{MONTHS[day.month - 1]}{NBSP}{day.year}"


def month_of(day: date) -> str:
    return MONTHS[day.month - 1]


@lru_cache(maxsize=4096)
def period_in_words(code: str, *, through: date | None = None) -> str:
    """ "janvier 2026", "1er trimestre 2026", "2026", "de janvier à avril 2026" (a year that ends
    after `through`), "semaine du 5 au 11 janvier 2026"."""
    found = period(code)
    first, last = found.first_day, found.last_day
    if found.kind in (PeriodKind.YEAR, PeriodKind.ISO_YEAR) and through and last > through:
        return span_in_words(first, max(first, through))
    return {
        PeriodKind.DAY: lambda: day_in_words(first),
        PeriodKind.WEEK: lambda: week_in_words(first, last),
        PeriodKind.MONTH: lambda: month_in_words(first),
        PeriodKind.QUARTER: lambda: f"{RANKS[int(code[-1]) - 1]}{NBSP}trimestre{NBSP}{code[:4]}",
        PeriodKind.YEAR: lambda: code,
        PeriodKind.ISO_YEAR: lambda: f"{code[:4]} (en semaines)",
    }[found.kind]()


def week_in_words(first: date, last: date) -> str:
    if first.month == last.month:
        return f"semaine du {'1er' if first.day == 1 else first.day} au {day_in_words(last)}"
    start = day_in_words(first, with_year=first.year != last.year)
    return f"semaine du {start} au {day_in_words(last)}"


def span_in_words(first: date, last: date) -> str:
    """ "de janvier à avril 2026"; "janvier 2026" within one month."""
    if (first.year, first.month) == (last.year, last.month):
        return month_in_words(first)
    start = month_of(first) if first.year == last.year else month_in_words(first)
    linked = f"d'{start}" if start[0] in "ao" else f"de {start}"
    return f"{linked} à {month_in_words(last)}"


def period_in_full(code: str, *, through: date | None = None) -> str:
    """The same, and of a quarter its months: "1er trimestre 2026 (de janvier à mars)"."""
    words = period_in_words(code, through=through)
    found = period(code)
    if found.kind is not PeriodKind.QUARTER:
        return words
    start = month_of(found.first_day)
    linked = f"d'{start}" if start[0] in "ao" else f"de {start}"
    return f"{words} ({linked} à {month_of(found.last_day)})"


def than_period(code: str) -> str:
    """After « que »: "qu'au 4e trimestre 2025", "qu'en janvier 2026"."""
    found = period(code)
    words = period_in_words(code)
    if found.kind is PeriodKind.QUARTER:
        return f"qu'au {words}"
    if found.kind in (PeriodKind.MONTH, PeriodKind.YEAR, PeriodKind.ISO_YEAR):
        return f"qu'en {words}"
    return f"que la {words}" if found.kind is PeriodKind.WEEK else f"que le {words}"


def to_period(code: str) -> str:
    """After « par rapport »: "au 4e trimestre 2025", "à janvier 2026", "à la semaine…"."""
    kind = period(code).kind
    words = period_in_words(code)
    if kind is PeriodKind.WEEK:
        return f"à la {words}"
    return f"à {words}" if kind in (PeriodKind.MONTH, PeriodKind.YEAR) else f"au {words}"


# --- states, verdicts --------------------------------------------------------------------------


def state_in_words(figure: Figure) -> str:
    """What stands in place of a value, or beside it; empty for an ordinary figure."""
    return {
        "missing": NOTHING_RECEIVED,
        "no_whole": NO_CASE,
        "withheld": WITHHELD,
        "declared": DECLARED,
    }.get(figure.state, "")


def interval_in_words(figure: Figure, definition: Definition) -> str:
    """What the number of answers leaves unsure in a sample, with the decimals of its bounds; empty
    for a census."""
    bounds = bounds_in_words(figure, definition)
    return f"Marge due au nombre de réponses{NBSP}: {bounds}." if bounds else ""


def margin_in_words(figure: Figure, definition: Definition) -> str:
    """The same where words are few: « marge : de 62,3 à 98,4 % »."""
    bounds = bounds_in_words(figure, definition)
    return f"marge{NBSP}: {bounds}" if bounds else ""


def bounds_in_words(figure: Figure, definition: Definition) -> str:
    if figure.low is None or figure.high is None:
        return ""
    low, high = (value_in_words(one, definition) for one in (figure.low, figure.high))
    if low == high:
        step = Decimal(1).scaleb(int(figure.low.as_tuple().exponent))
        least = gap_in_words(step, definition).removeprefix("+")
        return f"moins de {least}"
    unit = f"{NBSP}{high.rpartition(NBSP)[2]}"
    return f"de {low.removesuffix(unit)} à {high}"


def comparison_in_words(comparison: Comparison | None, definition: Definition, rest_of: str) -> str:
    """« mieux que le reste du Nord (73,9 %) »; `rest_of` is "du Nord", "du pays". Where the cases
    are too few to compare, no number is given that a reader would compare."""
    if comparison is None:
        return ""
    words = f"{VERDICTS[comparison.verdict]} le reste {rest_of}"
    if comparison.is_insufficient:
        return words
    rest = value_in_words(comparison.rest, definition)
    return f"{words} ({rest})" if rest else words


def change_in_words(change: Change | None, definition: Definition) -> str:
    """« mieux qu'au 4e trimestre 2025 (+6,0 points) », « pas de changement net par rapport… »."""
    if change is None:
        return ""
    words = CHANGES[change.verdict]
    gap = gap_in_words(change.gap, definition)
    if change.gap and abs(change.gap) == definition.margin and change.verdict in CLEAR_CHANGES:
        gap = f"{gap}, un peu plus que l'écart retenu avant l'arrondi"
    beside = f" ({gap})" if gap else ""
    if change.verdict in ("improved", "worsened"):
        return f"{words} {than_period(change.period)}{beside}"
    if change.verdict == "insufficient":
        return f"{words} pour comparer {to_period(change.period)}"
    return f"{words} par rapport {to_period(change.period)}{beside}"


def target_in_words(figure: Figure, definition: Definition) -> str:
    """« objectif de 85 % : atteint »; empty where there is none."""
    if definition.target is None or figure.value is None:
        return ""
    said = f"objectif{NBSP}: {wanted_in_words(definition.target, definition)}"
    return f"{said}, {TARGETS[figure.target]}" if figure.target else said


def aim_in_words(figure: Figure, definition: Definition, verdict: str) -> str:
    """« objectif pour décembre 2026 : 95 %, pas encore atteint », of what the source of a declared
    value aims at; empty where it aims at nothing."""
    if figure.aimed_at is None:
        return ""
    counts = definition.kind is Kind.COUNT
    wanted = wanted_in_words(rounded(figure.aimed_at) if counts else figure.aimed_at, definition)
    when = for_period(figure.aimed_for)
    said = f"objectif {when}{NBSP}: {wanted}"
    return f"{said}, {TARGETS[verdict]}" if verdict else said


def rounded(wanted: Decimal) -> Decimal:
    """Some sources aim at 22177.4 acts."""
    return wanted.quantize(Decimal(1), ROUND_HALF_UP)


def wanted_in_words(wanted: Decimal, definition: Definition) -> str:
    """ "85 %", "au plus 10 jours"."""
    said = with_unit(plain_number(wanted), definition, is_many=abs(wanted) >= 2)
    return f"au plus {said}" if definition.direction == "lower" else said


def for_period(code: str) -> str:
    """ "pour décembre 2026", "pour le 4e trimestre 2026", "pour 2026"."""
    kind = period(code).kind
    if kind is PeriodKind.WEEK:
        return f"pour la {period_in_words(code)}"
    article = "le " if kind in (PeriodKind.DAY, PeriodKind.QUARTER) else ""
    return f"pour {article}{period_in_words(code)}"


def coverage_in_words(figure: Figure) -> str:
    """« 37 relevés reçus sur 38 attendus », where some are missing."""
    if figure.expected <= figure.received or figure.expected == 0:
        return ""
    received = "relevé reçu" if figure.received < 2 else "relevés reçus"
    expected = "attendu" if figure.expected < 2 else "attendus"
    return f"{grouped(figure.received)}{NBSP}{received} sur {grouped(figure.expected)} {expected}"


# --- freshness ---------------------------------------------------------------------------------


AFTER_THE_END = {
    PeriodKind.DAY: "du jour",
    PeriodKind.WEEK: "de la semaine",
    PeriodKind.MONTH: "du mois",
    PeriodKind.QUARTER: "du trimestre",
    PeriodKind.YEAR: "de l'année",
}


@dataclass(frozen=True)
class Freshness:
    """`words` says up to when; `is_old` is true when a whole newer period should have been received
    already, by the age that the indicator announces, told by `expected`."""

    words: str
    is_old: bool
    expected: str


def freshness(
    found: Period, today: date, received: Period | None, expected_age_days: int | None
) -> Freshness:
    """« Chiffres arrêtés au 31 mars 2026, il y a 8 mois ».

    `found` is the period shown; `received` the latest that was received, of the grain: None where
    nothing newer is waited for (an earlier edition, an ended grain). A newer one is late when its
    own end is further than `expected_age_days`.
    """
    age_days = max(0, (today - found.last_day).days)
    words = f"Chiffres arrêtés au {day_in_words(found.last_day)}, {age_in_words(age_days)}"
    if received is None or expected_age_days is None:
        return Freshness(words, is_old=False, expected="")
    waited = period(following(received.code))
    is_old = (today - waited.last_day).days > expected_age_days
    return Freshness(words, is_old, expected_in_words(expected_age_days, received.kind))


def expected_in_words(days: int, kind: PeriodKind) -> str:
    """« 45 jours au plus après la fin du mois »."""
    unit = "jour" if days < 2 else "jours"
    return f"{days}{NBSP}{unit} au plus après la fin {AFTER_THE_END[kind]}"


def age_in_words(days: int) -> str:
    if days < 2:
        return "hier" if days else "aujourd'hui"
    if days < 60:
        return f"il y a {days}{NBSP}jours"
    if days < 730:
        return f"il y a {round(days / 30.44)}{NBSP}mois"
    return f"il y a {days // 365}{NBSP}ans"
