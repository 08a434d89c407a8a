"""The menus of every page, as the apps registered them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from guichet.core.extensions import menu

MENUS = ("main", "tools", "agents", "footer")


def menus(request: HttpRequest) -> dict[str, Any]:
    """`menus.<name>` is a list of `{"label", "url", "is_current"}`, computed when first read."""
    return {"menus": LazyMenus(request)}


class LazyMenus:
    """Reads a menu only if the page shows it (an error page may have no user)."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    def __getitem__(self, name: str) -> list[dict[str, Any]]:
        if name not in MENUS:
            raise KeyError(name)
        user = getattr(self._request, "user", None)
        links = [(entry.label, reverse(entry.url_name)) for entry in menu(name, user)]
        path = self._request.path
        current = max((url for _, url in links if path.startswith(url)), key=len, default="")
        return [{"label": label, "url": url, "is_current": url == current} for label, url in links]
