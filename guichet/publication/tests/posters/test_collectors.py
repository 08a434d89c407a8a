"""The indicator of display: what is counted of the sites of a network at the end of a quarter."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from guichet.directory.tests.factories import NetworkFactory, StructureFactory
from guichet.indicators.models import Batch, Grain, Outcome
from guichet.publication.collectors import submit_displays
from guichet.publication.models import DisplayConfirmation

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _lake(settings: Any, tmp_path: Path) -> None:
    settings.LAKE = tmp_path


@pytest.fixture
def sites() -> list[Any]:
    network = NetworkFactory(code="caf")
    NetworkFactory(code="silencieux", name="Réseau où personne n'a rien confirmé")
    return [StructureFactory(code=f"caf-{number}", network=network) for number in range(3)]


def display(site: Any, on: date, **fields: Any) -> None:
    DisplayConfirmation.objects.create(structure=site, displayed_on=on, **fields)


def counted(batch: Batch) -> dict[str, int]:
    import duckdb

    from guichet.indicators.lake import rows_path

    rows = duckdb.sql(f"SELECT structure, period, c1, c2 FROM '{rows_path(batch)}'").fetchall()
    assert {whole for *_, whole in rows} == {1}
    return {f"{structure} {period}": part for structure, period, part, _ in rows}


def test_each_site_is_counted_one_that_displays_and_one_that_does_not(sites: list[Any]) -> None:
    display(sites[0], date(2026, 8, 3))
    (batch,) = submit_displays(TODAY)
    assert batch.outcome == Outcome.ACCEPTED
    assert counted(batch) == {"caf-0 2026-Q3": 1, "caf-1 2026-Q3": 0, "caf-2 2026-Q3": 0}
    grain = Grain.objects.get()
    assert (grain.source, grain.first_period, grain.level) == ("displays", "2026-Q3", "site")


def test_a_confirmation_holds_for_a_year_and_until_withdrawn(sites: list[Any]) -> None:
    display(sites[0], date(2025, 2, 1))
    display(
        sites[1],
        date(2026, 5, 2),
        withdrawn_at=datetime(2026, 8, 1, tzinfo=UTC),
    )
    (batch,) = submit_displays(TODAY)
    found = counted(batch)
    assert (found["caf-0 2026-Q2"], found["caf-0 2026-Q3"]) == (0, 0)
    assert (found["caf-1 2026-Q2"], found["caf-1 2026-Q3"]) == (1, 0)


def test_nothing_is_sent_twice_and_a_change_is_sent_alone(sites: list[Any]) -> None:
    display(sites[0], date(2026, 8, 3))
    submit_displays(TODAY)
    assert submit_displays(TODAY) == []
    display(sites[2], date(2026, 9, 30))
    (batch,) = submit_displays(TODAY)
    assert counted(batch) == {"caf-2 2026-Q3": 1}


def test_a_quarter_that_is_not_over_is_not_counted(sites: list[Any]) -> None:
    display(sites[0], date(2026, 11, 3))
    assert submit_displays(TODAY) == []


def test_networks_where_nobody_confirmed_are_left_alone(sites: list[Any]) -> None:
    assert submit_displays(TODAY) == []
    assert not Grain.objects.exists()
