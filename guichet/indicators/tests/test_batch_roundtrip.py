"""Any valid file survives from its CSV to the rows of the lake, whatever its order and habits."""

from __future__ import annotations

import csv
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from guichet.directory.models import Network
from guichet.indicators.calculations.kinds import MOST_BUCKETS
from guichet.indicators.checking.check import Checked, Sending, check
from guichet.indicators.checking.columns import COUNTERS, KEY
from guichet.indicators.files.reading import stage
from guichet.indicators.tests.faulty_files import network_of_every_kind

TODAY = date(2026, 11, 22)
HEADERS = {
    "decroche": ("partie", "total"),
    "solde": ("favorables", "defavorables", "total"),
    "duree": ("somme", "somme_carres", "effectif"),
    "attente": ("tranche_1", "tranche_2", "tranche_3"),
    "nombre": ("nombre",),
}
SITES = ["S01", "S02", "S03", "S04", "S05"]
MONTHS = ["2026-01", "2026-02", "2026-10"]
MANY = st.integers(0, 10**12)
Row = tuple[str, str, str, tuple[int, ...]]


@st.composite
def counters(draw: Any, indicator: str) -> tuple[int, ...]:
    if indicator == "decroche":
        whole = draw(MANY)
        return draw(st.integers(0, whole)), whole
    if indicator == "solde":
        whole = draw(MANY)
        favourable = draw(st.integers(0, whole))
        return favourable, draw(st.integers(0, whole - favourable)), whole
    if indicator == "duree":
        values = draw(st.lists(st.integers(0, 10**6), max_size=20))
        return sum(values), sum(value**2 for value in values), len(values)
    return tuple(draw(MANY) for _ in HEADERS[indicator])


@st.composite
def files(draw: Any) -> list[Row]:
    keys = draw(
        st.sets(
            st.tuples(
                st.sampled_from(list(HEADERS)), st.sampled_from(SITES), st.sampled_from(MONTHS)
            ),
            min_size=1,
            max_size=25,
        )
    )
    return draw(st.permutations([(*key, draw(counters(key[0]))) for key in sorted(keys)]))


@pytest.fixture(scope="module")
def network(django_db_setup: None, django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock(), transaction.atomic():
        yield network_of_every_kind()
        transaction.set_rollback(True)


def checked_rows(network: Network, path: Path) -> tuple[Checked, list[dict[str, Any]]]:
    folder = path.parent
    sending = Sending(network, "network", None, TODAY)
    found = check(stage(path, folder / "staged.parquet"), sending, folder, lambda _: None)
    rows = pq.read_table(found.rows_file).to_pylist() if found.rows_file else []
    return found, rows


@settings(
    max_examples=25,
    deadline=None,
)
@given(
    rows=files(),
    delimiter=st.sampled_from(";,\t"),
    encoding=st.sampled_from(["utf-8-sig", "utf-16"]),
    titles=st.permutations([*KEY, *COUNTERS]),
)
def test_any_valid_file_survives_unchanged(
    network: Network, rows: list[Row], delimiter: str, encoding: str, titles: list[str]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lot.csv"
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.DictWriter(file, titles, delimiter=delimiter, restval="")
            writer.writeheader()
            for indicator, site, month, values in rows:
                key = dict(zip(KEY, (indicator, "1", site, month, ""), strict=True))
                numbers = zip(HEADERS[indicator], map(str, values), strict=True)
                writer.writerow(key | dict(numbers))
        found, stored = checked_rows(network, path)
    assert found.findings.faults == []
    assert sorted(stored, key=lambda row: row["line"]) == [
        {
            "line": line,
            "indicator": indicator,
            "version": 1,
            "structure": site,
            "period": month,
            "cut": "",
            **{f"c{slot}": None for slot in range(1, MOST_BUCKETS + 1)},
            **{f"c{slot}": value for slot, value in enumerate(values, start=1)},
        }
        for line, (indicator, site, month, values) in enumerate(rows, start=2)
    ]
    assert sum(cell[3] for cell in found.contents) == len(rows)
