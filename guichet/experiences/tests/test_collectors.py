"""Stories answered and delays, counted by hand, as the indicators receive them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from guichet.directory.models import Level
from guichet.directory.tests.factories import NetworkFactory, StructureFactory
from guichet.experiences.collectors import ANSWERED, DELAY, submit_experiences
from guichet.experiences.models import Addressee, Passage, State
from guichet.experiences.tests.factories import AddresseeFactory, ExperienceFactory
from guichet.indicators.models import Batch, Grain, IndicatorVersion, Outcome

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
OCTOBER = datetime(2026, 10, 12, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _lake(settings: Any, tmp_path: Path) -> None:
    settings.LAKE = tmp_path


@pytest.fixture
def site() -> Any:
    return StructureFactory(code="caf-0", network=NetworkFactory(code="caf"))


def told(structure: Any, at: datetime = OCTOBER, after: int | None = None, **fields: Any) -> Any:
    replied = at + timedelta(days=after) if after is not None else None
    story = ExperienceFactory(published_at=at, first_reply_at=replied, **fields)
    return AddresseeFactory(experience=story, structure=structure, first_reply_at=replied)


def counted(batch: Batch) -> dict[tuple[str, str, str], tuple[int, ...]]:
    import duckdb

    from guichet.indicators.lake import rows_path

    rows = duckdb.sql(
        f"SELECT indicator, structure, period, c1, c2, c3, c4, c5, c6, c7 FROM '{rows_path(batch)}'"
    ).fetchall()
    return {row[:3]: tuple(one for one in row[3:] if one is not None) for row in rows}


def test_a_month_says_how_many_were_told_and_answered(site: Any) -> None:
    told(site, after=0)
    told(site, after=2)
    told(site, after=3)
    told(site, after=16)
    told(site)
    (batch,) = submit_experiences(TODAY)
    assert batch.outcome == Outcome.ACCEPTED
    found = counted(batch)
    assert found[ANSWERED, "caf-0", "2026-10"] == (4, 5)
    assert found[DELAY, "caf-0", "2026-10"] == (2, 1, 0, 1, 0, 0, 0)


def test_an_answer_counts_in_the_month_when_it_came(site: Any) -> None:
    told(site, at=datetime(2026, 9, 20, 8, tzinfo=UTC), after=30)
    (batch,) = submit_experiences(TODAY)
    found = counted(batch)
    assert found[ANSWERED, "caf-0", "2026-09"] == (1, 1)
    assert found[DELAY, "caf-0", "2026-10"] == (0, 0, 0, 1, 0, 0, 0)


def test_a_month_begins_at_midnight_of_the_place(site: Any) -> None:
    told(site, at=datetime(2026, 9, 30, 22, 30, tzinfo=UTC))
    (batch,) = submit_experiences(TODAY)
    assert counted(batch)[ANSWERED, "caf-0", "2026-10"] == (0, 1)


def test_a_site_without_a_story_is_sent_as_none_told(site: Any) -> None:
    StructureFactory(code="caf-1", network=site.network)
    told(site)
    (batch,) = submit_experiences(TODAY)
    assert counted(batch)[ANSWERED, "caf-1", "2026-10"] == (0, 0)


def test_no_month_is_missing_since_the_first_story(site: Any) -> None:
    StructureFactory(code="caf-1", network=site.network)
    StructureFactory(code="caf-2", network=site.network, opened_on=date(2026, 9, 1))
    told(site, at=datetime(2026, 6, 3, 8, tzinfo=UTC))
    (batch,) = submit_experiences(TODAY)
    sent = {cell: counters for cell, counters in counted(batch).items() if cell[0] == ANSWERED}
    months = [f"2026-{month:02}" for month in range(6, 11)]
    assert {when for _, code, when in sent if code == "caf-0"} == set(months)
    assert {when for _, code, when in sent if code == "caf-1"} == set(months)
    assert {when for _, code, when in sent if code == "caf-2"} == {"2026-09", "2026-10"}
    assert sum(whole for _, whole in sent.values()) == 1


def test_the_running_month_waits(site: Any) -> None:
    told(site, at=datetime(2026, 11, 2, 10, tzinfo=UTC))
    assert submit_experiences(TODAY) == []


def test_a_head_office_has_no_row(site: Any) -> None:
    head = StructureFactory(code="siege", network=site.network, level=Level.NATIONAL)
    told(head)
    told(site)
    (batch,) = submit_experiences(TODAY)
    assert {structure for _, structure, _ in counted(batch)} == {"caf-0"}


def test_a_late_answer_and_a_story_taken_back_are_sent_again(site: Any) -> None:
    late, gone = told(site), told(site, after=1)
    submit_experiences(TODAY)
    assert submit_experiences(TODAY) == []
    Addressee.objects.filter(pk=late.pk).update(first_reply_at=OCTOBER + timedelta(days=40))
    gone.experience.state = State.WITHDRAWN
    gone.experience.save()
    (batch,) = submit_experiences(TODAY)
    assert counted(batch) == {
        (ANSWERED, "caf-0", "2026-10"): (1, 1),
        (DELAY, "caf-0", "2026-10"): (0, 0, 0, 0, 0, 0, 0),
    }


def test_a_story_passed_on_counts_where_it_is_now(site: Any) -> None:
    other = StructureFactory(code="caf-1", network=site.network)
    addressee = told(site)
    submit_experiences(TODAY)
    Passage.objects.create(
        addressee=addressee, origin=site, target=other, reason="x", outcome="accepted"
    )
    Addressee.objects.filter(pk=addressee.pk).update(structure=other)
    (batch,) = submit_experiences(TODAY)
    found = counted(batch)
    assert found[ANSWERED, "caf-0", "2026-10"] == (0, 0)
    assert found[ANSWERED, "caf-1", "2026-10"] == (0, 1)


def test_grains_are_declared_once_and_another_source_is_left_alone(site: Any) -> None:
    told(site)
    submit_experiences(TODAY)
    grains = Grain.objects.all()
    assert {(one.source, one.level, one.period_kind) for one in grains} == {
        ("experiences", "site", "month")
    }
    assert {one.first_period for one in grains} == {"2026-10"}
    other = NetworkFactory(code="poste")
    told(StructureFactory(network=other))
    Grain.objects.create(
        network=other,
        version=IndicatorVersion.objects.get(indicator__code=ANSWERED, number=1),
        level=Level.SITE,
        period_kind="month",
        source="batch",
        first_period="2026-01",
        publication_level=Level.SITE,
    )
    assert submit_experiences(TODAY) == []
