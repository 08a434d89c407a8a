"""What is wrong in a marked row, said with its mend.

Owns the sentences of places, cuts and counters (French); `keys` and `numbers` own the others.
Plain Python.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from guichet.indicators.calculations.kinds import Kind
from guichet.indicators.checking.columns import COUNTERS, CUT, STRUCTURE
from guichet.indicators.checking.keys import Judged
from guichet.indicators.checking.known import Known, listed
from guichet.indicators.checking.numbers import counter_fault, counter_of
from guichet.indicators.checking.periods_typed import day_in_words
from guichet.indicators.checking.rows import (
    BAD_CUT,
    CLOSED,
    IMPOSSIBLE,
    NOT_OPEN,
    OTHER_LEVEL,
    OUT_OF_SCOPE,
    UNKNOWN_PLACE,
    Shape,
    largest_of,
)

OF_LEVEL = {
    "site": ("un site", "une ligne par site"),
    "departement": ("une structure départementale", "une ligne par structure départementale"),
    "region": ("une structure régionale", "une ligne par structure régionale"),
    "national": ("la structure nationale", "une seule ligne, celle de la structure nationale"),
}


@dataclass(frozen=True)
class PlaceFacts:
    """A structure as the sentences need it; `network` is another one's name, else empty."""

    code: str
    level: str = ""
    opened_on: date | None = None
    closed_on: date | None = None
    network: str = ""
    moved_on: date | None = None
    is_outside: bool = False


@dataclass(frozen=True)
class MarkedRow:
    line: int
    texts: dict[str, str]
    marks: int
    bad: int
    stray: int


def row_faults(
    row: MarkedRow,
    judged: Judged,
    shape: Shape | None,
    place: PlaceFacts | None,
    known: Known,
    suggestion: str = "",
) -> Iterator[tuple[str, str]]:
    """(column, sentence) for each fault of a row, in the order of the columns."""
    yield from judged.faults
    yield from place_faults(row, judged, place, known, suggestion)
    if row.marks & BAD_CUT and judged.grain is not None:
        yield CUT, cut_sentence(row.texts[CUT], judged.grain.cuts, code_of(judged))
    if shape is not None:
        yield from counter_faults(row, shape, code_of(judged))


def code_of(judged: Judged) -> str:
    return judged.version.definition.code if judged.version else ""


def place_faults(
    row: MarkedRow, judged: Judged, place: PlaceFacts | None, known: Known, suggestion: str
) -> Iterator[tuple[str, str]]:
    code = row.texts[STRUCTURE]
    if row.marks & UNKNOWN_PLACE:
        yield STRUCTURE, unknown_place(code, place, known, suggestion)
        return
    if place is None:
        return
    if row.marks & OUT_OF_SCOPE:
        since = f" depuis le {day_in_words(place.moved_on)}" if place.moved_on else ""
        verb = "ne dépend plus" if place.moved_on else "ne dépend pas"
        yield STRUCTURE, f"{code} {verb} de {known.scope}{since} : retirez la ligne."
    if row.marks & OTHER_LEVEL and judged.grain is not None:
        what, rows = OF_LEVEL[place.level][0], OF_LEVEL[judged.grain.level][1]
        yield (
            STRUCTURE,
            f"{code} est {what} ; pour {code_of(judged)}, le réseau {known.network} envoie {rows}.",
        )
    if row.marks & CLOSED and place.closed_on:
        yield (
            STRUCTURE,
            f"{code} est fermé depuis le {day_in_words(place.closed_on)}, avant cette période : "
            "retirez la ligne.",
        )
    if row.marks & NOT_OPEN and place.opened_on:
        yield (
            STRUCTURE,
            f"{code} n'a ouvert que le {day_in_words(place.opened_on)}, après cette période : "
            "retirez la ligne.",
        )


def unknown_place(code: str, place: PlaceFacts | None, known: Known, suggestion: str) -> str:
    if not code:
        return "Le code de la structure manque : écrivez-le."
    if place is not None and place.is_outside:
        whose = f"du réseau « {place.network} »" if place.network else "d'aucun réseau"
        return (
            f"{code} est une structure {whose}, pas du réseau {known.network} : retirez la ligne."
        )
    mend = (
        f"écrivez « {suggestion} »"
        if suggestion
        else "copiez le code depuis le fichier modèle de votre réseau"
    )
    return f"La structure « {code[:60]} » n'existe pas : {mend}."


def cut_sentence(text: str, cuts: tuple[str, ...], indicator: str) -> str:
    if not cuts:
        return f"{indicator} n'a pas de coupe : laissez la case vide."
    if not text:
        return f"La coupe manque : écrivez {ou_listed(cuts)}."
    return f"La coupe « {text[:40]} » n'existe pas pour {indicator} : écrivez {ou_listed(cuts)}."


def ou_listed(codes: tuple[str, ...]) -> str:
    if len(codes) == 1:
        return codes[0]
    if len(codes) > 12:
        return f"l'un de {listed(codes)}"
    return f"{', '.join(codes[:-1])} ou {codes[-1]}"


def counter_faults(row: MarkedRow, shape: Shape, indicator: str) -> Iterator[tuple[str, str]]:
    for slot, header in enumerate(shape.headers, start=1):
        if row.bad & (1 << (slot - 1)):
            yield header, counter_fault(row.texts[header], largest_of(shape, slot))
    for rank, header in enumerate(COUNTERS):
        if row.stray & (1 << rank):
            yield (
                header,
                f"{indicator} n'a pas de compteur « {header} » (il a "
                f"{', '.join(shape.headers)}) : videz la case.",
            )
    if row.marks & IMPOSSIBLE:
        yield shape.headers[0], impossible_sentence(row, shape)


def impossible_sentence(row: MarkedRow, shape: Shape) -> str:
    first = row.texts[shape.headers[0]]
    if shape.kind is Kind.SHARE:
        return (
            f"La partie ({first}) dépasse le total ({row.texts['total']}) : corrigez l'une ou "
            "l'autre ; les deux colonnes sont peut-être inversées."
        )
    if shape.kind is Kind.NET_SHARE:
        return (
            f"Favorables ({first}) et défavorables ({row.texts['defavorables']}) dépassent "
            f"ensemble le total ({row.texts['total']}) : corrigez-les."
        )
    if counter_of(row.texts["effectif"]) == 0:
        return "L'effectif est 0 : la somme et la somme des carrés doivent l'être aussi."
    return (
        f"Avec un effectif de {row.texts['effectif']} et une somme de {first}, la somme des carrés "
        f"({row.texts['somme_carres']}) est trop petite : additionnez le carré de chaque valeur."
    )


def duplicate_sentence(lines: tuple[int, ...], times: int) -> str:
    named = [str(line) for line in lines]
    last = f"{times - len(lines)} autres" if times > len(lines) else named.pop()
    return (
        f"Les lignes {', '.join(named)} et {last} ont les mêmes indicateur, version, structure, "
        "période et coupe : n'en gardez qu'une."
    )


def missing_cuts_sentence(structure: str, period: str, missing: list[str], indicator: str) -> str:
    words = "la coupe" if len(missing) == 1 else "les coupes"
    return (
        f"Pour {structure} en {period}, {indicator} demande toutes ses coupes : ajoutez {words} "
        f"{listed(missing)} (0 s'il n'y a aucun cas)."
    )
