"""Whoever tries references one after the other is slowed down, by network address or by account.

Owns how many wrong references pass; refuses to count the right ones, so that a counter whose
computers share one address is never stopped by its own work.
"""

from __future__ import annotations

import time

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest

APP, ACTION = "guichet.orientation", "handover_reference"
VISITORS, AGENTS = {ACTION: "20/5m/ip"}, {ACTION: "60/5m/user"}
"""Wrong references in five minutes: of an address that is not signed in, of an agent."""


def may_try(request: HttpRequest) -> bool:
    """False once too many references were wrong; reading costs one query and writes nothing."""
    (rate,) = ratelimit.get_rates(app=APP, action=ACTION, config=limits(request))
    key = ratelimit.get_cache_key(request, app=APP, action=ACTION, rate=rate)
    allowed, _ = ratelimit.apply_rate(cache.get(key, []), time.time(), rate, dry_run=True)
    return bool(allowed)


def note_wrong(request: HttpRequest) -> None:
    """One more wrong reference."""
    ratelimit.consume(request, app=APP, action=ACTION, config=limits(request), limit_get=True)


def limits(request: HttpRequest) -> dict[str, str]:
    return AGENTS if request.user.is_authenticated else VISITORS
