"""`/agents/orientation/standard/`: the screen of those who answer the France Services number."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from guichet.core.access import PAGE_WITH_FORM, requires
from guichet.core.errors import RuleViolation
from guichet.core.text import search_text
from guichet.directory.csv_sheets import written_lines
from guichet.directory.views.actors import actor
from guichet.directory.views.csv_answers import csv_answer
from guichet.orientation.actions.calls import calls_today, note_call, undo_call, undoable_call
from guichet.orientation.answers import Question, answer_to
from guichet.orientation.counting import keep_missed
from guichet.orientation.desk.figures import desk_figures, rows_of
from guichet.orientation.desk.forms import (
    NeedForm,
    NoteForm,
    PeriodForm,
    PlaceForm,
    asked_in,
    clock_started,
)
from guichet.orientation.desk.page import Asked, desk_answer, place_choices
from guichet.orientation.matching.verdict import Outcome
from guichet.orientation.models import DeskCall
from guichet.orientation.policies import ADVISE, READ_CALLS
from guichet.territories.queries import commune_of_code, find_commune

SHORTCUTS_COOKIE = "standard_raccourcis"
OFF = "non"
A_YEAR = 365 * 24 * 3600
LETTERS = {"answered": "R", "transferred": "T", "out_of_scope": "H", "not_found": "S"}


def shown(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """A screen of the desk, with what each of them has."""
    by = actor(request)
    context |= {
        "shortcuts": request.COOKIES.get(SHORTCUTS_COOKIE) != OFF,
        "today": calls_today(by),
        "outcomes": [
            (value, label.capitalize(), LETTERS[value]) for value, label in DeskCall.Outcome.choices
        ],
    }
    return render(request, f"orientation/desk/{template}.html", context)


@requires(ADVISE)
@never_cache
@PAGE_WITH_FORM
def desk(request: HttpRequest) -> HttpResponse:
    """The commune, then the need, then the answer: each is an address. Posting the need keeps the
    words that found nothing."""
    if request.method == "POST":
        return hear_need(request)
    if "ou" in request.GET:
        return read_place(request)
    if "commune" not in request.GET:
        last = undoable_call(actor(request))
        return shown(request, "start", form=PlaceForm(), last=last)
    asked = asked_in(request.GET)
    asked = replace(asked, started=asked.started or clock_started())
    commune = commune_of_code(asked.commune)
    where = f"{commune.name} ({commune.departement.name})" if commune else ""
    if not (asked.text or asked.need):
        return shown(request, "need", form=NeedForm(), asked=asked, where=where)
    question = Question(text=asked.text, need=asked.need, insee_code=asked.commune)
    page = desk_answer(answer_to(question), asked)
    form = NeedForm(initial={"q": asked.text})
    if page.subject or page.answer.subjects:
        form.fields["q"].widget.attrs.pop("autofocus")
    return shown(request, "answer", page=page, form=form, asked=page.asked, where=where)


def hear_need(request: HttpRequest) -> HttpResponse:
    asked = replace(asked_in(request.POST), need="", kind="", structure="", alarm="")
    if asked.text:
        answer = answer_to(Question(text=asked.text, insee_code=asked.commune))
        if answer.outcome in {Outcome.MISSED, Outcome.CHOICE}:
            keep_missed(asked.text, answer.known_words, answer.unknown_words)
    return redirect(asked.address)


def read_place(request: HttpRequest) -> HttpResponse:
    """One commune beyond doubt leads to the need; several are offered."""
    asked = Asked(started=clock_started())
    where = search_text(request.GET["ou"])
    best, others = find_commune(where) if where else (None, [])
    if best is None and not where:
        return redirect(asked.address)
    if best is not None and best.is_exact and not others:
        return redirect(replace(asked, commune=best.insee_code).address)
    choices = place_choices([best, *others], asked) if best else ()
    form = PlaceForm(initial={"ou": where})
    if choices:
        form.fields["ou"].widget.attrs.pop("autofocus")
    return shown(
        request, "places", form=form, choices=choices, typed=where, without_place=asked.address
    )


@requires(ADVISE)
@require_POST
def note(request: HttpRequest) -> HttpResponse:
    form = NoteForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Dites comment l'appel s'est terminé : choisissez un bouton.")
        return redirect(asked_in(request.POST).address)
    try:
        call = note_call(facts=form.facts(), by=actor(request))
        messages.success(request, f"Appel noté : {call.get_outcome_display()}.")
    except RuleViolation as error:
        messages.error(request, str(error))
    return redirect("desk")


@requires(ADVISE)
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        undo_call(pk=pk, by=actor(request))
        messages.success(request, "L'appel n'est plus noté.")
    except RuleViolation as error:
        messages.error(request, str(error))
    return redirect("desk")


@requires(ADVISE)
@require_POST
def shortcuts(request: HttpRequest) -> HttpResponse:
    """Turn the single-key shortcuts on or off in this browser (WCAG 2.1.4)."""
    response = redirect("desk")
    state = OFF if request.POST.get("raccourcis") == OFF else "oui"
    response.set_cookie(
        SHORTCUTS_COOKIE,
        state,
        max_age=A_YEAR,
        path=response.url,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response


@requires(READ_CALLS)
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    form = PeriodForm(request.GET)
    context = {"form": form, "period": form.period, "figures": desk_figures(form.period)}
    return render(request, "orientation/desk/figures.html", context)


@requires(READ_CALLS)
@require_safe
def export_figures(request: HttpRequest) -> StreamingHttpResponse:
    period = PeriodForm(request.GET).period
    name = f"standard-{period.first_day:%Y-%m-%d}-{period.last_day:%Y-%m-%d}.csv"
    return csv_answer(written_lines(rows_of(period)), name)
