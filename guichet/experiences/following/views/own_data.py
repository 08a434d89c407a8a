"""What an author does of their data: read, download, erase, withdraw; how they are reached."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from guichet.core.access import PAGE_WITH_FORM, PUBLIC, requires
from guichet.core.errors import RuleViolation
from guichet.core.redirects import see_other
from guichet.experiences.following import actions, limits
from guichet.experiences.following.access import (
    back_to_page,
    kept_private,
    opened_by_link,
    token_in,
    wrong_link,
)
from guichet.experiences.following.actions.reaching import author_of_new_address
from guichet.experiences.following.forms import AddressForm
from guichet.experiences.following.own_data import as_json, as_text, own_data
from guichet.experiences.following.queries import follow_page
from guichet.experiences.links import follow_token
from guichet.experiences.models import Author

FILES = {
    "json": ("application/json", as_json),
    "txt": ("text/plain; charset=utf-8", as_text),
}


@opened_by_link
@require_safe
def my_data(request: HttpRequest, author: Author) -> HttpResponse:
    context = {"page": follow_page(author, token_in(request))}
    return render(request, "experiences/following/my_data.html", context)


@opened_by_link
@require_safe
def download(request: HttpRequest, author: Author, extension: str) -> HttpResponse:
    if extension not in FILES:
        raise Http404("Ce fichier existe en deux formats : json et txt.")
    kind, written = FILES[extension]
    response = HttpResponse(written(own_data(author)), content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="mon-recit.{extension}"'
    return response


@opened_by_link
@PAGE_WITH_FORM
def withdraw_story(request: HttpRequest, author: Author) -> HttpResponse:
    """Two steps: what goes and when, then the button."""
    if request.method == "POST":
        try:
            actions.withdraw(author)
        except RuleViolation as error:
            return wrong_link(request, error)
        return see_other(f"{reverse('gone')}?quoi=recit")
    context = {"page": follow_page(author, token_in(request))}
    return render(request, "experiences/following/withdraw.html", context)


@opened_by_link
@PAGE_WITH_FORM
def erase(request: HttpRequest, author: Author) -> HttpResponse:
    """The data of who wrote: the story stays without them, or goes too."""
    problem = ""
    if request.method == "POST":
        try:
            actions.erase_author(author)
            return see_other(f"{reverse('gone')}?quoi=donnees")
        except RuleViolation as error:
            problem = str(error)
    context = {"page": follow_page(author, token_in(request)), "problem": problem}
    return render(request, "experiences/following/erase.html", context)


@requires(PUBLIC)
@require_safe
def gone(request: HttpRequest) -> HttpResponse:
    """What was done, once no link opens anything any more."""
    context = {"is_story": request.GET.get("quoi") != "donnees"}
    return kept_private(render(request, "experiences/following/gone.html", context))


@opened_by_link
@PAGE_WITH_FORM
def change_address(request: HttpRequest, author: Author) -> HttpResponse:
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        email = form.cleaned_data["email"]
        try:
            if not limits.may_mail(request, email):
                raise RuleViolation(limits.TOO_MANY_MAILS)
            actions.ask_new_address(author=author, email=email)
            return back_to_page(request, "adresse")
        except RuleViolation as error:
            form.add_error(None, str(error))
    context = {"page": follow_page(author, token_in(request)), "form": form}
    return render(request, "experiences/following/address.html", context)


@requires(PUBLIC)
@csrf_exempt
@never_cache
@PAGE_WITH_FORM
def confirm_address(request: HttpRequest, token: str) -> HttpResponse:
    """A page with a button: mail scanners that open links confirm nothing."""
    try:
        if request.method == "POST":
            author = actions.confirm_new_address(token)
            return kept_private(see_other(reverse("follow", args=[follow_token(author)])))
        _, email = author_of_new_address(token)
    except (RuleViolation, TypeError, ValueError) as error:
        return kept_private(wrong_link(request, error))
    context = {"email": email}
    return kept_private(render(request, "experiences/following/confirm_address.html", context))


@opened_by_link
@require_POST
def renew(request: HttpRequest, author: Author) -> HttpResponse:
    """All links end; the new one is shown here, and mailed."""
    renewed = actions.renew_link(author)
    return see_other(f"{reverse('follow', args=[follow_token(renewed)])}?fait=lien")
