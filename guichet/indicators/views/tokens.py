"""`/agents/reseaux/<network>/jetons/`: what lets a network's machine send."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from guichet.core.access import PAGE_WITH_FORM, requires
from guichet.core.errors import RuleViolation
from guichet.directory.models import Network, Structure
from guichet.directory.policies import LEAD_NETWORK
from guichet.directory.views.actors import actor
from guichet.indicators.actions.tokens import create_token, revoke_token
from guichet.indicators.forms.batches import TokenForm
from guichet.indicators.models import SendingToken


@requires(LEAD_NETWORK)
@PAGE_WITH_FORM
def tokens(request: HttpRequest, network: Network) -> HttpResponse:
    """The list and the form; a new token is shown on this answer, and never again."""
    form = TokenForm(
        request.POST or None, structures=Structure.objects.filter(network=network).open_ones()
    )
    made, secret = None, ""
    if form.is_valid():
        try:
            made, secret = create_token(
                network=network,
                label=form.cleaned_data["label"],
                scope=form.scope,
                by=actor(request),
            )
            form = TokenForm(structures=form.structures)
        except RuleViolation as error:
            form.add_error(None, str(error))
    held = SendingToken.objects.filter(network=network).select_related("scope", "created_by")
    context = {
        "network": network,
        "form": form,
        "made": made,
        "secret": secret,
        "in_use": [one for one in held if one.revoked_at is None],
        "revoked": [one for one in held if one.revoked_at is not None],
    }
    response = render(request, "indicators/tokens/tokens.html", context)
    if secret:
        response.headers["Cache-Control"] = "no-store"
    return response


@requires(LEAD_NETWORK)
@require_POST
def revoke(request: HttpRequest, network: Network, pk: int) -> HttpResponse:
    found = get_object_or_404(
        SendingToken.objects.select_related("network", "scope"), network=network, pk=pk
    )
    revoke_token(token=found, by=actor(request))
    messages.success(request, f"Le jeton « {found.label} » ne permet plus rien.")
    return redirect("tokens", network.code)
