"""A story that another service should answer: passed on at once inside a network, proposed to
another one, which accepts it or sends it back.

Owns where the answer is awaited; refuses to move the clock.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from guichet.accounts.audit import record
from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.core.text import one_line
from guichet.directory.models import Structure
from guichet.experiences.announcing import announce_at
from guichet.experiences.answering.actions.drafts import draft_as_note
from guichet.experiences.answering.actions.locks import hold, touch
from guichet.experiences.answering.notices import tell_of_arrival, tell_of_return
from guichet.experiences.models import Addressee, Event, InternalNote, Passage, ReplyDraft
from guichet.experiences.reading.search import index
from guichet.experiences.responders import may_answer

SHORTEST_REASON, LONGEST_REASON = 10, 300
NOTHING_PROPOSED = "Cette transmission a déjà été réglée : rechargez la page."


@transaction.atomic
def pass_on(*, addressee: Addressee, target: Structure, by: User, reason: str) -> Passage:
    """Pass a story on to `target`: at once in the same network or tree, else proposed; of a service
    that is not in the directory, at once. Neither moves its due day."""
    held = hold(addressee)
    origin = held.structure
    refuse_target(held, target)
    direct = origin is None or is_direct(origin, target)
    now = timezone.now()
    passage = Passage.objects.create(
        addressee=held,
        origin=origin,
        target=target,
        reason=checked_reason(reason),
        by=by,
        at=now,
        outcome=Passage.Outcome.ACCEPTED if direct else Passage.Outcome.PROPOSED,
        settled_by=by if direct else None,
        settled_at=now if direct else None,
    )
    if direct:
        move(held, target)
    announce_at(
        held, Event.Kind.PASSED_ON, passage=passage.pk, outcome=passage.outcome, to=target.name
    )
    keep_trace(passage, by, "story.passed_on", to=target.name)
    tell_of_arrival(passage)
    return passage


@transaction.atomic
def accept_passage(*, passage: Passage, by: User) -> Passage:
    """The other network takes the story: its answer is awaited there from now on."""
    held = hold(passage.addressee)
    refuse_other_target(passage, by)
    if passage.target.is_closed:
        raise RuleViolation(
            f"« {passage.target} » a fermé depuis : renvoyez le récit au service d'origine."
        )
    settled = settle(passage, by, Passage.Outcome.ACCEPTED)
    move(held, settled.target)
    announce_at(
        held,
        Event.Kind.PASSED_ON,
        passage=settled.pk,
        outcome=settled.outcome,
        to=settled.target.name,
    )
    keep_trace(settled, by, "story.accepted", to=settled.target.name)
    return settled


@transaction.atomic
def send_back(*, passage: Passage, by: User, reason: str) -> Passage:
    """The other network says why it is not concerned; the story stays where it was."""
    held = hold(passage.addressee)
    refuse_other_target(passage, by)
    settled = settle(passage, by, Passage.Outcome.SENT_BACK, checked_reason(reason))
    announce_at(held, Event.Kind.SENT_BACK, passage=settled.pk, by=settled.target.name)
    keep_trace(settled, by, "story.sent_back")
    tell_of_return(settled)
    return settled


@transaction.atomic
def cancel_passage(*, passage: Passage, by: User) -> Passage:
    """The service that proposed changes its mind."""
    hold(passage.addressee)
    settled = settle(passage, by, Passage.Outcome.CANCELLED)
    keep_trace(settled, by, "story.kept", to=settled.target.name)
    return settled


def end_open_passage(held: Addressee, by: User) -> None:
    """Whoever answers keeps the story."""
    Passage.objects.filter(addressee=held, outcome=Passage.Outcome.PROPOSED).update(
        outcome=Passage.Outcome.CANCELLED,
        settled_by=by,
        settled_at=timezone.now(),
        settled_reason="Le service d'origine a répondu.",
    )


def is_direct(origin: Structure, target: Structure) -> bool:
    """True inside one network, and up or down one tree: nobody has to accept."""
    if origin.network_id is not None and origin.network_id == target.network_id:
        return True
    if origin.network_id != target.network_id:
        return False
    mine, other = f"{origin.path}.", f"{target.path}."
    siblings = origin.parent_id is not None and origin.parent_id == target.parent_id
    return siblings or mine.startswith(other) or other.startswith(mine)


def refuse_target(held: Addressee, target: Structure) -> None:
    if target.pk == held.structure_id:
        raise RuleViolation("Le récit est déjà chez ce service : choisissez-en un autre.")
    if target.is_closed:
        raise RuleViolation(f"« {target} » est fermé : choisissez un autre service.")
    if held.first_reply_at is not None:
        raise RuleViolation("Une réponse est publiée : le récit ne se transmet plus.")
    others = held.experience.addressees.exclude(pk=held.pk)
    if others.filter(structure=target).exists():
        raise RuleViolation(f"Ce récit est déjà adressé à « {target} », à côté de vous.")
    if held.passages.filter(outcome=Passage.Outcome.PROPOSED).exists():
        raise RuleViolation(
            "Ce récit est déjà proposé à un autre service : attendez sa réponse, ou annulez."
        )


def checked_reason(reason: str) -> str:
    said = one_line(reason)
    if len(said) < SHORTEST_REASON:
        raise RuleViolation("Dites pourquoi en quelques mots : l'autre service les lira.")
    if len(said) > LONGEST_REASON:
        raise RuleViolation(f"{LONGEST_REASON} caractères au plus pour dire pourquoi.")
    return said


def refuse_other_target(passage: Passage, by: User) -> None:
    """The proposal that `by` saw may have been cancelled since, and another one made elsewhere."""
    if not may_answer(by, passage.target):
        raise RuleViolation(NOTHING_PROPOSED)


def settle(passage: Passage, by: User, outcome: Passage.Outcome, reason: str = "") -> Passage:
    found = (
        Passage.objects.select_for_update(of=("self",))
        .select_related("addressee__experience", "origin__network", "target__network", "by")
        .get(pk=passage.pk)
    )
    if found.outcome != Passage.Outcome.PROPOSED:
        raise RuleViolation(NOTHING_PROPOSED)
    found.outcome, found.settled_by = outcome, by
    found.settled_at, found.settled_reason = timezone.now(), reason
    found.save(update_fields=["outcome", "settled_by", "settled_at", "settled_reason"])
    return found


def move(held: Addressee, target: Structure) -> None:
    """The answer is awaited at `target`, on the same day; who had it has it no more, and what was
    being written becomes a note: for `target` in the same network, else for where it came from."""
    origin = held.structure
    held.structure, held.network = target, target.network
    held.assigned_to = held.reminded_at = None
    held.save(update_fields=["structure", "network", "assigned_to", "reminded_at"])
    draft = ReplyDraft.objects.filter(addressee=held).select_related("by").first()
    if draft is not None:
        if draft.text:
            stays = origin is None or not is_direct(origin, target)
            InternalNote.objects.create(
                addressee=held, structure=origin if stays else target, **draft_as_note(draft)
            )
        draft.delete()
    touch(held.experience)
    index(held.experience)


def keep_trace(passage: Passage, by: User, action: str, **told: str) -> None:
    scope = (passage.origin or passage.target).scope
    record(by=by, action=action, subject=passage, scope=scope, after=told)
