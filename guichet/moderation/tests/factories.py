"""Texts in moderation for tests."""

from __future__ import annotations

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from guichet.moderation.models import ModeratedText, OriginalText, TextState


class ModeratedTextFactory(DjangoModelFactory):
    """A story read by the machine, waiting for a moderator."""

    class Meta:
        model = ModeratedText

    source = "story"
    reference = factory.Sequence(str)
    state = TextState.WAITING
    parts = factory.LazyFunction(
        lambda: [{"name": "description", "label": "Récit", "published": ""}]
    )
    received_at = factory.LazyFunction(timezone.now)
    due_at = factory.LazyAttribute(lambda text: text.received_at + timedelta(days=2))
    read_at = factory.LazyAttribute(lambda text: text.received_at)


class OriginalTextFactory(DjangoModelFactory):
    class Meta:
        model = OriginalText

    text = factory.SubFactory(ModeratedTextFactory)
    parts = factory.LazyFunction(
        lambda: [
            {
                "name": "description",
                "label": "Récit",
                "text": "J'ai attendu deux heures au guichet sans réponse.",
            }
        ]
    )
    erase_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=90))
