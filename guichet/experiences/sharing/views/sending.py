"""Reading again, sending, confirming: the links of mails change nothing until a button is pressed,
so that a scanner that opens them does no harm."""

from __future__ import annotations

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
from guichet.experiences.sharing.views.drafts import (
    draft_page,
    gone,
    step_page,
    unindexed,
)
from guichet.moderation.queue.due_times import target_in_words

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
    form = ReviewForm(request.POST or None, about=draft.key, asks_consent=asks_consent)
    if form.is_valid():
        is_mailed = story.is_followed_by_mail and draft.follows_id is None
        if is_mailed and not may_mail(request, draft.email):
            form.add_error(None, TOO_MANY_MAILS)
        else:
            is_burst = not draft.entered_by_id and comes_in_a_burst(request)
            try:
                return sent_to(draft, actions.send_draft(draft, is_burst=is_burst))
            except actions.DraftGone:
                raise
            except RuleViolation as error:
                form.add_error(None, str(error))
    context = {
        "form": form,
        "asks_consent": asks_consent,
    }
    return step_page(request, draft, REVIEW, context)


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
    state = ""
    if request.method == "POST":
        state = "refused"
        if may_mail(request, draft.email):
            actions.send_draft(draft)
            state = "again"
    context = {"draft": draft, "state": state, "too_many": TOO_MANY_MAILS}
    return unindexed(render(request, "experiences/sharing/sent.html", context))


@draft_page
def later(request: HttpRequest, draft: Draft) -> HttpResponse:
    """The link that finishes later: to copy, or by mail."""
    form = MailLinkForm(request.POST or None, about=f"later-{draft.key}")
    is_mailed = False
    if form.is_valid():
        email = form.cleaned_data["email"]
        is_mailed = may_mail(request, email)
        if is_mailed:
            actions.mail_draft_link(draft, to=email)
        else:
            form.add_error("email", "Cette adresse a reçu trop de messages : copiez le lien.")
    context = {
        "draft": draft,
        "form": form,
        "is_mailed": is_mailed,
        "link": actions.resume_url(draft),
        "resume_url": reverse("share_resume", args=[draft.key]),
        "kept_days": actions.DRAFTS_KEPT_FOR.days,
    }
    return unindexed(render(request, "experiences/sharing/later.html", context))


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
            return see_other(reverse("confirm_story", args=[token]))
    except RuleViolation as error:
        return gone(request, str(error))
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
    address = f"{settings.PUBLIC_URL}{reverse('follow_by_code')}".partition("://")[2]
    context = {
        "code": shown_code(code),
        "address": address,
        "moderation_delay": target_in_words(),
    }
    return unindexed(render(request, "experiences/sharing/code.html", context))
