"""Which grain of a network and indicator version holds on a day. Plain Python.

Owns the choice among grains, past and to come (`docs/methods/observation.md`, § 2); refuses a
database. The next January's grain is declared before it begins: it holds nothing until then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from typing import Protocol, TypeVar

from guichet.core.periods import period


class Spanned(Protocol):
    """A first period, and the last day, None while it goes on."""

    @property
    def first_period(self) -> str: ...

    @property
    def ended_on(self) -> date | None: ...


AnyGrain = TypeVar("AnyGrain", bound=Spanned)
Key = TypeVar("Key", bound=Hashable)


def grain_on(grains: Iterable[AnyGrain], day: date) -> AnyGrain | None:
    """The grain in force on `day`, of one network and version."""
    for grain in grains:
        if begins(grain) <= day and (grain.ended_on is None or grain.ended_on >= day):
            return grain
    return None


def nearest_grain(grains: Sequence[AnyGrain], day: date) -> AnyGrain | None:
    """The last one begun on `day`, though it ended; else the first to come; None without any."""
    begun = [grain for grain in grains if begins(grain) <= day]
    return max(begun, key=begins) if begun else min(grains, key=begins, default=None)


def grains_on(
    grains: Iterable[AnyGrain], day: date, key: Callable[[AnyGrain], Key]
) -> dict[Key, AnyGrain]:
    """Of grains of several networks or versions, told apart by `key`, those in force on `day`."""
    groups: defaultdict[Key, list[AnyGrain]] = defaultdict(list)
    for grain in grains:
        groups[key(grain)].append(grain)
    chosen = {name: grain_on(group, day) for name, group in groups.items()}
    return {name: grain for name, grain in chosen.items() if grain is not None}


def begins(grain: Spanned) -> date:
    return period(grain.first_period).first_day
