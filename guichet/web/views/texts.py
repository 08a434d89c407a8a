"""Pages of text: read by all, edited by the programme team. And the emergency numbers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from guichet.accounts.models import User
from guichet.core.access import PAGE_WITH_FORM, PUBLIC, requires
from guichet.core.extensions import menu
from guichet.directory.policies import PUBLISH
from guichet.directory.search_page import common_kind_links
from guichet.web import actions
from guichet.web.forms import SiteTextForm
from guichet.web.markup import parts_of
from guichet.web.models import SiteText


@requires(PUBLIC)
@require_safe
def site_text(request: HttpRequest, slug: str) -> HttpResponse:
    text = get_object_or_404(SiteText, slug=slug)
    return render(request, "web/text.html", {"text": text, "parts": parts_of(text.body)})


@requires(PUBLISH)
@require_safe
def texts(request: HttpRequest) -> HttpResponse:
    context = {"texts": SiteText.objects.select_related("changed_by")}
    return render(request, "web/texts.html", context)


@requires(PUBLISH)
@PAGE_WITH_FORM
def edit_text(request: HttpRequest, slug: str) -> HttpResponse:
    text = get_object_or_404(SiteText, slug=slug)
    form = SiteTextForm(request.POST or None, instance=text)
    if request.method == "POST" and form.is_valid():
        assert isinstance(request.user, User)
        if "preview" in request.POST:
            context = {"text": text, "form": form, "parts": parts_of(text.body)}
            return render(request, "web/edit_text.html", context)
        actions.change_text(text=text, by=request.user)
        messages.success(request, f"« {text.title} » est à jour.")
        return redirect(text)
    return render(request, "web/edit_text.html", {"text": text, "form": form, "parts": None})


@requires(PUBLIC)
@require_safe
def emergencies(request: HttpRequest) -> HttpResponse:
    return render(request, "web/emergencies.html")


@requires(PUBLIC)
@require_safe
def site_map(request: HttpRequest) -> HttpResponse:
    context = {
        "entries": menu("main", request.user),
        "texts": SiteText.objects.all(),
        "kinds": common_kind_links(),
    }
    return render(request, "web/site_map.html", context)
