"""Answers that lead elsewhere."""

from __future__ import annotations

from django.http import HttpResponseRedirect


def see_other(address: str) -> HttpResponseRedirect:
    """After a POST: the browser asks for `address` by GET, and going back posts nothing again."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
