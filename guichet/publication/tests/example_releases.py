"""The worked example as an installation lives it: batches received, then releases published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from guichet.directory.models import Network, Structure
from guichet.indicators.actions.batches import ALWAYS, receive_batch, withdraw_batch
from guichet.indicators.models import Batch
from guichet.indicators.tests.observation_example import (
    NETWORK,
    batch_files,
    load_definitions,
    place_structures,
)
from guichet.publication.actions.releases import publish_release
from guichet.publication.models import Release

FIRST_DAY, FIRST_THROUGH = date(2026, 4, 15), date(2026, 3, 31)
MOVE = date(2026, 4, 20)
SECOND_DAY, SECOND_THROUGH = date(2026, 5, 25), date(2026, 4, 30)


def receive_between(after: date, until: date) -> Iterator[Batch]:
    """The batches of the example received after one day and until another, in order, withdrawals
    made; the structures are those of each day."""
    network = Network.objects.get(code=NETWORK)
    for row, path in batch_files():
        received_on = date.fromisoformat(row["received_on"])
        if not after < received_on <= until:
            continue
        if received_on >= MOVE:
            place_structures("structures.csv")
        scope = None if row["scope"] == NETWORK else Structure.objects.get(code=row["scope"])
        batch = receive_batch(
            path=path, file_name=path.name, network=network, scope=scope, accept=ALWAYS
        )
        if row["withdrawn_on"]:
            batch = withdraw_batch(batch=batch, by=None, reason=row["reason"])
        yield batch


def publish_first() -> Release:
    """« 2026-T1 », as of 15 April 2026."""
    load_definitions("previous/structures.csv")
    list(receive_between(date.min, FIRST_DAY))
    return publish_release(name="2026-T1", through=FIRST_THROUGH, frozen_on=FIRST_DAY)


def receive_rest() -> None:
    """What came between the two releases: a correction, a move, April."""
    list(receive_between(FIRST_DAY, SECOND_DAY))
    place_structures("structures.csv")


def publish_second() -> Release:
    """« 2026-04 », as of 25 May 2026."""
    receive_rest()
    return publish_release(
        name="2026-04",
        through=SECOND_THROUGH,
        frozen_on=SECOND_DAY,
        note="Février de Riom corrigé ; Hazebrouck rattaché au Nord.",
    )
