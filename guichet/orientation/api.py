"""GET /api/v1/orientation: the same answer as the page's."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema
from ninja.params.functions import Query

from guichet.directory.api import StructureOut, structure_out
from guichet.orientation.answers import Answer, Door, PlaceShown, Question, Subject, answer_to
from guichet.territories.queries import commune_of_code

router = Router(tags=["Orientation"])


class SheetOut(Schema):
    """The sheet of service-public.fr that the answer rests on."""

    code: str | None = Field(
        description="Code de la fiche de service-public.fr", examples=["F19778"]
    )
    title: str = Field(description="Ce que la personne a à faire", examples=["Demander le RSA"])
    url: str = Field(description="Adresse de la fiche, vide quand il n'y en a pas")
    read_on: date | None = Field(description="Jour où la fiche a été lue")
    to_check: bool = Field(description="Fiche lue il y a plus de douze mois")


class OnlineOut(Schema):
    title: str = Field(description="Nom de la démarche en ligne")
    url: str = Field(description="Adresse")


class PlaceOut(StructureOut):
    travel_minutes: int | None = Field(
        description="Minutes en voiture, estimées ; null : inconnu, ou pas de route"
    )


class AnswerOut(Schema):
    type: str = Field(description="Type de service, code de la DILA", examples=["caf"])
    type_label: str = Field(description="Type de service, en clair")
    why: str = Field(description="Pourquoi c'est ce service")
    condition: str = Field(description="À quelle condition, vide quand il n'y en a pas")
    only_some_places: bool = Field(
        description="Tous les lieux de ce type ne le font pas ; find_url dit lesquels"
    )
    find_url: str = Field(description="Où trouver un lieu qui le fait")
    need: str = Field(description="Besoin compris, en clair", examples=["Demander le RSA"])
    procedure: SheetOut | None = Field(description="La fiche qui l'explique")
    documents: list[str] = Field(description="Ce qu'il faut apporter, quand on le sait")
    advice: str = Field(description="À savoir avant de se déplacer")
    online: list[OnlineOut] = Field(description="Démarches en ligne")
    phone: str | None = Field(description="Numéro national du réseau", examples=["3230"])
    basis: str = Field(
        description="Pourquoi ces lieux : declared (compétents d'après l'annuaire), "
        "commune, departement, region (ceux du territoire, du plus proche au plus éloigné), "
        "anywhere (on peut aller dans celui de son choix), nearest (aucun dans le territoire : "
        "le plus proche), unknown (aucun lieu, ou pas de commune demandée)"
    )
    structures: list[PlaceOut] = Field(description="Les lieux, du plus proche au plus éloigné")


class CommuneOut(Schema):
    insee_code: str = Field(description="Code INSEE", examples=["59350"])
    name: str = Field(description="Nom", examples=["Lille"])


class OrientationOut(Schema):
    out_of_scope: bool = Field(description="Aucun service public n'y répond")
    sure: bool = Field(description="Un seul besoin a été compris ; sinon answers est un choix")
    answers: list[AnswerOut] = Field(description="Les services, le meilleur d'abord")
    advice: str = Field(description="Vers qui se tourner, quand c'est hors du service public")
    urgent: str = Field(description="Nature de l'urgence reconnue, vide quand il n'y en a pas")
    commune: CommuneOut | None = Field(description="La commune comprise")
    france_services: PlaceOut | None = Field(description="La maison France services la plus proche")
    travel_method: str = Field(description="Comment le temps de trajet est estimé")


@router.get("", response=OrientationOut, summary="Quel service pour ma démarche ?")
def orientation(
    request: HttpRequest,
    q: str = Query(
        "",
        max_length=800,
        description="Le besoin, avec les mots des gens ; 200 caractères sont lus",
        example="je veux demander le RSA",
    ),
    commune: str = Query(
        "",
        max_length=200,
        description="Code INSEE, sinon nom ou code postal ; sans elle, pas de lieux",
        example="59350",
    ),
) -> dict[str, Any]:
    """Les types de services compétents, pourquoi, et les lieux les plus proches. Quand plusieurs
    besoins peuvent être compris, `sure` est faux et les réponses sont un choix à proposer. Rien
    n'est gardé de la question."""
    is_code = commune_of_code(commune) is not None
    question = Question(text=q, where="" if is_code else commune, insee_code=commune * is_code)
    return answer_out(request, answer_to(question))


def answer_out(request: HttpRequest, answer: Answer) -> dict[str, Any]:
    best = answer.subjects[0] if answer.subjects else None
    place = answer.place
    return {
        "out_of_scope": answer.out_of_scope,
        "sure": answer.is_sure,
        "answers": [door_out(request, subject, door) for subject, door in doors_in_order(answer)],
        "advice": best.advice if best and answer.out_of_scope else "",
        "urgent": answer.urgent,
        "commune": place and {"insee_code": place.commune.insee_code, "name": place.commune.name},
        "france_services": answer.house and place_out(request, answer.house),
        "travel_method": answer.method,
    }


def doors_in_order(answer: Answer) -> list[tuple[Subject, Door]]:
    """A sure answer's services in their order; of a choice, the best of each need first."""
    ranked = [
        (rank, position, subject, door)
        for position, subject in enumerate(answer.subjects)
        for rank, door in enumerate(subject.doors)
    ]
    ranked.sort(key=lambda one: one[:2])
    seen: set[str] = set()
    doors: list[tuple[Subject, Door]] = []
    for _, _, subject, door in ranked:
        if door.kind not in seen:
            seen.add(door.kind)
            doors.append((subject, door))
    return doors


def door_out(request: HttpRequest, subject: Subject, door: Door) -> dict[str, Any]:
    sheet = subject.sheet
    return {
        "type": door.kind,
        "type_label": door.label,
        "why": door.why,
        "condition": door.when,
        "only_some_places": door.only_some,
        "find_url": door.find_url,
        "need": subject.title,
        "procedure": sheet
        and {
            "code": sheet.code,
            "title": sheet.title,
            "url": sheet.url,
            "read_on": sheet.read_on,
            "to_check": sheet.needs_check,
        },
        "documents": list(subject.documents),
        "advice": subject.advice,
        "online": list(subject.online),
        "phone": door.number.number if door.number else None,
        "basis": door.basis.value,
        "structures": [place_out(request, place) for place in door.places],
    }


def place_out(request: HttpRequest, place: PlaceShown) -> dict[str, Any]:
    structure = place.found.structure
    minutes = place.minutes
    return structure_out(request, structure) | {
        "travel_minutes": None if minutes is None else round(minutes)
    }
