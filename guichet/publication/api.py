"""GET /api/v1/results, /api/v1/indicators and /api/v1/releases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from ninja import Field, Router, Schema
from ninja.params.functions import Query

from guichet.core.paging import LAST_OFFSET, as_list
from guichet.directory.models import Network, Structure
from guichet.directory.queries import code_known_elsewhere
from guichet.indicators.models import Grain, Indicator, IndicatorVersion
from guichet.publication.models import Release
from guichet.publication.published.figures import Change, Comparison, figure
from guichet.publication.published.listed_results import (
    Listed,
    ListedResult,
    Question,
    of_every_place,
    of_structure,
    of_territory,
)
from guichet.publication.published.queries import (
    current_release,
    published_release,
    territory_named,
)
from guichet.publication.published.serving import VersionKey, versions_by_key
from guichet.publication.targets import target_state

results_router = Router(tags=["Résultats"])
indicators_router = Router(tags=["Résultats"])
releases_router = Router(tags=["Résultats"])
MAX_LIMIT = 1000
NOTHING = figure({"period": "", "state": "withheld"})
CODE = r"^[0-9A-Za-z._-]*$"
PERIOD = r"^(?:[0-9]{4}(?:-(?:W(?:[0-9]{2})?|Q[1-4]|[0-9]{2}(?:-[0-9]{2})?))?)?$"
TERRITORY = r"^(?:[Ff][Rr]|[Rr][0-9]{2,3}|[0-9]{1,3}|2[ABab])?$"


class ComparisonOut(Schema):
    rest: float | None = Field(description="Valeur du reste, sans ce lieu")
    gap: float | None = Field(description="Écart : valeur moins le reste")
    verdict: str = Field(
        description="better, worse, above, below, no_clear_difference ou insufficient",
        examples=["no_clear_difference"],
    )


class ChangeOut(Schema):
    period: str = Field(description="Période d'avant", examples=["2026-01"])
    gap: float | None = Field(description="Différence avec cette période")
    verdict: str = Field(
        description="improved, worsened, rose, fell, no_clear_change ou insufficient"
    )


class QuantileOut(Schema):
    q: float = Field(description="0,5 (la moitié des cas) ou 0,9", examples=[0.5])
    above: float | None = Field(description="Plus que")
    at_most: float | None = Field(description="Au plus ; null : ouvert")
    interval_above: float | None = Field(description="Borne basse de l'intervalle à 95 %")
    interval_at_most: float | None = Field(description="Borne haute de l'intervalle à 95 %")


class ResultOut(Schema):
    network: str = Field(description="Code du réseau", examples=["caf"])
    indicator: str = Field(description="Code de l'indicateur", examples=["satisfaction"])
    version: int = Field(description="Version de l'indicateur", examples=[1])
    standing: str = Field(
        description="À qui est ce chiffre : own (au lieu), pool (à son regroupement : trop peu de "
        "cas), above (à ce qui est au-dessus de la structure demandée : le réseau publie à ce "
        "niveau), declared (déclaré par le réseau), withheld (non publié : trop peu de cas)",
        examples=["own"],
    )
    level: str = Field(description="structure, pool, departement, region ou nation")
    place: str = Field(description="Code du lieu", examples=["caf-lille"])
    place_name: str = Field(description="Nom du lieu")
    pool_members: list[str] = Field(description="Codes des membres d'un regroupement")
    period: str | None = Field(description="Période ; null : rien n'est publié")
    cut: str = Field(description="Coupe, vide : toutes ensemble")
    state: str = Field(
        description="published, missing (rien reçu), no_whole (aucun cas), declared ou withheld",
        examples=["published"],
    )
    to_date: bool = Field(description="L'année n'est pas finie")
    value: float | None = Field(description="Valeur, dans l'unité de l'indicateur")
    low: float | None = Field(description="Borne basse à 95 %, d'un échantillon")
    high: float | None = Field(description="Borne haute à 95 %, d'un échantillon")
    counters: list[int] = Field(description="Compteurs, dans l'ordre de l'indicateur")
    expected: int = Field(description="Relevés attendus")
    received: int = Field(description="Relevés reçus")
    target: str = Field(
        description="met (cible atteinte), not_met, vide (l'indicateur n'en a pas). D'une valeur "
        "déclarée, la cible que fixe sa source pour ce lieu : met, not_met, not_yet (pas encore, "
        "la période visée finit plus tard) ou not_applicable (sa source n'en fixe pas)",
        examples=["met"],
    )
    departement: ComparisonOut | None = Field(description="Avec le reste du département")
    nation: ComparisonOut | None = Field(description="Avec le reste du pays")
    previous: ChangeOut | None = Field(description="Depuis la période d'avant")
    year_before: ChangeOut | None = Field(description="Depuis un an avant")
    quantiles: list[QuantileOut] = Field(description="D'une répartition")
    source: str = Field(description="Source d'une valeur déclarée")
    aimed_at: float | None = Field(
        description="Ce que vise la source d'une valeur déclarée ; null : rien ici"
    )
    aimed_for: str = Field(description="Période visée, vide s'il n'y en a pas")
    release: str = Field(description="Édition", examples=["2026-04"])
    part: str | None = Field(description="Part de l'édition où est la ligne")
    rows_sha256: str | None = Field(description="SHA-256 des lignes de cette part")
    rows_url: str | None = Field(description="Adresse de ces lignes")
    is_demonstration: bool = Field(description="Chiffre inventé ; jamais une valeur déclarée")


class ResultList(Schema):
    items: list[ResultOut] = Field(description="Cette page")
    count: int = Field(description="Nombre total de réponses", examples=[1])
    next: str | None = Field(description="Adresse de la page suivante, null à la dernière")


class CounterOut(Schema):
    name: str = Field(description="Nom du compteur", examples=["part"])
    words: str = Field(description="Ce qu'il compte", examples=["appels décrochés"])


class GrainOut(Schema):
    network: str = Field(description="Code du réseau")
    level: str = Field(description="Niveau compté : site, departement, region ou national")
    publication_level: str = Field(description="Niveau publié")
    period: str = Field(description="day, week, month, quarter ou year")
    cuts: list[str] = Field(description="Codes des coupes")
    first_period: str = Field(description="Première période")
    ended_on: date | None = Field(description="Dernier jour, null si elle est en cours")


class IndicatorOut(Schema):
    code: str = Field(description="Code", examples=["satisfaction"])
    version: int = Field(description="Version", examples=[1])
    title: str = Field(description="Intitulé")
    public_title: str = Field(description="Intitulé pour les usagers")
    family: str = Field(description="performance ou satisfaction")
    kind: str = Field(description="share, net_share, mean, distribution ou count")
    counters: list[CounterOut] = Field(description="Compteurs, dans l'ordre")
    nature: str = Field(description="census (exhaustif) ou sample (échantillon)")
    unit: str = Field(description="Unité", examples=["percent"])
    direction: str = Field(description="Ce qui est bien : higher, lower ou none")
    target: float | None = Field(description="Cible")
    margin: float = Field(description="Un écart moindre n'est pas net")
    minimum: int = Field(description="Au-dessous, les cas sont groupés")
    is_summed: bool = Field(description="Faux : compte pour son seul lieu")
    bounds: list[float] = Field(description="Bornes hautes des tranches d'une répartition")
    reference_bound: float | None = Field(description="Borne dont la part est publiée")
    frequency: str = Field(description="Fréquence, en mots")
    source: str = Field(description="Source")
    method: str = Field(description="Méthode")
    owner: str | None = Field(description="Code du réseau à qui il est, null : le programme")
    retired_on: date | None = Field(description="Retiré le")
    grains: list[GrainOut] = Field(description="Comment chaque réseau le compte")


class IndicatorList(Schema):
    items: list[IndicatorOut] = Field(description="Cette page")
    count: int = Field(description="Nombre total de réponses", examples=[1])
    next: str | None = Field(description="Adresse de la page suivante, null à la dernière")


class ReleaseOut(Schema):
    name: str = Field(description="Nom de l'édition", examples=["2026-04"])
    is_current: bool = Field(description="L'édition que montrent les pages")
    published_at: datetime | None = Field(description="Publiée le")
    frozen_on: date = Field(description="Jour de l'arbre et des territoires")
    through: date = Field(description="Dernier jour couvert")
    identity: str = Field(description="SHA-256 des empreintes de ses parts")
    row_count: int = Field(description="Lignes publiées")
    correction_count: int = Field(
        description="Chiffres corrigés depuis la précédente, sans ce que des lieux déplacés ou "
        "regroupés autrement font changer : le nombre que donnent les pages"
    )
    changed_line_count: int = Field(
        description="Lignes de corrections.csv : tout ce qui diffère de la précédente"
    )
    previous: str | None = Field(description="Édition précédente")
    note: str = Field(description="Note de qui publie")
    is_demonstration: bool = Field(description="Ses chiffres calculés sont inventés")
    url: str = Field(description="Page de ses fichiers")
    archive_url: str = Field(description="L'édition entière, en ZIP")
    manifest_url: str = Field(description="Liste de ses fichiers, avec leurs empreintes")


class ReleaseList(Schema):
    items: list[ReleaseOut] = Field(description="Cette page")
    count: int = Field(description="Nombre total de réponses", examples=[1])
    next: str | None = Field(description="Adresse de la page suivante, null à la dernière")


@results_router.get("", response=ResultList, summary="Résultats publiés")
def results(
    request: HttpRequest,
    structure: str = Query(
        "", pattern=CODE, max_length=150, description="Code d'une structure", example="caf-lille"
    ),
    territory_code: str = Query(
        "",
        alias="territory",
        pattern=TERRITORY,
        description="Département (59), région (R32) ou pays (FR)",
        example="59",
    ),
    indicator: str = Query(
        "", pattern=CODE, max_length=60, description="Code d'un indicateur", example="satisfaction"
    ),
    network: str = Query(
        "", pattern=CODE, max_length=60, description="Code d'un réseau", example="caf"
    ),
    period: str = Query(
        "",
        pattern=PERIOD,
        description="2026-01-31, 2026-W05, 2026-01, 2026-Q1, 2026, ou 2026-W (année de semaines)",
        example="2026-Q1",
    ),
    release: str = Query(
        "", pattern=CODE, max_length=60, description="Nom d'une édition ; celle en vigueur sinon"
    ),
    limit: int = Query(100, ge=1, le=MAX_LIMIT, description="Réponses par page"),
    offset: int = Query(0, ge=0, le=LAST_OFFSET, description="Réponses à passer"),
) -> dict[str, Any]:
    """Les chiffres publiés, avec les nombres dont ils viennent. D'une structure : ce que montre sa
    page, sous le nom de qui est le chiffre. D'un territoire : les siens, de tous les réseaux. Sans
    structure ni territoire : ceux de tous les lieux, et de la dernière année si aucune période
    n'est demandée. Pour tout lire, préférez les fichiers de /donnees/."""
    edition = published_release(release) if release else current_release()
    if edition is None:
        if release:
            raise Http404(f"Aucune édition publiée ne s'appelle {release}.")
        return as_list(request, [], count=0, offset=0, limit=limit)
    refuse_unknown(indicator, network)
    question = Question(indicator=indicator, network=network, period=period)
    page = {"limit": limit, "offset": offset}
    if structure:
        listed = of_structure(structure_named(structure), edition, question, **page)
    elif territory_code:
        found = territory_named(territory_code)
        if found is None:
            raise Http404(f"Aucun territoire n'a le code {territory_code}.")
        listed = of_territory(found, edition, question, **page)
    else:
        listed = of_every_place(edition, question, **page)
    return results_out(request, listed, edition, **page)


