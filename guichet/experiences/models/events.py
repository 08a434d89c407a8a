"""What happened to a story, in order: the follow-up page, the public thread and the mails."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from guichet.experiences.models.addressees import Addressee
from guichet.experiences.models.experiences import Experience


class Event(models.Model):
    """One event; `told_at` is when the author's mail about it was queued.

    `detail` holds what the words need beside (`passage`, `reply`, `promise`: primary keys;
    `masked`: published with words masked).
    """

    class Kind(models.TextChoices):
        CONFIRMED = "confirmed", "récit confirmé"
        PUBLISHED = "published", "récit publié"
        REFUSED = "refused", "récit non publié"
        ORIENTED = "oriented", "récit orienté vers un service"
        AMENDED = "amended", "récit repris par son auteur"
        PASSED_ON = "passed_on", "transmis à un autre service"
        SENT_BACK = "sent_back", "renvoyé par ce service"
        REPLIED = "replied", "réponse du service"
        ADDED = "added", "complément du service"
        REWRITTEN = "rewritten", "réponse corrigée par le service"
        PROMISED = "promised", "promesse du service"
        UNPROMISED = "unpromised", "promesse retirée par le service"
        DONE = "done", "le service dit l'avoir fait"
        ASKED = "asked", "question posée à l'auteur : est-ce que ça a changé ?"
        JUDGED = "judged", "avis de l'auteur sur la réponse"
        CHANGED = "changed", "réponse de l'auteur : est-ce que ça a changé ?"
        SECOND_WORD = "second_word", "complément de l'auteur"
        WORD_REFUSED = "word_refused", "complément de l'auteur non publié"
        WITHDRAWN = "withdrawn", "récit retiré par son auteur"
        REMOVED = "removed", "récit retiré par la modération"
        REPLY_GONE = "reply_gone", "réponse retirée par la modération"

    experience = models.ForeignKey(Experience, on_delete=models.CASCADE, related_name="events")
    addressee = models.ForeignKey(
        Addressee, null=True, blank=True, on_delete=models.CASCADE, related_name="events"
    )
    kind = models.CharField(max_length=12, choices=Kind)
    at = models.DateTimeField(default=timezone.now)
    detail = models.JSONField(default=dict, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["experience", "at"], name="events_of_experience")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.experience_id})"
