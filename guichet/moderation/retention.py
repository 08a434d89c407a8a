"""What moderation keeps of persons' words, and until when (GDPR, article 5(1)(e))."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from guichet.core.extensions import RetentionRule
from guichet.moderation.models import Alert, Decision, ModeratedText, OriginalText
from guichet.moderation.queue.actions.deciding import ORIGINALS_KEPT_FOR

DECISIONS_KEPT_FOR = timedelta(days=2 * 365)


def erase_originals() -> int:
    """Those whose day has come; what alerted in them, which quotes them, goes with them."""
    gone = OriginalText.objects.filter(erase_on__lte=timezone.localdate())
    Alert.objects.filter(text__in=gone.values("text"), settled_at__isnull=False).update(words="")
    ModeratedText.objects.filter(original__in=gone).update(flags=[])
    erased, _ = gone.delete()
    return erased


def forget_who_decided() -> int:
    """The decision stays, for the figures; who took it and what was written of it do not, nor what
    was said and done of a danger."""
    oldest = timezone.now() - DECISIONS_KEPT_FOR
    Alert.objects.filter(raised_at__lt=oldest).update(
        raised_by=None, settled_by=None, words="", outcome=""
    )
    told = Q(by__isnull=False) | ~Q(message="") | ~Q(note="")
    return Decision.objects.filter(told, at__lt=oldest).update(by=None, message="", note="")


RULES = (
    RetentionRule(
        name="moderation_originals",
        what="Textes reçus, tels que leur auteur les a écrits, avant masquage : lus par la "
        "modération seule ; effacés 90 jours après la décision (un an s'il n'y en a pas)",
        why="Reprendre une décision contestée, comparer avec la version corrigée par l'auteur, "
        "répondre aux secours en cas de danger",
        kept_for=ORIGINALS_KEPT_FOR,
        erase=erase_originals,
    ),
    RetentionRule(
        name="moderation_decisions",
        what="Décisions de modération : qui les a prises, explication donnée à l'auteur, note "
        "interne ; alertes de danger : qui les a lancées et closes, ce qui a été fait",
        why="Expliquer une décision, la reprendre, traiter les mêmes cas de la même façon",
        kept_for=DECISIONS_KEPT_FOR,
        erase=forget_who_decided,
    ),
)
