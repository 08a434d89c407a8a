"""Who takes care of a story inside its service, and what agents tell one another about it.

Owns the assignment and the notes; refuses to give a story to who cannot answer it.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from guichet.accounts.audit import audited_save, record
from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.core.text import in_paragraphs
from guichet.core.words import grouped
from guichet.experiences.answering.absences import absence_of, absence_words
from guichet.experiences.answering.actions.locks import hold, scope_of
from guichet.experiences.answering.notices import tell_of_assignment
from guichet.experiences.models import Addressee, InternalNote
from guichet.experiences.responders import who_may_answer

LONGEST_NOTE = 2_000


@transaction.atomic
def assign(*, addressee: Addressee, to: User | None, by: User) -> Addressee:
    """Give a story to somebody who may answer it, or (None) back to everybody there."""
    held = hold(addressee)
    if to is not None:
        if to not in who_may_answer(held.structure):
            raise RuleViolation(f"{to} ne peut pas répondre pour « {held} ».")
        if (absence := absence_of(to, timezone.localdate())) is not None:
            raise RuleViolation(absence_words(absence))
    held.assigned_to = to
    audited_save(
        held,
        by=by,
        action="story.assigned",
        scope=scope_of(held),
        fields=["assigned_to_id"],
        label=held.audit_label,
    )
    if to is not None and to.pk != by.pk:
        tell_of_assignment(held, by)
    return held


@transaction.atomic
def note(*, addressee: Addressee, by: User, text: str) -> InternalNote:
    """Keep a word for the agents of this story, never public."""
    held = hold(addressee)
    said = in_paragraphs(text)
    if not said:
        raise RuleViolation("Écrivez la note avant de l'enregistrer.")
    if len(said) > LONGEST_NOTE:
        raise RuleViolation(f"{grouped(LONGEST_NOTE)} caractères au plus pour une note.")
    kept = InternalNote.objects.create(addressee=held, structure=held.structure, by=by, text=said)
    record(by=by, action="story.noted", subject=kept, scope=scope_of(held))
    return kept
