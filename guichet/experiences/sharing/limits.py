"""How much one network address or one mailbox may send: a counter's computers share one address,
so what is too much is flagged long before it is refused, and nobody loses what they wrote.

Owns the numbers; refuses to drop anything.
"""

from __future__ import annotations

from allauth.core.internal import ratelimit
from django.http import HttpRequest

from guichet.orientation.forms import mailbox_of

APP = "guichet.experiences"
DRAFTS = {"begin_story": "600/h/ip"}
STORIES = {"send_story": "40/h/ip"}
MAILS = {"mail_story": "6/d/key,300/h/ip"}
"""Drafts begun; stories sent before the next are flagged; mails to one mailbox a day, and in all
from one address."""


def may_begin(request: HttpRequest) -> bool:
    """False beyond what any counter does: a page says so and when to come back."""
    return ratelimit.consume(request, app=APP, action="begin_story", config=DRAFTS) is not None


def comes_in_a_burst(request: HttpRequest) -> bool:
    """True for stories beyond so many from one address within an hour: moderators see the flag."""
    return ratelimit.consume(request, app=APP, action="send_story", config=STORIES) is None


def may_mail(request: HttpRequest, email: str) -> bool:
    """False for a mailbox that had enough today, or an address that sends too much."""
    return has_room_for_mail(request, email, "mail_story", MAILS)


def has_room_for_mail(
    request: HttpRequest, email: str, action: str, limits: dict[str, str]
) -> bool:
    """The same under the `limits` of any action, by mailbox however its address is written."""
    key = mailbox_of(email)
    return ratelimit.consume(request, app=APP, action=action, key=key, config=limits) is not None
