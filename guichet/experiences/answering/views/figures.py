"""How services answer, for who manages or leads them; and the delay a network gives itself."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from guichet.core.access import PAGE_WITH_FORM, requires
from guichet.core.errors import RuleViolation
from guichet.directory.models import Network
from guichet.directory.permissions import networks_led
from guichet.directory.policies import LEAD_NETWORK
from guichet.directory.views.actors import actor
from guichet.experiences.answering.clocks import set_target, target_of
from guichet.experiences.answering.figures import figures_of_reader
from guichet.experiences.answering.forms import TargetForm
from guichet.experiences.answering.policies import MANAGE_STORIES
from guichet.experiences.answering.views.inbox import chosen_structure


@requires(MANAGE_STORIES)
@require_safe
def story_figures(request: HttpRequest) -> HttpResponse:
    structure = chosen_structure(request)
    context = {
        "figures": figures_of_reader(request.user, structure, request.GET.get("page")),
        "structure": structure,
        "targets": [(one, target_of(one)) for one in networks_led(request.user)],
    }
    return render(request, "experiences/answering/figures.html", context)


@requires(LEAD_NETWORK)
@PAGE_WITH_FORM
def answering_target(request: HttpRequest, network: Network) -> HttpResponse:
    target = target_of(network)
    initial = {"days": target.days, "reminder_days": target.reminder_days}
    form = TargetForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            set_target(network=network, by=actor(request), **form.cleaned_data)
            messages.success(request, "Le délai est enregistré, pour les récits à venir.")
            return redirect("story_figures")
        except RuleViolation as error:
            form.add_error(None, str(error))
    context = {"form": form, "network": network}
    return render(request, "experiences/answering/target.html", context)
