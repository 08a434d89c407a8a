"""`/agents/structures/<code>/orientation/` and `…/fiches/`: send a person on, and receive one."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from guichet.core.access import PAGE_WITH_FORM, SIGNED_IN, requires
from guichet.core.errors import RuleViolation
from guichet.core.text import search_text
from guichet.directory.models import Structure
from guichet.directory.permissions import powers_of
from guichet.directory.policies import READ_STRUCTURE, RESPOND_STRUCTURE
from guichet.directory.views.actors import actor
from guichet.orientation.actions import handovers as actions
from guichet.orientation.answer_page import URGENT_NUMBERS, URGENT_TITLES
from guichet.orientation.handovers.forms import (
    HandoverForm,
    MailForm,
    SmsForm,
    WishForm,
    WrongServiceForm,
    commune_of,
    sms_form,
    wish_of,
)
from guichet.orientation.handovers.guesses import may_try, note_wrong
from guichet.orientation.handovers.lists import (
    BADGES,
    HandoverList,
    address_for,
    agent_address,
    handover_list,
    possible_senders,
    readable_structures,
    sheet_under,
    under,
)
from guichet.orientation.handovers.offer import Offer, offer_of
from guichet.orientation.handovers.sheet import handover_sheet, sms_text
from guichet.orientation.models import Handover, Need, Urgency


@requires(RESPOND_STRUCTURE)
@never_cache
@PAGE_WITH_FORM
def hand_over(request: HttpRequest, structure: Structure) -> HttpResponse:
    """One screen: the words, then the places they lead to and the sheet, ready to be made."""
    wish = wish_of(request.GET, structure)
    offer = offer_of(structure, wish) if wish.asks_something else None
    form = HandoverForm(request.POST or None, offer=offer) if offer and offer.choices else None
    if form is not None and form.is_valid():
        try:
            return redirect(agent_address(structure, made(request, structure, form)))
        except RuleViolation as error:
            form.add_error(None, str(error))
    context: dict[str, Any] = {
        "structure": structure,
        "wish": wish,
        "search": WishForm(wish, has_focus=form is None),
        "offer": offer,
        "form": form,
    }
    if offer is not None:
        context |= urgency_of(offer)
    return render(request, "orientation/handovers/hand_over.html", context)


def made(request: HttpRequest, sender: Structure, form: HandoverForm) -> Handover:
    values = form.cleaned_data
    handover = actions.create_handover(
        sender=sender,
        receiver=form.receiver,
        by=actor(request),
        subject=values["subject"],
        why=values["why"],
        documents=values["documents"],
        note=values["note"],
        need=Need.objects.filter(code=form.offer.need).first() if form.offer.need else None,
        came_from=form.came_from_kind,
        reference=form.reference,
    )
    messages.success(request, "La fiche est prête : imprimez-la, envoyez-la ou dites sa référence.")
    return handover


def urgency_of(offer: Offer) -> dict[str, str]:
    urgent = Urgency(offer.answer.urgent)
    return {
        "urgent_title": URGENT_TITLES.get(urgent, ""),
        "urgent_numbers": URGENT_NUMBERS.get(urgent, ""),
    }


@requires(SIGNED_IN)
@require_safe
def handovers(request: HttpRequest) -> HttpResponse:
    """The sheets of all one's structures, and where to type a reference."""
    typed = search_text(request.GET.get("reference", ""))
    problem = ""
    if typed:
        if not may_try(request):
            problem = "Trop de références inconnues en peu de temps : attendez cinq minutes."
        elif address := address_for(request.user, typed):
            return redirect(address)
        else:
            note_wrong(request)
            problem = f"Aucune fiche ne porte la référence « {typed[:40]} ». Relisez-la."
    context = {
        "list": listed(request, readable_structures(request.user)),
        "senders": possible_senders(request.user),
        "typed": typed,
        "problem": problem,
    }
    return render(request, "orientation/handovers/handovers.html", context)


@requires(READ_STRUCTURE)
@require_safe
def structure_handovers(request: HttpRequest, structure: Structure) -> HttpResponse:
    typed = search_text(request.GET.get("reference", ""))
    if typed and (found := sheet_under(structure, typed)):
        return redirect(agent_address(structure, found))
    context = {
        "structure": structure,
        "list": listed(request, under(structure)),
        "may_respond": powers_of(request.user).may_respond(structure),
        "typed": typed,
        "problem": f"Aucune fiche d'ici ne porte la référence « {typed[:40]} »." if typed else "",
    }
    return render(request, "orientation/handovers/structure_handovers.html", context)


def listed(request: HttpRequest, structures: Any) -> HandoverList:
    return handover_list(
        structures,
        side=request.GET.get("sens", ""),
        state=request.GET.get("etat", ""),
        number=request.GET.get("page"),
    )


@requires(READ_STRUCTURE)
@never_cache
@require_safe
def structure_handover(request: HttpRequest, structure: Structure, reference: str) -> HttpResponse:
    return shown(request, structure, sheet_or_404(structure, reference))


def sheet_or_404(structure: Structure, reference: str) -> Handover:
    found = sheet_under(structure, reference)
    if found is None:
        raise Http404("Fiche inconnue, ou qui ne dépend pas de vous.")
    return found


def received_or_404(structure: Structure, reference: str) -> Handover:
    """A sheet that `structure`, or one under it, received."""
    found = sheet_or_404(structure, reference)
    if not is_under(found.receiver, structure):
        raise Http404("Cette fiche n'a pas été envoyée ici.")
    return found


def sent_or_404(structure: Structure, reference: str) -> Handover:
    """A sheet that `structure`, or one under it, sent."""
    found = sheet_or_404(structure, reference)
    if found.sender is None or not is_under(found.sender, structure):
        raise Http404("Cette fiche n'a pas été faite ici.")
    return found


