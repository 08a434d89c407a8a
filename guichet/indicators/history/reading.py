"""The two shapes of the government's barometer, read as declared values.

Owns columns, codes of places, dates and decimals; refuses the database, and guesses nothing:
whatever cannot be read is a fault with its line.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from guichet.core.periods import PeriodKind, code_of, period

TABLE = Path(__file__).parent / "barometer.toml"
EDITION, SERIES = "edition_2024", "series_2022"
COLUMNS = {
    EDITION: ("indicateur", "maille", "zone", "date", "valeur"),
    SERIES: ("maille", "code", "indicateur", "id_indicateur", "valeur", "date"),
}
AIM = "cible"
"""A column of the edition's file that others need not have."""
LIST_COLUMNS = ("indic_id", "indic_nom_baro", "indic_descr_baro", "tendance")
LEVELS = {"DEPT": "departement", "REG": "region", "NAT": "nation"}
DIRECTIONS = {"hausse": "higher", "baisse": "lower"}
NATION = "FR"
NUMBER = re.compile(r"\d{1,15}(\.\d{1,4})?")
LAST_MONTHS = {PeriodKind.QUARTER: (3, 6, 9, 12), PeriodKind.YEAR: (12,)}


@dataclass(frozen=True)
class Fault:
    """`line` is that of the file, the header being 1; 0 when the fault is the file's."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        where = f"{self.file}, ligne {self.line}" if self.line else self.file
        return f"{where} : {self.message}"


@dataclass(frozen=True)
class HistoricalIndicator:
    """An indicator of the barometer, as a definition. `unit`: percent, month or a French noun."""

    code: str
    title: str
    public_title: str
    family: str
    kind: str
    unit: str
    direction: str
    period_kind: PeriodKind
    method: str
    nature: str = "census"
    empty_zeros: frozenset[str] = frozenset()

    def is_empty(self, period: str, value: Decimal) -> bool:
        """Whether a zero only holds the place of what the source did not know: it says so of a
        period, and no delay lasts no time on average."""
        return value == 0 and (self.kind == "mean" or period in self.empty_zeros)


class Aim(NamedTuple):
    """What the source wants a value to be for a period, of a territory."""

    period: str
    value: Decimal


SeriesKey = tuple[str, str, str]
"""The code of an indicator, a level and a place."""


@dataclass(frozen=True)
class HistoricalValue:
    """`level` is departement, region or nation; `place` a code of the COG, or FR. `aim` is what
    the source aims at there, for this period or the next that has one."""

    code: str
    level: str
    place: str
    period: str
    value: Decimal
    aim: Aim | None = None

    @property
    def series(self) -> SeriesKey:
        return self.code, self.level, self.place


@dataclass
class History:
    """What one file holds. Where there is a fault, nothing of it may be used."""

    source: str
    source_date: date
    path: Path
    indicators: dict[str, HistoricalIndicator] = field(default_factory=dict)
    values: list[HistoricalValue] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    empty_zeros: Counter[str] = field(default_factory=Counter)
    """By indicator, the zeros that were passed over."""
    aims: dict[SeriesKey, list[Aim]] = field(default_factory=dict)

    def fault(self, line: int, message: str) -> None:
        self.faults.append(Fault(self.path.name, line, message))


class Unreadable(Exception):
    """A cell that cannot be read; the French text says how to mend it."""


def table() -> dict[str, Any]:
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def edition_file() -> str:
    """The name of the file of 2024, which tells whether a folder holds the barometer."""
    return str(table()[EDITION]["values"])


def read_edition(folder: Path, places: Mapping[str, frozenset[str]]) -> History:
    """The file of 2024: those of its indicators that the table names. `places` gives the codes of
    today's territories by level."""
    told = table()[EDITION]
    history = History(told["source"], told["date"], folder / told["values"])
    listed = read_list(folder / told["indicators"], history)
    if not history.faults:
        history.indicators = described(told["indicator"], listed, told["indicators"], history)
    read_values(history, EDITION, places, lambda row: (row["indicateur"], zone_code(row["zone"])))
    history.values = [
        replace(value, aim=aim_of(value, history.aims.get(value.series, ())))
        for value in history.values
    ]
    return history