def refuse_unknown(indicator: str, network: str) -> None:
    if indicator and not Indicator.objects.filter(code=indicator).exists():
        raise Http404(f"Aucun indicateur n'a le code {indicator}.")
    if network and not Network.objects.filter(code=network).exists():
        raise Http404(f"Aucun réseau n'a le code {network}.")


def structure_named(code: str) -> Structure:
    """By its code, else by that of one of its sources; one that was merged has no results."""
    wanted = Structure.objects.select_related("network", "commune__departement__region")
    found = wanted.filter(code=code).first()
    if found is None:
        known = code_known_elsewhere(code)
        found = wanted.filter(code=known).first() if known else None
    if found is None:
        raise Http404(f"Aucune structure n'a le code {code}.")
    return found


def results_out(
    request: HttpRequest, listed: Listed, release: Release, *, limit: int, offset: int
) -> dict[str, Any]:
    has_aims = any(one.figure and one.figure.aimed_for for one in listed.items)
    versions = versions_by_key() if has_aims else {}
    items = [result_out(request, one, release, versions) for one in listed.items]
    return as_list(request, items, count=listed.count, offset=offset, limit=limit)


def result_out(
    request: HttpRequest,
    result: ListedResult,
    release: Release,
    versions: Mapping[VersionKey, IndicatorVersion],
) -> dict[str, Any]:
    shown, part = result.figure or NOTHING, result.part
    version = versions.get((result.indicator, result.version))
    file = f"rows/{part}.csv" if part else ""
    return {
        "network": result.network,
        "indicator": result.indicator,
        "version": result.version,
        "standing": result.standing,
        "level": result.place.level,
        "place": result.place.code,
        "place_name": result.place.name,
        "pool_members": list(result.pool_members),
        "period": shown.period or None,
        "cut": shown.cut,
        "state": shown.state,
        "to_date": shown.is_to_date,
        "value": real(shown.value),
        "low": real(shown.low),
        "high": real(shown.high),
        "counters": list(shown.counters),
        "expected": shown.expected,
        "received": shown.received,
        "target": target_state(shown, version.definition if version else None),
        "departement": comparison_out(shown.departement),
        "nation": comparison_out(shown.nation),
        "previous": change_out(shown.previous),
        "year_before": change_out(shown.year_before),
        "quantiles": [
            {name: real(getattr(one, name)) for name in QuantileOut.model_fields}
            for one in shown.quantiles
        ],
        "source": shown.source,
        "aimed_at": real(shown.aimed_at),
        "aimed_for": shown.aimed_for,
        "release": release.name,
        "part": str(part) if part else None,
        "rows_sha256": part.files.get("rows") if part else None,
        "rows_url": part
        and request.build_absolute_uri(reverse("open_release_file", args=[release.name, file])),
        "is_demonstration": release.is_demonstration and result.standing != "declared",
    }


