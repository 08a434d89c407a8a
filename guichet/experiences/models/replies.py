"""Public answers and what they promise."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from guichet.accounts.models import User
from guichet.directory.models import Structure
from guichet.experiences.models.addressees import Addressee
from guichet.indicators.models import Indicator
from guichet.moderation.models import RefusalReason


class ReplyManager(models.Manager["Reply"]):
    def get_queryset(self) -> models.QuerySet[Reply]:
        """Without the words that searches use: no page shows them."""
        return super().get_queryset().defer("words")


class Reply(models.Model):
    """A service's public answer (réponse), or a dated addition to it: `addition_to` says which.

    `signature` is a function, never a name. `quality` is what was shown before it was sent
    (`experiences.answering.reviewing`). May be rewritten for thirty minutes. `was_useful` is the
    author's word, `useful_count` the visitors'. Once moderation has removed it (`removed_at`,
    `removed_for`), it holds no text, no promise and no judgement any more: `RemovedWords` does.
    """

    addressee = models.ForeignKey(Addressee, on_delete=models.CASCADE, related_name="replies")
    structure = models.ForeignKey(
        Structure, null=True, blank=True, on_delete=models.PROTECT, related_name="replies"
    )
    addition_to = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="additions"
    )
    text = models.TextField("réponse")
    signature = models.CharField("signature (fonction)", max_length=120)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    published_at = models.DateTimeField(default=timezone.now)
    rewritten_at = models.DateTimeField(null=True, blank=True)
    quality = models.JSONField(default=dict, blank=True)
    was_useful = models.BooleanField(null=True, blank=True)
    judged_at = models.DateTimeField(null=True, blank=True)
    useful_count = models.PositiveIntegerField(default=0)
    removed_at = models.DateTimeField("retirée par la modération le", null=True, blank=True)
    removed_for = models.CharField(max_length=20, choices=RefusalReason, blank=True, default="")
    words = models.GeneratedField(
        expression=SearchVector("text", config="french"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ReplyManager()

    class Meta:
        ordering = ["published_at", "pk"]
        indexes = [
            models.Index(fields=["structure", "-published_at"], name="reply_of_structure"),
            models.Index(fields=["by", "-published_at"], name="reply_of_agent"),
            models.Index(fields=["-published_at"], name="reply_latest"),
            GinIndex(fields=["words"], name="reply_words"),
        ]

    def __str__(self) -> str:
        return f"réponse {self.pk} à {self.addressee_id}"

    @property
    def is_removed(self) -> bool:
        return self.removed_at is not None


class RemovedWords(models.Model):
    """What an answer said before moderation removed it, for moderators, until `erase_on`.

    `message` is what its agent reads of the decision.
    """

    reply = models.OneToOneField(
        Reply, primary_key=True, on_delete=models.CASCADE, related_name="removed_words"
    )
    text = models.TextField(blank=True, default="")
    promise = models.CharField(max_length=300, blank=True, default="")
    message = models.TextField(blank=True, default="")
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    erase_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["erase_on"], name="removed_words_to_erase")]

    def __str__(self) -> str:
        return f"mots retirés de la réponse {self.reply_id}"


class ReplyDraft(models.Model):
    """What agents are writing for one addressee: one at a time, kept at each save.

    `version` grows with each save: who saves from an older one is told, and loses nothing.
    `spans` are the personal data that the worker found in `read_version`, first in the text, then
    in the promise, then in the signature: for each, a list of `[start, end, kind]` in its
    characters.
    """

    addressee = models.OneToOneField(
        Addressee, primary_key=True, on_delete=models.CASCADE, related_name="reply_draft"
    )
    text = models.TextField(blank=True, default="")
    signature = models.CharField(max_length=120, blank=True, default="")
    promise = models.JSONField(default=dict, blank=True)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)
    read_version = models.PositiveIntegerField(default=0)
    spans = models.JSONField(default=list, blank=True)

    def __str__(self) -> str:
        return f"brouillon de réponse à {self.addressee_id}"


class Promise(models.Model):
    """What an answer says will change, where and by when (promesse).

    `outcome` is the author's word when asked after `due_on` (« est-ce que ça a changé ? »);
    `done_on` and `done_words` are the service's. `indicator` should show it.
    """

    class Outcome(models.TextChoices):
        PENDING = "pending", "pas encore arrivée à échéance"
        KEPT = "kept", "tenue, d'après l'auteur"
        PARTLY = "partly", "tenue en partie, d'après l'auteur"
        BROKEN = "broken", "pas tenue, d'après l'auteur"

    reply = models.OneToOneField(Reply, on_delete=models.CASCADE, related_name="promise")
    what = models.CharField("ce qui va changer", max_length=300)
    where = models.ForeignKey(
        Structure, null=True, blank=True, on_delete=models.PROTECT, related_name="promises"
    )
    due_on = models.DateField("au plus tard le")
    indicator = models.ForeignKey(
        Indicator, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    done_on = models.DateField(null=True, blank=True)
    done_words = models.CharField("ce qui a été fait", max_length=300, blank=True, default="")
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.PENDING)
    asked_at = models.DateTimeField(null=True, blank=True)
    judged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(
                fields=["due_on"], condition=Q(asked_at__isnull=True), name="promise_to_ask"
            )
        ]

    def __str__(self) -> str:
        return self.what
