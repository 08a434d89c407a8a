"""Calls of the desk become observations: by département and month, once each."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq
import pytest
from django.utils import timezone

from guichet.directory.models import Structure
from guichet.directory.tests.factories import KindFactory, NetworkFactory, lille
from guichet.indicators import lake
from guichet.indicators.models import Batch, Outcome
from guichet.indicators.reference_tables import load_reference
from guichet.orientation.actions.counts import submit_calls
from guichet.orientation.models import DeskCall
from guichet.orientation.tests.factories import DeskCallFactory

PARIS = ZoneInfo("Europe/Paris")
TODAY = date(2026, 11, 22)


@pytest.fixture
def network(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """That of the number, on `TODAY`: November is not over."""
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 22, 10, tzinfo=PARIS))
    settings.LAKE = tmp_path / "lake"
    load_reference()
    made = NetworkFactory(code="france-services")
    kind = KindFactory(code="france_services", label="France services")
    kind.network = made
    kind.save()
    return made


def call(month: int, outcome: str = "answered", **fields: Any) -> DeskCall:
    at = datetime(2026, month, 10, 9, tzinfo=PARIS)
    return DeskCallFactory(at=at, outcome=outcome, **{"commune": lille(), **fields})


def rows_of(batch: Batch | None) -> list[tuple[str, str, int, int]]:
    assert batch is not None
    assert (batch.outcome, batch.faults) == (Outcome.ACCEPTED, [])
    rows = pq.read_table(lake.rows_path(batch)).to_pylist()
    return [(row["structure"], row["period"], row["c1"], row["c2"]) for row in rows]


def test_calls_are_counted_by_departement_and_month_that_is_over(network: Any) -> None:
    for outcome in ("answered", "transferred", "not_found"):
        call(10, outcome)
    call(10, commune=None)
    call(11)
    sent = submit_calls(TODAY)
    assert rows_of(sent) == [("numero-france-services-59", "2026-10", 2, 3)]
    assert sent is not None
    assert (sent.network, sent.source) == (network, "orientation")


def test_the_place_that_answers_receives_nobody_and_stands_in_its_departement(
    network: Any,
) -> None:
    call(10)
    submit_calls(TODAY)
    place = Structure.objects.get(code="numero-france-services-59")
    assert place.commune is not None
    assert (place.level, place.commune.departement_id) == ("departement", "59")
    assert place not in Structure.objects.receiving_public()


def test_nothing_is_sent_twice_and_what_changed_is_sent_again(network: Any) -> None:
    first = call(10)
    call(10, "not_found")
    submit_calls(TODAY)
    assert submit_calls(TODAY) is None
    first.delete()
    assert rows_of(submit_calls(TODAY)) == [("numero-france-services-59", "2026-10", 0, 1)]


def test_without_a_call_nothing_is_created(network: Any) -> None:
    assert submit_calls(TODAY) is None
    assert not Structure.objects.filter(code__startswith="numero-").exists()
