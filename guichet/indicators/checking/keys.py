"""Indicator, version and period of a row, judged together.

Owns what is wrong among the three (`docs/methods/observation.md`, § 2); refuses places and
counters. Plain Python.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches

from guichet.core.periods import Period, PeriodKind, code_of, period
from guichet.indicators.calculations.definition import Definition
from guichet.indicators.checking.columns import INDICATOR, PERIOD, VERSION
from guichet.indicators.checking.known import Known, KnownGrain, KnownVersion, listed
from guichet.indicators.checking.periods_typed import certain_period, day_in_words
from guichet.indicators.grains_in_force import nearest_grain

OF_KIND = {
    PeriodKind.DAY: ("un jour", "des jours"),
    PeriodKind.WEEK: ("une semaine", "des semaines"),
    PeriodKind.MONTH: ("un mois", "des mois"),
    PeriodKind.QUARTER: ("un trimestre", "des trimestres"),
    PeriodKind.YEAR: ("une année", "des années"),
    PeriodKind.ISO_YEAR: ("une année de semaines", "des années de semaines"),
}
EXAMPLES = {
    PeriodKind.DAY: "2026-01-31",
    PeriodKind.WEEK: "2026-W05",
    PeriodKind.MONTH: "2026-01",
    PeriodKind.QUARTER: "2026-Q1",
    PeriodKind.YEAR: "2026",
}
_NUMBER = re.compile(r"[0-9]{1,5}")


@dataclass(frozen=True)
class Judged:
    """The three as known; `faults` are (column, message). `grain` is None when nothing tells."""

    version: KnownVersion | None = None
    period: Period | None = None
    grain: KnownGrain | None = None
    faults: list[tuple[str, str]] = field(default_factory=list)


def judged(indicator: str, number: str, when: str, known: Known) -> Judged:
    """Judge three cells, already without spaces around."""
    faults: list[tuple[str, str]] = []
    version = version_of(indicator, number, known, faults)
    found = period_of(when, version, known, faults)
    grain = version.grain_for(found) if version and found else None
    if version is not None:
        faults += grain_faults(version, found, grain, known)
    return Judged(version, found, grain, faults)


def version_of(
    indicator: str, number: str, known: Known, faults: list[tuple[str, str]]
) -> KnownVersion | None:
    numbers = known.numbers_of(indicator)
    if not numbers:
        faults.append((INDICATOR, unknown_indicator(indicator, known)))
        return None
    if not _NUMBER.fullmatch(number) or int(number) not in numbers:
        sent = [one for one in numbers if known.versions[indicator, one].grains]
        words = ", ".join(str(one) for one in sent or numbers)
        said = f"La version « {number[:40]} »" if number else "La version"
        wrong = "n'existe pas" if number else "manque"
        faults.append((VERSION, f"{said} de {indicator} {wrong} : écrivez {words}."))
        return None
    return known.versions[indicator, int(number)]


def unknown_indicator(indicator: str, known: Known) -> str:
    if not indicator:
        return f"L'indicateur manque : écrivez son code ({listed(known.granted)})."
    if indicator in known.owned_elsewhere:
        return f"« {indicator} » est l'indicateur d'un autre réseau : retirez la ligne."
    close = close_code(indicator, known.indicators)
    mend = f"écrivez « {close} »" if close else f"vous pouvez envoyer {listed(known.granted)}"
    return f"L'indicateur « {indicator[:60]} » n'existe pas : {mend}."


def close_code(text: str, codes: list[str]) -> str:
    """The code that only case, spaces or a letter separate from `text`; else empty."""
    plain = re.sub(r"[\s_]+", "-", text.strip().casefold())
    for code in codes:
        if code.casefold() == plain or code.casefold() == text.strip().casefold():
            return code
    found = get_close_matches(plain[:80], codes, n=1, cutoff=0.8)
    return found[0] if found else ""


def period_of(
    when: str, version: KnownVersion | None, known: Known, faults: list[tuple[str, str]]
) -> Period | None:
    try:
        if when.isascii():
            return period(when)
    except ValueError:
        pass
    faults.append((PERIOD, unreadable_period(when, version, known)))
    return None


def unreadable_period(when: str, version: KnownVersion | None, known: Known) -> str:
    grain = nearest_grain(version.grains, known.today) if version else None
    if grain is None:
        kinds = "2026-01 pour un mois, 2026-Q1 pour un trimestre, 2026 pour une année"
    else:
        kinds = f"{EXAMPLES[grain.period_kind]} pour {OF_KIND[grain.period_kind][0]}"
    if not when:
        return f"La période manque : écrivez par exemple {kinds}."
    mended = certain_period(when, grain.period_kind if grain else None)
    if mended:
        return f"« {when[:40]} » n'est pas écrit comme une période : écrivez « {mended} »."
    return f"« {when[:40]} » n'est pas une période : écrivez par exemple {kinds}."


def grain_faults(
    version: KnownVersion, found: Period | None, grain: KnownGrain | None, known: Known
) -> list[tuple[str, str]]:
    code, network = version.definition.code, known.network
    if not version.grains:
        return [
            (
                INDICATOR,
                f"Le réseau {network} n'envoie pas {code} (version {version.definition.version}) : "
                "retirez la ligne, ou demandez à la personne qui dirige le réseau de déclarer "
                "comment il l'envoie (« Mes réseaux > Mesures »).",
            )
        ]
    nearest = grain or nearest_grain(version.grains, known.today)
    wrong = source_fault(version, nearest, known) if nearest else ""
    if wrong:
        return [(INDICATOR, wrong)]
    if found is None or grain is None:
        return []
    message = kind_fault(version.definition, found, grain, network) or day_fault(
        version.definition, found, grain, known
    )
    return [(PERIOD, message)] if message else []


def source_fault(version: KnownVersion, grain: KnownGrain, known: Known) -> str:
    if grain.source == known.source:
        return ""
    code = version.definition.code
    if known.source == "network":
        return f"{code} est compté par la plateforme elle-même ({grain.source}) : retirez la ligne."
    return f"{code} n'est pas compté par « {known.source} » pour le réseau {known.network}."


def kind_fault(definition: Definition, found: Period, grain: KnownGrain, network: str) -> str:
    if found.kind is grain.period_kind:
        return ""
    mended = certain_period(found.code, grain.period_kind)
    mend = (
        f" : écrivez « {mended} »" if mended else f" ({examples_within(found, grain.period_kind)})"
    )
    wanted = OF_KIND[grain.period_kind][1]
    return (
        f"{found.code} est {OF_KIND[found.kind][0]} ; pour {definition.code}, le réseau {network} "
        f"envoie {wanted}{mend}."
    )


def examples_within(found: Period, kind: PeriodKind) -> str:
    """Codes of this kind that lie in the period, or hold it."""
    first, last = code_of(kind, found.first_day), code_of(kind, found.last_day)
    if first == last:
        return first
    if found.kind is PeriodKind.QUARTER and kind is PeriodKind.MONTH:
        year, month = found.first_day.year, found.first_day.month
        return ", ".join(f"{year:04}-{month + step:02}" for step in range(3))
    return f"{first} … {last}"


def day_fault(definition: Definition, found: Period, grain: KnownGrain, known: Known) -> str:
    if found.first_day < grain.first_day:
        return (
            f"{found.code} commence avant {grain.first_period}, première période de "
            f"{definition.code} pour le réseau {known.network} : retirez la ligne."
        )
    if grain.ended_on is not None and found.first_day > grain.ended_on:
        return (
            f"Le réseau {known.network} n'envoie plus {definition.code} depuis le "
            f"{day_in_words(grain.ended_on)} : retirez la ligne."
        )
    if found.last_day > known.today:
        return (
            f"{found.code} n'est pas terminé{'e' if found.kind is PeriodKind.WEEK else ''} : "
            f"envoyez-le après le {day_in_words(found.last_day)}, ou corrigez la période."
        )
    return ""
