"""Counts of what the platform holds: only what differs is sent, all cuts together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from guichet.core.errors import RuleViolation
from guichet.directory.models import Network
from guichet.directory.tests.factories import NetworkFactory, StructureFactory
from guichet.indicators import lake
from guichet.indicators.collecting import CountRow, submit_counts
from guichet.indicators.models import Batch, Outcome
from guichet.indicators.tests.factories import GrainFactory, IndicatorFactory, VersionFactory


@pytest.fixture
def network(db: None, settings: Any, tmp_path: Path) -> Network:
    settings.LAKE = tmp_path / "lake"
    made = NetworkFactory(code="reseau")
    StructureFactory(code="S1", network=made)
    StructureFactory(code="S2", network=made)
    for code, kind, cuts in (("avis", "share", ["web", "papier"]), ("recits", "count", [])):
        version = VersionFactory(indicator=IndicatorFactory(code=code), kind=kind)
        GrainFactory(network=made, version=version, source="avis", cuts=cuts)
    return made


def row(structure: str, cut: str, part: int, whole: int, period: str = "2026-01") -> CountRow:
    return CountRow("avis", 1, structure, period, (part, whole), cut)


FOUR = [row(s, cut, 8, 10) for s in ("S1", "S2") for cut in ("web", "papier")]


def sent(batch: Batch | None) -> list[tuple[str, str, int]]:
    assert batch is not None
    assert (batch.outcome, batch.faults) == (Outcome.ACCEPTED, [])
    rows = pq.read_table(lake.rows_path(batch)).to_pylist()
    return [(one["structure"], one["cut"], one["c1"]) for one in rows]


def test_the_first_counts_are_all_sent_and_the_same_ones_never_again(network: Network) -> None:
    first = submit_counts(source="avis", network=network, rows=FOUR)
    assert len(sent(first)) == 4
    assert first is not None
    assert first.source == "avis"
    assert submit_counts(source="avis", network=network, rows=FOUR) is None


def test_a_count_that_changed_is_sent_with_the_other_cuts_of_its_place(network: Network) -> None:
    submit_counts(source="avis", network=network, rows=FOUR)
    changed = [row("S1", "web", 9, 10), *FOUR[1:]]
    again = submit_counts(source="avis", network=network, rows=changed)
    assert sorted(sent(again)) == [("S1", "papier", 8), ("S1", "web", 9)]
    assert submit_counts(source="avis", network=network, rows=changed) is None
    back = submit_counts(source="avis", network=network, rows=FOUR)
    assert sorted(sent(back)) == [("S1", "papier", 8), ("S1", "web", 8)]


def test_a_period_that_is_not_over_waits(network: Network) -> None:
    future = [CountRow("recits", 1, "S1", "2999-01", (3,))]
    assert submit_counts(source="avis", network=network, rows=future) is None


def test_kinds_are_written_in_their_own_columns(network: Network) -> None:
    rows = [*FOUR, CountRow("recits", 1, "S1", "2026-01", (3,))]
    assert ("S1", "", 3) in sent(submit_counts(source="avis", network=network, rows=rows))


def test_a_collector_does_not_send_what_another_counts(network: Network) -> None:
    batch = submit_counts(source="autre", network=network, rows=FOUR)
    assert batch is not None
    assert batch.outcome == Outcome.REFUSED
    assert "n'est pas compté par « autre »" in batch.faults[0]["message"]


def test_counters_that_do_not_fit_are_an_error_of_the_collector(network: Network) -> None:
    with pytest.raises(RuleViolation, match="2 compteurs, 1"):
        submit_counts(
            source="avis", network=network, rows=[CountRow("avis", 1, "S1", "2026-01", (3,))]
        )
    with pytest.raises(RuleViolation, match="n'existe pas"):
        submit_counts(
            source="avis", network=network, rows=[CountRow("rien", 1, "S1", "2026-01", (3,))]
        )