def read_series(folder: Path, places: Mapping[str, frozenset[str]]) -> History:
    """The series of 2017 to 2022: all of its indicators, those that the table does not know being
    faults."""
    told = table()[SERIES]
    history = History(told["source"], told["date"], folder / told["values"])
    rows = {row["id"]: row for row in told["indicator"]}

    def named(row: dict[str, str]) -> tuple[str, str]:
        if row["id_indicateur"] not in rows:
            raise Unreadable(
                f"l'indicateur « {row['id_indicateur']} » n'est pas dans la table de la "
                "plateforme (guichet/indicators/history/barometer.toml) : ajoutez-le."
            )
        told = indicator(
            rows[row["id_indicateur"]],
            title=row["indicateur"],
            method="",
            direction=rows[row["id_indicateur"]]["direction"],
        )
        history.indicators.setdefault(told.code, told)
        return told.code, row["code"]

    read_values(history, SERIES, places, named)
    return history


def described(
    wanted: list[dict[str, Any]], listed: dict[str, dict[str, str]], name: str, history: History
) -> dict[str, HistoricalIndicator]:
    found = {}
    for row in wanted:
        told = listed.get(row["id"])
        if told is None:
            history.faults.append(Fault(name, 0, f"l'indicateur {row['id']} n'y est pas."))
        elif told["tendance"] not in DIRECTIONS:
            history.faults.append(
                Fault(
                    name,
                    0,
                    f"{row['id']} : tendance « {told['tendance']} », attendu hausse ou baisse.",
                )
            )
        else:
            found[row["id"]] = indicator(
                row,
                title=told["indic_nom_baro"].strip(),
                method=told["indic_descr_baro"].strip(),
                direction=DIRECTIONS[told["tendance"]],
            )
    return found


def indicator(
    row: dict[str, Any], *, title: str, method: str, direction: str
) -> HistoricalIndicator:
    return HistoricalIndicator(
        code=row.get("code", row["id"]),
        title=title[:200],
        public_title=row["public_title"],
        family=row.get("family", "performance"),
        kind=row["kind"],
        unit=row["unit"],
        direction=direction,
        period_kind=PeriodKind(row["period"]),
        method=method,
        nature=row.get("nature", "census"),
        empty_zeros=frozenset(row.get("empty_zeros", ())),
    )


def read_list(path: Path, history: History) -> dict[str, dict[str, str]]:
    """The barometer's own list of indicators, by identifier."""
    try:
        rows = list(numbered_rows(path, LIST_COLUMNS))
    except Unreadable as error:
        history.faults.append(Fault(path.name, 0, str(error)))
        return {}
    return {row["indic_id"]: row for _, row in rows}


def read_values(
    history: History,
    shape: str,
    places: Mapping[str, frozenset[str]],
    named: Callable[[dict[str, str]], tuple[str, str]],
) -> None:
    """Fill `values`, `aims` and `faults`. A row without value only says what is aimed at."""
    seen: dict[tuple[str, str, str, str], int] = {}
    try:
        for line, row in numbered_rows(history.path, COLUMNS[shape]):
            if not (row["valeur"] or row[AIM]) or (
                shape == EDITION and row["indicateur"] not in history.indicators
            ):
                continue
            try:
                code, zone = named(row)
                note_aim(history, code, row, zone, places)
                if not row["valeur"]:
                    continue
                found = value_of(history.indicators[code], row, zone, places)
                key = (code, found.level, found.place, found.period)
                if key in seen:
                    raise Unreadable(
                        f"déjà lu ligne {seen[key]} (même indicateur, lieu et période) : "
                        "gardez une seule des deux lignes."
                    )
                seen[key] = line
                if history.indicators[code].is_empty(found.period, found.value):
                    history.empty_zeros[code] += 1
                else:
                    history.values.append(found)
            except Unreadable as error:
                history.fault(line, str(error))
    except Unreadable as error:
        history.fault(0, str(error))
    if not history.values and not history.faults:
        history.fault(0, "aucune valeur d'un indicateur de service public.")


