"""What is read of the barometer's files, and what is refused, with its line."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from guichet.core.periods import PeriodKind
from guichet.indicators.history.reading import (
    EDITION,
    SERIES,
    Aim,
    HistoricalValue,
    History,
    read_edition,
    read_series,
    table,
)
from guichet.indicators.tests.history.folders import EDITION_ROWS, SERIES_ROWS, folder_of

AIM = Aim("2026-12", Decimal(95))
PLACES = {
    "departement": frozenset({"59"}),
    "region": frozenset({"32"}),
    "nation": frozenset({"FR"}),
}


def test_places_periods_and_values_are_read_as_typed(tmp_path: Path) -> None:
    history = read_edition(folder_of(tmp_path), PLACES)
    assert history.faults == []
    assert history.values == [
        HistoricalValue("IND-246", "departement", "59", "2023-07", Decimal("91.5"), AIM),
        HistoricalValue("IND-246", "nation", "FR", "2023-07", Decimal("92.25")),
        HistoricalValue("IND-296", "departement", "59", "2022-Q2", Decimal("4.51")),
        HistoricalValue("IND-323", "region", "32", "2023-01", Decimal(1234)),
    ]


def test_a_date_without_value_is_a_target_and_no_fault(tmp_path: Path) -> None:
    periods = {value.period for value in read_edition(folder_of(tmp_path), PLACES).values}
    assert "2026-12" not in periods


def test_indicators_that_are_not_about_a_public_service_are_left_aside(tmp_path: Path) -> None:
    codes = {value.code for value in read_edition(folder_of(tmp_path), PLACES).values}
    assert "IND-208" not in codes


def test_direction_and_words_come_from_the_barometers_own_list(tmp_path: Path) -> None:
    told = read_edition(folder_of(tmp_path), PLACES).indicators["IND-296"]
    assert (told.direction, told.unit, told.kind) == ("lower", "month", "mean")
    assert told.title == "Intitulé de IND-296"
    assert told.period_kind is PeriodKind.QUARTER


def test_series_keep_all_their_indicators(tmp_path: Path) -> None:
    history = read_series(folder_of(tmp_path), PLACES)
    assert [(value.level, value.place, value.period) for value in history.values] == [
        ("departement", "59", "2021-01"),
        ("region", "32", "2021-01"),
        ("nation", "FR", "2017"),
    ]
    assert set(history.indicators) == {
        "nb-familles-aripa",
        "tx-satisfaction-usagers-services-publics",
    }


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (("IND-246", "DEPT", "D20", "2023-07-01", "91.5"), "« 20 » n'est pas un code"),
        (("IND-246", "EPCI", "D59", "2023-07-01", "91.5"), "maille « EPCI »"),
        (("IND-246", "DEPT", "D59", "07/2023", "91.5"), "« 07/2023 » n'est pas une date"),
        (("IND-246", "DEPT", "D59", "2023-07-01", "91,5"), "valeur « 91,5 »"),
        (("IND-246", "DEPT", "D59", "2023-07-01", "191.5"), "ne dépasse pas 100"),
        (("IND-246", "DEPT", "D59", "2023-07-01", "-1"), "nombre positif"),
        (("IND-246", "DEPT", "D59", "2023-07-01", "9.12345"), "quatre décimales"),
        (("IND-323", "DEPT", "D59", "2023-07-01", "12.5"), "nombre entier"),
        (("IND-296", "DEPT", "D59", "2023-07-01", "3.5"), "ne termine aucun trimestre"),
    ],
)
def test_each_fault_is_told_with_its_line(tmp_path: Path, row: tuple[str, ...], told: str) -> None:
    folder = folder_of(tmp_path, edition=(*EDITION_ROWS, row))
    (fault,) = read_edition(folder, PLACES).faults
    assert fault.line == len(EDITION_ROWS) + 2
    assert told in str(fault)
    assert f"ligne {fault.line}" in str(fault)


def test_the_same_place_and_period_twice_is_a_fault_even_when_equal(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, edition=(*EDITION_ROWS, EDITION_ROWS[0]))
    (fault,) = read_edition(folder, PLACES).faults
    assert "déjà lu ligne 2" in fault.message


def test_an_unknown_series_is_told_with_what_to_do(tmp_path: Path) -> None:
    row = ("NAT", "FR", "Nouveau", "tx-nouveau", "1.0", "2022-12-31")
    (fault,) = read_series(folder_of(tmp_path, series=(*SERIES_ROWS, row)), PLACES).faults
    assert "tx-nouveau" in fault.message
    assert "barometer.toml" in fault.message


def test_files_that_are_absent_cut_or_no_table_are_told(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    values = folder / table()[SERIES]["values"]
    values.write_bytes(values.read_bytes()[:40])
    assert "illisible" in read_series(folder, PLACES).faults[0].message
    values.write_bytes(b"no table at all")
    assert "illisible" in read_series(folder, PLACES).faults[0].message
    (folder / table()[EDITION]["values"]).unlink()
    assert "fichier absent" in read_edition(folder, PLACES).faults[0].message


def test_a_list_without_its_columns_is_told(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    (folder / table()[EDITION]["indicators"]).write_text("id;nom\n", encoding="utf-8")
    faults = read_edition(folder, PLACES).faults
    assert "colonnes absentes : indic_id" in str(faults[0])


def test_zeros_that_stand_for_what_was_not_known_are_passed_over(tmp_path: Path) -> None:
    """The series of farmers paid in time begins with 0 everywhere; no delay lasts 0 month."""
    farmers = ("NAT", "FR", "Agriculteurs", "taux-paiement-dpb")
    aah = "duree-moyenne-traitement-demandes-allocation-adulte-handicape"
    rows = (
        (*farmers, "0.0", "2017-12-31"),
        (*farmers, "98.7", "2018-12-31"),
        ("DEPT", "59", "AAH", aah, "0.0", "2020-12-31"),
        ("DEPT", "59", "Fibre", "taux-deploiement-fibre", "0.0", "2020-12-31"),
    )
    history = read_series(folder_of(tmp_path, series=rows), PLACES)
    assert history.faults == []
    assert [(value.code, value.value) for value in history.values] == [
        ("taux-paiement-dpb", Decimal("98.7")),
        ("taux-deploiement-fibre", Decimal(0)),
    ]
    assert history.empty_zeros == {"taux-paiement-dpb": 1, "duree-moyenne-traitement-aah": 1}


def aimed(tmp_path: Path, *rows: tuple[str, ...]) -> History:
    return read_edition(folder_of(tmp_path, edition=rows), PLACES)


def test_each_value_has_what_is_aimed_at_in_its_own_territory(tmp_path: Path) -> None:
    history = aimed(
        tmp_path,
        ("IND-246", "DEPT", "D59", "2023-07-01", "91.5"),
        ("IND-246", "REG", "R32", "2023-07-01", "91.0"),
        ("IND-246", "NAT", "FRANCE", "2023-07-01", "92.25"),
        ("IND-246", "DEPT", "D59", "2026-12-01", "", "93.0"),
        ("IND-246", "NAT", "FRANCE", "2026-12-01", "", "95.0"),
    )
    assert [(value.place, value.aim) for value in history.values] == [
        ("59", Aim("2026-12", Decimal(93))),
        ("32", None),
        ("FR", Aim("2026-12", Decimal(95))),
    ]


def test_of_several_the_next_is_aimed_at_and_the_last_once_all_are_over(tmp_path: Path) -> None:
    history = aimed(
        tmp_path,
        ("IND-246", "DEPT", "D59", "2025-12-01", "", "95.0"),
        ("IND-246", "DEPT", "D59", "2023-12-01", "91.0", "92.0"),
        ("IND-246", "DEPT", "D59", "2022-07-01", "90.0"),
        ("IND-246", "DEPT", "D59", "2024-07-01", "93.0"),
        ("IND-246", "DEPT", "D59", "2026-01-01", "94.0"),
    )
    assert {value.period: value.aim and value.aim.value for value in history.values} == {
        "2022-07": 92,
        "2023-12": 92,
        "2024-07": 95,
        "2026-01": 95,
    }


def test_what_is_aimed_at_may_have_decimals_where_values_have_none(tmp_path: Path) -> None:
    history = aimed(
        tmp_path,
        ("IND-323", "REG", "R32", "2023-01-01", "1234.0"),
        ("IND-323", "REG", "R32", "2026-12-01", "", "2000.35"),
    )
    assert history.faults == []
    assert history.values[0].aim == Aim("2026-12", Decimal("2000.35"))


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (("IND-246", "DEPT", "D59", "2026-12-01", "", "beaucoup"), "cible « beaucoup »"),
        (("IND-246", "DEPT", "D59", "2026-12-01", "", "195"), "ne dépasse pas 100"),
        (("IND-246", "DEPT", "D20", "2026-12-01", "", "95"), "« 20 » n'est pas un code"),
        (("IND-246", "DEPT", "D59", "2026", "", "95"), "« 2026 » n'est pas une date"),
    ],
)
def test_an_aim_that_cannot_be_read_is_told_with_its_line(
    tmp_path: Path, row: tuple[str, ...], told: str
) -> None:
    (fault,) = aimed(tmp_path, EDITION_ROWS[0], row).faults
    assert fault.line == 3
    assert told in fault.message
