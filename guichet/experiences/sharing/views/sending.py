"""Reading again, sending, confirming: the links of mails change nothing until a button is pressed,
so that a scanner that opens them does no harm."""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from guichet.core.access import PAGE_WITH_FORM, PUBLIC, requires
from guichet.core.errors import RuleViolation
from guichet.core.redirects import see_other
from guichet.experiences.follow_codes import shown_code
from guichet.experiences.links import follow_url
from guichet.experiences.models import Draft, Experience
from guichet.experiences.sharing import actions
from guichet.experiences.sharing.forms import MailLinkForm, ReviewForm
from guichet.experiences.sharing.limits import comes_in_a_burst, may_mail
from guichet.experiences.sharing.steps import REVIEW, first_missing
from guichet.experiences.sharing.story import story_of
from guichet.experiences.sharing.unfinished import drop_unfinished
from guichet.experiences.sharing.views.asking_again import asked_again, form_to_show
from guichet.experiences.sharing.views.drafts import (
    draft_page,
    gone,
    step_page,
    unindexed,
)
from guichet.moderation.queue.due_times import target_in_words

LATER, SENT_AGAIN = "plus-tard", "envoye"
TOO_MANY_MAILS = (
    "Nous avons déjà envoyé plusieurs messages à cette adresse aujourd'hui. Cherchez-les, aussi "
    "dans les indésirables. Votre récit est gardé : réessayez demain, ou choisissez le code de "
    "suivi."
)


@draft_page
def review(request: HttpRequest, draft: Draft) -> HttpResponse:
    """All that was written, with a link to change each part, and the button that sends."""
    story = story_of(draft)
    if (missing := first_missing(story)) is not None:
        return see_other(reverse(missing.url_name, args=[draft.key]))
    asks_consent = story.is_entered_by_an_agent and draft.follows_id is None
    form = form_to_show(
        request,
        draft,
        REVIEW.name,
        lambda sent: ReviewForm(sent, about=draft.key, asks_consent=asks_consent),
    )
    if request.method == "POST":
        return reviewed(request, draft, form)
    return step_page(request, draft, REVIEW, {"form": form, "asks_consent": asks_consent})


def reviewed(request: HttpRequest, draft: Draft, form: ReviewForm) -> HttpResponse:
    if not form.is_valid():
        return asked_again(request, draft, REVIEW.name, form)
    is_mailed = story_of(draft).is_followed_by_mail and draft.follows_id is None
    if is_mailed and not may_mail(request, draft.email):
        return asked_again(request, draft, REVIEW.name, form, TOO_MANY_MAILS)
    drop_unfinished(draft, REVIEW.name)
    is_burst = not draft.entered_by_id and comes_in_a_burst(request)
    try:
        return sent_to(draft, actions.send_draft(draft, is_burst=is_burst))
    except actions.DraftGone:
        raise
    except RuleViolation as error:
        return asked_again(request, draft, REVIEW.name, form, str(error))


def sent_to(draft: Draft, born: Experience | None) -> HttpResponse:
    """Where sending leads: the mail to open, the code to note, or the author's own page."""
    if born is None:
        return see_other(reverse("share_sent", args=[draft.key]))
    if draft.follows_id is not None:
        return see_other(follow_url(born.author))
    return see_other(reverse("share_code", args=[draft.key]))


@draft_page
def sent(request: HttpRequest, draft: Draft) -> HttpResponse:
    """« Ouvrez votre courriel »; the button sends it once more."""
    if draft.sent_at is None:
        return see_other(reverse("share_resume", args=[draft.key]))
    if first_missing(story_of(draft)) is not None:
        return see_other(reverse("share_review", args=[draft.key]))
    if request.method == "POST":
        is_allowed = may_mail(request, draft.email)
        if is_allowed:
            actions.send_draft(draft)
        return see_other(f"{request.path}?{SENT_AGAIN}={'oui' if is_allowed else 'non'}")
    again = request.GET.get(SENT_AGAIN, "")
    context = {
        "draft": draft,
        "again": again,
        "too_many": TOO_MANY_MAILS,
        "another_url": another_url(draft) if draft.entered_by_id else "",
    }
    return unindexed(render(request, "experiences/sharing/sent.html", context))