def note_aim(
    history: History,
    code: str,
    row: dict[str, str],
    zone: str,
    places: Mapping[str, frozenset[str]],
) -> None:
    """Keep what the row aims at, if anything: an objective may have decimals where values have
    none."""
    if not row[AIM]:
        return
    told = history.indicators[code]
    level = level_of(row, zone, places)
    aim = Aim(code_of(told.period_kind, day_of(row["date"])), number_of(told, row[AIM], AIM))
    history.aims.setdefault((code, level, zone), []).append(aim)


def aim_of(value: HistoricalValue, aims: Iterable[Aim]) -> Aim | None:
    """That of the period of the value, else of the next one; the last once all are over."""
    in_order = sorted(aims, key=lambda aim: period(aim.period).last_day)
    last_day = period(value.period).last_day
    ahead = (aim for aim in in_order if period(aim.period).last_day >= last_day)
    return next(ahead, in_order[-1] if in_order else None)


def value_of(
    told: HistoricalIndicator,
    row: dict[str, str],
    zone: str,
    places: Mapping[str, frozenset[str]],
) -> HistoricalValue:
    return HistoricalValue(
        told.code,
        level_of(row, zone, places),
        zone,
        period_of(told, row["date"]),
        decimal_of(told, row["valeur"]),
    )


def level_of(row: dict[str, str], zone: str, places: Mapping[str, frozenset[str]]) -> str:
    level = LEVELS.get(row["maille"])
    if level is None:
        raise Unreadable(f"maille « {row['maille']} », attendu DEPT, REG ou NAT.")
    if zone not in places[level]:
        raise Unreadable(f"« {zone} » n'est pas un code de {words(level)} du COG 2026.")
    return level


def words(level: str) -> str:
    return {"departement": "département", "region": "région", "nation": "pays (FR)"}[level]


def zone_code(zone: str) -> str:
    """« D01 » is 01, « R84 » is 84, « FRANCE » is FR."""
    if zone == "FRANCE":
        return NATION
    return zone[1:] if zone[:1] in {"D", "R"} else zone


def day_of(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unreadable(f"« {text} » n'est pas une date : attendu AAAA-MM-JJ.") from None


def period_of(told: HistoricalIndicator, text: str) -> str:
    day = day_of(text)
    months = LAST_MONTHS.get(told.period_kind)
    if months and day.month not in months:
        raise Unreadable(
            f"{text} ne termine aucun {told.period_kind.label} : {told.code} est publié par "
            f"{told.period_kind.label}."
        )
    return period(code_of(told.period_kind, day)).code


def decimal_of(told: HistoricalIndicator, text: str) -> Decimal:
    value = number_of(told, text, "valeur")
    if told.kind == "count" and value != value.to_integral_value():
        raise Unreadable(f"valeur « {text} » : un nombre entier est attendu pour {told.code}.")
    return value


def number_of(told: HistoricalIndicator, text: str, column: str) -> Decimal:
    if not NUMBER.fullmatch(text):
        raise Unreadable(
            f"{column} « {text} » : attendu un nombre positif, avec un point et quatre décimales "
            "au plus."
        )
    value = Decimal(text)
    if told.unit == "percent" and value > 100:
        raise Unreadable(f"{column} « {text} » : un pourcentage ne dépasse pas 100.")
    return value


def numbered_rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows with their line in the file, compressed or not. Raises `Unreadable` on what is no such
    table."""
    if not path.exists():
        raise Unreadable(f"fichier absent de {path.parent}.")
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
            reader = csv.DictReader(
                io.TextIOWrapper(stream, encoding="utf-8-sig", newline=""), strict=True
            )
            missing = [name for name in columns if name not in (reader.fieldnames or ())]
            if missing:
                raise Unreadable(f"colonnes absentes : {', '.join(missing)}.")
            for row in reader:
                wanted = (*columns, AIM)
                yield reader.line_num, {name: (row.get(name) or "").strip() for name in wanted}
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise Unreadable(
            f"illisible ({error}) : attendu un tableau CSV en UTF-8, compressé ou non."
        ) from error
