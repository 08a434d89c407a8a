"""GET /api/v1/communes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema
from ninja.params.functions import Query

from guichet.core.paging import LAST_OFFSET, as_list
from guichet.territories.models import Commune
from guichet.territories.queries import CommuneMatch, search_communes

router = Router(tags=["Territoires"])
MOST_MATCHES = 100


class CommuneOut(Schema):
    insee_code: str = Field(description="Code INSEE d'aujourd'hui", examples=["59350"])
    name: str = Field(description="Nom", examples=["Lille"])
    kind: str = Field(description="commune ou arrondissement", examples=["commune"])
    departement: str = Field(description="Code du département", examples=["59"])
    postal_codes: list[str] = Field(description="Codes postaux", examples=[["59000", "59800"]])
    population: int = Field(description="Habitants", examples=[236710])
    lat: float = Field(description="Latitude de la mairie ou du centre, degrés WGS 84")
    lon: float = Field(description="Longitude, degrés WGS 84")
    position_source: str = Field(
        description="town_hall, centroid, geonames ou approximate", examples=["town_hall"]
    )
    former_name: str | None = Field(
        description="Le nom d'autrefois qui a été reconnu, s'il y en a un", examples=["Lomme"]
    )


class CommuneList(Schema):
    items: list[CommuneOut] = Field(description="Cette page")
    count: int = Field(description="Nombre total de réponses", examples=[1])
    next: str | None = Field(description="Adresse de la page suivante, null à la dernière")


@router.get("", response=CommuneList, summary="Communes par nom, code postal ou ancien nom")
def communes(
    request: HttpRequest,
    q: str = Query(
        "",
        description="Nom, avec ou sans accents, ancien nom ou code postal. Sans q : toutes les "
        "communes, par code INSEE.",
        example="lille",
    ),
    limit: int = Query(10, ge=1, le=MOST_MATCHES, description="Réponses par page"),
    offset: int = Query(0, ge=0, le=LAST_OFFSET, description="Réponses à passer"),
) -> dict[str, Any]:
    """Les communes et les arrondissements de Paris, Lyon et Marseille. Les meilleures réponses
    viennent d'abord ; une recherche en donne cent au plus."""
    if not q.strip():
        rows = Commune.objects.order_by("insee_code")
        items = [commune_out(row) for row in rows[offset : offset + limit]]
        return as_list(request, items, count=rows.count(), offset=offset, limit=limit)
    matches = search_communes(q, limit=MOST_MATCHES)
    items = [match_out(match) for match in matches[offset : offset + limit]]
    return as_list(request, items, count=len(matches), offset=offset, limit=limit)


def commune_out(commune: Commune) -> dict[str, Any]:
    return {
        "insee_code": commune.insee_code,
        "name": commune.name,
        "kind": commune.kind,
        "departement": commune.departement_id,
        "postal_codes": commune.postal_codes,
        "population": commune.population,
        "lat": commune.latitude,
        "lon": commune.longitude,
        "position_source": commune.position_source,
        "former_name": None,
    }


def match_out(match: CommuneMatch) -> dict[str, Any]:
    return {
        "insee_code": match.insee_code,
        "name": match.name,
        "kind": match.kind,
        "departement": match.departement_code,
        "postal_codes": list(match.postal_codes),
        "population": match.population,
        "lat": match.latitude,
        "lon": match.longitude,
        "position_source": match.position_source,
        "former_name": match.former_name or None,
    }