def real(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def comparison_out(one: Comparison | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {"rest": real(one.rest), "gap": real(one.gap), "verdict": one.verdict}


def change_out(one: Change | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {"period": one.period, "gap": real(one.gap), "verdict": one.verdict}


@indicators_router.get("", response=IndicatorList, summary="Indicateurs")
def indicators(
    request: HttpRequest,
    limit: int = Query(100, ge=1, le=MAX_LIMIT, description="Réponses par page"),
    offset: int = Query(0, ge=0, le=LAST_OFFSET, description="Réponses à passer"),
) -> dict[str, Any]:
    """Toutes les versions de tous les indicateurs, par code, et comment chaque réseau les
    compte."""
    versions = IndicatorVersion.objects.select_related("indicator__owner")
    page = list(versions.order_by("indicator__code", "number")[offset : offset + limit])
    grains: dict[int, list[Grain]] = {}
    known = Grain.objects.filter(version__in=page).select_related("network")
    for grain in known.order_by("network__code", "first_period"):
        grains.setdefault(grain.version_id, []).append(grain)
    items = [indicator_out(one, grains.get(one.pk, [])) for one in page]
    return as_list(request, items, count=versions.count(), offset=offset, limit=limit)


def indicator_out(version: IndicatorVersion, grains: list[Grain]) -> dict[str, Any]:
    indicator = version.indicator
    return {
        "code": indicator.code,
        "version": version.number,
        "counters": [
            {"name": name, "words": version.counter_words.get(name, "")}
            for name in version.definition.counters
        ],
        "target": real(version.target),
        "margin": real(version.margin),
        "bounds": [float(bound) for bound in version.bounds],
        "reference_bound": real(version.reference_bound),
        "owner": indicator.owner.code if indicator.owner else None,
        "retired_on": indicator.retired_on,
        **{name: getattr(version, name) for name in SAME_NAMES},
        "grains": [
            {
                "network": grain.network.code,
                "level": grain.level,
                "publication_level": grain.publication_level,
                "period": grain.period_kind,
                "cuts": grain.cuts,
                "first_period": grain.first_period,
                "ended_on": grain.ended_on,
            }
            for grain in grains
        ],
    }


SAME_NAMES = (
    "title",
    "public_title",
    "family",
    "kind",
    "nature",
    "unit",
    "direction",
    "minimum",
    "is_summed",
    "frequency",
    "source",
    "method",
)


@releases_router.get("", response=ReleaseList, summary="Éditions")
def releases(
    request: HttpRequest,
    limit: int = Query(100, ge=1, le=MAX_LIMIT, description="Réponses par page"),
    offset: int = Query(0, ge=0, le=LAST_OFFSET, description="Réponses à passer"),
) -> dict[str, Any]:
    """Les éditions publiées, de la plus récente à la plus ancienne. Une édition ne change
    jamais."""
    published = Release.objects.published().select_related("previous")
    page = published.order_by("-published_at", "-pk")[offset : offset + limit]
    items = [release_out(request, one) for one in page]
    return as_list(request, items, count=published.count(), offset=offset, limit=limit)


def release_out(request: HttpRequest, release: Release) -> dict[str, Any]:
    def address(name: str, *arguments: str) -> str:
        return request.build_absolute_uri(reverse(name, args=[release.name, *arguments]))

    return {
        "name": release.name,
        "is_current": release.is_current,
        "published_at": release.published_at,
        "frozen_on": release.frozen_on,
        "through": release.through,
        "identity": release.identity,
        "row_count": release.row_count,
        "correction_count": release.correction_count,
        "changed_line_count": release.changed_line_count,
        "previous": release.previous.name if release.previous else None,
        "note": release.note,
        "is_demonstration": release.is_demonstration,
        "url": address("open_release"),
        "archive_url": address("open_release_archive"),
        "manifest_url": address("open_release_file", "manifest.json"),
    }
