"""What was received for a definition: which versions are used, for which periods.

Owns the reading of `Batch.contents`; refuses to open the lake.
"""

from __future__ import annotations

from collections.abc import Iterator

from guichet.directory.models import Network
from guichet.indicators.models import Batch, DeclaredValue, IndicatorVersion, Outcome


def is_used(version: IndicatorVersion) -> bool:
    """True once an accepted batch holds it, withdrawn or not: an earlier release may show it."""
    if DeclaredValue.objects.filter(version=version, batch__outcome=Outcome.ACCEPTED).exists():
        return True
    return next(periods_received(version), None) is not None


def periods_received(version: IndicatorVersion, network: Network | None = None) -> Iterator[str]:
    """Codes of the periods that accepted batches hold of it, in no order, some twice.

    `contents` is searched twice: PostgreSQL's containment takes any place in a line for the
    version's.
    """
    code, number = version.indicator.code, version.number
    batches = Batch.objects.filter(
        outcome=Outcome.ACCEPTED,
        content=Batch.Content.OBSERVATIONS,
        contents__contains=[[code, number]],
    )
    if network is not None:
        batches = batches.filter(network=network)
    for contents in batches.values_list("contents", flat=True).iterator():
        for indicator, held, code_of_period, _ in contents:
            if (indicator, held) == (code, number):
                yield code_of_period


def declared_periods(version: IndicatorVersion, network: Network) -> set[str]:
    """Codes of the periods for which declared values count today."""
    values = DeclaredValue.objects.filter(
        version=version,
        network=network,
        batch__outcome=Outcome.ACCEPTED,
        batch__withdrawn_at__isnull=True,
    )
    return set(values.values_list("period", flat=True))
