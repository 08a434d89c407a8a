"""Lists of the API: `{"items": […], "count": n, "next": url or null}`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

LAST_OFFSET = 1_000_000
"""Beyond any list of ours: what is refused is only what no database should count to."""


def next_url(request: HttpRequest, *, offset: int, limit: int, has_more: bool) -> str | None:
    """The absolute address of the following page, None on the last."""
    if not has_more:
        return None
    query = request.GET.copy()
    query["offset"] = str(offset + limit)
    query["limit"] = str(limit)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def as_list(
    request: HttpRequest, items: list[Any], *, count: int, offset: int, limit: int
) -> dict[str, Any]:
    """`count` is that of the whole list; a page without items has no next one."""
    has_more = bool(items) and offset + len(items) < count
    return {
        "items": items,
        "count": count,
        "next": next_url(request, offset=offset, limit=limit, has_more=has_more),
    }
