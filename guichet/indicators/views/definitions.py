"""`/agents/indicateurs/`: what is measured, by whom it is defined, how it changed."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from guichet.core.access import PAGE_WITH_FORM, SIGNED_IN, requires
from guichet.core.errors import RuleViolation
from guichet.directory.models import Network
from guichet.directory.permissions import networks_led
from guichet.directory.views.actors import actor
from guichet.indicators.actions.definitions import (
    create_indicator,
    create_version,
    edit_version,
    may_define,
    may_lower_minimum,
    reinstate_indicator,
    retire_indicator,
)
from guichet.indicators.calculations.kinds import Kind
from guichet.indicators.definitions.pages import (
    grains_of_indicator,
    history_of,
    indicators_found,
    shown,
)
from guichet.indicators.definitions.usage import is_used
from guichet.indicators.forms.definitions import DefinitionForm, IndicatorsForm, KindForm
from guichet.indicators.models import Indicator, IndicatorVersion
from guichet.indicators.policies import DEFINE_ANY, DEFINE_INDICATOR

PAGE_SIZE = 50


@requires(SIGNED_IN)
@require_safe
def indicators(request: HttpRequest) -> HttpResponse:
    form = IndicatorsForm(request.GET)
    found = indicators_found(form.text, form.owner, form.state)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [(one, next(iter(one.versions.all()), None)) for one in page]
    may_create = bool(owners_of(request))
    context = {"form": form, "page": page, "rows": rows, "may_create": may_create}
    return render(request, "indicators/definitions/indicators.html", context)


@requires(SIGNED_IN)
@require_safe
def indicator(request: HttpRequest, indicator: str) -> HttpResponse:
    found = get_object_or_404(Indicator.objects.select_related("owner"), code=indicator)
    versions = [shown(version) for version in found.versions.order_by("-number")]
    context = {
        "indicator": found,
        "latest": versions[0] if versions else None,
        "earlier": versions[1:],
        "grains": grains_of_indicator(found),
        "history": history_of(found),
        "may_define": may_define(actor(request), found.owner),
        "is_used": bool(versions) and is_used(versions[0].version),
    }
    return render(request, "indicators/definitions/indicator.html", context)


def owners_of(request: HttpRequest) -> list[Network | None]:
    """Whose indicators the person may define, None for the programme."""
    by = actor(request)
    networks: list[Network | None] = list(networks_led(by))
    return [None, *networks] if may_define(by, None) else networks


def kind_asked(request: HttpRequest, default: str = "") -> Kind | None:
    try:
        return Kind(request.GET.get("forme", default))
    except ValueError:
        return None


@requires(DEFINE_ANY)
@PAGE_WITH_FORM
def create(request: HttpRequest) -> HttpResponse:
    """Its kind first, then the fields of that kind."""
    kind = kind_asked(request)
    if kind is None:
        return choose_kind(request, None)
    form = DefinitionForm(
        request.POST or None,
        kind=kind,
        owners=owners_of(request),
        may_lower_minimum=may_lower_minimum(actor(request)),
    )
    if form.is_valid():
        try:
            made = create_indicator(
                code=form.cleaned_data["code"].strip(),
                owner=form.owner,
                content=form.content(),
                by=actor(request),
            )
        except RuleViolation as error:
            form.add_error("code", str(error))
        else:
            messages.success(
                request,
                f"« {made.title} » est défini. Chaque réseau qui l'envoie déclare maintenant "
                "comment.",
            )
            return redirect("indicator", made.indicator.code)
    context = {"form": form, "indicator": None, "kind": kind}
    return render(request, "indicators/definitions/create.html", context)


def choose_kind(request: HttpRequest, indicator: Indicator | None) -> HttpResponse:
    form = KindForm(request.GET if "forme" in request.GET else None)
    context = {"form": form, "indicator": indicator}
    return render(request, "indicators/definitions/kind.html", context)


@requires(DEFINE_INDICATOR)
@PAGE_WITH_FORM
def version(request: HttpRequest, indicator: Indicator) -> HttpResponse:
    """The next version, from the latest; `forme` may be another."""
    latest = latest_of(indicator)
    if request.GET.get("forme") == "choisir":
        return choose_kind(request, indicator)
    kind = kind_asked(request, latest.kind) or Kind(latest.kind)
    form = DefinitionForm(
        request.POST or None,
        kind=kind,
        version=latest,
        with_note=True,
        may_lower_minimum=may_lower_minimum(actor(request)),
    )
    if form.is_valid():
        try:
            made = create_version(
                indicator=indicator,
                content=form.content(),
                change_note=form.cleaned_data["change_note"],
                by=actor(request),
            )
        except RuleViolation as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request,
                f"La version {made.number} existe. Déclarez comment votre réseau l'envoie, à "
                "partir d'un 1er janvier : la série d'avant reste lisible.",
            )
            return redirect("indicator", indicator.code)
    context = {"form": form, "indicator": indicator, "kind": kind, "latest": latest}
    return render(request, "indicators/definitions/version.html", context)


@requires(DEFINE_INDICATOR)
@PAGE_WITH_FORM
def edit(request: HttpRequest, indicator: Indicator, number: int) -> HttpResponse:
    """Everything while nothing rests on the version, then its titles and words only."""
    found = get_object_or_404(
        IndicatorVersion.objects.select_related("indicator__owner"),
        indicator=indicator,
        number=number,
    )
    used = is_used(found)
    form = DefinitionForm(
        request.POST or None,
        kind=Kind(found.kind),
        version=found,
        words_only=used,
        may_lower_minimum=may_lower_minimum(actor(request)),
    )
    if form.is_valid():
        try:
            changed = edit_version(version=found, content=form.content(), by=actor(request))
        except RuleViolation as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "C'est enregistré." if changed else "Rien n'a changé.")
            return redirect("indicator", indicator.code)
    context = {"form": form, "indicator": indicator, "version": found, "is_used": used}
    return render(request, "indicators/definitions/edit.html", context)


def latest_of(indicator: Indicator) -> IndicatorVersion:
    latest = indicator.versions.order_by("-number").first()
    if latest is None:
        raise Http404("Cet indicateur n'a aucune version.")
    return latest


@requires(DEFINE_INDICATOR)
@require_POST
def retire(request: HttpRequest, indicator: Indicator) -> HttpResponse:
    retire_indicator(indicator=indicator, by=actor(request))
    messages.success(
        request, f"« {indicator.code} » est retiré : ses chiffres passés restent lisibles."
    )
    return redirect("indicator", indicator.code)


@requires(DEFINE_INDICATOR)
@require_POST
def reinstate(request: HttpRequest, indicator: Indicator) -> HttpResponse:
    reinstate_indicator(indicator=indicator, by=actor(request))
    messages.success(request, f"« {indicator.code} » est de nouveau en service.")
    return redirect("indicator", indicator.code)
