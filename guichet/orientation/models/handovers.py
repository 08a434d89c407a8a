"""One service sends a person to another: the sheet, what became of it, and the pairs counted."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from guichet.accounts.models import User
from guichet.directory.models import Structure, StructureKind
from guichet.orientation.models.needs import Need

THE_TEAM = "l'équipe du programme"


class HandoverQuerySet(models.QuerySet["Handover"]):
    def waiting(self) -> HandoverQuerySet:
        """Sent, and the receiving service has not said what became of it."""
        return self.filter(outcome=Handover.Outcome.SENT)


class Handover(models.Model):
    """A hand-over sheet (fiche d'orientation). It never holds who the person is.

    `reference` is stored without its dash. `came_from` is the kind of service that had wrongly sent
    the person to `sender`; `right_kind` is what the receiver of a misrouted person names instead.
    `sender` is empty for a sheet that the programme's team made of an individual file told here.
    """

    class Outcome(models.TextChoices):
        SENT = "sent", "remise à la personne"
        RECEIVED = "received", "personne reçue"
        MISROUTED = "misrouted", "ce n'était pas le bon service"
        CANCELLED = "cancelled", "annulée"

    reference = models.CharField("référence", max_length=12, unique=True)
    sender = models.ForeignKey(
        Structure,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="handovers_sent",
    )
    receiver = models.ForeignKey(
        Structure, on_delete=models.CASCADE, related_name="handovers_received"
    )
    need = models.ForeignKey(Need, null=True, blank=True, on_delete=models.SET_NULL)
    subject = models.CharField("objet", max_length=120)
    why = models.CharField("pourquoi ce service", max_length=250)
    documents = ArrayField(
        models.CharField(max_length=200), verbose_name="à apporter", default=list, blank=True
    )
    note = models.CharField("précision", max_length=300, blank=True, default="")
    came_from = models.ForeignKey(
        StructureKind,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="service qui avait envoyé la personne ici par erreur",
    )
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.SENT)
    right_kind = models.ForeignKey(
        StructureKind,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="service qui aurait été le bon",
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = HandoverQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(sender=models.F("receiver")), name="handover_to_another"
            )
        ]
        indexes = [
            models.Index(fields=["receiver", "-created_at"], name="handover_received"),
            models.Index(fields=["sender", "-created_at"], name="handover_sent"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def sender_name(self) -> str:
        return self.sender.name if self.sender else THE_TEAM


class Misrouting(models.Model):
    """How many persons one kind of service wrongly sent to another, by month (its first day)."""

    month = models.DateField()
    sent_by = models.ForeignKey(StructureKind, on_delete=models.CASCADE, related_name="+")
    sent_to = models.ForeignKey(StructureKind, on_delete=models.CASCADE, related_name="+")
    departement = models.CharField(max_length=3, blank=True, default="")
    count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-month", "-count"]
        constraints = [
            models.UniqueConstraint(
                fields=["month", "sent_by", "sent_to", "departement"], name="misrouting_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sent_by_id} → {self.sent_to_id} : {self.count}"
