"""The forms of signing in and of one's own account, drawn as every form of the site."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.exceptions import ValidationError

from guichet.accounts.models import User
from guichet.ui.forms import Drawn, Form, ModelForm

ADDRESS_EXAMPLE = "Adresse professionnelle, par exemple prenom.nom@exemple.fr"
ASK_CODE = "Écrivez le code."
KEY_NOT_READ = "La clé n'a pas été lue : recommencez et suivez ce que demande votre appareil."


def prepare_code(field: forms.Field, label: str, hint: str) -> None:
    """Six digits to copy: no placeholder, the phone proposes the code, digits first."""
    field.label, field.help_text = label, hint
    field.error_messages = {**field.error_messages, "required": ASK_CODE}
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(
        {"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": "20"}
    )


class LoginForm(Drawn, account.LoginForm):  # type: ignore[misc]
    """An address; the answer is the same whether an account has it or not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login = self.fields["login"]
        login.label, login.help_text = "Adresse électronique", ADDRESS_EXAMPLE
        login.error_messages = {
            **login.error_messages,
            "required": "Écrivez votre adresse électronique.",
            "invalid": "Cette adresse est incomplète. Exemple : prenom.nom@exemple.fr.",
        }
        login.widget.attrs.pop("placeholder", None)
        login.widget.attrs["autocomplete"] = "email"


class ConfirmCodeForm(Drawn, account.ConfirmLoginCodeForm):  # type: ignore[misc]
    """The code sent by e-mail; wrong ones count against the address, whatever the browser."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        prepare_code(self.fields["code"], "Code reçu par courriel", "Six chiffres")

    def clean_code(self) -> str:
        usage = self.consume_attempt()
        code: str = super().clean_code()
        usage.rollback()
        return code

    def consume_attempt(self) -> Any:
        """One attempt of this address and network; `ValidationError` when there is none left."""
        request = context.request
        address = request._login_stage.state.get("email", "")
        usage = ratelimit.consume(
            request, app="allauth.account", action="login_failed", key=f"code:{address.lower()}"
        )
        if usage is None:
            raise get_adapter().validation_error("too_many_login_attempts")
        return usage


class SecondFactorForm(Drawn, mfa.AuthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        prepare_code(
            self.fields["code"],
            "Code de votre application",
            "Six chiffres, ou l'un de vos codes de secours",
        )


class ReauthenticateForm(Drawn, mfa.ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        prepare_code(
            self.fields["code"],
            "Code de votre application",
            "Six chiffres, ou l'un de vos codes de secours",
        )


class ActivateApplicationForm(Drawn, totp.ActivateTOTPForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        prepare_code(
            self.fields["code"],
            "Code affiché par l'application",
            "Six chiffres, qui changent toutes les 30 secondes",
        )


class CredentialField(forms.JSONField):
    """What a device signed, an object; numbers and nesting without end are no more read than the
    rest."""

    default_error_messages = {"required": KEY_NOT_READ, "invalid": KEY_NOT_READ}

    def to_python(self, value: Any) -> Any:
        try:
            found = super().to_python(value)
        except (ValueError, RecursionError) as error:
            raise ValidationError(KEY_NOT_READ) from error
        if found is not None and not isinstance(found, dict):
            raise ValidationError(KEY_NOT_READ)
        return found

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Never shown again: a signature serves once."""
        return initial


class KeyForm(forms.Form):
    """Takes what a device signed, where a key opens or confirms."""

    credential = CredentialField(widget=forms.HiddenInput)

    def clean_credential(self) -> Any:
        """`KeyError`: a part that every device writes is missing."""
        try:
            return super().clean_credential()  # type: ignore[misc]
        except (KeyError, ValueError) as error:
            raise ValidationError(KEY_NOT_READ) from error


class PasskeyLoginForm(Drawn, KeyForm, webauthn.LoginWebAuthnForm):  # type: ignore[misc]
    pass


class SecondFactorKeyForm(Drawn, KeyForm, webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class ReauthenticateKeyForm(Drawn, KeyForm, webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class AddPasskeyForm(Drawn, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """Always a passkey: kept on the device, opened by its PIN code, finger or face."""

    passwordless = forms.BooleanField(required=True, initial=True, widget=forms.HiddenInput)
    credential = CredentialField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label="Nom de la clé",
            help_text="Pour la reconnaître, par exemple « téléphone » ou « clé du bureau »",
            required=False,
            max_length=60,
            initial=self.initial["name"],
        )
        self.fields["credential"].error_messages["required"] = KEY_NOT_READ

    def clean(self) -> dict[str, Any]:
        try:
            values: dict[str, Any] = super().clean()
        except (KeyError, ValueError) as error:
            raise ValidationError(KEY_NOT_READ) from error
        return values


class RenamePasskeyForm(Drawn, webauthn.EditWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        name.label, name.help_text = "Nom de la clé", "Par exemple « téléphone »"
        name.error_messages["required"] = "Donnez un nom à cette clé."


class ProfileForm(ModelForm):
    """What others see of a person."""

    class Meta:
        model = User
        fields = ["full_name", "job_title"]
        help_texts = {
            "full_name": "Vu de vos collègues, jamais publié",
            "job_title": "Par exemple « conseillère France services »",
        }
        widgets = {"full_name": forms.TextInput(attrs={"autocomplete": "name"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["full_name"].required = True
        self.fields["full_name"].error_messages["required"] = "Écrivez votre prénom et votre nom."


class AddressForm(Form):
    """Another address for a person's account, asked of an administrator."""

    email = forms.EmailField(
        label="Nouvelle adresse électronique",
        help_text=ADDRESS_EXAMPLE,
        max_length=254,
        error_messages={"required": "Écrivez la nouvelle adresse."},
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        owner = User.objects.with_email(email)
        if owner is not None and owner.pk == self.person.pk:
            raise ValidationError("C'est déjà l'adresse de ce compte.")
        if owner is not None:
            raise ValidationError("Cette adresse est déjà celle d'un autre compte.")
        return email
