"""What agents work with: notes, templates, targets, and how each one is told."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from guichet.accounts.models import User
from guichet.directory.models import Network, Structure
from guichet.experiences.models.addressees import Addressee

DEFAULT_DAYS, DEFAULT_REMINDER_DAYS = 15, 3
"""To answer, and before that to be reminded, where a network set no target of its own."""


class InternalNote(models.Model):
    """A note between agents of one addressee; never public.

    `structure` had the story when it was written (the programme, when empty): whoever the story is
    passed on to does not read it, unless they may read that service.
    """

    addressee = models.ForeignKey(Addressee, on_delete=models.CASCADE, related_name="notes")
    structure = models.ForeignKey(
        Structure, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField("note", max_length=2000)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"note {self.pk}"


class AnswerTemplate(models.Model):
    """A start for answers of a network, or of a structure and those under it.

    Places to fill in are in square brackets; an answer that still holds one, or that is the
    template unchanged, is refused.
    """

    network = models.ForeignKey(
        Network, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    structure = models.ForeignKey(
        Structure, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    title = models.CharField("titre", max_length=120)
    text = models.TextField("texte", max_length=4000)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(network__isnull=False) | Q(structure__isnull=False),
                name="template_of_network_or_structure",
            )
        ]

    def __str__(self) -> str:
        return self.title


class AnsweringTarget(models.Model):
    """In how many days a network means to answer, and how long before it is reminded."""

    network = models.OneToOneField(
        Network, primary_key=True, on_delete=models.CASCADE, related_name="answering_target"
    )
    days = models.PositiveSmallIntegerField("répondre en (jours)", default=DEFAULT_DAYS)
    reminder_days = models.PositiveSmallIntegerField(
        "rappeler (jours avant)", default=DEFAULT_REMINDER_DAYS
    )

    def __str__(self) -> str:
        return f"{self.days} jours"


class NotificationChoice(models.Model):
    """How an agent is told of stories: at once, once a day, never."""

    class Pace(models.TextChoices):
        AT_ONCE = "at_once", "à chaque nouveau récit"
        DAILY = "daily", "une fois par jour"
        NEVER = "never", "jamais"

    user = models.OneToOneField(
        User, primary_key=True, on_delete=models.CASCADE, related_name="notification_choice"
    )
    pace = models.CharField(max_length=8, choices=Pace, default=Pace.DAILY)
    overdue = models.BooleanField("les réponses en retard", default=True)
    told_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.get_pace_display()


class Absence(models.Model):
    """An agent is away: stories assigned to them go to `substitute`, or back to everybody."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="absences")
    first_day = models.DateField("premier jour")
    last_day = models.DateField("dernier jour")
    substitute = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    entered_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-first_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=models.F("first_day")), name="absence_days_in_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_day} – {self.last_day}"
