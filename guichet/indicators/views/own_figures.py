"""`/agents/structures/<code>/chiffres/`: a structure's own figures, and what it says of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from guichet.core.access import PAGE_WITH_FORM, requires
from guichet.core.errors import RuleViolation
from guichet.directory.models import Structure
from guichet.directory.permissions import powers_of
from guichet.directory.policies import READ_STRUCTURE, RESPOND_STRUCTURE
from guichet.directory.views.actors import actor
from guichet.indicators.actions.comments import comment_figure, withdraw_comment
from guichet.indicators.forms.batches import CommentForm
from guichet.indicators.models import FigureComment, IndicatorVersion
from guichet.indicators.own_figures import own_indicators


@requires(READ_STRUCTURE)
@require_safe
def own_figures(request: HttpRequest, structure: Structure) -> HttpResponse:
    context = {
        "structure": structure,
        "indicators": own_indicators(structure),
        "may_respond": powers_of(request.user).may_respond(structure),
    }
    return render(request, "indicators/figures/own.html", context)


@requires(RESPOND_STRUCTURE)
@PAGE_WITH_FORM
def comment(
    request: HttpRequest, structure: Structure, indicator: str, number: int, period: str
) -> HttpResponse:
    version = get_object_or_404(
        IndicatorVersion.objects.select_related("indicator"),
        indicator__code=indicator,
        number=number,
    )
    form = CommentForm(request.POST or None)
    if form.is_valid():
        try:
            comment_figure(
                structure=structure,
                version=version,
                period=period,
                by=actor(request),
                **form.cleaned_data,
            )
            messages.success(request, "Votre commentaire sera montré à côté de ce chiffre.")
            return redirect("own_figures", structure.code)
        except RuleViolation as error:
            form.add_error(None, str(error))
    context = {"structure": structure, "version": version, "period": period, "form": form}
    return render(request, "indicators/figures/comment.html", context)


@requires(RESPOND_STRUCTURE)
@require_POST
def withdraw(request: HttpRequest, structure: Structure, pk: int) -> HttpResponse:
    found = get_object_or_404(
        FigureComment.objects.select_related("structure", "version__indicator"),
        structure=structure,
        pk=pk,
    )
    withdraw_comment(comment=found, by=actor(request))
    messages.success(request, "Votre commentaire n'est plus montré.")
    return redirect("own_figures", structure.code)
