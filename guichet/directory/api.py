"""GET /api/v1/structures and /api/v1/structures/{code}."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from ninja import Field, Router, Schema
from ninja.params.functions import Path, Query

from guichet.core.paging import LAST_OFFSET, as_list
from guichet.directory.models import Structure, StructureKind
from guichet.directory.models.structures import StructureQuerySet
from guichet.directory.nearby import NEAREST_FIRST, Point, nearest, with_distance
from guichet.directory.queries import (
    code_known_elsewhere,
    public_structure,
    shown_contacts,
    source_name,
)
from guichet.directory.reference_tables import with_former_kinds
from guichet.directory.schedules import Presence, schedule_of, with_hours
from guichet.territories.models import Commune
from guichet.territories.queries import commune_of_code

router = Router(tags=["Structures"])
MAX_LIMIT = 100
LATITUDE = r"-?(?:90(?:\.0+)?|[0-8]?[0-9](?:\.[0-9]+)?)"
LONGITUDE = r"-?(?:180(?:\.0+)?|(?:1[0-7][0-9]|[0-9]?[0-9])(?:\.[0-9]+)?)"
CLOSED_FOR_GOOD = Presence(False, "Fermé définitivement", None)


class CommuneRef(Schema):
    insee_code: str = Field(description="Code INSEE", examples=["59350"])
    name: str = Field(description="Nom", examples=["Lille"])


class Phone(Schema):
    number: str = Field(
        description="Forme internationale, ou numéro court", examples=["+33142764040"]
    )
    display: str = Field(description="Forme à afficher", examples=["01 42 76 40 40"])
    label: str = Field(description="À quoi il sert", examples=["Standard"])
    cost: str = Field(
        description="free (gratuit), normal, surcharged (surtaxé) ou to_check (à vérifier)",
        examples=["normal"],
    )


class Website(Schema):
    label: str = Field(description="Nom du site, parfois vide")
    url: str = Field(description="Adresse", examples=["https://www.caf.fr"])


class StructureOut(Schema):
    code: str = Field(description="Code, qui ne change jamais", examples=["mairie-59350-01"])
    name: str = Field(description="Nom", examples=["Mairie de Lille"])
    type: str = Field(description="Type de lieu, code de la DILA", examples=["mairie"])
    type_label: str = Field(description="Type de lieu, en clair", examples=["Mairie"])
    network: str | None = Field(description="Code du réseau", examples=["caf"])
    commune: CommuneRef | None = Field(description="Commune où se trouve le lieu")
    address: str = Field(
        description="Adresse sur une ligne", examples=["Place Augustin-Laurent, 59000 Lille"]
    )
    lat: float | None = Field(description="Latitude, degrés WGS 84", examples=[50.6306])
    lon: float | None = Field(description="Longitude, degrés WGS 84", examples=[3.0706])
    position_source: str = Field(
        description="D'où vient la position ; commune : celle du centre de la commune"
    )
    phones: list[Phone] = Field(
        description="Téléphones ; absents quand leur source a plus de douze mois"
    )
    emails: list[str] = Field(
        description="Courriels ; absents quand leur source a plus de douze mois"
    )
    websites: list[Website] = Field(description="Sites internet")
    accessibility: str | None = Field(
        description="ACC (accessible en fauteuil roulant), DEM (sur demande), NAC (non), null "
        "(inconnu)",
        examples=["ACC"],
    )
    open_now: bool | None = Field(
        description="Reçoit en ce moment sans rendez-vous ; null : on ne sait pas"
    )
    opening: str = Field(
        description="L'ouverture, en une phrase", examples=["Ouvert, ferme à 17 h"]
    )
    next_change: datetime | None = Field(
        description="Prochaine fermeture ou ouverture, à l'heure du lieu"
    )
    distance_m: int | None = Field(
        description="Mètres à vol d'oiseau depuis le lieu demandé", examples=[850]
    )
    source: str = Field(description="D'où viennent ces faits", examples=["dila"])
    source_label: str = Field(description="La source, en clair")
    checked_on: date | None = Field(description="Jour où ils ont été vérifiés")
    to_check: bool = Field(description="Vérifiés il y a plus de douze mois, ou jamais")
    fictional: bool = Field(description="Lieu fictif d'une démonstration")
    closed_on: date | None = Field(description="Jour de la fermeture définitive")
    url: str = Field(description="Page du lieu")


class StructureList(Schema):
    items: list[StructureOut] = Field(description="Cette page")
    count: int = Field(description="Nombre total de réponses", examples=[1])
    next: str | None = Field(description="Adresse de la page suivante, null à la dernière")


@router.get("", response=StructureList, summary="Lieux, les plus proches d'abord")
def structures(
    request: HttpRequest,
    commune: str = Query(
        "",
        pattern="^(?:(?:[013-9][0-9]|2[0-9ABab])[0-9]{3})?$",
        description="Code INSEE, d'aujourd'hui ou d'autrefois : les lieux viennent du plus proche "
        "au plus éloigné du centre de la commune",
        example="59350",
    ),
    within: bool = Query(False, description="true : seulement les lieux de la commune demandée"),
    near: str = Query(
        "",
        pattern=f"^(?:{LATITUDE},{LONGITUDE})?$",
        max_length=60,
        description="latitude,longitude en degrés (WGS 84), par exemple 50.63,3.06 ; passe avant "
        "le centre de la commune",
    ),
    type: str = Query(
        "",
        pattern="^[A-Za-z0-9_-]*$",
        max_length=150,
        description="Type de lieu, code de la DILA ; ceux qu'il a remplacés sont compris",
        example="mairie",
    ),
    limit: int = Query(20, ge=1, le=MAX_LIMIT, description="Réponses par page"),
    offset: int = Query(0, ge=0, le=LAST_OFFSET, description="Réponses à passer"),
) -> dict[str, Any]:
    """Les lieux ouverts au public. Autour d'une commune ou d'un point, seuls ceux dont la position
    est connue sont donnés ; sans l'un ni l'autre, tous, par code. Les lieux fermés définitivement
    n'y sont pas."""
    place = commune_named(commune) if commune else None
    chosen = narrowed(type, place if within else None)
    origin = point_of(near) or (place and Point(place.latitude, place.longitude))
    last = offset + limit
    count = (chosen.located() if origin and not within else chosen).count()
    if origin and within:
        ordered = with_distance(chosen, origin).order_by(*NEAREST_FIRST)[offset:last]
    elif origin:
        ordered = nearest(chosen, origin, limit=last)[offset:]
    else:
        ordered = chosen.order_by("code")[offset:last]
    rows = with_hours(ordered.select_related("kind", "network", "commune"))
    items = [structure_out(request, one) for one in rows.prefetch_related("corrections")]
    return as_list(request, items, count=count, offset=offset, limit=limit)


