"""What orientation keeps of persons' words and work, and until when (GDPR, article 5(1)(e))."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from guichet.core.extensions import RetentionRule
from guichet.orientation.models import DeskCall, Handover, MissedSearch, UnknownWord

MISSED_KEPT_FOR = timedelta(days=90)
ADVISER_KEPT_FOR = timedelta(days=30)
HANDOVERS_KEPT_FOR = timedelta(days=366)
"""Twelve months, whatever the leap years: this month and the eleven before are always whole."""


def erase_missed_searches() -> int:
    oldest = timezone.localdate() - MISSED_KEPT_FOR
    texts, _ = MissedSearch.objects.filter(last_on__lt=oldest).delete()
    words, _ = UnknownWord.objects.filter(last_on__lt=oldest).delete()
    return texts + words


def forget_advisers() -> int:
    """The calls stay, as counts do; who answered them does not."""
    oldest = timezone.now() - ADVISER_KEPT_FOR
    return DeskCall.objects.filter(at__lt=oldest, adviser__isnull=False).update(adviser=None)


def erase_old_handovers() -> int:
    """What they let count of misrouted people (`Misrouting`) stays."""
    oldest = timezone.now() - HANDOVERS_KEPT_FOR
    erased, _ = Handover.objects.filter(created_at__lt=oldest).delete()
    return erased


RULES = (
    RetentionRule(
        name="missed_searches",
        what="Recherches d'orientation restées sans réponse sûre : mots connus du catalogue, sans "
        "chiffres ; les autres mots, à part et comptés",
        why="Compléter le catalogue avec les mots des gens",
        kept_for=MISSED_KEPT_FOR,
        erase=erase_missed_searches,
    ),
    RetentionRule(
        name="desk_advisers",
        what="Appels au standard téléphonique : qui a répondu (de la personne qui appelle, rien "
        "n'est noté)",
        why="Compter les appels du jour de chaque conseiller, annuler le dernier",
        kept_for=ADVISER_KEPT_FOR,
        erase=forget_advisers,
    ),
    RetentionRule(
        name="handovers",
        what="Fiches d'orientation : objet, documents à apporter, services de départ et d'arrivée, "
        "agents qui les ont faites et reçues ; jamais qui est la personne",
        why="Permettre au service qui reçoit de savoir pourquoi la personne vient, corriger les "
        "erreurs d'orientation",
        kept_for=HANDOVERS_KEPT_FOR,
        erase=erase_old_handovers,
    ),
)
