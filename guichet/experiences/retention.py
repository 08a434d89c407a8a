"""What stories keep of persons, and until when (GDPR, article 5(1)(e))."""

from __future__ import annotations

from django.utils import timezone

from guichet.core.extensions import RetentionRule
from guichet.experiences.answering.retention import RULES as ANSWERING_RULES
from guichet.experiences.following.actions.removing import erase_removed_words
from guichet.experiences.following.retention import RULES as FOLLOWING_RULES
from guichet.experiences.models import Draft
from guichet.experiences.sharing.actions import DRAFTS_KEPT_FOR
from guichet.moderation.queue.actions.deciding import ORIGINALS_KEPT_FOR


def erase_old_drafts() -> int:
    oldest = timezone.now() - DRAFTS_KEPT_FOR
    erased, _ = Draft.objects.filter(changed_at__lt=oldest).delete()
    return erased


RULES = (
    RetentionRule(
        name="story_drafts",
        what="Récits commencés ou pas encore confirmés : ce qui est écrit, l'adresse électronique "
        "donnée pour la confirmation",
        why="Permettre de finir plus tard, attendre la confirmation",
        kept_for=DRAFTS_KEPT_FOR,
        erase=erase_old_drafts,
    ),
    RetentionRule(
        name="removed_answers",
        what="Réponses de services retirées par la modération : ce qu'elles disaient, lu par la "
        "modération seule ; effacé 90 jours après le retrait",
        why="Répondre à l'agent qui conteste le retrait",
        kept_for=ORIGINALS_KEPT_FOR,
        erase=erase_removed_words,
    ),
    *FOLLOWING_RULES,
    *ANSWERING_RULES,
)
