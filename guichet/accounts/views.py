"""One's own account: name, sessions. Signing in itself is allauth's and `proconnect`'s."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from guichet.accounts import actions, queries, sign_ins
from guichet.accounts.forms import ProfileForm
from guichet.accounts.models import ProviderIdentity, User
from guichet.core.access import SIGNED_IN, requires


@requires(SIGNED_IN)
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    form = ProfileForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        actions.update_profile(user=user, by=user, **form.cleaned_data)
        messages.success(request, "Vos informations sont enregistrées.")
        return redirect("agent_account")
    return render(
        request,
        "accounts/account.html",
        {
            "form": form,
            "person": User.objects.get(pk=user.pk),
            "authenticators": queries.authenticators_of(user),
            "identity": ProviderIdentity.objects.filter(user=user).first(),
            "sessions": queries.open_sessions_of(user),
            "current_session": request.session.get(sign_ins.SESSION_KEY),
        },
    )


@requires(SIGNED_IN)
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    actions.end_sessions(user=user, by=user)
    sign_ins.keep_session(request, user)
    messages.success(request, "Vos autres sessions sont fermées.")
    return redirect("agent_account")
