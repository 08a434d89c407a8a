"""Indicators as their pages show them: found in a list, version by version, in words.

Owns reads; refuses HTTP and any write.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet

from guichet.accounts.audit_words import AuditLine
from guichet.accounts.models import AuditEvent
from guichet.core.words import NBSP
from guichet.directory.audit_pages import history_lines
from guichet.directory.models import Network
from guichet.indicators.calculations.kinds import Kind, counters_of, headers_of
from guichet.indicators.definitions.content import UNIT_WORDS, in_french
from guichet.indicators.models import Grain, Indicator, IndicatorVersion

LATEST_EVENTS = 10


@dataclass(frozen=True)
class VersionShown:
    """A version in words: `counters` are each header of a file with what it counts."""

    version: IndicatorVersion
    kind: str
    unit: str
    target: str
    margin: str
    counters: list[tuple[str, str]]

    @property
    def heading(self) -> str:
        return f"Version {self.version.number}"


def indicators_found(text: str, owner: str, state: str) -> QuerySet[Indicator]:
    """`owner` is "programme", a network's code or ""; `state` "retires", "tous" or ""."""
    found = Indicator.objects.select_related("owner").prefetch_related(
        Prefetch("versions", IndicatorVersion.objects.order_by("-number"))
    )
    if owner == "programme":
        found = found.filter(owner=None)
    elif owner:
        found = found.filter(owner__code=owner)
    if state != "tous":
        found = found.filter(retired_on__isnull=state != "retires")
    for word in text.split():
        found = found.filter(
            Q(code__icontains=word)
            | Q(
                pk__in=IndicatorVersion.objects.filter(
                    Q(title__unaccent__icontains=word) | Q(public_title__unaccent__icontains=word)
                ).values("indicator")
            )
        )
    return found.annotate(networks=Count("versions__grains__network", distinct=True)).order_by(
        "owner__name", "code"
    )


def shown(version: IndicatorVersion) -> VersionShown:
    kind = Kind(version.kind)
    unit = UNIT_WORDS.get(version.unit, version.unit)
    headers = headers_of(kind, version.bounds)
    names = counters_of(kind, version.bounds)
    in_unit = "points" if kind in (Kind.SHARE, Kind.NET_SHARE, Kind.DISTRIBUTION) else unit
    of_value = "%" if kind in (Kind.SHARE, Kind.DISTRIBUTION) else unit
    return VersionShown(
        version=version,
        kind=kind.label,
        unit=unit,
        target=f"{in_french(version.target)}{NBSP}{of_value}" if version.target is not None else "",
        margin=f"{in_french(version.margin)}{NBSP}{in_unit}",
        counters=[
            (header, version.counter_words.get(name, name))
            for header, name in zip(headers, names, strict=True)
        ],
    )


def grains_of_indicator(indicator: Indicator) -> QuerySet[Grain]:
    return (
        Grain.objects.filter(version__indicator=indicator)
        .select_related("network", "version__indicator")
        .order_by("network__name", "-version__number", "-first_period")
    )


def grains_of_network(network: Network) -> QuerySet[Grain]:
    """In force first, then those that ended, by title."""
    return (
        Grain.objects.filter(network=network)
        .select_related("version__indicator")
        .order_by("version__title", "-version__number", "-first_period")
    )


def history_of(indicator: Indicator) -> list[AuditLine]:
    keys = [str(version.pk) for version in indicator.versions.all()]
    events = AuditEvent.objects.filter(
        Q(subject_kind="indicator", subject_id=str(indicator.pk))
        | Q(subject_kind="indicatorversion", subject_id__in=keys)
    )
    return history_lines(events.order_by("-at", "-pk")[:LATEST_EVENTS])
