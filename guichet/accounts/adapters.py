"""Our answers to allauth's questions: its sentences in French, its mails, its secrets."""

from __future__ import annotations

import base64
import hashlib
import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from guichet.accounts.models import User
from guichet.accounts.proconnect import logout as provider_logout

logger = logging.getLogger("guichet.accounts")

WRONG_CODE = (
    "Ce code n'est pas le bon : vérifiez les chiffres, ou demandez un autre code s'il a plus de "
    "cinq minutes."
)
TOO_MANY = (
    "Trop d'essais en peu de temps : attendez cinq minutes, puis recommencez. "
    "Votre compte n'est pas bloqué."
)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign in by code; nobody signs up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "Ce compte est désactivé.",
        "incorrect_code": WRONG_CODE,
        "invalid_login": "Écrivez votre adresse électronique, par exemple prenom.nom@exemple.fr.",
        "rate_limited": TOO_MANY,
        "too_many_login_attempts": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def format_email_subject(self, subject: str) -> str:
        return f"{settings.INSTITUTION} : {subject}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        words = {
            "institution": settings.INSTITUTION,
            "address": settings.PUBLIC_URL,
            "contact": settings.ACCESS_CONTACT,
            "minutes": settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60,
        }
        self.render_mail(template_prefix, email, {**words, **context}).send()

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        self.send_mail(template_prefix, email or user.email, {"person": user, **(context or {})})

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """The first one is proposed, the others are one click away."""
        words = {
            "mfa_reauthenticate:webauthn": "Votre clé d'accès",
            "mfa_reauthenticate": "Un code de votre application ou un code de secours",
        }
        known = {method["id"]: method for method in super().get_reauthentication_methods(user)}
        return [
            {**known[name], "description": description}
            for name, description in words.items()
            if name in known
        ]

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        if provider_logout.is_due(request):
            return reverse("proconnect_logout")
        return str(super().get_logout_redirect_url(request))

    def logout(self, request: HttpRequest) -> None:
        farewell = provider_logout.prepare(request)
        super().logout(request)
        provider_logout.remember(request, farewell)


class AuthenticatorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors and passkeys; their secrets are encrypted in the database."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": (
            "Ce code n'est pas le bon : recopiez celui que votre application affiche maintenant."
        ),
        "cannot_generate_recovery_codes": (
            "Ajoutez d'abord une clé d'accès ou une application d'authentification."
        ),
    }

    def get_totp_issuer(self) -> str:
        return str(settings.INSTITUTION)

    def generate_authenticator_name(self, user: User, type: str) -> str:
        from allauth.mfa.models import Authenticator

        count = Authenticator.objects.filter(user=user, type=type).count()
        return "Clé d'accès" if count == 0 else f"Clé d'accès {count + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": settings.INSTITUTION}

    def encrypt(self, text: str) -> str:
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; when the installation's key has changed, another one that opens nothing."""
        try:
            return cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            logger.warning("authenticator secret unreadable: was GUICHET_SECRET_KEY changed?")
            return str(generate_totp_secret())


def cipher() -> MultiFernet:
    """Encrypts under the installation's key, reads under the former ones too."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(derived_key(str(key))) for key in keys])


def derived_key(secret: str) -> bytes:
    digest = hashlib.sha256(b"guichet.accounts.authenticators" + secret.encode()).digest()
    return base64.urlsafe_b64encode(digest)
