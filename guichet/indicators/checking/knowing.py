"""What the database knows of a network, given as the plain values of `known`.

Owns the reading of definitions and grains; refuses rules.
"""

from __future__ import annotations

from datetime import date

from guichet.core.periods import PeriodKind, period
from guichet.directory.models import Network, Structure
from guichet.indicators.checking.known import Known, KnownGrain, KnownVersion
from guichet.indicators.models import Grain, Indicator, IndicatorVersion


def known_of(network: Network, *, source: str, scope: Structure | None, today: date) -> Known:
    """Definitions of the programme and of the network, with the network's grains."""
    grains = grains_of(network)
    versions = IndicatorVersion.objects.select_related("indicator")
    owned = [
        version
        for version in versions
        if version.indicator.owner_id in {None, network.pk} or version.pk in grains
    ]
    ours = {version.indicator.code for version in owned}
    others = Indicator.objects.exclude(owner=None).exclude(code__in=ours)
    return Known(
        network=network.code,
        source=source,
        today=today,
        versions={
            (version.indicator.code, version.number): KnownVersion(
                version.pk, version.definition, tuple(grains.get(version.pk, ()))
            )
            for version in owned
        },
        scope=scope.code if scope else "",
        owned_elsewhere=frozenset(others.values_list("code", flat=True)),
    )


def grains_of(network: Network) -> dict[int, list[KnownGrain]]:
    """The grains of a network by version, oldest first."""
    found: dict[int, list[KnownGrain]] = {}
    for grain in Grain.objects.filter(network=network):
        found.setdefault(grain.version_id, []).append(known_grain(grain))
    for grains in found.values():
        grains.sort(key=lambda grain: grain.first_day)
    return found


def known_grain(grain: Grain) -> KnownGrain:
    return KnownGrain(
        key=grain.pk,
        version=grain.version_id,
        level=grain.level,
        period_kind=PeriodKind(grain.period_kind),
        cuts=tuple(grain.cuts),
        source=grain.source,
        first_period=grain.first_period,
        first_day=period(grain.first_period).first_day,
        ended_on=grain.ended_on,
        publication_level=grain.publication_level,
    )
