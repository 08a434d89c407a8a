"""What visitors do: two gestures, reports, subscriptions."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from guichet.accounts.models import User
from guichet.directory.models import Network, Structure
from guichet.experiences.models.experiences import Experience
from guichet.experiences.models.replies import Reply
from guichet.territories.models import Departement


class GestureKind(models.TextChoices):
    SAME = "same", "j'ai vécu la même chose"
    USEFUL = "useful", "réponse utile"


class Gesture(models.Model):
    """A gesture of today, kept two days against repetition and then only counted.

    `seal` is the seal of the address, the browser, the day and the thing: it names nobody.
    """

    kind = models.CharField(max_length=8, choices=GestureKind)
    subject = models.BigIntegerField()
    seal = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject", "seal"], name="gesture_once_a_day")
        ]
        indexes = [models.Index(fields=["at"], name="gesture_at")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class ContentReport(models.Model):
    """« Signaler ce contenu »: settled by a moderator (Digital Services Act, article 16).

    `reply` is the answer that is reported, when it is not the story. `name` and `email` are those
    of who reports, erased once answered. Each report was declared to be made in good faith: the
    form asks it.
    """

    class Topic(models.TextChoices):
        PERSONAL_DATA = "personal_data", "des données personnelles"
        INSULT = "insult", "des propos injurieux ou haineux"
        FALSE = "false", "des faits faux"
        DANGER = "danger", "une personne semble en danger"
        OTHER = "other", "autre chose"

    experience = models.ForeignKey(Experience, on_delete=models.CASCADE, related_name="reports")
    reply = models.ForeignKey(
        Reply, null=True, blank=True, on_delete=models.CASCADE, related_name="reports"
    )
    topic = models.CharField("ce qui pose problème", max_length=16, choices=Topic)
    message = models.TextField("précisez", max_length=1000, blank=True, default="")
    name = models.CharField("votre nom", max_length=120, blank=True, default="")
    email = models.EmailField("votre courriel, pour la réponse", blank=True, default="")
    reported_at = models.DateTimeField(default=timezone.now)
    is_burst = models.BooleanField(default=False)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    outcome = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["is_burst", "reported_at"]

    def __str__(self) -> str:
        return f"{self.get_topic_display()} ({self.experience_id})"


class Subscription(models.Model):
    """News of one structure, network or département by mail, once confirmed; one a day at most.

    `seal` is that of the address: the link that ends them all finds them by it.
    """

    email = models.EmailField()
    seal = models.CharField(max_length=64, db_index=True)
    structure = models.ForeignKey(
        Structure, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    network = models.ForeignKey(
        Network, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    departement = models.ForeignKey(
        Departement, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    told_until = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["email", "structure", "network", "departement"],
                nulls_distinct=False,
                name="subscription_once",
            ),
            models.CheckConstraint(
                condition=(
                    Q(structure__isnull=False, network__isnull=True, departement__isnull=True)
                    | Q(structure__isnull=True, network__isnull=False, departement__isnull=True)
                    | Q(structure__isnull=True, network__isnull=True, departement__isnull=False)
                ),
                name="subscription_to_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return str(self.structure or self.network or self.departement)
