"""`/agents/personnes/`: who has an account, what each may do, and the end of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guichet.accounts.actions import (
    change_email,
    end_sessions,
    reactivate_user,
    reset_authenticators,
)
from guichet.accounts.forms import AddressForm
from guichet.accounts.models import User
from guichet.core.access import PAGE_WITH_FORM, requires
from guichet.core.errors import RuleViolation
from guichet.directory.actions.memberships import change_role, end_membership, invite
from guichet.directory.actions.people import close_account
from guichet.directory.models import Membership, Role
from guichet.directory.models.memberships import PROGRAMME_ROLES
from guichet.directory.people_forms import RoleForm, TeamInvitationForm
from guichet.directory.people_pages import STATES, people_found, person_sheet
from guichet.directory.policies import ADMINISTER
from guichet.directory.views.actors import actor

PAGE_SIZE = 25


@dataclass(frozen=True)
class AccountAct:
    """What is done to an account: the question asked first, and what follows."""

    run: Callable[..., None]
    title: str
    consequence: str
    button: str
    done: str


ACTS = {
    "desactiver": AccountAct(
        close_account,
        "Désactiver le compte",
        "La personne perd tout de suite tous ses accès : ses sessions se ferment et tous ses rôles "
        "sont retirés. Elle en est prévenue par courriel.",
        "Désactiver ce compte",
        "Le compte est désactivé, tous les accès sont fermés.",
    ),
    "reactiver": AccountAct(
        reactivate_user,
        "Réactiver le compte",
        "La personne pourra de nouveau se connecter. Ses anciens rôles ne reviennent pas : "
        "il faudra les lui redonner.",
        "Réactiver ce compte",
        "Le compte est réactivé, sans aucun rôle.",
    ),
    "moyens": AccountAct(
        reset_authenticators,
        "Réinitialiser les moyens de connexion",
        "Clés d'accès, application, codes de secours et identité ProConnect sont effacés, les "
        "sessions se ferment. La personne se reconnectera avec un code reçu par courriel. "
        "Vérifiez d'abord, de vive voix, que c'est bien elle qui le demande.",
        "Réinitialiser",
        "Les moyens de connexion sont effacés.",
    ),
    "sessions": AccountAct(
        end_sessions,
        "Fermer les sessions",
        "La personne est déconnectée de tous ses appareils. Elle pourra se reconnecter.",
        "Fermer ses sessions",
        "Toutes les sessions sont fermées.",
    ),
}


@requires(ADMINISTER)
@never_cache
@require_safe
def persons(request: HttpRequest) -> HttpResponse:
    text, state = request.GET.get("q", ""), request.GET.get("etat", "")
    page = Paginator(people_found(text, state), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "text": text, "state": state, "states": STATES}
    return render(request, "directory/people/people.html", context)


@requires(ADMINISTER)
@never_cache
@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    sheet = person_sheet(known_person(pk))
    context = {"sheet": sheet, "person": sheet.person, "is_self": pk == actor(request).pk}
    return render(request, "directory/people/person.html", context)


def known_person(pk: int) -> User:
    return get_object_or_404(User, pk=pk, anonymised_at__isnull=True)


@requires(ADMINISTER)
@PAGE_WITH_FORM
def act_on_account(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """The question; then, posted, the deed."""
    found = known_person(pk)
    if act not in ACTS:
        raise Http404("Cette page n'existe pas.")
    wanted = ACTS[act]
    if request.method == "POST":
        run = partial(wanted.run, user=found, by=actor(request))
        return carried_out(request, found, run, wanted.done)
    return confirmation(
        request, found, wanted.title, consequence=wanted.consequence, button=wanted.button
    )


@requires(ADMINISTER)
@PAGE_WITH_FORM
def change_address(request: HttpRequest, pk: int) -> HttpResponse:
    """The new address; then the question; then, confirmed, the deed."""
    found = known_person(pk)
    form = AddressForm(request.POST or None, person=found)
    if not form.is_valid():
        context = {"person": found, "form": form, "title": "Changer l'adresse du compte"}
        return render(request, "directory/people/form.html", context)
    email = form.cleaned_data["email"]
    if "confirmed" in request.POST:
        run = partial(change_email, user=found, email=email, by=actor(request))
        return carried_out(request, found, run, f"Le compte a une nouvelle adresse : {email}.")
    return confirmation(
        request,
        found,
        f"Remplacer l'adresse par {email}",
        consequence="Les codes de connexion iront tout de suite à cette adresse, et les sessions "
        "se ferment. L'ancienne et la nouvelle adresse en sont prévenues par courriel. Vérifiez "
        "d'abord, de vive voix, que c'est bien la personne qui le demande.",
        button="Changer l'adresse",
        fields=[("email", email)],
    )


@requires(ADMINISTER)
@PAGE_WITH_FORM
def invite_to_team(request: HttpRequest) -> HttpResponse:
    form = TeamInvitationForm(request.POST or None)
    if form.is_valid():
        if "confirmed" not in request.POST:
            return render(request, "directory/people/invite_confirm.html", invitation(form))
        try:
            membership = invite(by=actor(request), **form.cleaned_data)
            messages.success(request, f"{membership.user} a ce rôle, et reçoit un courriel.")
            return redirect("person", membership.user_id)
        except RuleViolation as error:
            form.add_error(None, str(error))
    return render(request, "directory/people/invite.html", {"form": form})


def invitation(form: TeamInvitationForm) -> dict[str, Any]:
    chosen = form.cleaned_data
    known = User.objects.with_email(chosen["email"])
    return {"typed": list(chosen.items()), "chosen": chosen, "known": known} | {
        "role_label": Role(chosen["role"]).label
    }


@requires(ADMINISTER)
@PAGE_WITH_FORM
def give_role(request: HttpRequest, pk: int) -> HttpResponse:
    found = known_person(pk)
    form = RoleForm(request.POST or None, roles=person_sheet(found).roles_left)
    if not form.is_valid():
        title = "Donner un rôle"
        context = {"person": found, "form": form, "title": title}
        return render(request, "directory/people/form.html", context)
    role = Role(form.cleaned_data["role"])
    if "confirmed" in request.POST:
        run = partial(invite, email=found.email, role=role, by=actor(request))
        return carried_out(request, found, run, f"Rôle donné : {role.label}.")
    return confirmation(
        request,
        found,
        f"Donner le rôle « {role.label} »",
        consequence="Ce rôle vaut tout de suite, pour tout le programme. La personne en est "
        "prévenue par courriel.",
        button="Donner ce rôle",
        fields=[("role", role.value)],
    )


@requires(ADMINISTER)
@PAGE_WITH_FORM
def change_person_role(request: HttpRequest, pk: int, membership: int) -> HttpResponse:
    found = known_person(pk)
    held = current_membership(found, membership)
    if held.role not in PROGRAMME_ROLES:
        raise Http404("Ce rôle se change dans les pages de la structure ou du réseau.")
    form = RoleForm(request.POST or None, roles=person_sheet(found).roles_left)
    if not form.is_valid():
        title = f"Changer le rôle « {held.get_role_display()} »"
        context = {"person": found, "form": form, "title": title}
        return render(request, "directory/people/form.html", context)
    role = Role(form.cleaned_data["role"])
    if "confirmed" in request.POST:
        run = partial(change_role, membership=held, role=role, by=actor(request))
        return carried_out(request, found, run, f"Rôle changé : {role.label}.")
    return confirmation(
        request,
        found,
        f"Remplacer « {held.get_role_display()} » par « {role.label} »",
        consequence="Le changement vaut tout de suite.",
        button="Changer ce rôle",
        fields=[("role", role.value)],
    )


@requires(ADMINISTER)
@PAGE_WITH_FORM
def end_person_role(request: HttpRequest, pk: int, membership: int) -> HttpResponse:
    found = known_person(pk)
    held = current_membership(found, membership)
    if request.method == "POST":
        run = partial(end_membership, membership=held, by=actor(request))
        return carried_out(request, found, run, f"Rôle retiré : {held.get_role_display()}.")
    return confirmation(
        request,
        found,
        f"Retirer le rôle « {held.get_role_display()} »",
        consequence=f"Pour : {held.scope_name}. La personne perd cet accès tout de suite.",
        button="Retirer ce rôle",
    )


def current_membership(person: User, pk: int) -> Membership:
    return get_object_or_404(
        Membership.objects.select_related("structure", "network"),
        pk=pk,
        user=person,
        ended_at__isnull=True,
    )


def confirmation(
    request: HttpRequest,
    person: User,
    title: str,
    *,
    consequence: str,
    button: str,
    fields: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    context = {
        "person": person,
        "title": title,
        "consequence": consequence,
        "button": button,
        "fields": fields or [],
    }
    return render(request, "directory/people/confirm.html", context)


def carried_out(
    request: HttpRequest, person: User, run: Callable[[], object], done: str
) -> HttpResponse:
    """Back to the person, which says what was done or why it was not."""
    try:
        run()
    except RuleViolation as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    if person.pk == actor(request).pk:
        return redirect("agents_home")
    return redirect(reverse("person", args=[person.pk]))
