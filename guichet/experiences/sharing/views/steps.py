"""The five steps of a draft: each keeps what was answered, and leads to the next."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse

from guichet.core.errors import RuleViolation
from guichet.core.redirects import see_other
from guichet.core.text import in_paragraphs
from guichet.experiences.models import ASPECTS, Draft
from guichet.experiences.refusals import last_refusal
from guichet.experiences.sharing import actions
from guichet.experiences.sharing.cautions import (
    author_cautions,
    caution_mark,
    corrected_email,
    story_cautions,
)
from guichet.experiences.sharing.choosing import structure_named
from guichet.experiences.sharing.forms import (
    AuthorForm,
    ChannelsForm,
    FeelingForm,
    StoryForm,
    UnlistedForm,
)
from guichet.experiences.sharing.steps import AUTHOR, FEELING, REVIEW, SERVICES, STEPS, STORY
from guichet.experiences.sharing.story import (
    MOST_SERVICES,
    ChosenService,
    likely_departement,
    service_of,
    services_of,
    story_of,
)
from guichet.experiences.sharing.texts import LONGEST_STORY
from guichet.experiences.sharing.unfinished import drop_unfinished, unfinished
from guichet.experiences.sharing.views.asking_again import (
    LEAVE,
    asked_again,
    form_to_show,
    is_asked_again,
    left,
    way_out,
)
from guichet.experiences.sharing.views.drafts import after, draft_page, step_page
from guichet.experiences.sharing.views.finding import asks_piece, by_name, by_need, piece
from guichet.experiences.sharing.views.start import guess_page
from guichet.experiences.source_names import STORY_SOURCE

ANOTHER = "autre"
PICKED, UNLISTED = "choix", "absent"
"""The two other forms of the page of services, beside that of channels."""
WRITTEN = ("description", "wished", "title")


@draft_page
def resume(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Where the person stopped."""
    if draft.sent_at is not None:
        return see_other(reverse("share_sent", args=[draft.key]))
    story = story_of(draft)
    stopped_at = next(
        (one for one in STEPS if unfinished(draft, one.name) or not one.is_done(story)), REVIEW
    )
    return see_other(reverse(stopped_at.url_name, args=[draft.key]))


@draft_page
def services(request: HttpRequest, draft: Draft) -> HttpResponse:
    """The services chosen and the channels of each; one more is searched on the same page."""
    if asks_piece(request):
        return piece(request, by_name(request, draft))
    if "service" in request.POST:
        return pick(request, draft)
    if "name" in request.POST:
        return pick_unlisted(request, draft)
    form = form_to_show(
        request, draft, SERVICES.name, lambda sent: ChannelsForm(sent, services=services_of(draft))
    )
    if request.method != "POST":
        return services_page(request, draft, form)
    if not form.is_valid():
        return asked_again(request, draft, SERVICES.name, form)
    actions.keep(draft, services=[one.as_json() for one in form.chosen()])
    drop_unfinished(draft, SERVICES.name, PICKED, UNLISTED)
    here = reverse(SERVICES.url_name, args=[draft.key])
    if (dropped := request.POST.get("drop", "")) in map(str, range(MOST_SERVICES)):
        actions.drop_service(draft, int(dropped))
        return see_other(here)
    if LEAVE in request.POST:
        return see_other(way_out(request, draft, SERVICES))
    if ANOTHER in request.POST:
        return see_other(f"{here}?{ANOTHER}=oui#{ANOTHER}")
    if not form.services:
        form.add_error(None, "Choisissez d'abord un service.")
        return asked_again(request, draft, SERVICES.name, form)
    return after(request, draft, SERVICES)


def pick(request: HttpRequest, draft: Draft) -> HttpResponse:
    structure = structure_named(request.POST["service"])
    if structure is None:
        return asked_again(
            request, draft, PICKED, problem="Ce service n'existe plus : choisissez-en un autre."
        )
    return added(request, draft, service_of(structure))


def pick_unlisted(request: HttpRequest, draft: Draft) -> HttpResponse:
    form = UnlistedForm(request.POST)
    if not form.is_valid():
        return asked_again(request, draft, UNLISTED, form)
    values = form.cleaned_data
    return added(request, draft, ChosenService(name=values["name"], place=values["place"]))


def added(request: HttpRequest, draft: Draft, service: ChosenService) -> HttpResponse:
    try:
        actions.add_service(draft, service)
    except actions.DraftGone:
        raise
    except RuleViolation as error:
        return asked_again(request, draft, PICKED, problem=str(error))
    drop_unfinished(draft, PICKED, UNLISTED)
    return see_other(reverse(SERVICES.url_name, args=[draft.key]))


def services_page(request: HttpRequest, draft: Draft, form: ChannelsForm) -> HttpResponse:
    chosen = form.services
    unlisted = form_to_show(request, draft, UNLISTED, UnlistedForm)
    picked = unfinished(draft, PICKED) if is_asked_again(request) else None
    is_searching = ANOTHER in request.GET or "quoi" in request.GET or not chosen
    context = {
        "form": form,
        "problem": picked.problems[0] if picked else "",
        "chosen": [(at, one, f"channels_{at}") for at, one in enumerate(chosen)],
        "may_add": len(chosen) < MOST_SERVICES,
        "is_searching": (is_searching or unlisted.is_bound) and len(chosen) < MOST_SERVICES,
        "finding": by_name(request, draft),
        "unlisted": unlisted,
        "guess_url": reverse("share_guess_more", args=[draft.key]),
    }
    return step_page(request, draft, SERVICES, context)


