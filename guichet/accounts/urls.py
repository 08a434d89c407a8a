"""Signing in, and one's own account, under `/agents/`.

Only what we need of allauth stands here, under its own names: nobody signs up, nobody has a
password, nobody changes their own address.
"""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path

from guichet.accounts import views
from guichet.accounts.proconnect import views as proconnect
from guichet.accounts.proconnect.configuration import is_configured
from guichet.core.access import PUBLIC, SIGNED_IN, declaring

signing_in = [
    path(
        "connexion/",
        account.LoginView.as_view(extra_context={"proconnect": is_configured}),
        name="account_login",
    ),
    path("connexion/code/", account.confirm_login_code, name="account_confirm_login_code"),
    path("connexion/verification/", mfa.authenticate, name="mfa_authenticate"),
    path("connexion/cle/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("connexion/compte-ferme/", account.account_inactive, name="account_inactive"),
    path("deconnexion/", account.logout, name="account_logout"),
    path(
        "connexion/proconnect/",
        proconnect.RequestView.as_view(),
        name="oidc_authentication_init",
    ),
    path(
        "connexion/proconnect/retour/",
        proconnect.CallbackView.as_view(),
        name="oidc_authentication_callback",
    ),
    path("deconnexion/proconnect/", proconnect.end_session, name="proconnect_logout"),
    path("deconnexion/proconnect/retour/", proconnect.session_ended, name="proconnect_logged_out"),
]

own_authenticators = [
    path("compte/connexion/", mfa.index, name="mfa_index"),
    path("compte/connexion/confirmer/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path(
        "compte/connexion/confirmer/cle/",
        webauthn.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
    ),
    path("compte/connexion/application/", totp.activate_totp, name="mfa_activate_totp"),
    path("compte/connexion/application/retirer/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("compte/connexion/cles/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("compte/connexion/cles/ajouter/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path(
        "compte/connexion/cles/<int:pk>/renommer/", webauthn.edit_webauthn, name="mfa_edit_webauthn"
    ),
    path(
        "compte/connexion/cles/<int:pk>/retirer/",
        webauthn.remove_webauthn,
        name="mfa_remove_webauthn",
    ),
    path(
        "compte/connexion/codes/",
        recovery_codes.view_recovery_codes,
        name="mfa_view_recovery_codes",
    ),
    path(
        "compte/connexion/codes/renouveler/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "compte/connexion/codes/telecharger/",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
]

urlpatterns = [
    *declaring(PUBLIC, signing_in),
    *declaring(SIGNED_IN, own_authenticators),
    path("compte/", views.account, name="agent_account"),
    path("compte/sessions/fermer/", views.end_other_sessions, name="agent_end_other_sessions"),
]
