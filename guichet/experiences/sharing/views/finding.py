"""Which service: searched by name and town, or through what the person wanted to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from guichet.core.text import search_text
from guichet.experiences.models import Draft
from guichet.experiences.sharing.choosing import (
    PlaceOffered,
    Proposals,
    guessed,
    of_procedure,
    searched,
)
from guichet.experiences.sharing.story import procedure_of
from guichet.experiences.sharing.urgency import Urgent, urgent_in
from guichet.orientation.models import Procedure

PROCEDURE = "id_demarche"
FOUND = "trouve"
PIECE = "morceau"
"""`?morceau=trouve` asks for what a search finds and nothing around it, for who is typing."""


@dataclass(frozen=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True)
class Finding:
    """What was typed and what it gives. `address` is the page's own, without its question;
    `pick_url` takes the service that is pressed; `kept` are what the search form keeps unseen."""

    what: str
    where: str
    proposals: Proposals
    address: str
    pick_url: str
    kept: dict[str, str]
    procedure: Procedure | None
    other_places: tuple[Link, ...]
    subjects: tuple[Link, ...]

    @property
    def search_url(self) -> str:
        """Where the search leads: to what it finds, below the menus of a small screen."""
        return f"{self.address}#{FOUND}"

    @property
    def places(self) -> tuple[PlaceOffered, ...]:
        return self.proposals.places

    @property
    def urgent(self) -> Urgent | None:
        """The numbers to call, where what was typed says a danger."""
        return urgent_in(self.what)

    @property
    def found_nothing(self) -> bool:
        proposals = self.proposals
        return proposals.is_asked and not (proposals.places or proposals.subjects)


def by_name(request: HttpRequest, draft: Draft | None = None) -> Finding:
    """The search by name and town, or of the places of a procedure that the address names."""
    what, where = typed(request.GET, "quoi"), typed(request.GET, "ou")
    procedure = procedure_of(typed(request.GET, PROCEDURE)) if draft is None else None
    has_places = procedure is not None and bool(procedure.kinds) and not what
    proposals = (
        of_procedure(procedure, where) if has_places and procedure else searched(what, where)
    )
    address = reverse("share_services", args=[draft.key]) if draft else reverse("share")
    return finding(request, proposals, address, address, procedure)


def by_need(request: HttpRequest, draft: Draft | None = None) -> Finding:
    """« Je ne sais pas »: what the person wanted to do, and where."""
    proposals = guessed(
        typed(request.GET, "quoi"), typed(request.GET, "ou"), typed(request.GET, "besoin")
    )
    pick_url = reverse("share_services", args=[draft.key]) if draft else reverse("share")
    address = reverse("share_guess_more", args=[draft.key]) if draft else reverse("share_guess")
    return finding(request, proposals, address, pick_url, None)


def finding(
    request: HttpRequest,
    proposals: Proposals,
    address: str,
    pick_url: str,
    procedure: Procedure | None,
) -> Finding:
    code = typed(request.GET, PROCEDURE)
    return Finding(
        what=typed(request.GET, "quoi"),
        where=typed(request.GET, "ou"),
        proposals=proposals,
        address=address,
        pick_url=pick_url,
        kept={PROCEDURE: code} if code else {},
        procedure=procedure,
        other_places=tuple(
            Link(label, f"{address}?{asked(request.GET, ou=query)}#{FOUND}")
            for label, query in proposals.other_places
        ),
        subjects=tuple(
            Link(title, f"{address}?{asked(request.GET, besoin=code)}#{FOUND}")
            for title, code in proposals.subjects
        ),
    )


def asks_piece(request: HttpRequest) -> bool:
    return request.GET.get(PIECE) == FOUND


def piece(request: HttpRequest, found: Finding, seen: str = "") -> HttpResponse:
    return render(request, "experiences/sharing/_found.html", {"finding": found, "seen": seen})


def typed(query: QueryDict, name: str) -> str:
    return search_text(query.get(name, ""))


def asked(query: QueryDict, **changes: Any) -> str:
    kept = query.copy()
    kept.pop(PIECE, None)
    for name, value in changes.items():
        kept[name] = value
    return kept.urlencode()
