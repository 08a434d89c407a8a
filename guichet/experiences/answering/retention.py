"""What answering keeps of agents and of what they say of stories, and until when."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from guichet.core.extensions import RetentionRule
from guichet.experiences.models import Absence, InternalNote, ReplyDraft

NOTES_KEPT_FOR = timedelta(days=365)
ABSENCES_KEPT_FOR = timedelta(days=365)


def erase_old_notes() -> int:
    """Notes of agents, and drafts that nobody sent."""
    oldest = timezone.now() - NOTES_KEPT_FOR
    notes, _ = InternalNote.objects.filter(at__lt=oldest).delete()
    drafts, _ = ReplyDraft.objects.filter(at__lt=oldest).delete()
    return notes + drafts


def erase_old_absences() -> int:
    oldest = timezone.localdate() - ABSENCES_KEPT_FOR
    erased, _ = Absence.objects.filter(last_day__lt=oldest).delete()
    return erased


RULES = (
    RetentionRule(
        name="story_notes",
        what="Notes des agents sur un récit et réponses jamais envoyées",
        why="Se passer le travail entre agents",
        kept_for=NOTES_KEPT_FOR,
        erase=erase_old_notes,
    ),
    RetentionRule(
        name="agents_absences",
        what="Absences des agents et leur remplaçant ; effacées un an après le dernier jour",
        why="Confier les récits à qui est là",
        kept_for=ABSENCES_KEPT_FOR,
        erase=erase_old_absences,
    ),
)
