"""« J'ai vécu la même chose » and « réponse utile »: counted once a day for a visitor.

Owns the count; refuses cookies and addresses in clear: best effort against repetition is enough.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from guichet.core.errors import RuleViolation
from guichet.core.tokens import sealed
from guichet.experiences.models import Experience, Gesture, GestureKind, Reply, State

PURPOSE = "visitor-gesture"
KEPT_FOR = timedelta(days=2)


def seal_of_visitor(*, address: str, browser: str, kind: GestureKind, subject: int) -> str:
    """Who makes a gesture today on this very thing, as nobody can read it back nor tell which
    gestures are of one visitor."""
    today = timezone.localdate().isoformat()
    return sealed(PURPOSE, f"{address}\n{browser}\n{today}\n{kind}\n{subject}")


@transaction.atomic
def record_gesture(*, kind: GestureKind, subject: int, seal: str) -> bool:
    """Count a gesture on a published story or on an answer to one; False when it was already
    counted today, `RuleViolation` when there is nothing to count on."""
    if not is_public(kind, subject):
        raise RuleViolation("Ce récit n'est plus publié.")
    _, is_new = Gesture.objects.get_or_create(kind=kind, subject=subject, seal=seal)
    if is_new:
        add_one(kind, subject)
    return is_new


def is_public(kind: GestureKind, subject: int) -> bool:
    if kind == GestureKind.SAME:
        return Experience.objects.published().filter(pk=subject).exists()
    return Reply.objects.filter(
        pk=subject,
        addition_to__isnull=True,
        removed_at__isnull=True,
        addressee__experience__state=State.PUBLISHED,
    ).exists()


def add_one(kind: GestureKind, subject: int) -> None:
    if kind == GestureKind.SAME:
        Experience.objects.filter(pk=subject).update(same_count=F("same_count") + 1)
    else:
        Reply.objects.filter(pk=subject).update(useful_count=F("useful_count") + 1)


def erase_old_gestures() -> int:
    erased, _ = Gesture.objects.filter(at__lt=timezone.now() - KEPT_FOR).delete()
    return erased
