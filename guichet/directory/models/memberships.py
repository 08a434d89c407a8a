"""Who may act where: a role on a structure's subtree, on a network, or on the programme."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from guichet.accounts.models import User
from guichet.directory.models.structures import Network, Structure


class Role(models.TextChoices):
    READER = "reader", "lecture"
    RESPONDER = "responder", "réponse aux usagers"
    MANAGER = "manager", "gestion"
    LEAD = "lead", "pilotage du réseau"
    MODERATOR = "moderator", "modération"
    PUBLISHER = "publisher", "publication"
    ADMINISTRATOR = "administrator", "administration"


STRUCTURE_ROLES = (Role.READER, Role.RESPONDER, Role.MANAGER)
PROGRAMME_ROLES = (Role.MODERATOR, Role.PUBLISHER, Role.ADMINISTRATOR)


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> MembershipQuerySet:
        return self.filter(ended_at__isnull=True, user__is_active=True)


class Membership(models.Model):
    """One role of one person. Ended, never deleted: the past stays explainable."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField("rôle", max_length=20, choices=Role)
    structure = models.ForeignKey(
        Structure, null=True, blank=True, on_delete=models.CASCADE, related_name="memberships"
    )
    network = models.ForeignKey(
        Network, null=True, blank=True, on_delete=models.CASCADE, related_name="memberships"
    )
    given_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="memberships_given"
    )
    given_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=STRUCTURE_ROLES, structure__isnull=False, network__isnull=True)
                | Q(role=Role.LEAD, structure__isnull=True, network__isnull=False)
                | Q(role__in=PROGRAMME_ROLES, structure__isnull=True, network__isnull=True),
                name="membership_role_fits_its_scope",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "structure", "network"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="membership_given_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["user"], name="membership_current", condition=Q(ended_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} : {self.get_role_display()} ({self.scope_name})"

    @property
    def scope_name(self) -> str:
        return str(self.structure or self.network or "tout le programme")
