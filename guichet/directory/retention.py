"""What is kept of visitors' words, and until when (GDPR, article 5(1)(e))."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from guichet.core.extensions import RetentionRule
from guichet.directory.models import ErrorReport

KEPT_ONCE_SETTLED = timedelta(days=365)
KEPT_AT_MOST = timedelta(days=2 * 365)


def erase_old_reports() -> int:
    now = timezone.now()
    erased, _ = ErrorReport.objects.filter(
        Q(settled_at__lt=now - KEPT_ONCE_SETTLED) | Q(reported_at__lt=now - KEPT_AT_MOST)
    ).delete()
    return erased


error_reports_rule = RetentionRule(
    name="error_reports",
    what="Erreurs signalées par les visiteurs (texte libre, sans nom ni adresse) ; effacées un an "
    "après la suite donnée",
    why="Corriger la fiche d'un lieu, vérifier qu'une suite a été donnée",
    kept_for=KEPT_AT_MOST,
    erase=erase_old_reports,
)
