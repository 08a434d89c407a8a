"""Decisions on a text: published, refused, oriented, taken back; a danger takes two people.

Owns the order of states and what is recorded; refuses to know what its source does of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from guichet.accounts.audit import record
from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.core.text import folded
from guichet.moderation.models import (
    Alert,
    Decision,
    ModeratedText,
    OriginalText,
    RefusalReason,
    TextState,
    Verb,
    Witness,
)
from guichet.moderation.models.texts import QUEUED_STATES
from guichet.moderation.queue.actions.arrivals import KEPT_UNDECIDED
from guichet.moderation.queue.actions.taking import held_by_another, holder_of, locked
from guichet.moderation.queue.due_times import danger_target, target
from guichet.moderation.queue.explanations import explanation_of, oriented_words
from guichet.moderation.redaction import Mark, MarkState, read_marks, redacted
from guichet.moderation.sources import source_of
from guichet.ui.components.content import written_moment

ORIGINALS_KEPT_FOR = timedelta(days=90)
NOTHING_TO_PUBLISH = (
    "Ce texte a attendu un an : ses mots sont effacés, il n'y a rien à publier. Refusez-le."
)
STATE_AFTER = {
    Verb.ACCEPT: TextState.ACCEPTED,
    Verb.REFUSE: TextState.REFUSED,
    Verb.ORIENT: TextState.ORIENTED,
    Verb.REMOVE: TextState.REFUSED,
}
DONE_WORDS = {
    Verb.ACCEPT: "texte publié",
    Verb.REFUSE: "texte refusé",
    Verb.ORIENT: "auteur orienté vers un service",
    Verb.NO_DANGER: "personne n'est en danger",
}


@dataclass(frozen=True)
class Verdict:
    """What one person says of a text, as `Decision` keeps it."""

    verb: Verb
    reason: str = ""
    message: str = ""
    note: str = ""
    oriented_to: str = ""
    oriented_key: str = ""


def accept(*, text: ModeratedText, by: User, note: str = "") -> Decision:
    """Publish `text` with what is marked replaced."""
    return decide(text, by, Verdict(Verb.ACCEPT, note=note))


def refuse(
    *, text: ModeratedText, by: User, reason: str, message: str = "", note: str = ""
) -> Decision:
    """Refuse `text` for one of the `RefusalReason`s; `message` is what its author reads."""
    told = message.strip() or explanation_of(RefusalReason(reason))
    return decide(text, by, Verdict(Verb.REFUSE, reason=reason, message=told, note=note))


def orient(
    *,
    text: ModeratedText,
    by: User,
    service: str,
    key: str = "",
    message: str = "",
    note: str = "",
) -> Decision:
    """Send an individual file, or somebody in danger, to `service` (its name; `key` is that of the
    proposal)."""
    if not service.strip():
        raise RuleViolation("Choisissez le service vers lequel orienter l'auteur.")
    told = message.strip() or oriented_words(is_danger=text.is_danger)
    verdict = Verdict(
        Verb.ORIENT, message=told, note=note, oriented_to=service.strip()[:300], oriented_key=key
    )
    return decide(text, by, verdict)


@transaction.atomic
def decide(text: ModeratedText, by: User, verdict: Verdict) -> Decision:
    held = text_to_decide(text, by)
    if verdict.verb == Verb.ACCEPT and not OriginalText.objects.filter(text=held).exists():
        raise RuleViolation(NOTHING_TO_PUBLISH)
    if held.is_danger and not is_confirmed(held, by, verdict):
        return propose(held, by, verdict)
    return conclude(held, by, verdict)


def text_to_decide(text: ModeratedText, by: User) -> ModeratedText:
    """The locked row, if it waits for a decision and no other person has it in hand."""
    held = locked(text)
    if held.state == TextState.READING:
        raise RuleViolation(
            "La lecture automatique de ce texte n'est pas finie : revenez dans quelques secondes."
        )
    if held.state not in QUEUED_STATES:
        raise RuleViolation(already_decided(held))
    if holder_of(held) not in (None, by):
        raise RuleViolation(held_by_another(held))
    return held


def already_decided(text: ModeratedText) -> str:
    last = text.decisions.filter(is_final=True).select_related("by").last()
    if last is None or text.state == TextState.WITHDRAWN:
        return "Ce texte a été retiré par son auteur : il n'y a plus rien à décider."
    moment = written_moment(last.at)
    return (
        f"{last.by or 'Une autre personne'} a déjà décidé de ce texte le {moment} : "
        f"{last.get_verb_display()}. Votre décision n'a pas été enregistrée."
    )


def stances(text: ModeratedText) -> dict[int, Decision]:
    """What each person proposed last, since the danger was told or a decision taken back; who spoke
    last comes last."""
    found: dict[int, Decision] = {}
    for one in text.decisions.all():
        if one.is_final or one.verb in (Verb.ALERT, Verb.REOPEN):
            found.clear()
        elif one.by_id:
            found.pop(one.by_id, None)
            found[one.by_id] = one
    return found


def others_stances(text: ModeratedText, by: User) -> list[Decision]:
    """What the others proposed, the last first."""
    said = stances(text)
    return [said[person] for person in reversed(said) if person != by.pk]


def is_the_same(one: Decision, other: Decision | Verdict) -> bool:
    """True when both do the same: publish, refuse for one reason, orient to one service."""
    if (one.verb, one.reason) != (other.verb, other.reason):
        return False
    if one.oriented_key and other.oriented_key:
        return one.oriented_key == other.oriented_key
    return folded(one.oriented_to).split() == folded(other.oriented_to).split()


def is_confirmed(text: ModeratedText, by: User, verdict: Verdict) -> bool:
    """True when another person proposed the same."""
    return any(is_the_same(one, verdict) for one in others_stances(text, by))


def propose(text: ModeratedText, by: User, verdict: Verdict) -> Decision:
    """The first of the two people whom a danger takes, or one who disagrees with the first."""
    mine = stances(text).get(by.pk)
    if mine is not None and is_the_same(mine, verdict):
        raise RuleViolation(
            "Vous avez déjà proposé cette décision. Un texte qui dit un danger se décide à deux : "
            "une autre personne doit la confirmer."
        )
    decision = keep(text, by, verdict, is_final=False)
    text.state, text.taken_by, text.taken_at = TextState.SECOND_LOOK, None, None
    text.save(update_fields=["state", "taken_by", "taken_at"])
    record(by=by, action="moderation.proposed", subject=text, after=told_of(decision))
    return decision


def conclude(text: ModeratedText, by: User, verdict: Verdict) -> Decision:
    original = OriginalText.objects.select_for_update().filter(text=text).first()
    now = timezone.now()
    decision = keep(text, by, verdict, is_final=True)
    if verdict.verb == Verb.ACCEPT and original is not None:
        publish_parts(text, original)
    text.state, text.decided_at = STATE_AFTER[verdict.verb], now
    text.taken_by, text.taken_at = None, None
    text.save()
    if original is not None:
        original.erase_on = timezone.localdate(now) + ORIGINALS_KEPT_FOR
        original.save(update_fields=["erase_on", "marks"])
    settle(text, by, decision)
    record(by=by, action=f"moderation.{verdict.verb}", subject=text, after=told_of(decision))
    source_of(text).decided(text, decision)
    return decision


def publish_parts(text: ModeratedText, original: OriginalText) -> None:
    """Write what may be read by all: the original with what was not rejected replaced."""
    marks = [as_accepted(mark) for mark in read_marks(original.marks)]
    written = {part["name"]: part["text"] for part in original.parts}
    text.parts = [
        {
            **part,
            "published": redacted(
                written.get(part["name"], ""), [one for one in marks if one.part == part["name"]]
            ),
        }
        for part in text.parts
    ]
    original.marks = [mark.as_json() for mark in marks]


def as_accepted(mark: Mark) -> Mark:
    is_kept = mark.state is MarkState.REJECTED
    return mark if is_kept else replace(mark, state=MarkState.ACCEPTED)


def settle(text: ModeratedText, by: User, decision: Decision) -> None:
    """A final decision ends the alert; what was done of it stays as it was written, in the same
    instant too."""
    open_ones = Alert.objects.select_for_update().filter(text=text, settled_at__isnull=True)
    for alert in open_ones:
        alert.settled_at, alert.settled_by = decision.at, by
        alert.outcome = alert.outcome or DONE_WORDS.get(Verb(decision.verb), "")
        alert.save()


@transaction.atomic
def dismiss_danger(*, text: ModeratedText, by: User, note: str = "") -> Decision:
    """Say that nobody is in danger: the text is then decided like any other. Takes two people,
    whoever saw the danger."""
    held = text_to_decide(text, by)
    if not held.is_danger:
        raise RuleViolation("Aucun danger n'est signalé dans ce texte.")
    verdict = Verdict(Verb.NO_DANGER, note=note)
    if not is_confirmed(held, by, verdict):
        return propose(held, by, verdict)
    decision = keep(held, by, verdict, is_final=True)
    held.is_danger, held.state = False, TextState.WAITING
    held.due_at = max(held.due_at, held.received_at + target())
    held.save(update_fields=["is_danger", "state", "due_at"])
    settle(held, by, decision)
    record(by=by, action="moderation.no_danger", subject=held, after=told_of(decision))
    return decision


@transaction.atomic
def remove(
    *, text: ModeratedText, by: User, reason: str, message: str = "", note: str = ""
) -> Decision:
    """Take a published text away; its author reads why."""
    held = locked(text)
    if held.state != TextState.ACCEPTED:
        raise RuleViolation("Ce texte n'est pas publié : il n'y a rien à retirer.")
    told = message.strip() or explanation_of(RefusalReason(reason), is_removal=True)
    verdict = Verdict(Verb.REMOVE, reason=reason, message=told, note=note)
    decision = keep(held, by, verdict, is_final=True)
    held.parts = [{**part, "published": ""} for part in held.parts]
    held.state, held.decided_at = TextState.REFUSED, timezone.now()
    held.save()
    record(by=by, action="moderation.remove", subject=held, after=told_of(decision))
    source_of(held).decided(held, decision)
    return decision


@transaction.atomic
def reopen(*, text: ModeratedText, by: User, note: str) -> Decision:
    """Take a decision again: the text waits anew and is no longer published meanwhile.

    `note` says why. Not once its author withdrew it, sent another version, or once its original
    is erased.
    """
    held = locked(text)
    if not note.strip():
        raise RuleViolation("Dites pourquoi la décision est reprise.")
    if held.state not in STATE_AFTER.values():
        raise RuleViolation("Aucune décision n'est à reprendre sur ce texte.")
    original = OriginalText.objects.filter(text=held).first()
    if original is None:
        raise RuleViolation(
            "L'original de ce texte est effacé : sa décision ne peut plus être reprise. Un texte "
            "publié peut encore être retiré."
        )
    later = ModeratedText.objects.filter(
        source=held.source, reference=held.reference, pk__gt=held.pk
    )
    if later.exists():
        raise RuleViolation(
            "L'auteur a envoyé depuis une autre version de ce texte : décidez de celle-là."
        )
    decision = keep(held, by, Verdict(Verb.REOPEN, note=note.strip()), is_final=False)
    held.parts = [{**part, "published": ""} for part in held.parts]
    held.state, held.decided_at = TextState.WAITING, None
    held.due_at = decision.at + (danger_target() if held.is_danger else target())
    held.taken_by, held.taken_at = None, None
    held.save()
    if held.is_danger:
        open_alert_anew(held, by, decision)
    original.erase_on = timezone.localdate(decision.at) + KEPT_UNDECIDED
    original.save(update_fields=["erase_on"])
    record(by=by, action="moderation.reopen", subject=held, after=told_of(decision))
    source_of(held).decided(held, decision)
    return decision


def open_alert_anew(text: ModeratedText, by: User, decision: Decision) -> None:
    """A danger waits for two people as on its first day: `by` signals it, what was noted stays."""
    alerts = Alert.objects.filter(text=text)
    alerts.filter(outcome__in=DONE_WORDS.values()).update(outcome="")
    alerts.update(
        raised_at=decision.at,
        raised_by=by,
        seen_by=Witness.MODERATOR,
        late_told_at=None,
        left_told_at=None,
        second_told_at=None,
        noted_at=None,
        settled_at=None,
        settled_by=None,
    )


def keep(text: ModeratedText, by: User, verdict: Verdict, *, is_final: bool) -> Decision:
    return Decision.objects.create(
        text=text,
        by=by,
        due_at=text.due_at,
        verb=verdict.verb,
        reason=verdict.reason,
        message=verdict.message,
        note=verdict.note.strip(),
        oriented_to=verdict.oriented_to,
        oriented_key=verdict.oriented_key,
        is_final=is_final,
    )


def told_of(decision: Decision) -> dict[str, str]:
    """What the audit keeps of a decision: never words about the text."""
    said = {
        "decision": decision.get_verb_display(),
        "reason": decision.get_reason_display() if decision.reason else "",
        "oriented_to": decision.oriented_to,
    }
    return {name: value for name, value in said.items() if value}