def is_under(structure: Structure, root: Structure) -> bool:
    return f"{structure.path}.".startswith(f"{root.path}.")


def shown(
    request: HttpRequest,
    structure: Structure,
    handover: Handover,
    *,
    mail: MailForm | None = None,
    sms: SmsForm | None = None,
) -> HttpResponse:
    """The agents' page of a sheet, with what this agent may do of it."""
    powers = powers_of(request.user)
    sender, receiver = handover.sender, handover.receiver
    is_waiting = handover.outcome == Handover.Outcome.SENT
    is_receiver = powers.may_respond(receiver) and is_under(receiver, structure)
    is_ours = sender is not None and is_under(sender, structure)
    is_sender = is_ours and powers.may_respond(sender or receiver)
    age = timezone.now() - handover.created_at
    badge, badge_kind = BADGES[Handover.Outcome(handover.outcome)]
    context = {
        "structure": structure,
        "sheet": handover_sheet(handover),
        "badge": badge,
        "badge_kind": badge_kind,
        "is_sender": is_sender,
        "is_received": is_under(receiver, structure) and not is_ours,
        "may_send": is_sender and handover.outcome != Handover.Outcome.CANCELLED,
        "may_settle": is_waiting and is_receiver,
        "may_cancel": is_waiting and is_sender and age <= actions.CANCELLABLE_FOR,
        "next_url": next_url(handover) if is_receiver else "",
        "mail": mail or MailForm(),
        "sms": sms or sms_form(sender or receiver),
    }
    return render(request, "orientation/handovers/structure_handover.html", context)


def next_url(handover: Handover) -> str:
    """The sheet that follows one that came to the wrong service, half filled in already."""
    if handover.outcome != Handover.Outcome.MISROUTED:
        return ""
    receiver = handover.receiver
    asked = {
        "besoin": handover.need.code if handover.need else "",
        "type": handover.right_kind_id or "",
        "objet": handover.subject,
        "q": "" if handover.need else handover.subject,
        "commune": commune_of(receiver),
    }
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"/agents/structures/{receiver.code}/orientation/?{query}"


@requires(RESPOND_STRUCTURE)
@require_POST
def receive_person(request: HttpRequest, structure: Structure, reference: str) -> HttpResponse:
    handover = received_or_404(structure, reference)
    try:
        actions.receive(handover=handover, by=actor(request))
        messages.success(request, "C'est noté : la personne a été reçue.")
    except RuleViolation as error:
        messages.error(request, str(error))
    return redirect(agent_address(structure, handover))


@requires(RESPOND_STRUCTURE)
@PAGE_WITH_FORM
def wrong_receiver(request: HttpRequest, structure: Structure, reference: str) -> HttpResponse:
    handover = received_or_404(structure, reference)
    need = handover.need
    likely = [one.kind_id for one in need.answers.all()] if need else []
    likely = [code for code in likely if code != handover.receiver.kind_id]
    form = WrongServiceForm(request.POST if request.method == "POST" else None, likely=likely)
    if form.is_valid():
        try:
            actions.declare_misrouted(handover=handover, by=actor(request), right_kind=form.kind)
            messages.success(request, "C'est compté. Vous pouvez faire la fiche suivante.")
        except RuleViolation as error:
            messages.error(request, str(error))
        return redirect(agent_address(structure, handover))
    context = {"structure": structure, "sheet": handover_sheet(handover), "form": form}
    return render(request, "orientation/handovers/wrong_receiver.html", context)


@requires(RESPOND_STRUCTURE)
@require_POST
def cancel(request: HttpRequest, structure: Structure, reference: str) -> HttpResponse:
    handover = sent_or_404(structure, reference)
    try:
        actions.cancel_handover(handover=handover, by=actor(request))
        messages.success(request, "La fiche est annulée.")
    except RuleViolation as error:
        messages.error(request, str(error))
    return redirect(agent_address(structure, handover))


@requires(RESPOND_STRUCTURE)
@require_POST
def send_mail(request: HttpRequest, structure: Structure, reference: str) -> HttpResponse:
    handover = sent_or_404(structure, reference)
    form = MailForm(request.POST)
    if form.is_valid():
        sheet = handover_sheet(handover)
        context = {"sheet": sheet, "institution": settings.INSTITUTION}
        try:
            actions.mail_handover(
                handover=handover,
                by=actor(request),
                address=form.cleaned_data["email"],
                subject=f"{settings.INSTITUTION} : votre fiche d'orientation",
                body=render_to_string("orientation/mail/handover.txt", context),
            )
            messages.success(request, "C'est envoyé. Le message arrive dans quelques minutes.")
            return redirect(agent_address(structure, handover))
        except RuleViolation as error:
            form.add_error(None, str(error))
    return shown(request, structure, handover, mail=form)


@requires(RESPOND_STRUCTURE)
@require_POST
def send_text(request: HttpRequest, structure: Structure, reference: str) -> HttpResponse:
    handover = sent_or_404(structure, reference)
    form = sms_form(handover.sender or handover.receiver, request.POST)
    if form is None:
        raise Http404("L'envoi de SMS n'est pas configuré.")
    if form.is_valid():
        try:
            actions.text_handover(
                handover=handover,
                by=actor(request),
                number=form.cleaned_data["number"],
                text=sms_text(handover_sheet(handover)),
            )
            messages.success(request, "Le SMS est parti.")
            return redirect(agent_address(structure, handover))
        except RuleViolation as error:
            form.add_error(None, str(error))
    return shown(request, structure, handover, sms=form)
