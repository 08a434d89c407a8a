"""What every page says about the site that shows it. Reads settings only, never the database."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

# Pages of higher apps, whose names `ui` may not know.
SEARCH_URL = "/services/"
EMERGENCY_URL = "/urgences/"
CONTACT_URL = "/aide/"


def identity() -> dict[str, Any]:
    """Names, addresses and flags of the page's frame; also for pages without a request (500)."""
    return {
        "institution": settings.INSTITUTION,
        "tagline": settings.TAGLINE,
        "ministry_lines": settings.MINISTRY_LINES,
        "demonstration": settings.DEMONSTRATION,
        "search_url": SEARCH_URL,
        "emergency_url": EMERGENCY_URL,
        "contact_url": CONTACT_URL,
    }


def site(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `site` (see `identity`) and `csp_nonce` for an inline script."""
    return {"site": identity(), "csp_nonce": getattr(request, "csp_nonce", "")}
