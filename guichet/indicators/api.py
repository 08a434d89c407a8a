"""`/api/v1/batches`: a network's machine sends figures, and reads what became of them.

Owns who may (a token, sent as `Authorization: Bearer`) and what each answer says; refuses to
check a file, which `actions.batches` does. Every use of a token is kept.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import Http404, HttpRequest, JsonResponse
from ninja import Field, Router, Schema, Status
from ninja.params.functions import Path as PathParameter
from ninja.params.functions import Query
from ninja.security import HttpBearer

from guichet.core.errors import ApiProblem
from guichet.core.paging import LAST_OFFSET, as_list
from guichet.indicators.actions.batches import ALWAYS, UNLESS_JUMPS, receive_batch
from guichet.indicators.actions.tokens import note_use, usable_token
from guichet.indicators.batches.schema import table_schema
from guichet.indicators.batches.sending import Busy, ReadInChunks, keep_waiting, room_to_check
from guichet.indicators.file_limits import TooLarge
from guichet.indicators.models import Batch, Outcome, SendingToken
from guichet.indicators.models.batches import BatchQuerySet

APP = "guichet.indicators"
WRONG_TOKENS = {"wrong_token": "20/5m/ip"}
SENDINGS = {"api_batches": "120/5m/key"}
"""Of one token: enough for a sending a site of a large département, one after the other."""

NAMED_IN_HEADER = re.compile(r'filename="?([^";]{1,250})"?')
SHOWN = 100
router = Router(tags=["Lots"])


class TokenBearer(HttpBearer):
    """The token of the request; told apart: none, a wrong one, too many of them."""

    def __call__(self, request: HttpRequest) -> SendingToken:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not secret.strip():
            raise ApiProblem(
                401, "Envoyez un jeton du réseau dans l'en-tête Authorization : Bearer <jeton>."
            )
        return self.authenticate(request, secret.strip())

    def authenticate(self, request: HttpRequest, token: str) -> SendingToken:
        found = usable_token(token)
        if found is None:
            refuse_beyond(request, "wrong_token", WRONG_TOKENS, None)
            raise ApiProblem(
                401, "Ce jeton n'existe pas ou a été révoqué : demandez-en un au pilote du réseau."
            )
        refuse_beyond(request, "api_batches", SENDINGS, str(found.pk))
        note_use(found, f"{request.method} {request.path}"[:200])
        return found


def refuse_beyond(
    request: HttpRequest, action: str, limits: dict[str, str], key: str | None
) -> None:
    allowed = ratelimit.consume(
        request, app=APP, action=action, key=key, config=limits, limit_get=True
    )
    if allowed is None:
        raise ApiProblem(
            429, "Trop de demandes en peu de temps : attendez cinq minutes.", retry_after=300
        )


bearer = TokenBearer()


class ChangesOut(Schema):
    """What accepting a batch changes in what counts."""

    new: int = Field(description="Chiffres qui n'avaient jamais été envoyés")
    replaced: int = Field(description="Chiffres qui en remplacent d'autres")
    same: int = Field(description="Chiffres déjà envoyés à l'identique")


class NoticeOut(Schema):
    """What the sender is told, or has to confirm."""

    kind: str = Field(description="jump (à confirmer), missing ou same_file", examples=["jump"])
    message: str = Field(description="Ce qu'il faut savoir, en une phrase")
    line: int = Field(description="Ligne du fichier, 0 pour tout le fichier")
    structure: str = Field(description="Code de la structure, vide quand il y en a plusieurs")


class BatchOut(Schema):
    """A batch, as its sender follows it."""

    number: int | None = Field(description="Numéro du lot, null tant qu'il attend", examples=[12])
    outcome: str = Field(
        description="accepted, refused, to_confirm, abandoned ou withdrawn", examples=["accepted"]
    )
    network: str = Field(description="Code du réseau", examples=["caf"])
    scope: str = Field(description="Structure pour laquelle il a été envoyé, vide pour le réseau")
    file_name: str = Field(description="Nom du fichier", examples=["2026-01.csv"])
    sha256: str = Field(description="Empreinte du fichier reçu")
    rows: int = Field(description="Lignes du lot")
    received_at: datetime = Field(description="Réception")
    fault_count: int = Field(description="Défauts qui l'ont fait refuser")
    warning_count: int = Field(description="Ce qui est signalé, sans être refusé")
    warnings: list[NoticeOut] = Field(description="Les cent premiers")
    changes: ChangesOut = Field(description="Ce que le lot change")
    url: str = Field(description="Page du lot, pour un agent du réseau")


class BatchesOut(Schema):
    """One page of a list."""

    items: list[BatchOut] = Field(description="Les lots, du plus récent au plus ancien")
    count: int = Field(description="Nombre total de lots")
    next: str | None = Field(description="Adresse de la page suivante, null à la fin")


class TableSchemaOut(Schema):
    """A Table Schema (specs.frictionlessdata.io)."""

    name: str = Field(description="Nom de la table", examples=["observations"])
    title: str = Field(description="Titre")
    description: str = Field(description="Ce que dit une ligne")
    fields: list[dict[str, Any]] = Field(description="Les colonnes, avec leurs contraintes")
    primaryKey: list[str] = Field(description="Les colonnes de la clé")  # noqa: N815
    missingValues: list[str] = Field(description="Ce qui veut dire « absent »")  # noqa: N815


BODY = {
    "requestBody": {
        "required": True,
        "description": "Le fichier : CSV, Excel (.xlsx) ou Parquet, tel quel ou dans un formulaire",
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            },
        },
    }
}


@router.post(
    "",
    response={201: BatchOut},
    auth=bearer,
    openapi_extra=BODY,
    summary="Envoyer un lot de chiffres",
    description="Le fichier est contrôlé en entier, puis accepté (201) ou refusé (422, avec chaque "
    "défaut). Si des chiffres s'éloignent beaucoup de la période d'avant, rien n'est pris (409) : "
    "vérifiez, puis renvoyez avec confirm=true.",
)
def post_batch(
    request: HttpRequest,
    confirm: bool = Query(False, description="true : les écarts inhabituels sont confirmés"),
    file_name: str = Query(
        "",
        max_length=250,
        description="Nom du fichier, quand il est envoyé tel quel",
        example="2026-01.csv",
    ),
) -> Any:
    token = token_of(request)
    path, name = sent_file(request, file_name)
    try:
        with room_to_check(path):
            batch = receive_batch(
                path=path,
                file_name=name,
                network=token.network,
                token=token,
                scope=token.scope,
                accept=ALWAYS if confirm else UNLESS_JUMPS,
            )
    except Busy as error:
        raise ApiProblem(429, str(error), retry_after=60) from error
    finally:
        path.unlink(missing_ok=True)
    if batch.outcome == Outcome.REFUSED:
        raise ApiProblem(
            422,
            f"Le fichier a {batch.fault_count} défaut(s) : corrigez-les, puis renvoyez-le en "
            "entier.",
            batch=batch_out(batch),
            fault_count=batch.fault_count,
            faults=batch.faults,
        )
    if batch.outcome == Outcome.TO_CONFIRM:
        raise ApiProblem(
            409,
            "Des chiffres s'éloignent beaucoup de la période d'avant : vérifiez-les, puis renvoyez "
            "le fichier avec confirm=true, ou confirmez-le sur sa page.",
            batch=batch_out(batch),
        )
    return Status(201, batch_out(batch))


def sent_file(request: HttpRequest, file_name: str) -> tuple[Path, str]:
    """The body or the file of a form, written in the lake; and its name."""
    sent: Any = request
    if request.content_type == "multipart/form-data":
        sent = request.FILES.get("file")
        if sent is None:
            raise ApiProblem(422, "Le formulaire n'a pas de fichier : nommez son champ « file ».")
        file_name = file_name or str(sent.name)
    elif request.content_type == "application/x-www-form-urlencoded":
        raise ApiProblem(
            422, "Dites la sorte du fichier dans l'en-tête Content-Type, comme text/csv."
        )
    return kept(sent), file_name or named_in_header(request) or "envoi"


def kept(sent: ReadInChunks) -> Path:
    try:
        return keep_waiting(sent)
    except TooLarge as error:
        raise ApiProblem(413, str(error)) from error


def named_in_header(request: HttpRequest) -> str:
    found = NAMED_IN_HEADER.search(request.headers.get("Content-Disposition", ""))
    return found[1].strip() if found else ""


@router.get(
    "",
    response=BatchesOut,
    auth=bearer,
    summary="Les lots du réseau",
    description="Ceux que le jeton permet de suivre, quelle que soit la façon dont ils ont été "
    "envoyés.",
)
def list_batches(
    request: HttpRequest,
    limit: int = Query(20, ge=1, le=100, description="Lots par page"),
    offset: int = Query(0, ge=0, le=LAST_OFFSET, description="Lots à passer"),
) -> dict[str, Any]:
    found = batches_of(token_of(request))
    page = found[offset : offset + limit]
    items = [batch_out(batch) for batch in page]
    return as_list(request, items, count=found.count(), offset=offset, limit=limit)


@router.get(
    "/schema.json",
    response=TableSchemaOut,
    summary="Les colonnes d'un fichier de chiffres",
    description="Table Schema : chaque colonne, ce qu'elle contient, ses limites. Sans jeton.",
)
def batches_schema(request: HttpRequest) -> JsonResponse:
    return JsonResponse(table_schema(), json_dumps_params={"ensure_ascii": False})


@router.get(
    "/{int:number}",
    response=BatchOut,
    auth=bearer,
    summary="Un lot",
    description="Ce qu'est devenu un lot du réseau, par son numéro.",
)
def get_batch(
    request: HttpRequest,
    number: int = PathParameter(..., description="Numéro du lot", example=12),
) -> dict[str, Any]:
    found = batches_of(token_of(request)).filter(number=min(number, 2**62)).first()
    if found is None:
        raise Http404("Aucun lot de ce numéro ne dépend de ce jeton.")
    return batch_out(found)


def token_of(request: HttpRequest) -> SendingToken:
    found: SendingToken = request.auth  # type: ignore[attr-defined]
    return found


def batches_of(token: SendingToken) -> BatchQuerySet:
    """Those of the token's network, within its scope when it has one."""
    found = Batch.objects.filter(network=token.network).select_related("network", "scope")
    if token.scope is not None:
        found = found.filter(scope__path__descendants=token.scope.path)
    return found


def batch_out(batch: Batch) -> dict[str, Any]:
    changes = batch.changes or {}
    page = f"/agents/reseaux/{batch.network.code}/lots/{batch.address}/"
    return {
        "number": batch.number,
        "outcome": "withdrawn" if batch.withdrawn_at else str(batch.outcome),
        "network": batch.network.code,
        "scope": batch.scope.code if batch.scope else "",
        "file_name": batch.file_name,
        "sha256": batch.sha256,
        "rows": batch.row_count,
        "received_at": batch.received_at.isoformat(),
        "fault_count": batch.fault_count,
        "warning_count": batch.warning_count,
        "warnings": [
            {name: one[name] for name in ("kind", "message", "line", "structure")}
            for one in batch.warnings[:SHOWN]
        ],
        "changes": {name: changes.get(name, 0) for name in ("new", "replaced", "same")},
        "url": f"{settings.PUBLIC_URL}{page}",
    }