@draft_page
def guess_more(request: HttpRequest, draft: Draft) -> HttpResponse:
    return guess_page(request, by_need(request, draft), draft)


@draft_page
def story(request: HttpRequest, draft: Draft) -> HttpResponse:
    """What happened, under why it was refused when it is taken up again. Personal data is pointed
    out; pressed again, it is left to moderators."""
    said = story_of(draft)
    initial = {name: getattr(said, name) for name in WRITTEN}
    form = form_to_show(request, draft, STORY.name, lambda sent: StoryForm(sent, initial=initial))
    if request.method == "POST":
        return told(request, draft, form)
    cautions = []
    if is_asked_again(request) and not form.is_bound:
        cautions = story_cautions(initial)
    form.initial["heeded"] = caution_mark(cautions)
    context = {
        "form": form,
        "cautions": cautions,
        "mark": caution_mark(cautions),
        "refusal": last_refusal(STORY_SOURCE, draft.follows) if draft.follows else None,
    }
    return step_page(request, draft, STORY, context)


def told(request: HttpRequest, draft: Draft, form: StoryForm) -> HttpResponse:
    if LEAVE in request.POST:
        return left(request, draft, STORY, form)
    if not form.is_valid():
        return asked_again(request, draft, STORY.name, form)
    texts = {name: form.cleaned_data[name] for name in WRITTEN}
    actions.keep(draft, **texts)
    drop_unfinished(draft, STORY.name)
    mark = caution_mark(story_cautions(texts))
    if mark and form.cleaned_data["heeded"] != mark:
        return asked_again(request, draft)
    return after(request, draft, STORY, tells=not form.cleaned_data["heeded"])


@draft_page
def cautions_while_writing(request: HttpRequest, draft: Draft) -> HttpResponse:
    """The piece of page that points personal data out, for who writes; keeps nothing."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    texts = {name: in_paragraphs(request.POST.get(name, "")[:LONGEST_STORY]) for name in WRITTEN}
    cautions = story_cautions(texts)
    context = {"cautions": cautions, "mark": caution_mark(cautions)}
    return render(request, "experiences/sharing/_story_cautions.html", context)


@draft_page
def feeling(request: HttpRequest, draft: Draft) -> HttpResponse:
    said = story_of(draft)
    initial = {"feeling": said.feeling}
    initial |= {one.value: value for one, value in said.aspects.items()}
    form = form_to_show(
        request, draft, FEELING.name, lambda sent: FeelingForm(sent, initial=initial)
    )
    if request.method != "POST":
        return step_page(request, draft, FEELING, {"form": form})
    if LEAVE in request.POST:
        return left(request, draft, FEELING, form)
    if not form.is_valid():
        return asked_again(request, draft, FEELING.name, form)
    names = ("feeling", *(one.value for one in ASPECTS))
    actions.keep(draft, **{name: form.cleaned_data[name] for name in names})
    drop_unfinished(draft, FEELING.name)
    return after(request, draft, FEELING)


@draft_page
def author(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Who writes. A likely slip in the address, or what looks like a real name, is pointed out."""
    said = story_of(draft)
    initial = {
        "written_as": said.written_as,
        "departement": said.departement or likely_departement(said),
        "pseudonym": said.pseudonym,
        "follow_by": said.follow_by,
        "email": said.email,
    }
    is_amended = draft.follows_id is not None
    form = form_to_show(
        request,
        draft,
        AUTHOR.name,
        lambda sent: AuthorForm(sent, initial=initial, is_amended=is_amended),
    )
    if request.method == "POST":
        return signed(request, draft, form)
    cautions = []
    if is_asked_again(request) and not form.is_bound:
        cautions = author_cautions(said.pseudonym, said.email)
    form.initial["heeded"] = caution_mark(cautions)
    context = {
        "form": form,
        "cautions": cautions,
        "mark": caution_mark(cautions),
        "suggested_email": corrected_email(said.email) if cautions else "",
    }
    return step_page(request, draft, AUTHOR, context)


def signed(request: HttpRequest, draft: Draft, form: AuthorForm) -> HttpResponse:
    if LEAVE in request.POST:
        return left(request, draft, AUTHOR, form)
    if not form.is_valid():
        return asked_again(request, draft, AUTHOR.name, form)
    values = dict(form.cleaned_data)
    heeded = values.pop("heeded")
    email = values.pop("email", draft.email)
    if "corriger" in request.POST:
        email = corrected_email(email) or email
    values.setdefault("follow_by", story_of(draft).follow_by)
    actions.keep_author(draft, email=email, **values)
    drop_unfinished(draft, AUTHOR.name)
    mark = caution_mark(author_cautions(values["pseudonym"], draft.email))
    if mark and heeded != mark:
        return asked_again(request, draft)
    return after(request, draft, AUTHOR)
