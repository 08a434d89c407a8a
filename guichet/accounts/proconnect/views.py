"""Leaving for the provider, coming back, saying goodbye."""

from __future__ import annotations

import logging
from typing import Any

import jwt
import requests
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import View
from mozilla_django_oidc.views import (
    OIDCAuthenticationCallbackView,
    OIDCAuthenticationRequestView,
)

from guichet.accounts.proconnect import logout
from guichet.accounts.proconnect.backend import Outcome
from guichet.accounts.proconnect.configuration import (
    ProviderUnavailable,
    endpoints,
    is_configured,
    library_setting,
)
from guichet.accounts.sign_ins import PROVIDER_METHOD

logger = logging.getLogger("guichet.accounts")
FAILURES = (
    requests.RequestException,
    jwt.PyJWTError,
    ProviderUnavailable,
    KeyError,
    ValueError,
)


class ProConnectView(View):
    """A page that exists only where ProConnect is configured, for who is not yet signed in."""

    @staticmethod
    def get_settings(attr: str, *args: Any) -> Any:
        return library_setting(attr, *args)

    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_configured():
            raise Http404("ProConnect n'est pas proposé sur cette plateforme.")
        if request.user.is_authenticated:
            return redirect(settings.LOGIN_REDIRECT_URL)
        return super().dispatch(request, *args, **kwargs)


class RequestView(ProConnectView, OIDCAuthenticationRequestView):  # type: ignore[misc]
    def __init__(self, **kwargs: Any) -> None:
        View.__init__(self, **kwargs)
        self.OIDC_RP_CLIENT_ID = settings.PROCONNECT_CLIENT_ID

    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            self.OIDC_OP_AUTH_ENDPOINT = endpoints().authorization_endpoint
        except ProviderUnavailable as error:
            return failed(request, error)
        response: HttpResponse = super().get(request)
        return response


class CallbackView(ProConnectView, OIDCAuthenticationCallbackView):  # type: ignore[misc]
    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            response: HttpResponse = super().get(request)
        except SuspiciousOperation as error:
            return failed(request, error, status=400)
        except FAILURES as error:
            return failed(request, error)
        return response

    def login_success(self) -> HttpResponseBase:
        request, user = self.request, self.user
        record_authentication(request, user, method=PROVIDER_METHOD)
        if "mfa" in outcome_of(request).methods:
            get_adapter().login(request, user)
            return redirect(self.success_url)
        response: HttpResponseBase = perform_login(
            request, Login(user=user, redirect_url=self.success_url)
        )
        return response

    def login_failure(self) -> HttpResponse:
        outcome = outcome_of(self.request)
        if outcome.refusal is None:
            return failed(self.request, "refused or interrupted", status=400)
        logout.remember(self.request, logout.prepare(self.request))
        context = {
            "reason": outcome.refusal.value,
            "email": outcome.email,
            "contact": settings.ACCESS_CONTACT,
            "can_change": logout.remembered(self.request) is not None,
        }
        return render(self.request, "accounts/proconnect_refused.html", context, status=403)


def outcome_of(request: HttpRequest) -> Outcome:
    outcome: Outcome = getattr(request, "proconnect", Outcome())
    return outcome


def failed(request: HttpRequest, error: object, status: int = 502) -> HttpResponse:
    """The page of a login that did not end; the log says why, the page says what to do."""
    logger.warning("proconnect login failed: %s", error)
    return render(request, "accounts/proconnect_failed.html", status=status)


@never_cache
def end_session(request: HttpRequest) -> HttpResponse:
    """The page that leaves for the provider, to end the session there too."""
    farewell = logout.remembered(request)
    if farewell is None or request.user.is_authenticated:
        return redirect(settings.LOGOUT_REDIRECT_URL)
    return render(request, "accounts/proconnect_logout.html", {"url": farewell["url"]})


@never_cache
def session_ended(request: HttpRequest) -> HttpResponse:
    """Back from the provider."""
    if logout.is_return_of(request):
        request.session.flush()
        messages.success(request, "Vous êtes déconnecté de ce site et de ProConnect.")
    return redirect(settings.LOGOUT_REDIRECT_URL)
