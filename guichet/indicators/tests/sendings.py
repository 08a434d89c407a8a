"""Small files of observations, as a network sends them, for tests."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.files.uploadedfile import SimpleUploadedFile

from guichet.directory.models import Network, Structure
from guichet.indicators.actions.batches import ALWAYS, receive_batch
from guichet.indicators.models import Batch

HEADER = "indicateur;version;structure;periode;coupe;partie;total"
Line = tuple[str, str, int, int]


def csv_of(lines: Iterable[Line], *, indicator: str = "decroche") -> bytes:
    """(structure, period, part, whole) as lines of a share."""
    rows = [f"{indicator};1;{code};{period};;{part};{whole}" for code, period, part, whole in lines]
    return "\r\n".join([HEADER, *rows, ""]).encode()


def upload(content: bytes, name: str = "janvier.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/csv")


def accepted(
    network: Network, lines: Iterable[Line], folder, *, scope: Structure | None = None, **options
) -> Batch:
    """A batch of these lines, accepted whatever its jumps."""
    path = folder / "sent.csv"
    path.write_bytes(csv_of(lines))
    batch = receive_batch(
        path=path,
        file_name="envoi.csv",
        network=network,
        scope=scope,
        accept=ALWAYS,
        **options,
    )
    assert batch.outcome == "accepted", batch.faults
    return batch
