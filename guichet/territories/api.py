"""GET /api/v1/communes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from guichet.core.paging import as_list
from guichet.territories.queries import CommuneMatch, search_communes

router = Router(tags=["territoires"])
MAX_MATCHES = 50


class CommuneOut(Schema):
    insee_code: str
    name: str
    departement: str
    postal_codes: list[str]
    population: int | None
    lat: float | None
    lon: float | None
    former_name: str | None


class CommuneList(Schema):
    items: list[CommuneOut]
    count: int
    next: str | None


@router.get("", response=CommuneList, summary="Communes par nom, code postal ou ancien nom")
def communes(
    request: HttpRequest,
    q: str = Query("", description="Nom, avec ou sans accents, code postal ou ancien nom"),
    limit: int = Query(10, ge=1, le=MAX_MATCHES),
    offset: int = Query(0, ge=0, le=MAX_MATCHES),
) -> dict[str, Any]:
    matches = search_communes(q, limit=MAX_MATCHES)
    items = [commune_out(match) for match in matches[offset : offset + limit]]
    return as_list(request, items, count=len(matches), offset=offset, limit=limit)


def commune_out(match: CommuneMatch) -> dict[str, Any]:
    return {
        "insee_code": match.insee_code,
        "name": match.name,
        "departement": match.departement_code,
        "postal_codes": list(match.postal_codes),
        "population": match.population,
        "lat": match.latitude,
        "lon": match.longitude,
        "former_name": match.former_name or None,
    }
