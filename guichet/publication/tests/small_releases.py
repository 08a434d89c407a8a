"""A small installation to publish from: the example's definitions, batches put straight in the
lake."""

from __future__ import annotations

from datetime import date

from guichet.directory.models import Network
from guichet.indicators.models import Batch
from guichet.indicators.tests.batch_files import accepted_batch, example_batches
from guichet.indicators.tests.observation_example import NETWORK, load_definitions
from guichet.publication.actions.releases import publish_release
from guichet.publication.models import Release
from guichet.publication.tests.example_releases import FIRST_DAY, FIRST_THROUGH, SECOND_DAY


def prepare() -> Network:
    """The example as of 15 April 2026, with its first six batches."""
    network = load_definitions("previous/structures.csv")
    example_batches(network, FIRST_DAY)
    return network


def publish(name: str, **fields: object) -> Release:
    return publish_release(
        **{"name": name, "through": FIRST_THROUGH, "frozen_on": FIRST_DAY, **fields}
    )


def publish_april(name: str = "avril") -> Release:
    return publish(name, through=date(2026, 4, 30), frozen_on=SECOND_DAY)


def send(number: int, *rows: tuple[str, str, int, int], indicator: str = "decroche") -> Batch:
    """An accepted batch of (structure, period, part, whole)."""
    network = Network.objects.get(code=NETWORK)
    lines = [(indicator, 1, place, period, "", counters) for place, period, *counters in rows]
    return accepted_batch(network, number, lines)
