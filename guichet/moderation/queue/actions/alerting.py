"""Danger to self or to others: told at once to all moderators.

Owns the alert and its mails; refuses to quote the text in it: mail is not a safe place.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from guichet.accounts.audit import record
from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.core.words import counted
from guichet.directory.models import Membership, Role
from guichet.moderation.models import Alert, Decision, ModeratedText, TextState, Verb, Witness
from guichet.moderation.models.texts import QUEUED_STATES
from guichet.moderation.queue.actions.taking import locked
from guichet.moderation.queue.due_times import danger_target, targets_in_words

LONGEST_WORDS = 300
HOUR = timedelta(hours=1)
FLOOD_WINDOW = timedelta(minutes=10)
MAILED_IN_A_FLOOD = 5


@transaction.atomic
def raise_alert(*, text: ModeratedText, by: User, words: str = "", note: str = "") -> Decision:
    """A person saw a danger, in a text that waits or that is published; `words` say what alerts."""
    held = locked(text)
    if held.state == TextState.WITHDRAWN:
        raise RuleViolation("Ce texte a été retiré par son auteur.")
    if Alert.objects.filter(text=held, settled_at__isnull=True).exists():
        raise RuleViolation("Ce danger est déjà signalé : toute la modération a été prévenue.")
    decision = Decision.objects.create(
        text=held, by=by, verb=Verb.ALERT, note=note.strip(), is_final=False
    )
    alert_of_danger(held, words, seen_by=Witness.MODERATOR, by=by)
    record(by=by, action="moderation.alert", subject=held)
    return decision


def alert_of_danger(
    text: ModeratedText, words: str, *, seen_by: Witness, by: User | None = None
) -> Alert:
    """Mark `text` as a danger, due sooner, and mail all moderators, at once or (in a flood) with
    others. What the machine sees leaves the alert of a person as it is. In a transaction."""
    known = Alert.objects.filter(text=text, settled_at__isnull=True).first()
    if known is not None and seen_by == Witness.MACHINE:
        return known
    now = timezone.now()
    text.is_danger = True
    text.due_at = min(text.due_at, now + danger_target())
    text.save(update_fields=["is_danger", "due_at"])
    alert, _ = Alert.objects.update_or_create(
        text=text,
        defaults={
            "raised_at": now,
            "raised_by": by,
            "seen_by": seen_by,
            "told_at": None,
            "late_told_at": None,
            "left_told_at": None,
            "second_told_at": None,
            "noted_at": None,
            "words": " ".join(words.split())[:LONGEST_WORDS],
            "settled_at": None,
            "settled_by": None,
            "outcome": "",
        },
    )
    if not is_held_back(alert):
        tell(alert)
    return alert


def is_held_back(alert: Alert) -> bool:
    """True once so many alerts came just before that mails would bury one another: it heads the
    queue like the others. Never what a moderator saw; sooner what one sender or visitors send."""
    if alert.seen_by == Witness.MODERATOR:
        return False
    others = Alert.objects.exclude(pk=alert.pk).exclude(seen_by=Witness.MODERATOR)
    if others.filter(raised_at__gt=alert.raised_at - HOUR).count() >= (
        settings.MODERATION_ALERT_MAILS
    ):
        return True
    is_doubtful = alert.text.is_burst or alert.seen_by == Witness.VISITOR
    just_before = others.filter(raised_at__gt=alert.raised_at - FLOOD_WINDOW)
    return is_doubtful and just_before.count() >= MAILED_IN_A_FLOOD


def tell(alert: Alert) -> None:
    """One mail about this danger alone."""
    mail_all(
        [alert],
        "danger possible, à lire tout de suite",
        "alert",
        {"text": alert.text, "alert": alert},
    )


def tell_of_held_back() -> int:
    """One mail about all the dangers whose mail was held back and that nobody settled since; how
    many they are."""
    held = list(Alert.objects.filter(told_at__isnull=True, settled_at__isnull=True))
    if held:
        subject = f"{counted(len(held), 'autre danger possible', 'autres dangers possibles')}"
        mail_all(held, f"{subject}, à lire tout de suite", "alerts", {"count": len(held)})
    return len(held)


def mail_all(alerts: list[Alert], subject: str, template: str, context: dict[str, Any]) -> None:
    """Nothing is told, so that it is tried again, while there is nobody to tell."""
    if mailed(people_to_alert(), subject, template, context):
        keys = [alert.pk for alert in alerts]
        Alert.objects.filter(pk__in=keys).update(told_at=timezone.now())


def mailed(people: list[User], subject: str, template: str, context: dict[str, Any]) -> bool:
    """One mail each; False when there is nobody."""
    body = render_to_string(
        f"moderation/mail/{template}.txt",
        {"site": settings.PUBLIC_URL, **targets_in_words(), **context},
    )
    for person in people:
        send_mail(f"{settings.INSTITUTION} : {subject}", body, None, [person.email])
    return bool(people)


def people_to_alert() -> list[User]:
    """All moderators; the administrators when there is none."""
    return people_with(Role.MODERATOR) or people_with(Role.ADMINISTRATOR)


def people_with(role: Role) -> list[User]:
    holders = Membership.objects.current().filter(role=role).values("user")
    return list(User.objects.filter(pk__in=holders).order_by("email"))


@transaction.atomic
def note_outcome(*, alert: Alert, by: User, outcome: str, seen: str | None = None) -> None:
    """Write what was done of a danger (whom was called, when), before or after it is settled.
    `seen` is the note as `by` read it: what somebody else wrote meanwhile is not written over."""
    said = " ".join(outcome.split())[:LONGEST_WORDS]
    if not said:
        raise RuleViolation("Écrivez ce qui a été fait : qui a été prévenu, à quelle heure.")
    held = Alert.objects.select_for_update().get(pk=alert.pk)
    if seen is not None and held.outcome not in (" ".join(seen.split()), said):
        raise RuleViolation(
            f"Quelqu'un a noté entre-temps : «\u00a0{held.outcome}\u00a0». Complétez sa note."
        )
    Alert.objects.filter(pk=alert.pk).update(outcome=said, noted_at=timezone.now())
    record(by=by, action="moderation.alert_noted", subject=alert.text)


@transaction.atomic
def settle_alert(*, alert: Alert, by: User, outcome: str, seen: str | None = None) -> None:
    """End the alert of a text that no decision waits for, by another person than who raised it."""
    held = Alert.objects.select_for_update(of=("self",)).select_related("text").get(pk=alert.pk)
    if held.settled_at is not None:
        raise RuleViolation("Cette alerte est déjà close.")
    if held.text.state in QUEUED_STATES:
        raise RuleViolation(
            "Ce texte attend une décision : l'alerte sera close quand deux personnes l'auront "
            "prise."
        )
    if held.raised_by == by:
        raise RuleViolation("Une autre personne que vous doit clore l'alerte que vous avez lancée.")
    note_outcome(alert=held, by=by, outcome=outcome, seen=seen)
    Alert.objects.filter(pk=held.pk).update(settled_at=timezone.now(), settled_by=by)
    record(by=by, action="moderation.alert_settled", subject=held.text)
