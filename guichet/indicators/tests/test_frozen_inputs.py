"""What is read from the database before a release: who is where, what counts, and nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from guichet.core.errors import RuleViolation
from guichet.core.periods import PeriodKind
from guichet.directory.models import Network, Structure
from guichet.directory.tests.factories import NetworkFactory
from guichet.indicators.models import Batch, Grain
from guichet.indicators.rollup.inputs import FrozenInputs, frozen_inputs
from guichet.indicators.tests.batch_files import accepted_batch, example_batches
from guichet.indicators.tests.observation_example import load_definitions

pytestmark = pytest.mark.django_db


@pytest.fixture
def network(settings, tmp_path) -> Network:
    settings.LAKE = tmp_path
    network = load_definitions("structures.csv")
    example_batches(network, date(2026, 5, 25))
    return network


def frozen(last_batch: int = 11) -> FrozenInputs:
    return frozen_inputs(
        frozen_on=date(2026, 5, 25), through=date(2026, 4, 30), last_batch=last_batch
    )


def test_a_structure_has_its_ancestors_from_the_root_and_its_territories(network):
    found = frozen().structures["S08"]
    assert (found.parent, found.ancestors) == ("REL-59", ("REL", "REL-59"))
    assert (found.departement, found.region) == ("59", "32")
    platform = frozen().structures["S13"]
    assert (platform.parent, platform.departement, platform.region) == ("REL", "", "")
    assert frozen().structures["S12"].closed_on == date(2026, 2, 28)


def test_ancestors_of_another_network_do_not_count(network):
    other = NetworkFactory()
    Structure.objects.filter(code="REL-59").update(network=other)
    found = frozen().structures["S08"]
    assert (found.parent, found.ancestors) == ("", ("REL",))
    Structure.objects.filter(code="S08").update(network=None)
    left = frozen().structures["S08"]
    assert (left.network, left.parent, left.ancestors) == ("", "", ())


def test_grains_come_with_their_definitions(network):
    found = {grain.definition.code: grain for grain in frozen().grains if grain.network == "REL"}
    assert set(found) == {"decroche", "satisfaction", "accuse-delai"}
    assert found["accuse-delai"].period_kind is PeriodKind.QUARTER
    assert found["accuse-delai"].cuts == ("courrier", "en-ligne")
    assert found["satisfaction"].definition.minimum == 10


def test_only_batches_that_count_are_taken_up_to_the_last_one(network):
    def numbers(last_batch: int) -> list[int]:
        return [b.number for b in frozen(last_batch).batches if b.network == "REL"]

    assert numbers(11) == [1, 2, 4, 6, 7, 9]
    assert numbers(8) == [1, 2, 4, 6, 7]
    Batch.objects.filter(number=7).update(
        withdrawn_at=datetime(2026, 5, 20, tzinfo=UTC), withdrawal_reason="essai"
    )
    assert numbers(11) == [1, 2, 4, 6, 9]


def test_declared_values_are_left_out(network):
    accepted_batch(network, 11, [], content=Batch.Content.DECLARED)
    assert 11 not in [batch.number for batch in frozen().batches]


def test_a_batch_says_where_its_rows_are_and_what_they_name(network, settings):
    found = next(batch for batch in frozen().batches if batch.number == 7)
    assert found.path == settings.LAKE / "batches" / "rows" / "7.parquet"
    assert found.contents == (("decroche", 1, "2026-02"),)
    assert found.path.exists()


def test_a_code_that_a_release_cannot_hold_is_refused_with_its_name(network):
    Structure.objects.filter(code="S01").update(code="S 01")
    with pytest.raises(RuleViolation, match=r"« S 01 » ne peut pas être publié"):
        frozen()
    Structure.objects.filter(code="S 01").update(code="S01")
    Grain.objects.filter(network=network).update(cuts=["à distance"])
    with pytest.raises(RuleViolation, match=r"« à distance »"):
        frozen()


def test_codes_of_networks_without_grain_are_free(network):
    Structure.objects.filter(code="S01").update(code="S 01", network=NetworkFactory())
    assert frozen().structures["S 01"].parent == ""
