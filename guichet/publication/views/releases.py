"""The publisher's pages: what the next edition would change, its publication, each edition."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from guichet.core.access import PAGE_WITH_FORM, requires
from guichet.core.errors import RuleViolation
from guichet.directory.policies import PUBLISH
from guichet.directory.views.actors import actor
from guichet.publication.actions.releases import (
    abandon_waiting,
    ask_release,
    last_day_of_month_before,
    publication_under_way,
)
from guichet.publication.forms.releases import PublishForm, ThroughForm, free_name
from guichet.publication.models import Release
from guichet.publication.release_page import release_shown
from guichet.publication.releasing.preview import preview_release

REFRESH_SECONDS = "3"
OWN_IDS = "seen_%s"
"""Both forms of the page have a field of the same name."""


@requires(PUBLISH)
@require_safe
def releases(request: HttpRequest) -> HttpResponse:
    found = list(Release.objects.select_related("by", "previous"))
    states = Release.State
    context = {
        "current": next((each for each in found if each.is_current), None),
        "published": [each for each in found if each.state == states.PUBLISHED],
        "running": [each for each in found if each.state in (states.WAITING, states.COMPUTING)],
        "failed": [each for each in found if each.state == states.FAILED],
    }
    return render(request, "publication/releases/releases.html", context)


@requires(PUBLISH)
@PAGE_WITH_FORM
def prepare_release(request: HttpRequest) -> HttpResponse:
    """What would change until a day, then the name and the button."""
    asked = ThroughForm(request.GET or None, auto_id=OWN_IDS)
    through = last_day_of_month_before(timezone.localdate())
    if asked.is_bound and asked.is_valid():
        through = asked.cleaned_data["through"]
    form = PublishForm(
        request.POST or None, initial={"through": through, "name": free_name(through)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            release = ask_release(**form.cleaned_data, by=actor(request))
            return redirect("release", release.name)
        except RuleViolation as error:
            form.add_error(None, str(error))
    context = {
        "asked": asked
        if asked.is_bound
        else ThroughForm(initial={"through": through}, auto_id=OWN_IDS),
        "form": form,
        "preview": preview_release(day_of(form, through)),
        "under_way": "" if form.is_bound else publication_under_way(),
    }
    return render(request, "publication/releases/prepare.html", context)


def day_of(form: PublishForm, through: date) -> date:
    """The day whose preview is on the page: that of the form sent, else that asked for."""
    sent = form.cleaned_data.get("through") if form.is_bound else None
    return sent or through


@requires(PUBLISH)
@require_safe
def release(request: HttpRequest, release: str) -> HttpResponse:
    """One edition: how far it is, why it failed, or what it holds."""
    found = get_object_or_404(Release.objects.select_related("by", "previous"), name=release)
    shown = release_shown(found)
    response = render(request, "publication/releases/release.html", {"shown": shown})
    if shown.is_under_way and not shown.is_stopped:
        response.headers["Refresh"] = REFRESH_SECONDS
    return response


@requires(PUBLISH)
@require_POST
def retry_release(request: HttpRequest, release: str) -> HttpResponse:
    found = get_object_or_404(Release, name=release)
    try:
        ask_release(name=found.name, through=found.through, note=found.note, by=actor(request))
    except RuleViolation as error:
        messages.error(request, str(error))
    return redirect("release", found.name)


@requires(PUBLISH)
@require_POST
def abandon_release(request: HttpRequest, release: str) -> HttpResponse:
    found = get_object_or_404(Release, name=release)
    try:
        abandon_waiting(release=found, by=actor(request))
        messages.success(request, f"L'édition « {found.name} » est abandonnée.")
    except RuleViolation as error:
        messages.error(request, str(error))
    return redirect("release", found.name)