@draft_page
def later(request: HttpRequest, draft: Draft) -> HttpResponse:
    """The link that finishes later: to copy, or by mail. An address that does not pass is shown
    once, and erased."""
    about = f"later-{draft.key}"
    form = form_to_show(request, draft, LATER, lambda sent: MailLinkForm(sent, about=about))
    if request.method == "POST":
        return linked(request, draft, form)
    drop_unfinished(draft, LATER)
    context = {
        "draft": draft,
        "form": form,
        "is_mailed": SENT_AGAIN in request.GET,
        "link": actions.resume_url(draft),
        "resume_url": reverse("share_resume", args=[draft.key]),
        "kept_days": actions.DRAFTS_KEPT_FOR.days,
    }
    return unindexed(render(request, "experiences/sharing/later.html", context))


def linked(request: HttpRequest, draft: Draft, form: MailLinkForm) -> HttpResponse:
    if not form.is_valid():
        return asked_again(request, draft, LATER, form)
    email = form.cleaned_data["email"]
    if not may_mail(request, email):
        words = "Cette adresse a reçu trop de messages : copiez le lien."
        return asked_again(request, draft, LATER, form, words)
    actions.mail_draft_link(draft, to=email)
    return see_other(f"{request.path}?{SENT_AGAIN}=oui")


@requires(PUBLIC)
@csrf_exempt
@never_cache
@PAGE_WITH_FORM
def confirm_story(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the mail: a page with a button; confirmed already, it says so. What its author
    emptied since is asked again."""
    try:
        found = actions.draft_to_confirm(token)
        if is_to_complete(found):
            return see_other(reverse("share_review", args=[found.key]))
        if isinstance(found, Draft) and request.method == "POST":
            actions.confirm(found)
    except RuleViolation as error:
        if request.method != "POST":
            return gone(request, str(error))
    if request.method == "POST":
        return see_other(reverse("confirm_story", args=[token]))
    if isinstance(found, Draft):
        context = {"draft": found, "story": story_of(found)}
        return unindexed(render(request, "experiences/sharing/confirm.html", context))
    return unindexed(render(request, "experiences/sharing/confirmed.html", confirmed(found)))


def is_to_complete(found: Draft | Experience) -> bool:
    """True for a draft of which a step is missing again, that its own author wrote."""
    if not isinstance(found, Draft) or found.entered_by_id is not None:
        return False
    return first_missing(story_of(found)) is not None


def confirmed(experience: Experience) -> dict[str, object]:
    """The author's link, while it is new: a confirmation link kept for long opens nothing more."""
    author = experience.author
    is_new = timezone.now() - experience.confirmed_at < actions.CODE_SHOWN_FOR
    return {
        "experience": experience,
        "moderation_delay": target_in_words(),
        "follow_url": follow_url(author) if is_new and author.link_version == 1 else "",
    }


@requires(PUBLIC)
@never_cache
@require_safe
def follow_code(request: HttpRequest, key: str) -> HttpResponse:
    """The code to note, for two hours."""
    try:
        code = actions.code_to_show(key)
    except RuleViolation as error:
        return gone(request, str(error))
    born = actions.born_of(key)
    address = f"{settings.PUBLIC_URL}{reverse('follow_by_code')}".partition("://")[2]
    context = {
        "code": shown_code(code),
        "site_name": settings.INSTITUTION,
        "sent_on": born.confirmed_at if born else timezone.now(),
        "address": address,
        "moderation_delay": target_in_words(),
        "another_url": another_url(born) if born and is_of_agent(request, born) else "",
    }
    return unindexed(render(request, "experiences/sharing/code.html", context))


def is_of_agent(request: HttpRequest, born: Experience) -> bool:
    return born.entered_by_id is not None and born.entered_by_id == request.user.pk


def another_url(entered: Draft | Experience) -> str:
    """Where an agent enters the story of the next person, at the same place."""
    place = entered.entered_at
    query = f"?structure={quote(place.code)}" if place else ""
    return f"{reverse('enter_story')}{query}"
