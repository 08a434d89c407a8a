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
from guichet.experiences.sharing.steps import AUTHOR, FEELING, SERVICES, STORY, first_missing
from guichet.experiences.sharing.story import (
    MOST_SERVICES,
    ChosenService,
    likely_departement,
    service_of,
    services_of,
    story_of,
)
from guichet.experiences.sharing.texts import LONGEST_STORY
from guichet.experiences.sharing.views.drafts import after, draft_page, step_page
from guichet.experiences.sharing.views.finding import asks_piece, by_name, by_need, piece
from guichet.experiences.sharing.views.start import guess_page
from guichet.experiences.source_names import STORY_SOURCE

ANOTHER = "autre"
WRITTEN = ("description", "wished", "title")


@draft_page
def resume(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Where the person stopped."""
    if draft.sent_at is not None:
        return see_other(reverse("share_sent", args=[draft.key]))
    missing = first_missing(story_of(draft))
    name = missing.url_name if missing else "share_review"
    return see_other(reverse(name, args=[draft.key]))


@draft_page
def services(request: HttpRequest, draft: Draft) -> HttpResponse:
    """The services chosen and the channels of each; one more is searched on the same page."""
    if asks_piece(request):
        return piece(request, by_name(request, draft))
    if request.method != "POST":
        return services_page(request, draft, ChannelsForm(services=services_of(draft)))
    if "service" in request.POST:
        return pick(request, draft)
    if "name" in request.POST:
        return pick_unlisted(request, draft)
    form = ChannelsForm(request.POST, services=services_of(draft))
    if not form.is_valid():
        return services_page(request, draft, form)
    actions.keep(draft, services=[one.as_json() for one in form.chosen()])
    here = reverse(SERVICES.url_name, args=[draft.key])
    if (dropped := request.POST.get("drop", "")).isdigit():
        actions.drop_service(draft, int(dropped))
        return see_other(here)
    if ANOTHER in request.POST:
        return see_other(f"{here}?{ANOTHER}=oui#{ANOTHER}")
    if not form.services:
        form.add_error(None, "Choisissez d'abord un service.")
        return services_page(request, draft, form)
    return after(request, draft, SERVICES)


def pick(request: HttpRequest, draft: Draft) -> HttpResponse:
    structure = structure_named(request.POST["service"])
    if structure is None:
        return services_page(
            request,
            draft,
            ChannelsForm(services=services_of(draft)),
            problem="Ce service n'existe plus : choisissez-en un autre.",
        )
    return added(request, draft, service_of(structure))


def pick_unlisted(request: HttpRequest, draft: Draft) -> HttpResponse:
    form = UnlistedForm(request.POST)
    if not form.is_valid():
        channels = ChannelsForm(services=services_of(draft))
        return services_page(request, draft, channels, unlisted=form)
    values = form.cleaned_data
    return added(request, draft, ChosenService(name=values["name"], place=values["place"]))


def added(request: HttpRequest, draft: Draft, service: ChosenService) -> HttpResponse:
    try:
        actions.add_service(draft, service)
    except actions.DraftGone:
        raise
    except RuleViolation as error:
        channels = ChannelsForm(services=services_of(draft))
        return services_page(request, draft, channels, problem=str(error))
    return see_other(reverse(SERVICES.url_name, args=[draft.key]))


def services_page(
    request: HttpRequest,
    draft: Draft,
    form: ChannelsForm,
    *,
    problem: str = "",
    unlisted: UnlistedForm | None = None,
) -> HttpResponse:
    chosen = form.services
    is_searching = ANOTHER in request.GET or "quoi" in request.GET or not chosen or bool(unlisted)
    context = {
        "form": form,
        "problem": problem,
        "chosen": [(at, one, f"channels_{at}") for at, one in enumerate(chosen)],
        "may_add": len(chosen) < MOST_SERVICES,
        "is_searching": is_searching and len(chosen) < MOST_SERVICES,
        "finding": by_name(request, draft),
        "unlisted": unlisted or UnlistedForm(),
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
    initial = {"description": said.description, "wished": said.wished, "title": said.title}
    form = StoryForm(request.POST or None, initial=initial)
    refusal = last_refusal(STORY_SOURCE, draft.follows) if draft.follows else None
    if not form.is_valid():
        context = {"form": form, "cautions": [], "mark": "", "refusal": refusal}
        return step_page(request, draft, STORY, context)
    texts = {name: form.cleaned_data[name] for name in WRITTEN}
    actions.keep(draft, **texts)
    cautions = story_cautions(texts)
    mark = caution_mark(cautions)
    if cautions and form.cleaned_data["heeded"] != mark:
        shown = StoryForm(initial={**texts, "heeded": mark})
        context = {"form": shown, "cautions": cautions, "mark": mark, "refusal": refusal}
        return step_page(request, draft, STORY, context)
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
    form = FeelingForm(request.POST or None, initial=initial)
    if not form.is_valid():
        return step_page(request, draft, FEELING, {"form": form})
    names = ("feeling", *(one.value for one in ASPECTS))
    actions.keep(draft, **{name: form.cleaned_data[name] for name in names})
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
    form = AuthorForm(request.POST or None, initial=initial, is_amended=is_amended)
    if not form.is_valid():
        return step_page(request, draft, AUTHOR, {"form": form, "cautions": [], "mark": ""})
    values = dict(form.cleaned_data)
    heeded = values.pop("heeded")
    email = values.pop("email", draft.email)
    if "corriger" in request.POST:
        email = corrected_email(email) or email
    values.setdefault("follow_by", said.follow_by)
    actions.keep_author(draft, email=email, **values)
    cautions = author_cautions(values["pseudonym"], draft.email)
    mark = caution_mark(cautions)
    if cautions and heeded != mark:
        shown = AuthorForm(
            initial={**values, "email": email, "heeded": mark}, is_amended=is_amended
        )
        context = {
            "form": shown,
            "cautions": cautions,
            "mark": mark,
            "suggested_email": corrected_email(draft.email),
        }
        return step_page(request, draft, AUTHOR, context)
    return after(request, draft, AUTHOR)
