"""`/suivi/` and `/suivi/<token>/`: the author's page, and what its buttons do."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from guichet.core.access import PAGE_WITH_FORM, PUBLIC, requires
from guichet.core.errors import RuleViolation
from guichet.core.redirects import see_other
from guichet.experiences.follow_codes import author_with_code
from guichet.experiences.following import actions, limits
from guichet.experiences.following.access import (
    back_to_page,
    kept_private,
    opened_by_link,
    token_in,
)
from guichet.experiences.following.forms import CodeForm, SecondWordForm
from guichet.experiences.following.queries import follow_page
from guichet.experiences.links import follow_token
from guichet.experiences.models import Author
from guichet.experiences.sharing.actions import amend
from guichet.experiences.sharing.views.drafts import BACK_TO_REVIEW

YES, NO = "oui", "non"
WAIT_SECONDS = 300
UNKNOWN_CODE = (
    "Aucun récit n'a ce code. Relisez-le : douze lettres et chiffres, sans A, E, I, O ni 0 et 1. "
    "Un récit retiré n'a plus de page de suivi."
)
TOO_MANY = "Trop de codes inconnus en peu de temps : attendez cinq minutes, rien n'est perdu."
THANKS = {
    "utile": "Merci : votre avis sur la réponse est noté, il est public.",
    "resolu": "Merci, c'est noté.",
    "change": "Merci : votre réponse est notée, elle est publique avec la promesse.",
    "complement": "Merci : votre complément est envoyé. Une personne le lit avant sa publication.",
    "nouvelles": "C'est noté.",
    "adresse": "Un courriel est parti à la nouvelle adresse : ouvrez-le pour la confirmer.",
    "lien": "Ce lien est le nouveau. Les anciens ne fonctionnent plus.",
}


@requires(PUBLIC)
@csrf_exempt
@never_cache
@PAGE_WITH_FORM
def follow_by_code(request: HttpRequest) -> HttpResponse:
    """Where a person without e-mail types the code that they noted."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_valid():
        typed = form.cleaned_data["code"]
        if not limits.may_try_code(request, typed):
            form.add_error("code", TOO_MANY)
            status = 429
        elif author := author_with_code(typed):
            return kept_private(see_other(reverse("follow", args=[follow_token(author)])))
        else:
            limits.note_wrong_code(request, typed)
            form.add_error("code", UNKNOWN_CODE)
    response = render(request, "experiences/following/code.html", {"form": form}, status=status)
    if status == 429:
        response.headers["Retry-After"] = str(WAIT_SECONDS)
    return kept_private(response)


@opened_by_link
@require_safe
def follow(request: HttpRequest, author: Author) -> HttpResponse:
    return drawn(request, author, thanks=THANKS.get(request.GET.get("fait", ""), ""))


def drawn(
    request: HttpRequest, author: Author, *, thanks: str = "", problem: str = ""
) -> HttpResponse:
    context = {
        "page": follow_page(author, token_in(request)),
        "thanks": thanks,
        "problem": problem,
    }
    status = 409 if problem else 200
    return render(request, "experiences/following/follow.html", context, status=status)


def done_or_told(
    request: HttpRequest, author: Author, act: Callable[[], object], done: str
) -> HttpResponse:
    """Act and come back with thanks; a rule that forbids it is told on the page."""
    try:
        act()
    except RuleViolation as error:
        return drawn(request, author, problem=str(error))
    return back_to_page(request, done)


def not_understood(request: HttpRequest, author: Author) -> HttpResponse:
    return drawn(request, author, problem="Choisissez une des réponses proposées.")


def yes_or_no_noted(
    request: HttpRequest, author: Author, act: Callable[[bool], object], done: str
) -> HttpResponse:
    """The same with what the pressed button says, yes or no."""
    said = {YES: True, NO: False}.get(request.POST.get("reponse", ""))
    if said is None:
        return not_understood(request, author)
    return done_or_told(request, author, lambda: act(said), done)


@opened_by_link
@require_POST
def judge(request: HttpRequest, author: Author, reply: int) -> HttpResponse:
    return yes_or_no_noted(
        request,
        author,
        lambda said: actions.judge_reply(author=author, reply=reply, was_useful=said),
        "utile",
    )


@opened_by_link
@require_POST
def solved(request: HttpRequest, author: Author) -> HttpResponse:
    return yes_or_no_noted(
        request, author, lambda said: actions.say_solved(author=author, is_solved=said), "resolu"
    )


@opened_by_link
@require_POST
def changed(request: HttpRequest, author: Author, promise: int) -> HttpResponse:
    """« Est-ce que ça a changé ? »"""
    said = request.POST.get("reponse", "")
    if said not in list(actions.Change):
        return not_understood(request, author)
    return done_or_told(
        request,
        author,
        lambda: actions.answer_promise(author=author, promise=promise, change=actions.Change(said)),
        "change",
    )


@opened_by_link
@require_POST
def news(request: HttpRequest, author: Author) -> HttpResponse:
    return yes_or_no_noted(
        request, author, lambda said: actions.set_news(author=author, wants_news=said), "nouvelles"
    )


@opened_by_link
@PAGE_WITH_FORM
def second_word(request: HttpRequest, author: Author) -> HttpResponse:
    page = follow_page(author, token_in(request))
    if not page.may_add:
        return back_to_page(request)
    form = SecondWordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.add_second_word(
                author=author,
                text=form.cleaned_data["text"],
                is_burst=limits.word_comes_in_a_burst(request),
            )
            return back_to_page(request, "complement")
        except RuleViolation as error:
            form.add_error(None, str(error))
    context = {"page": page, "form": form}
    return render(request, "experiences/following/second_word.html", context)


@opened_by_link
@require_POST
def take_up(request: HttpRequest, author: Author) -> HttpResponse:
    """A refused story becomes a draft again, opened where its words are changed."""
    try:
        draft = amend(author.experience)
    except RuleViolation as error:
        return drawn(request, author, problem=str(error))
    return see_other(f"{reverse('share_story', args=[draft.key])}?{BACK_TO_REVIEW}=oui")
