"""Posters: the PDF of a place, the confirmation that it hangs, all those of a network."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from guichet.core.access import PAGE_WITH_FORM, PUBLIC, requires
from guichet.core.errors import RuleViolation
from guichet.directory.models import Network, Structure
from guichet.directory.permissions import powers_of
from guichet.directory.policies import LEAD_NETWORK, MANAGE_STRUCTURE, READ_STRUCTURE
from guichet.directory.views.actors import actor
from guichet.publication.actions.displays import (
    confirm_display,
    standing_display,
    withdraw_display,
)
from guichet.publication.actions.poster_archives import KEPT_FOR, ask_posters, lake
from guichet.publication.editions import asked_edition
from guichet.publication.forms.posters import DisplayForm, PaperForm
from guichet.publication.limits import POSTER, limits
from guichet.publication.models import DisplayConfirmation, PosterArchive
from guichet.publication.posters.content import poster_of, structure_for_poster
from guichet.publication.posters.drawing import FORMATS, draw_pdf_apart
from guichet.publication.published.queries import current_release
from guichet.publication.views.unknown_editions import tells_editions

SHOWN_DISPLAYS = 20


@requires(PUBLIC)
@tells_editions
@limits(POSTER)
@require_safe
def poster(request: HttpRequest, code: str) -> HttpResponse:
    """`?format=A3`, `?edition=2026-07`; of another paper there is none."""
    paper = next((one for one in FORMATS if one == request.GET.get("format", FORMATS[0])), None)
    if paper is None:
        raise Http404("L'affiche existe en deux formats : ?format=A4 et ?format=A3.")
    structure, edition = structure_for_poster(code), asked_edition(request)
    if structure is None or edition is None:
        raise Http404("Aucune affiche à cette adresse.")
    try:
        pdf = draw_pdf_apart(poster_of(structure, edition.release), paper)
    except RuleViolation as error:
        context = {"structure": structure, "reason": str(error)}
        return render(request, "publication/posters/no_poster.html", context, status=404)
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="affiche-{code}-{paper}.pdf"'},
    )


@requires(READ_STRUCTURE)
@require_safe
def displays(request: HttpRequest, structure: Structure) -> HttpResponse:
    form = DisplayForm() if powers_of(request.user).may_manage(structure) else None
    return displays_page(request, structure, form)


@requires(MANAGE_STRUCTURE)
@PAGE_WITH_FORM
def confirm(request: HttpRequest, structure: Structure) -> HttpResponse:
    form = DisplayForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            confirm_display(
                structure=structure,
                displayed_on=form.day(),
                photo=form.cleaned_data["photo"],
                by=actor(request),
            )
            messages.success(request, "C'est noté : les résultats sont affichés dans ce lieu.")
            return redirect("displays", structure.code)
        except RuleViolation as error:
            form.add_error(None, str(error))
    return displays_page(request, structure, form)


def displays_page(
    request: HttpRequest, structure: Structure, form: DisplayForm | None
) -> HttpResponse:
    confirmations = (
        DisplayConfirmation.objects.filter(structure=structure)
        .select_related("by")
        .annotate(has_photo=Q(photo__isnull=False))
        .defer("photo")
    )
    context = {
        "structure": structure,
        "form": form,
        "release": current_release(),
        "standing": standing_display(structure, timezone.localdate()),
        "confirmations": confirmations[:SHOWN_DISPLAYS],
        "may_manage": powers_of(request.user).may_manage(structure),
    }
    return render(request, "publication/posters/displays.html", context)


@requires(MANAGE_STRUCTURE)
@require_POST
def withdraw(request: HttpRequest, structure: Structure, pk: int) -> HttpResponse:
    found = get_object_or_404(
        DisplayConfirmation.objects.select_related("structure"), structure=structure, pk=pk
    )
    withdraw_display(confirmation=found, by=actor(request))
    messages.success(request, "Confirmation retirée, photo effacée.")
    return redirect("displays", structure.code)


@requires(READ_STRUCTURE)
@require_safe
def photo(request: HttpRequest, structure: Structure, pk: int) -> HttpResponse:
    found = get_object_or_404(DisplayConfirmation, structure=structure, pk=pk, photo__isnull=False)
    return HttpResponse(bytes(found.photo or b""), content_type="image/jpeg")


@requires(LEAD_NETWORK)
@PAGE_WITH_FORM
def network_posters(request: HttpRequest, network: Network) -> HttpResponse:
    form = PaperForm(request.POST or None)
    if form.is_valid():
        try:
            ask_posters(network=network, paper=form.cleaned_data["paper"], by=actor(request))
            messages.success(
                request, "Les affiches se préparent : revenez sur cette page dans un moment."
            )
            return redirect("network_posters", network.code)
        except RuleViolation as error:
            form.add_error(None, str(error))
    context = {
        "network": network,
        "form": form,
        "release": current_release(),
        "archives": PosterArchive.objects.filter(network=network).select_related("asked_by"),
        "kept_days": KEPT_FOR.days,
    }
    return render(request, "publication/posters/network.html", context)


@requires(LEAD_NETWORK)
@require_safe
def network_archive(request: HttpRequest, network: Network, pk: int) -> HttpResponseBase:
    archive = get_object_or_404(
        PosterArchive, network=network, pk=pk, state=PosterArchive.State.READY
    )
    path = lake() / archive.file
    if not path.is_file():
        raise Http404("Cette archive a été effacée : demandez-la de nouveau.")
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)
