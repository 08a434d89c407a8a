"""The author, kept apart from the story: what is being written, who wrote, what was added."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from guichet.accounts.models import User
from guichet.directory.models import Structure
from guichet.experiences.models.experiences import Experience


class Draft(models.Model):
    """A story being written, or sent and not confirmed yet; erased thirty days after `changed_at`.

    `key` is the secret of its address. `answers` are what the steps hold, by field. `sent_at` is
    when its confirmation mail was asked for; the experience is born when it is confirmed, and the
    draft is erased then. `follows` is the refused story that it amends.
    """

    key = models.CharField(max_length=43, unique=True)
    answers = models.JSONField(default=dict)
    email = models.EmailField(blank=True, default="")
    changed_at = models.DateTimeField(auto_now=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    is_burst = models.BooleanField(default=False)
    entered_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    entered_at = models.ForeignKey(
        Structure, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    follows = models.ForeignKey(
        Experience, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        ordering = ["-changed_at"]
        indexes = [models.Index(fields=["changed_at"], name="draft_changed_at")]

    def __str__(self) -> str:
        return f"brouillon {self.pk}"


class Author(models.Model):
    """How to reach the author of one story; never shown, erased when its time has come.

    `email` is empty for a person without one: `code_seal` is then the seal
    (`core.tokens.sealed`) of the follow-up code that was noted. `draft_seal` is the seal of the key
    of the draft that became the story: the same confirmation pressed twice finds the same story.
    `link_version` is in each link of `/suivi/`: changing it revokes them all. `wants_news`: each
    event by mail.
    """

    experience = models.OneToOneField(
        Experience, primary_key=True, on_delete=models.CASCADE, related_name="author"
    )
    email = models.EmailField(blank=True, default="")
    code_seal = models.CharField(max_length=64, blank=True, default="", db_index=True)
    draft_seal = models.CharField(max_length=64, blank=True, default="", db_index=True)
    link_version = models.PositiveSmallIntegerField(default=1)
    wants_news = models.BooleanField(default=True)
    is_solved = models.BooleanField("est-ce résolu", null=True, blank=True)
    solved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["email"], name="author_email")]

    def __str__(self) -> str:
        return f"auteur de {self.experience_id}"


class SecondWord(models.Model):
    """What the author adds, once, after the answers; its text is empty until moderated."""

    experience = models.OneToOneField(
        Experience, primary_key=True, on_delete=models.CASCADE, related_name="second_word"
    )
    text = models.TextField(blank=True, default="")
    sent_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"ajout à {self.experience_id}"
