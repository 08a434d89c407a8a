"""The worked example as an installation lives it: batches sent, then releases published."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

from django.core.management import call_command

from guichet.indicators.actions.batches import withdraw_batch
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


def send_between(after: date, until: date) -> None:
    """Send the batches of the example received after one day and until another, in order, and
    withdraw what must be; the structures are those of each day."""
    for row, path in batch_files():
        received_on = date.fromisoformat(row["received_on"])
        if not after < received_on <= until:
            continue
        if received_on >= MOVE:
            place_structures("structures.csv")
        told = sent(path, "" if row["scope"] == NETWORK else row["scope"])
        assert (told["number"], told["outcome"]) == (int(row["number"]), row["outcome"])
        if row["withdrawn_on"]:
            batch = Batch.objects.get(number=told["number"])
            withdraw_batch(batch=batch, by=None, reason=row["reason"])


def sent(path: Path, scope: str) -> dict:
    """What `submit_batch` says of a file."""
    said = io.StringIO()
    options = ["--network", NETWORK, "--scope", scope, "--confirm", "--json"]
    try:
        call_command("submit_batch", str(path), *options, stdout=said)
    except SystemExit:
        pass
    return json.loads(said.getvalue())


def publish_first() -> Release:
    """« 2026-T1 », as of 15 April 2026."""
    load_definitions("previous/structures.csv")
    send_between(date.min, FIRST_DAY)
    return publish_release(name="2026-T1", through=FIRST_THROUGH, frozen_on=FIRST_DAY)


def publish_second() -> Release:
    """« 2026-04 », as of 25 May 2026, after a correction, a move and April."""
    send_between(FIRST_DAY, SECOND_DAY)
    return publish_release(
        name="2026-04",
        through=SECOND_THROUGH,
        frozen_on=SECOND_DAY,
        note="Février de Riom corrigé ; Hazebrouck rattaché au Nord.",
    )
