"""When a structure receives: regular weekly hours, and the days that differ."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from guichet.accounts.models import User
from guichet.directory.models.structures import Network, Structure


class ReceptionKind(models.TextChoices):
    """How one is received during these hours."""

    WALK_IN = "walk_in", "sans rendez-vous"
    APPOINTMENT = "appointment", "sur rendez-vous"
    TELEPHONE = "telephone", "par téléphone"


class OpeningInterval(models.Model):
    """One weekly opening, in the site's own time. Monday is 0.

    `closes` at or before `opens` means the next day; both at midnight mean all day. `note` is a
    condition that no calendar settles ("semaines paires").
    """

    structure = models.ForeignKey(Structure, on_delete=models.CASCADE, related_name="intervals")
    kind = models.CharField(max_length=20, choices=ReceptionKind, default=ReceptionKind.WALK_IN)
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()
    note = models.CharField(max_length=200, blank=True, default="")
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="interval_weekday_0_to_6"),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="interval_validity_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.structure_id} {self.weekday} {self.opens:%H:%M}-{self.closes:%H:%M}"


class Announcement(models.Model):
    """The same days announced at once for many sites of a network, to be withdrawn at once."""

    network = models.ForeignKey(Network, on_delete=models.CASCADE, related_name="announcements")
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.network_id} {self.at:%Y-%m-%d %H:%M}"


class ExceptionalHours(models.Model):
    """Days on which a structure is closed, or open at other hours. `kind` "" is every kind."""

    structure = models.ForeignKey(
        Structure, on_delete=models.CASCADE, related_name="exceptional_hours"
    )
    kind = models.CharField(max_length=20, choices=ReceptionKind, blank=True, default="")
    first_day = models.DateField("premier jour")
    last_day = models.DateField("dernier jour")
    closed = models.BooleanField("fermé", default=True)
    opens = models.TimeField("ouverture", null=True, blank=True)
    closes = models.TimeField("fermeture", null=True, blank=True)
    reason = models.CharField("motif", max_length=200, blank=True, default="")
    entered_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)
    entered_at = models.DateTimeField(auto_now_add=True)
    announcement = models.ForeignKey(
        Announcement, null=True, blank=True, on_delete=models.SET_NULL, related_name="days"
    )

    class Meta:
        ordering = ["first_day", "opens"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="exception_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(closed=True, opens__isnull=True, closes__isnull=True)
                | Q(closed=False, opens__isnull=False, closes__isnull=False),
                name="exception_is_closed_or_has_hours",
            ),
        ]
        indexes = [models.Index(fields=["structure", "last_day"], name="exception_coming")]

    def __str__(self) -> str:
        return f"{self.structure_id} {self.first_day}-{self.last_day}"
