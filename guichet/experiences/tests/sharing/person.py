"""Somebody who shares a story, page after page, as a browser without JavaScript does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client

from guichet.experiences.models import Draft

STORY = {
    "description": "J'ai attendu deux heures au guichet. Personne ne savait me répondre.",
    "wished": "Un numéro d'ordre à l'entrée",
    "title": "Deux heures d'attente",
}
FEELING = {"feeling": "negative", "information": "negative", "relation": "positive"}
AUTHOR = {
    "written_as": "user",
    "departement": "59",
    "pseudonym": "Un habitant",
    "follow_by": "mail",
    "email": "claude@exemple.fr",
}


@dataclass
class Person:
    """`at` is the address of the last page."""

    client: Client
    at: str = "/experiences/partager/"

    def open(self, address: str) -> HttpResponse:
        return self.follow(self.client.get(address))

    def press(self, address: str = "", **values: Any) -> HttpResponse:
        """Post `values` with what the page of `address` (else the last one) keeps unseen."""
        address = address or self.at
        hidden = hidden_fields(self.client.get(address).content.decode())
        return self.follow(self.client.post(address, {**hidden, **values}))

    def follow(self, response: HttpResponse) -> HttpResponse:
        while response.status_code in (302, 303):
            self.at = response.headers["Location"].partition("#")[0]
            response = self.client.get(self.at)
        self.at = response.request["PATH_INFO"] if response.status_code == 200 else self.at
        return response

    def begins(self, service: str = "caf-lille") -> HttpResponse:
        return self.press("/experiences/partager/", service=service)

    def tells(self, **changes: Any) -> HttpResponse:
        """From the first page to the review."""
        self.begins()
        self.press(channels_0=["desk"])
        self.press(**{**STORY, **pick(changes, STORY)})
        self.press(**{**FEELING, **pick(changes, FEELING)})
        return self.press(**{**AUTHOR, **pick(changes, AUTHOR)})

    def sends(self, **values: Any) -> HttpResponse:
        return self.press(**values)

    @property
    def draft(self) -> Draft:
        return Draft.objects.latest("pk")


def pick(changes: dict[str, Any], fields: dict[str, str]) -> dict[str, Any]:
    return {name: value for name, value in changes.items() if name in fields}


def hidden_fields(page: str) -> dict[str, str]:
    """The hidden inputs of the page; of several of the same name, the last."""
    found = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            found[unescape(name[1])] = unescape(value[1]) if value else ""
    return found