@router.get("/{code}", response=StructureOut, summary="Un lieu")
def structure(
    request: HttpRequest,
    code: str = Path(
        ..., description="Code du lieu, ou identifiant d'une source", example="mairie-59350-01"
    ),
) -> dict[str, Any] | HttpResponseBase:
    """Par son code, ou par celui que lui donne une de ses sources (redirigé). Un lieu fermé
    définitivement reste lisible ; un lieu fusionné redirige vers celui qui l'a repris."""
    found = public_structure(code)
    if found is None:
        known = code_known_elsewhere(code)
        if known is None or known == code:
            raise Http404(f"Aucun lieu n'a le code {code[:150]}.")
        return redirect("api:structure", code=known, permanent=True)
    if found.merged_into is not None:
        return redirect("api:structure", code=found.merged_into.code, permanent=True)
    return structure_out(request, found)


def narrowed(kind_code: str, commune: Commune | None) -> StructureQuerySet:
    """Those that receive the public; of one kind, head offices too."""
    chosen = Structure.objects.open_ones()
    if not kind_code:
        chosen = chosen.receiving_public()
    elif StructureKind.objects.filter(pk=kind_code).exists():
        chosen = chosen.filter(kind__in=with_former_kinds(kind_code))
    else:
        raise Http404(f"Aucun type de lieu n'a le code {kind_code}.")
    if commune is not None:
        chosen = chosen.filter(
            Q(commune=commune.insee_code) | Q(commune__parent=commune.insee_code)
        )
    return chosen


def commune_named(code: str) -> Commune:
    commune = commune_of_code(code)
    if commune is None:
        raise Http404(f"Aucune commune n'a ni n'a eu le code INSEE {code}.")
    return commune


def point_of(text: str) -> Point | None:
    """ "50.63,3.06" as a point; the pattern of the parameter has already refused the rest."""
    if not text:
        return None
    latitude, longitude = (float(part) for part in text.split(","))
    return Point(latitude, longitude)


def structure_out(request: HttpRequest, structure: Structure) -> dict[str, Any]:
    presence = CLOSED_FOR_GOOD
    if not structure.is_closed:
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
        "next_change": presence.changes_at,
        "distance_m": None if distance_m is None else round(distance_m),
        "source": structure.source,
        "source_label": source_name(structure.source),
        "checked_on": structure.checked_on,
        "to_check": structure.needs_check(),
        "fictional": structure.is_fictional,
        "closed_on": structure.closed_on,
        "url": request.build_absolute_uri(structure.get_absolute_url()),
    }
