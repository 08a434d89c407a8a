"""Danger to self or to others: told at once to all moderators.

Owns the alert and its mail; refuses to quote the text in it: mail is not a safe place.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from guichet.accounts.audit import record
from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.directory.models import Membership, Role
from guichet.moderation.models import Alert, Decision, ModeratedText, TextState, Verb
from guichet.moderation.models.texts import QUEUED_STATES
from guichet.moderation.queue.actions.taking import locked
from guichet.moderation.queue.due_times import danger_target, targets_in_words

LONGEST_WORDS = 300
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
    alert_of_danger(held, words, by=by)
    record(by=by, action="moderation.alert", subject=held)
    return decision


def alert_of_danger(
    text: ModeratedText, words: str, *, by: User | None = None, is_by_visitor: bool = False
) -> Alert:
    """Mark `text` as a danger, due sooner, and mail all moderators. In a transaction."""
    now = timezone.now()
    text.is_danger = True
    text.due_at = min(text.due_at, now + danger_target())
    text.save(update_fields=["is_danger", "due_at"])
    alert, _ = Alert.objects.update_or_create(
        text=text,
        defaults={
            "raised_at": now,
            "raised_by": by,
            "words": " ".join(words.split())[:LONGEST_WORDS],
            "settled_at": None,
            "settled_by": None,
            "outcome": "",
        },
    )
    is_doubtful = text.is_burst or is_by_visitor
    is_mailed = not (is_doubtful and comes_in_a_flood(text))
    for person in people_to_alert() if is_mailed else []:
        context = {
            "text": text,
            "by": by,
            "site": settings.PUBLIC_URL,
            "institution": settings.INSTITUTION,
            **targets_in_words(),
        }
        send_mail(
            f"{settings.INSTITUTION} : danger possible, à lire tout de suite",
            render_to_string("moderation/mail/alert.txt", context),
            None,
            [person.email],
        )
    return alert


def comes_in_a_flood(text: ModeratedText) -> bool:
    """True once several alerts were mailed just before. A text of a burst, or that a visitor
    reports, heads the queue like the others, and their mails are not buried under its own."""
    just_before = timezone.now() - FLOOD_WINDOW
    alerts = Alert.objects.filter(raised_at__gt=just_before).exclude(text=text)
    return alerts.count() >= MAILED_IN_A_FLOOD


def people_to_alert() -> list[User]:
    """All moderators; the administrators when there is none."""
    for role in (Role.MODERATOR, Role.ADMINISTRATOR):
        holders = Membership.objects.current().filter(role=role).values("user")
        if people := list(User.objects.filter(pk__in=holders).order_by("email")):
            return people
    return []


@transaction.atomic
def note_outcome(*, alert: Alert, by: User, outcome: str) -> None:
    """Write what was done of a danger (whom was called, when), before or after it is settled."""
    said = " ".join(outcome.split())[:LONGEST_WORDS]
    if not said:
        raise RuleViolation("Écrivez ce qui a été fait : qui a été prévenu, à quelle heure.")
    Alert.objects.filter(pk=alert.pk).update(outcome=said)
    record(by=by, action="moderation.alert_noted", subject=alert.text)


@transaction.atomic
def settle_alert(*, alert: Alert, by: User, outcome: str) -> None:
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
    note_outcome(alert=held, by=by, outcome=outcome)
    Alert.objects.filter(pk=held.pk).update(settled_at=timezone.now(), settled_by=by)
    record(by=by, action="moderation.alert_settled", subject=held.text)
