"""Writes about people: open an account, change it, close it, end sessions, reset authenticators.

Each is atomic, audited, and told to the person by mail. Refuses what would lock its author out.
Who may call them is decided above, where the roles are known; `scope` is the place in the tree
(a path of labels) whose managers may read the event, when there is one.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from guichet.accounts.audit import SYSTEM, audited_save, record
from guichet.accounts.departures import ends_of_access
from guichet.accounts.models import ProviderIdentity, User
from guichet.accounts.noting import note_closed, note_opened_again
from guichet.accounts.queries import describe_authenticator
from guichet.core.errors import RuleViolation
from guichet.core.text import one_line

ANONYMOUS_DOMAIN = "anonyme.invalid"


@transaction.atomic
def account_for(
    *,
    email: str,
    by: User | None,
    full_name: str = "",
    job_title: str = "",
    scope: str | None = None,
) -> User:
    """The active account of `email`, opened if there is none: the only way to make an account.

    An existing person keeps the name they gave. `RuleViolation` when the account was closed.
    No mail: the invitation that follows tells them.
    """
    # Names go into mails: a line of their own would be taken for the platform's.
    full_name, job_title = one_line(full_name), one_line(job_title)
    user = User.objects.with_email(email)
    if user is None:
        user = User.objects.create_user(email, full_name=full_name, job_title=job_title)
        after = {"email": user.email, "full_name": full_name, "job_title": job_title}
        record(by=by, action="user.opened", subject=user, scope=scope, after=after)
    elif not user.is_active:
        raise RuleViolation(
            "Le compte de cette adresse est désactivé : faites-le réactiver par un administrateur "
            "avant de l'inviter."
        )
    return user


@transaction.atomic
def update_profile(*, user: User, by: User, full_name: str, job_title: str) -> None:
    """Change what others see of a person."""
    user.full_name, user.job_title = one_line(full_name), one_line(job_title)
    audited_save(user, by=by, action="user.described", fields=["full_name", "job_title"])


@transaction.atomic
def change_email(*, user: User, by: User, email: str, scope: str | None = None) -> None:
    """Move the account to another address; both addresses are told, and sessions end.

    `RuleViolation` when the address belongs to somebody else; `ValidationError` when it is none.
    """
    validate_email(email)
    person, former = locked(user), user.email
    owner = User.objects.with_email(email)
    if owner is not None and owner.pk != person.pk:
        raise RuleViolation(f"L'adresse {email} est déjà celle d'un autre compte.")
    person.email = User.objects.normalize_email(email).lower()
    audited_save(person, by=by, action="user.address_changed", scope=scope, fields=["email"])
    raise_epoch(person)
    tell(person, "address_changed", by=by, also=former, former=former)
    user.refresh_from_db()


@transaction.atomic
def deactivate_user(*, user: User, by: User | None, scope: str | None = None) -> None:
    """End every access of a person who leaves: the account, its sessions, what other apps gave.

    `RuleViolation` when already done, or when the person is its author.
    """
    person = locked(user)
    if not person.is_active:
        raise RuleViolation(f"Le compte de {person} est déjà désactivé.")
    if by is not None and by.pk == person.pk:
        raise RuleViolation(
            "Vous ne pouvez pas désactiver votre propre compte : demandez-le à un autre "
            "administrateur."
        )
    person.is_active, person.left_at = False, timezone.now()
    fields = ["is_active", "left_at"]
    audited_save(person, by=by, action="user.deactivated", scope=scope, fields=fields)
    raise_epoch(person)
    for rule in ends_of_access:
        rule.end(person, by)
    tell(person, "deactivated", by=by)
    note_closed(person)
    user.refresh_from_db()


@transaction.atomic
def reactivate_user(*, user: User, by: User, scope: str | None = None) -> None:
    """Open the account again; what other apps had given stays ended. `RuleViolation` if open."""
    person = locked(user)
    if person.anonymised_at is not None:
        raise RuleViolation("Ce compte a été effacé : invitez la personne à nouveau.")
    if person.is_active:
        raise RuleViolation(f"Le compte de {person} est déjà actif.")
    person.is_active, person.joined_at, person.left_at = True, timezone.now(), None
    fields = ["is_active", "joined_at", "left_at"]
    audited_save(person, by=by, action="user.reactivated", scope=scope, fields=fields)
    tell(person, "reactivated", by=by)
    note_opened_again(person)
    user.refresh_from_db()


@transaction.atomic
def reset_authenticators(*, user: User, by: User, scope: str | None = None) -> None:
    """Erase lost passkeys, application and recovery codes, and the identity at the provider.

    The person signs in again with a code sent by e-mail. Sessions end.
    """
    person = locked(user)
    before = {"authenticators": erase_authenticators(person)}
    record(by=by, action="authenticators.reset", subject=person, scope=scope, before=before)
    raise_epoch(person)
    tell(person, "authenticators_reset", by=by)
    user.refresh_from_db()


@transaction.atomic
def end_sessions(*, user: User, by: User, scope: str | None = None) -> None:
    """Close every session of a person, on every device."""
    person = locked(user)
    raise_epoch(person)
    record(by=by, action="sessions.ended", subject=person, scope=scope)
    if by.pk != person.pk:
        tell(person, "sessions_ended", by=by)
    user.refresh_from_db()


@transaction.atomic
def pin_identity(*, user: User, issuer: str, subject: str) -> ProviderIdentity:
    """Tie a person to their identity at the provider, once and for all."""
    identity = ProviderIdentity.objects.create(user=user, issuer=issuer, subject=subject)
    record(by=user, action="identity.pinned", subject=user, after={"issuer": issuer})
    return identity


@transaction.atomic
def anonymise_user(*, user: User) -> None:
    """Forget who a person was, and keep the row that others point to. Never undone."""
    person = locked(user)
    erase_authenticators(person)
    person.sign_ins.all().delete()
    was_active = person.is_active
    person.email = f"ancien-compte-{person.pk}@{ANONYMOUS_DOMAIN}"
    person.full_name, person.job_title = "Compte effacé", ""
    person.is_active, person.anonymised_at = False, timezone.now()
    person.left_at = person.left_at or timezone.now()
    person.session_epoch += 1
    person.save()
    if was_active:
        for rule in ends_of_access:
            rule.end(person, None)
    record(by=None, action="user.anonymised", subject=person)


def locked(user: User) -> User:
    """The row as it stands now, kept from others until the transaction ends."""
    return User.objects.select_for_update().get(pk=user.pk)


def raise_epoch(person: User) -> None:
    person.session_epoch += 1
    person.save(update_fields=["session_epoch"])


def erase_authenticators(person: User) -> list[str]:
    """Erase them all; returns what they were, in words."""
    authenticators = Authenticator.objects.filter(user=person)
    words = [describe_authenticator(one) for one in authenticators.order_by("created_at")]
    authenticators.delete()
    erased, _ = ProviderIdentity.objects.filter(user=person).delete()
    return [*words, "Identité ProConnect"] if erased else words


def tell(person: User, what: str, *, by: User | None, also: str = "", **words: Any) -> None:
    """Mail the person what was done to their account, and by whom."""
    context = {
        "person": person,
        "by": str(by) if by else SYSTEM,
        "institution": settings.INSTITUTION,
        "address": settings.PUBLIC_URL,
        "contact": settings.ACCESS_CONTACT,
        **words,
    }
    subject, _, body = render_to_string(f"accounts/mail/{what}.txt", context).partition("\n")
    for address in filter(None, (person.email, also)):
        send_mail(f"{settings.INSTITUTION} : {subject}", body.lstrip("\n"), None, [address])
