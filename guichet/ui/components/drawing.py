"""How a component becomes HTML: one small template each. Refuses addresses that would run code."""

from __future__ import annotations

from typing import Any

from django.template.loader import get_template
from django.utils.safestring import SafeString

LINK_SCHEMES = ("http:", "https:", "mailto:", "tel:", "sms:", "geo:")


def draw(component: str, /, **values: Any) -> SafeString:
    """`ui/<component>.html` with the given values and nothing else of the page's context."""
    return SafeString(get_template(f"ui/{component}.html").render(values).strip())


def is_followable(url: str) -> bool:
    """True for an address of the site or one whose scheme cannot run a script."""
    start = url.strip().split("/", 1)[0].split("?", 1)[0].split("#", 1)[0].lower()
    return ":" not in start or start.startswith(LINK_SCHEMES)


def one_of(kind: str, allowed: tuple[str, ...], component: str) -> str:
    """`kind`, or ValueError naming what the component accepts."""
    if kind not in allowed:
        raise ValueError(f"{component}: {kind!r} is not one of {', '.join(allowed)}")
    return kind
