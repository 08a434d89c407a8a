"""What orientation keeps of persons' words and work, and until when (GDPR, article 5(1)(e))."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from guichet.core.extensions import RetentionRule
from guichet.orientation.models import MissedSearch, UnknownWord

MISSED_KEPT_FOR = timedelta(days=90)


def erase_missed_searches() -> int:
    oldest = timezone.localdate() - MISSED_KEPT_FOR
    texts, _ = MissedSearch.objects.filter(last_on__lt=oldest).delete()
    words, _ = UnknownWord.objects.filter(last_on__lt=oldest).delete()
    return texts + words


RULES = (
    RetentionRule(
        name="missed_searches",
        what="Recherches d'orientation restées sans réponse sûre : mots connus du catalogue, sans "
        "chiffres ; les autres mots, à part et comptés",
        why="Compléter le catalogue avec les mots des gens",
        kept_for=MISSED_KEPT_FOR,
        erase=erase_missed_searches,
    ),
)
