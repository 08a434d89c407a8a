"""The structures of an agent, as lists to work through.

Owns the filters (without hours, to check, closed, reported) and what a row says; refuses HTTP.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from guichet.core.text import folded, search_text
from guichet.directory.models import ErrorReport, Level, Structure
from guichet.directory.models.structures import StructureQuerySet, oldest_recent_check
from guichet.directory.schedules import Presence, schedule_of, with_hours

WITHOUT_HOURS, TO_CHECK, CLOSED, REPORTED = "sans-horaires", "a-verifier", "fermees", "signalees"
STATES = {
    "": "En activité",
    WITHOUT_HOURS: "Sans horaires",
    TO_CHECK: "À vérifier",
    REPORTED: "Erreurs signalées",
    CLOSED: "Fermées définitivement",
}
PAGE_SIZE = 25
WITHOUT_KNOWN_HOURS = Q(level=Level.SITE, hours_known=False)
"""Head offices that receive nobody need no hours."""


@dataclass(frozen=True)
class ListWish:
    """What an agent looks for: words of a name, a town or a code; a state; other choices."""

    text: str = ""
    state: str = ""
    departement: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Row:
    """A structure in a list, with what is to be done about it."""

    structure: Structure
    presence: Presence
    missing: tuple[str, ...]


def matching(structures: StructureQuerySet, wish: ListWish) -> StructureQuerySet:
    """`structures` narrowed to the wish, by name. Unknown states mean "open"."""
    for word in folded(search_text(wish.text)).split():
        structures = structures.filter(
            Q(search_name__contains=word)
            | Q(code__icontains=word)
            | Q(postal_code__startswith=word)
            | Q(commune__search_name__contains=word)
        )
    if wish.departement:
        structures = structures.filter(commune__departement=wish.departement)
    if wish.kind:
        structures = structures.filter(kind=wish.kind)
    if wish.state == CLOSED:
        return structures.filter(closed_on__isnull=False).order_by("name", "pk")
    return in_state(structures.open_ones(), wish.state).order_by("name", "pk")


def in_state(structures: StructureQuerySet, state: str) -> StructureQuerySet:
    if state == WITHOUT_HOURS:
        return structures.filter(WITHOUT_KNOWN_HOURS)
    if state == TO_CHECK:
        return structures.filter(needing_check())
    if state == REPORTED:
        return structures.filter(has_open_report())
    return structures


def needing_check(today: date | None = None) -> Q:
    """As `Structure.needs_check`: nobody has vouched for it in the past twelve months."""
    recent = oldest_recent_check(today or timezone.localdate())
    return Q(checked_on__isnull=True) | Q(checked_on__lt=recent)


def has_open_report() -> Exists:
    return Exists(ErrorReport.objects.filter(structure=OuterRef("pk"), settled_at__isnull=True))


def for_rows(structures: StructureQuerySet) -> StructureQuerySet:
    """Fetch what `rows_of` shows: four queries, however many structures."""
    return with_hours(structures.select_related("kind", "commune", "network")).prefetch_related(
        "corrections"
    )


def page_of(found: StructureQuerySet, number: str | None) -> Page[int]:
    """A page of keys: sorting whole rows of a large directory would cost three times as much."""
    return Paginator(found.values_list("pk", flat=True), PAGE_SIZE).get_page(number)


def rows_of_page(page: Page[int]) -> list[Row]:
    """The rows of `page_of`, in its order."""
    fetched = for_rows(Structure.objects.all()).in_bulk(list(page))
    return rows_of([fetched[key] for key in page if key in fetched])


def rows_of(structures: list[Structure], *, at: datetime | None = None) -> list[Row]:
    at = at or timezone.now()
    return [
        Row(structure, schedule_of(structure).presence(at), missing_facts(structure))
        for structure in structures
    ]


def missing_facts(structure: Structure) -> tuple[str, ...]:
    """What a visitor needs and does not find, in French; nothing for a closed structure."""
    if structure.is_closed:
        return ()
    has_contact = structure.phones or structure.emails or structure.contact_form
    found = [
        ("horaires", structure.level == Level.SITE and not structure.hours_known),
        ("téléphone ou courriel", not has_contact),
        ("adresse", not structure.address_lines),
        ("position exacte", structure.position_source in ("", "commune")),
        ("accessibilité", not structure.accessibility),
    ]
    return tuple(word for word, is_missing in found if is_missing)
