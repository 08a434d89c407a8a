"""`/agents/experiences/modeles/`: starts of answers, kept by managers and leads."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from guichet.core.access import PAGE_WITH_FORM, requires
from guichet.core.errors import RuleViolation
from guichet.directory.models import Network, Structure
from guichet.directory.permissions import CAN_MANAGE, networks_led, powers_of, structures_covered
from guichet.directory.views.actors import actor
from guichet.experiences.answering.forms import TemplateForm
from guichet.experiences.answering.policies import EDIT_TEMPLATE, MANAGE_STORIES
from guichet.experiences.answering.templates import end_template, save_template, templates_managed
from guichet.experiences.models import AnswerTemplate

MOST_SCOPES = 200


@requires(MANAGE_STORIES)
@require_safe
def answer_templates(request: HttpRequest) -> HttpResponse:
    templates = templates_managed(request.user).order_by("title", "pk")
    return render(request, "experiences/answering/templates.html", {"templates": templates})


@requires(MANAGE_STORIES)
@PAGE_WITH_FORM
def new_template(request: HttpRequest) -> HttpResponse:
    return edited(request, AnswerTemplate(), scopes_of(request.user))


@requires(EDIT_TEMPLATE)
@PAGE_WITH_FORM
def edit_template(request: HttpRequest, template: AnswerTemplate) -> HttpResponse:
    return edited(request, template, [])


def edited(
    request: HttpRequest, template: AnswerTemplate, scopes: list[tuple[str, str]]
) -> HttpResponse:
    initial = {"title": template.title, "text": template.text}
    data = request.POST if request.method == "POST" else None
    form = TemplateForm(data, initial=initial, scopes=scopes)
    if form.is_valid():
        try:
            network, structure = scope_in(form.cleaned_data.get("scope", ""))
            save_template(
                template=template,
                by=actor(request),
                title=form.cleaned_data["title"],
                text=form.cleaned_data["text"],
                network=network,
                structure=structure,
            )
            messages.success(request, "Le modèle est enregistré.")
            return redirect("answer_templates")
        except RuleViolation as error:
            form.add_error("text", str(error))
    context = {"form": form, "template": template}
    return render(request, "experiences/answering/template.html", context)


@requires(EDIT_TEMPLATE)
@require_POST
def end_answer_template(request: HttpRequest, template: AnswerTemplate) -> HttpResponse:
    end_template(template=template, by=actor(request))
    messages.success(request, f"Le modèle « {template} » n'est plus proposé.")
    return redirect("answer_templates")


def scopes_of(user: object) -> list[tuple[str, str]]:
    """Where a person may put a template: the networks led, then the structures managed, those at
    the top of the tree first."""
    networks = [(f"r{one.pk}", f"Tout le réseau {one.name}") for one in networks_led(user)]
    if powers_of(user).is_administrator:
        return networks
    structures = structures_covered(user, CAN_MANAGE).open_ones().order_by("path__depth", "name")
    places = [(f"s{one.pk}", f"{one.name} et ce qui en dépend") for one in structures[:MOST_SCOPES]]
    return [*networks, *places]


def scope_in(value: str) -> tuple[Network | None, Structure | None]:
    """What a choice of `scopes_of` names; the form refused any other."""
    if value.startswith("r"):
        return Network.objects.get(pk=value[1:]), None
    if value.startswith("s"):
        return None, Structure.objects.get(pk=value[1:])
    return None, None
