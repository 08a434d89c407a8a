"""`/orientation/`: which service is mine?"""

from __future__ import annotations

from urllib.parse import urlencode

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from guichet.core.access import PAGE_WITH_FORM, PUBLIC, requires
from guichet.core.mail import send_and_forget
from guichet.core.redirects import see_other
from guichet.core.text import search_text
from guichet.directory.forms import position
from guichet.orientation.answer_page import ADDRESS, answer_page
from guichet.orientation.answers import answer_to
from guichet.orientation.counting import count_answer, count_wrong_service
from guichet.orientation.forms import PREFERENCES, SendForm, mailbox_of, question_of
from guichet.orientation.needs_by_theme import most_asked, needs_by_theme

SENDING_LIMITS = {"send_answer": "3/h/key,20/h/ip"}
COUNTING_LIMITS = {"count_question": "300/h/ip"}
"""What one network address may count in an hour: a counter's computers share theirs."""

APP = "guichet.orientation"
KEPT = ("q", "besoin", "commune", "lieu", "lat", "lon", *PREFERENCES)


def asked_in(values: QueryDict) -> str:
    kept = {name: search_text(values.get(name, "")) for name in KEPT}
    point = position(values)
    kept |= (
        {"lat": str(point.latitude), "lon": str(point.longitude)}
        if point
        else {"lat": "", "lon": ""}
    )
    return urlencode({name: value for name, value in kept.items() if value})


def ticked(request: HttpRequest) -> dict[str, bool]:
    return {meaning: bool(request.GET.get(name)) for name, meaning in PREFERENCES.items()}


@requires(PUBLIC)
@csrf_exempt
@PAGE_WITH_FORM
def orientation(request: HttpRequest) -> HttpResponse:
    """Posting counts the question, and leads to the address that answers it: no cookie, no token,
    since nothing of anybody's can be changed."""
    if request.method == "POST":
        question = question_of(request.POST)
        if (question.text or question.need) and is_counted(request):
            count_answer(answer_to(question))
        return see_other(f"{ADDRESS}?{asked_in(request.POST)}")
    question = question_of(request.GET)
    preferences = [name for name in PREFERENCES if request.GET.get(name)]
    if not (question.text or question.need):
        context = {
            "themes": needs_by_theme(),
            "usual": most_asked(),
            "where": question.where,
            **ticked(request),
        }
        return render(request, "orientation/ask.html", context)
    thanked = search_text(request.GET.get("merci", ""))
    page = answer_page(answer_to(question), preferences, thanked)
    context = {"page": page, "thanked": thanked, **ticked(request)}
    return render(request, "orientation/answer.html", context)


@requires(PUBLIC)
@csrf_exempt
@require_POST
def wrong_service(request: HttpRequest) -> HttpResponse:
    """« Ce n'est pas le bon service »: counted, then the same answer with what else to try."""
    answer = answer_to(question_of(request.POST))
    kind = search_text(request.POST.get("service", ""))
    door = next((d for one in answer.subjects for d in one.doors if d.kind == kind), None)
    if door is not None and is_counted(request):
        count_wrong_service(
            need=answer.subjects[0].code,
            kind=door.kind,
            departement=answer.place.departement if answer.place else "",
        )
    return see_other(f"{ADDRESS}?{asked_in(request.POST)}&{urlencode({'merci': kind})}")


def is_counted(request: HttpRequest) -> bool:
    """False for what another site makes a browser send, and beyond what people can ask."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        return False
    return (
        ratelimit.consume(request, app=APP, action="count_question", config=COUNTING_LIMITS)
        is not None
    )


def may_send(request: HttpRequest, email: str) -> bool:
    """False for a mailbox that had enough this hour, or a network address that sends too much."""
    return (
        ratelimit.consume(
            request,
            app=APP,
            action="send_answer",
            key=mailbox_of(email),
            config=SENDING_LIMITS,
        )
        is not None
    )


@requires(PUBLIC)
@never_cache
@PAGE_WITH_FORM
def send_to_oneself(request: HttpRequest) -> HttpResponse:
    question = question_of(request.GET)
    answer = answer_to(question)
    if not answer.subjects or not (answer.is_sure or answer.out_of_scope):
        return redirect(f"{ADDRESS}?{request.GET.urlencode()}")
    page = answer_page(answer, [name for name in PREFERENCES if request.GET.get(name)])
    form = SendForm(request.POST or None, about=page.address)
    if form.is_valid() and not may_send(request, form.cleaned_data["email"]):
        form.add_error("email", "Cette adresse a reçu trop de messages. Réessayez dans une heure.")
    if form.is_valid():
        send_and_forget(
            subject=f"{settings.INSTITUTION} : votre réponse",
            body=render_to_string("orientation/mail/answer.txt", {"page": page, "site": settings}),
            to=form.cleaned_data["email"],
        )
        messages.success(request, "C'est envoyé. Le message arrive dans quelques minutes.")
        return redirect(page.address)
    return render(request, "orientation/send.html", {"page": page, "form": form})
