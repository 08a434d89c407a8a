"""GET /api/v1/structures and /api/v1/structures/{code}."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema

from guichet.core.errors import RuleViolation
from guichet.core.paging import as_list
from guichet.directory.models import Structure, StructureKind
from guichet.directory.nearby import Point, nearest
from guichet.directory.queries import public_structure, shown_contacts
from guichet.directory.reference_tables import with_former_kinds
from guichet.directory.schedules import schedule_of, with_hours
from guichet.territories.queries import commune_of_code

router = Router(tags=["structures"])
MAX_LIMIT = 100
MAX_OFFSET = 1000


class CommuneRef(Schema):
    insee_code: str
    name: str


class Phone(Schema):
    number: str
    display: str
    label: str
    cost: str


class StructureOut(Schema):
    code: str
    name: str
    type: str
    type_label: str
    network: str | None
    commune: CommuneRef | None
    address: str
    lat: float | None
    lon: float | None
    position_source: str
    phones: list[Phone]
    emails: list[str]
    websites: list[dict[str, str]]
    accessibility: str | None
    open_now: bool | None
    opening: str
    next_change: str | None
    distance_m: int | None
    source: str
    checked_on: str | None
    to_check: bool
    fictional: bool
    closed_on: str | None
    url: str


class StructureList(Schema):
    items: list[StructureOut]
    count: int
    next: str | None


@router.get("", response=StructureList, summary="Structures d'une commune ou près d'un point")
def structures(
    request: HttpRequest,
    commune: str = Query("", max_length=5, description="Code INSEE, ancien ou actuel"),
    near: str = Query("", max_length=60, description="latitude,longitude en degrés (WGS 84)"),
    type: str = Query("", max_length=150, description="Genre de la DILA, par exemple mairie"),
    limit: int = Query(20, ge=1, le=MAX_LIMIT),
    offset: int = Query(0, ge=0, le=MAX_OFFSET),
) -> dict[str, Any]:
    rows = Structure.objects.receiving_public().select_related(
        "kind", "network", "commune"
    ).prefetch_related("corrections")
    if type:
        if not StructureKind.objects.filter(pk=type).exists():
            raise RuleViolation(f"Genre inconnu : {type[:150]}.")
        rows = rows.filter(kind__in=with_former_kinds(type))
    if commune:
        known = commune_of_code(commune)
        if known is None:
            raise RuleViolation(f"Code INSEE inconnu : {commune}.")
        rows = rows.filter(commune=known.insee_code)
    rows = with_hours(rows)
    last = offset + limit
    if near:
        count = rows.located().count()
        page = list(nearest(rows, point_of(near), limit=last))[offset:]
    else:
        count = rows.count()
        page = list(rows.order_by("name", "code")[offset:last])
    reachable = min(count, MAX_OFFSET + MAX_LIMIT)
    items = [structure_out(request, structure) for structure in page]
    return as_list(request, items, count=count, offset=offset, limit=limit) | (
        {"next": None} if last >= reachable else {}
    )


@router.get("/{code}", response=StructureOut, summary="Une structure")
def structure(request: HttpRequest, code: str) -> dict[str, Any]:
    found = public_structure(code)
    if found is None:
        raise Http404(f"Aucune structure n'a le code {code[:150]}.")
    return structure_out(request, found)


def point_of(text: str) -> Point:
    """ "50.63,3.06" as a point; `RuleViolation` when it is not a place on earth."""
    try:
        latitude, longitude = (float(part) for part in text.split(","))
    except ValueError as error:
        raise RuleViolation("near attend latitude,longitude, par exemple 50.63,3.06.") from error
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise RuleViolation("near : latitude de -90 à 90, longitude de -180 à 180.")
    return Point(latitude, longitude)


def structure_out(request: HttpRequest, structure: Structure) -> dict[str, Any]:
    presence = schedule_of(structure).presence(timezone.now())
    contacts = shown_contacts(structure)
    distance_m = getattr(structure, "distance_m", None)
    return {
        "code": structure.code,
        "name": structure.name,
        "type": structure.kind_id,
        "type_label": structure.kind.label,
        "network": structure.network.code if structure.network else None,
        "commune": structure.commune
        and {"insee_code": structure.commune.insee_code, "name": structure.commune.name},
        "address": structure.full_address,
        "lat": structure.latitude,
        "lon": structure.longitude,
        "position_source": structure.position_source,
        "phones": contacts.phones,
        "emails": contacts.emails,
        "websites": structure.websites,
        "accessibility": structure.accessibility or None,
        "open_now": presence.is_open,
        "opening": presence.words,
        "next_change": presence.changes_at.isoformat() if presence.changes_at else None,
        "distance_m": None if distance_m is None else round(distance_m),
        "source": structure.source,
        "checked_on": structure.checked_on.isoformat() if structure.checked_on else None,
        "to_check": structure.needs_check(),
        "fictional": structure.is_fictional,
        "closed_on": structure.closed_on.isoformat() if structure.closed_on else None,
        "url": request.build_absolute_uri(structure.get_absolute_url()),
    }
