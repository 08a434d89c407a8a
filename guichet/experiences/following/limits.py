"""How much one network address may do here: a counter's computers share one, so that the numbers
are generous; what is wrong is counted, not what is right.

Owns the numbers; refuses to drop a text that somebody wrote: it is flagged.
"""

from __future__ import annotations

import time

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from guichet.core.tokens import sealed
from guichet.experiences.follow_codes import read_code
from guichet.experiences.following.actions.gestures import seal_of_visitor
from guichet.experiences.models import GestureKind
from guichet.experiences.sharing.limits import APP, has_room_for_mail

CODES = {"follow_code": "40/5m/ip", "follow_same_code": "10/5m/key"}
WORDS = {"second_word": "40/h/ip"}
REPORTS = {"report_content": "20/h/ip"}
GESTURES = {"gesture": "300/h/key"}
MAILS = {"follow_mail": "6/d/key,120/h/ip"}
"""Wrong codes, of an address and of one code; second words and reports before the next are
flagged; gestures; mails asked to one mailbox, and from one address."""

TOO_MANY_MAILS = (
    "Trop de courriels ont été demandés pour cette adresse aujourd'hui : réessayez demain."
)


def may_try_code(request: HttpRequest, code: str) -> bool:
    """False once too many codes were wrong from here, or this one too often; writes nothing."""
    return has_room(request, "follow_code") and has_room(request, "follow_same_code", code)


def note_wrong_code(request: HttpRequest, code: str) -> None:
    for action, key in (("follow_code", None), ("follow_same_code", read_code(code) or "-")):
        ratelimit.consume(request, app=APP, action=action, key=key, config=CODES)


def has_room(request: HttpRequest, action: str, code: str = "") -> bool:
    (rate,) = ratelimit.get_rates(app=APP, action=action, config=CODES)
    key = (read_code(code) or "-") if code else None
    name = ratelimit.get_cache_key(request, app=APP, action=action, rate=rate, key=key)
    allowed, _ = ratelimit.apply_rate(cache.get(name, []), time.time(), rate, dry_run=True)
    return bool(allowed)


def word_comes_in_a_burst(request: HttpRequest) -> bool:
    return ratelimit.consume(request, app=APP, action="second_word", config=WORDS) is None


def report_comes_in_a_burst(request: HttpRequest) -> bool:
    return ratelimit.consume(request, app=APP, action="report_content", config=REPORTS) is None


def gesture_is_counted(request: HttpRequest) -> bool:
    """False for what another site makes a browser send, and beyond what a counter's computers do
    together; the address is kept sealed."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return False
    key = sealed("visitor-address", address_of(request))
    return (
        ratelimit.consume(request, app=APP, action="gesture", key=key, config=GESTURES) is not None
    )


def may_mail(request: HttpRequest, email: str) -> bool:
    """False for a mailbox that had enough today, or from where too many mails were asked."""
    return has_room_for_mail(request, email, "follow_mail", MAILS)


def seal_of(request: HttpRequest, kind: GestureKind, subject: int) -> str:
    """The seal of who makes a gesture: its network address and browser, today."""
    return seal_of_visitor(
        address=address_of(request),
        browser=request.headers.get("User-Agent", "")[:300],
        kind=kind,
        subject=subject,
    )


def address_of(request: HttpRequest) -> str:
    """The network address, as trusted proxies tell it; empty when nobody knows it. Of IPv6, what a
    household is given (/64): a computer takes any address in it."""
    try:
        return str(ratelimit.get_ip(request))
    except PermissionDenied:
        return ""
