"""Who signs in, and what was done: users, their sessions, audit events.

Knows no role of the field; refuses passwords, and changes to an audit event.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F
from django.db.models.functions import Lower
from django.utils import timezone
from django_ltree.fields import PathField

TREE_LABEL = re.compile(r"[A-Za-z0-9_]+")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_unusable_password()
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)

    def with_email(self, email: str) -> User | None:
        """Whoever has this address, whatever the case; active or not."""
        return self.annotate(address=Lower("email")).filter(address=email.strip().lower()).first()


class User(AbstractBaseUser):
    """A person who works with the platform. Has no password: a code, a passkey or ProConnect.

    `joined_at` is when the account was last opened; raising `session_epoch` ends its sessions.
    `key` names the account in the log of erasures: a number may be used again after a restore.
    """

    email = models.EmailField("adresse électronique", max_length=254, unique=True)
    full_name = models.CharField("prénom et nom", max_length=150, blank=True, default="")
    job_title = models.CharField("fonction", max_length=150, blank=True, default="")
    is_active = models.BooleanField("compte actif", default=True)
    joined_at = models.DateTimeField("arrivée", default=timezone.now)
    left_at = models.DateTimeField("départ", null=True, blank=True)
    anonymised_at = models.DateTimeField(null=True, blank=True)
    session_epoch = models.PositiveIntegerField(default=0)
    key = models.UUIDField(default=uuid4, unique=True, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique_whatever_the_case")
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    def get_session_auth_hash(self) -> str:
        """Changes with `session_epoch`, so that raising it ends every session at once."""
        return f"{super().get_session_auth_hash()}.{self.session_epoch}"

    def get_session_auth_fallback_hash(self) -> Any:
        for fallback in super().get_session_auth_fallback_hash():
            yield f"{fallback}.{self.session_epoch}"


class ProviderIdentity(models.Model):
    """The identity of a person at the OpenID provider, pinned at the first login.

    An e-mail address may be given to somebody else one day; `subject` never is.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="provider_identity")
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)
    pinned_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "subject"], name="provider_identity_of_one_person"
            )
        ]

    def __str__(self) -> str:
        return f"{self.issuer} {self.subject}"


class SignInQuerySet(models.QuerySet["SignIn"]):
    def still_open(self) -> SignInQuerySet:
        """Sessions that still give access: not closed, not ended with the others, under 12 h."""
        return self.filter(
            ended_at__isnull=True,
            epoch=F("user__session_epoch"),
            opened_at__gt=timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE),
        )


class SignIn(models.Model):
    """A session as its person sees it: when, by which means, on which device."""

    class Means(models.TextChoices):
        CODE = "code", "code reçu par courriel"
        TOTP = "totp", "code reçu par courriel et application d'authentification"
        RECOVERY = "recovery_codes", "code reçu par courriel et code de secours"
        SECURITY_KEY = "security_key", "code reçu par courriel et clé d'accès"
        PASSKEY = "passkey", "clé d'accès"
        PROVIDER = "provider", "ProConnect"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    opened_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    epoch = models.PositiveIntegerField()
    means = models.CharField(max_length=20, choices=Means)
    device = models.CharField(max_length=80, blank=True, default="")

    objects = SignInQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        indexes = [
            models.Index(fields=["user", "-opened_at"], name="sign_in_of_person"),
            models.Index(fields=["opened_at"], name="sign_in_oldest"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.opened_at:%Y-%m-%d %H:%M} {self.means}"


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def about(self, *, kind: str, identifier: object) -> AuditEventQuerySet:
        return self.filter(subject_kind=kind, subject_id=str(identifier))

    def under(self, *labels: object) -> AuditEventQuerySet:
        """Events whose scope passes through one of the tree labels (`n7`, a primary key…)."""
        names = [str(label) for label in labels]
        if not names:
            return self.none()
        for name in names:
            if not TREE_LABEL.fullmatch(name):
                raise ValueError(f"not a label of the tree: {name!r}")
        return self.filter(scope__match=f"*.{'|'.join(names)}.*")


class AuditEvent(models.Model):
    """A write that matters: who, what, when, on what, before and after. Never changed.

    `scope` is a path of labels (network `n7`, structures by primary key) as it stood then, so
    that whoever answers for a subtree reads its history. The database itself refuses changes
    (migration 0002): only the actor's row may vanish, and events of three years may be erased.
    """

    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)
    actor_label = models.CharField(max_length=320)
    action = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80)
    subject_label = models.CharField(max_length=300)
    scope = PathField(null=True, blank=True)
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "-at"], name="audit_subject"),
            models.Index(fields=["-at"], name="audit_latest"),
            GistIndex(fields=["scope"], name="audit_scope"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_label} {self.action} {self.subject_label}"
