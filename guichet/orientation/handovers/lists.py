"""The sheets of a structure and of all under it, received and sent, to work through.

Owns who finds which sheet, and the words of a row; refuses HTTP.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from guichet.directory.models import Structure
from guichet.directory.models.structures import StructureQuerySet
from guichet.directory.permissions import CAN_READ, CAN_RESPOND, powers_of, structures_covered
from guichet.orientation.handovers.references import read_reference, shown_reference
from guichet.orientation.handovers.sheet import for_sheets
from guichet.orientation.models import Handover
from guichet.orientation.models.handovers import HandoverQuerySet

PAGE_SIZE = 25
MOST_SENDERS = 6
SENT = "envoyees"
SETTLED = "reglees"
BADGES = {
    Handover.Outcome.SENT: ("En attente", "info"),
    Handover.Outcome.RECEIVED: ("Personne reçue", "success"),
    Handover.Outcome.MISROUTED: ("Mauvais service", "error"),
    Handover.Outcome.CANCELLED: ("Annulée", "neutral"),
}


@dataclass(frozen=True)
class HandoverRow:
    """A sheet in a list. `place` is the other service."""

    handover: Handover
    reference: str
    place: str
    url: str
    badge: str
    badge_kind: str


@dataclass(frozen=True)
class HandoverTab:
    """One of the four lists, and how many sheets it holds."""

    label: str
    query: str
    is_current: bool


@dataclass(frozen=True)
class HandoverList:
    page: Page[Handover]
    rows: list[HandoverRow]
    tabs: list[HandoverTab]
    is_sent: bool
    is_settled: bool


def handovers_of(structures: StructureQuerySet, *, sent: bool) -> HandoverQuerySet:
    """Those that `structures` sent, or those sent to them."""
    side = "sender" if sent else "receiver"
    return Handover.objects.filter(**{f"{side}__in": structures})


def under(structure: Structure) -> StructureQuerySet:
    return Structure.objects.under(structure)


def handover_list(
    structures: StructureQuerySet, *, side: str, state: str, number: str | None
) -> HandoverList:
    """A page of one of the four lists, latest first. Four queries, however many sheets."""
    is_sent, is_settled = side == SENT, state == SETTLED
    found = handovers_of(structures, sent=is_sent)
    waiting = Q(outcome=Handover.Outcome.SENT)
    found = found.exclude(waiting) if is_settled else found.filter(waiting)
    rows = found.select_related("sender", "receiver").order_by("-created_at", "-pk")
    page = Paginator(rows, PAGE_SIZE).get_page(number)
    return HandoverList(
        page=page,
        rows=[row_of(one, is_sent) for one in page],
        tabs=tabs(structures, is_sent, is_settled),
        is_sent=is_sent,
        is_settled=is_settled,
    )


def row_of(handover: Handover, is_sent: bool) -> HandoverRow:
    sender, receiver = handover.sender, handover.receiver
    own = sender if is_sent and sender else receiver
    badge, kind = BADGES[Handover.Outcome(handover.outcome)]
    return HandoverRow(
        handover=handover,
        reference=shown_reference(handover.reference),
        place=receiver.name if is_sent else handover.sender_name,
        url=agent_address(own, handover),
        badge=badge,
        badge_kind=kind,
    )


def tabs(structures: StructureQuerySet, is_sent: bool, is_settled: bool) -> list[HandoverTab]:
    waiting = Q(outcome=Handover.Outcome.SENT)
    found = []
    for sent, name in ((False, "Reçues"), (True, "Envoyées")):
        counts = handovers_of(structures, sent=sent).aggregate(
            waiting=Count("pk", filter=waiting), settled=Count("pk", filter=~waiting)
        )
        for settled, state in ((False, "en attente"), (True, "réglées")):
            count = counts["settled" if settled else "waiting"]
            asked = {"sens": SENT if sent else "", "etat": SETTLED if settled else ""}
            query = urlencode({key: value for key, value in asked.items() if value})
            is_current = (sent, settled) == (is_sent, is_settled)
            found.append(HandoverTab(f"{name}, {state} ({count})", f"?{query}", is_current))
    return found


def agent_address(own: Structure, handover: Handover) -> str:
    """The agents' page of a sheet, as `own` (its sender or its receiver) sees it."""
    return f"/agents/structures/{own.code}/fiches/{shown_reference(handover.reference)}/"


def sheet_under(structure: Structure, typed: str) -> Handover | None:
    """The sheet of this reference that `structure`, or one under it, sent or received."""
    reference = read_reference(typed)
    if not reference:
        return None
    own = under(structure)
    return for_sheets().filter(Q(sender__in=own) | Q(receiver__in=own), reference=reference).first()


def address_for(user: object, typed: str) -> str:
    """Where `user` reads the sheet of this reference: as its receiver, as its sender, else as
    everybody does. Empty when there is none."""
    reference = read_reference(typed)
    found = Handover.objects.select_related("sender", "receiver").filter(reference=reference)
    handover = found.first() if reference else None
    if handover is None:
        return ""
    powers = powers_of(user)
    for own in (handover.receiver, handover.sender):
        if own is not None and powers.may_read(own):
            return agent_address(own, handover)
    return f"/orientation/fiche/{shown_reference(handover.reference)}/"


def readable_structures(user: object) -> StructureQuerySet:
    return structures_covered(user, CAN_READ)


def possible_senders(user: object) -> list[Structure]:
    """The open structures from which `user` may send people on, by name; none when they are so
    many that a list would not help."""
    found = structures_covered(user, CAN_RESPOND).open_ones().order_by("name", "pk")
    senders = list(found[: MOST_SENDERS + 1])
    return senders if len(senders) <= MOST_SENDERS else []
