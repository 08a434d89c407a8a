"""The author's page as an old phone opens it: no cookie, no script."""

from __future__ import annotations

from html import unescape

from django.test import Client

from guichet.experiences.links import follow_token
from guichet.experiences.models import Author


def address_of(author: Author, rest: str = "") -> str:
    return f"/suivi/{follow_token(author)}/{rest}"


def words_at(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address, follow=status == 200)
    assert response.status_code == status, f"{address}: {response.status_code}"
    return unescape(response.content.decode())


def strict() -> Client:
    """Who checks CSRF as a browser makes it do: the author's pages need no cookie."""
    return Client(enforce_csrf_checks=True)
