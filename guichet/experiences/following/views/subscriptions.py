"""`/experiences/abonnement/`: asked, confirmed by a button, ended in one click. No cookie."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from guichet.core.access import PAGE_WITH_FORM, PUBLIC, requires
from guichet.core.errors import RuleViolation
from guichet.core.redirects import see_other
from guichet.core.text import search_text
from guichet.directory.models import Network, Structure
from guichet.experiences.following import actions, limits
from guichet.experiences.following.access import kept_private, wrong_link
from guichet.experiences.following.actions.subscriptions import (
    end_url,
    name_of,
    scope_of,
    subscription_to_confirm,
    subscription_to_end,
)
from guichet.experiences.following.forms import SubscribeForm, ThingToFollowForm
from guichet.experiences.reading.scopes import Scope, territory_of_code
from guichet.experiences.sharing.choosing import searched


@requires(PUBLIC)
@csrf_exempt
@never_cache
@PAGE_WITH_FORM
def subscribe(request: HttpRequest) -> HttpResponse:
    """`?service=`, `?reseau=` or `?departement=` names what is followed."""
    scope = scope_asked(request.GET)
    context = {"scope": scope, "query": request.GET.urlencode()}
    if scope is None:
        return what_to_follow(request)
    form = SubscribeForm(
        request.POST if request.method == "POST" else None, about=f"subscribe-{scope.key}"
    )
    if form.is_valid():
        email = form.cleaned_data["email"]
        try:
            if not limits.may_mail(request, email):
                raise RuleViolation(limits.TOO_MANY_MAILS)
            actions.ask_subscription(email=email, scope=scope)
            return see_other(f"{request.get_full_path()}&envoye=oui")
        except RuleViolation as error:
            form.add_error(None, str(error))
    page = "subscribe_sent" if request.GET.get("envoye") else "subscribe"
    return render(request, f"experiences/following/{page}.html", context | {"form": form})


def what_to_follow(request: HttpRequest) -> HttpResponse:
    """A service to search, a network or a département to choose: each leads back here, named."""
    what, where = (search_text(request.GET.get(name, "")) for name in ("quoi", "ou"))
    context = {
        "what": what,
        "where": where,
        "search_url": f"{request.path}#trouve",
        "proposals": searched(what, where),
        "form": ThingToFollowForm(),
    }
    return render(request, "experiences/following/what_to_follow.html", context)


def scope_asked(asked: QueryDict) -> Scope | None:
    """What the address names; None when it names nothing, 404 when there is no such thing."""
    named = {
        name: search_text(asked.get(name, "")) for name in ("service", "reseau", "departement")
    }
    scope = None
    if named["service"]:
        scope = Scope(structure=Structure.objects.filter(code=named["service"]).first())
    elif named["reseau"]:
        scope = Scope(network=Network.objects.filter(code=named["reseau"]).first())
    elif named["departement"]:
        territory = territory_of_code(named["departement"])
        scope = Scope(territory=territory if territory and not territory.is_region else None)
    if scope is not None and scope == Scope():
        raise Http404("Ce service, ce réseau ou ce département n'existe pas.")
    return scope


@requires(PUBLIC)
@csrf_exempt
@never_cache
@PAGE_WITH_FORM
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    try:
        found = subscription_to_confirm(token)
        if request.method == "POST":
            actions.confirm_subscription(token)
            return kept_private(see_other(f"{request.path}?fait=oui"))
    except (RuleViolation, TypeError, ValueError) as error:
        return kept_private(wrong_link(request, error))
    context = {
        "name": name_of(found),
        "url": scope_of(found).url,
        "is_confirmed": found.confirmed_at is not None,
        "end_url": end_url(found),
    }
    return kept_private(render(request, "experiences/following/confirm_subscription.html", context))


@requires(PUBLIC)
@csrf_exempt
@never_cache
@PAGE_WITH_FORM
def end(request: HttpRequest, token: str) -> HttpResponse:
    """The button of a page, and the one-click POST of a mail application (RFC 8058); a link that
    was already used answers that it is done."""
    try:
        found, is_of_all = subscription_to_end(token)
    except (TypeError, ValueError):
        return kept_private(wrong_link(request, ValueError()))
    except RuleViolation as error:
        if str(error) != actions.SUBSCRIPTION_GONE:
            return kept_private(wrong_link(request, error))
        return kept_private(ended(request))
    if request.method == "POST":
        actions.end_subscription(found, is_of_all=is_of_all)
        return kept_private(ended(request))
    context = {"name": name_of(found), "is_of_all": is_of_all}
    return kept_private(render(request, "experiences/following/end_subscription.html", context))


def ended(request: HttpRequest) -> HttpResponse:
    return render(request, "experiences/following/subscription_ended.html")
