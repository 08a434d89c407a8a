"""The services that a story speaks of, where each one's answer is awaited, and how it moved."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from guichet.accounts.models import User
from guichet.directory.models import Network, Structure
from guichet.experiences.models.experiences import Channel, Experience, State

OPEN_ONES = Q(experience__state=State.PUBLISHED)
WAITING = OPEN_ONES & Q(first_reply_at__isnull=True)
"""Of published stories; without an answer yet."""


class AddresseeQuerySet(models.QuerySet["Addressee"]):
    def waiting(self) -> AddresseeQuerySet:
        return self.filter(WAITING)


class Addressee(models.Model):
    """One service of a story, at `rank` 1 to 3: its inbox item and its clock.

    `structure` is where the answer is awaited now, `first_structure` whom the author named, which
    agents read once the story was passed on; either is empty for a service that is not in the
    directory, which `name_entered` names: its story is followed by the programme.
    `network` is that of `structure`. `due_on` is counted from the publication and never moves when
    the story is passed on.
    """

    experience = models.ForeignKey(Experience, on_delete=models.CASCADE, related_name="addressees")
    rank = models.PositiveSmallIntegerField()
    structure = models.ForeignKey(
        Structure, null=True, blank=True, on_delete=models.PROTECT, related_name="addressed"
    )
    first_structure = models.ForeignKey(
        Structure, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    network = models.ForeignKey(
        Network, null=True, blank=True, on_delete=models.PROTECT, related_name="addressed"
    )
    name_entered = models.CharField(max_length=300, blank=True, default="")
    kind_entered = models.CharField(max_length=300, blank=True, default="")
    channels = ArrayField(
        models.CharField(max_length=12, choices=Channel), default=list, blank=True
    )
    due_on = models.DateField(null=True, blank=True)
    first_reply_at = models.DateTimeField(null=True, blank=True)
    assigned_to = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="assigned_stories"
    )
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects = AddresseeQuerySet.as_manager()

    class Meta:
        ordering = ["experience", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["experience", "rank"], name="addressee_rank_once"),
            models.CheckConstraint(
                condition=Q(rank__gte=1) & Q(rank__lte=3), name="addressee_rank_1_to_3"
            ),
        ]
        indexes = [
            models.Index(
                fields=["structure", "first_reply_at"],
                include=["id", "experience"],
                name="addressee_inbox",
            ),
            models.Index(
                fields=["network", "first_reply_at"],
                include=["experience"],
                name="addressee_network",
            ),
            models.Index(
                fields=["due_on"],
                condition=Q(first_reply_at__isnull=True),
                name="addressee_due",
            ),
        ]

    def __str__(self) -> str:
        return str(self.structure) if self.structure_id else self.name_entered

    @property
    def audit_label(self) -> str:
        """Never what the author typed, which a withdrawal erases."""
        return (
            str(self)
            if self.structure_id
            else f"un service hors annuaire (récit {self.experience_id})"
        )


class Passage(models.Model):
    """A story passed on: to a child or a sibling at once, to another network once accepted.

    `origin` is empty when the programme found the service that `name_entered` meant.
    """

    class Outcome(models.TextChoices):
        PROPOSED = "proposed", "proposée"
        ACCEPTED = "accepted", "acceptée"
        SENT_BACK = "sent_back", "renvoyée"
        CANCELLED = "cancelled", "annulée"

    addressee = models.ForeignKey(Addressee, on_delete=models.CASCADE, related_name="passages")
    origin = models.ForeignKey(
        Structure, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    target = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("pourquoi", max_length=300)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.PROPOSED)
    settled_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_reason = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["addressee"],
                condition=Q(outcome="proposed"),
                name="one_open_passage_an_addressee",
            )
        ]

    def __str__(self) -> str:
        return f"{self.origin or 'le programme'} → {self.target}"
