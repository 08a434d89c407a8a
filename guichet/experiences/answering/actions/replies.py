"""The public answer of one service: published once, rewritten for half an hour, then completed.

Owns what may go out and the order of two people who send at once; refuses to send another text
than the one its agent read.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from guichet.accounts.audit import record
from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.core.text import in_paragraphs, one_line
from guichet.core.words import NBSP, counted, grouped
from guichet.experiences.announcing import announce_at
from guichet.experiences.answering.actions.already import AlreadyAnswered, first_reply
from guichet.experiences.answering.actions.drafts import current_draft
from guichet.experiences.answering.actions.locks import hold, scope_of, touch
from guichet.experiences.answering.actions.passages import end_open_passage
from guichet.experiences.answering.actions.promises import (
    PromiseWish,
    make_promise,
    rewrite_promise,
)
from guichet.experiences.answering.templates import templates_for
from guichet.experiences.answering.texts import (
    LEAST_OWN_SHARE,
    LEAST_OWN_WORDS,
    LONGEST_ANSWER,
    LONGEST_SIGNATURE,
    SHORTEST_ANSWER,
    own_words,
    unfilled_holes,
)
from guichet.experiences.models import Addressee, Event, Reply, ReplyDraft

REWRITTEN_WITHIN = timedelta(minutes=30)
TOO_LATE = (
    "Une réponse se corrige pendant trente minutes. Ajoutez plutôt un complément : il sera daté."
)
NOTHING_CHANGED = "Rien n'est changé : la réponse reste publiée telle quelle."
REWRITTEN_MEANWHILE = (
    "Cette réponse a été corrigée entre-temps. Votre texte est gardé ci-dessous : comparez avant "
    "de continuer."
)


@transaction.atomic
def publish_reply(
    *,
    addressee: Addressee,
    by: User,
    text: str,
    signature: str,
    promise: PromiseWish | None = None,
    version: int,
    quality: dict[str, Any] | None = None,
) -> Reply:
    """Publish the answer of a service and tell the author.

    `version` is that of the draft which was read again (0: no draft): `DraftConflict` when it
    moved, `AlreadyAnswered` when somebody else was first.
    """
    held = hold(addressee)
    if first := first_reply(held):
        raise AlreadyAnswered(first)
    current_draft(held, version)
    reply = written(held, by, text, signature, quality)
    held.first_reply_at = reply.published_at
    held.save(update_fields=["first_reply_at"])
    experience = held.experience
    experience.first_reply_at = experience.first_reply_at or reply.published_at
    touch(experience, "first_reply_at")
    end_open_passage(held, by)
    told(reply, held, by, Event.Kind.REPLIED, promise)
    return reply


@transaction.atomic
def add_to_reply(
    *,
    addressee: Addressee,
    by: User,
    text: str,
    signature: str,
    promise: PromiseWish | None = None,
    version: int,
    quality: dict[str, Any] | None = None,
) -> Reply:
    """A dated addition to the answer of a service (complément), told to the author."""
    held = hold(addressee)
    answered = first_reply(held)
    if answered is None:
        raise RuleViolation("Il n'y a pas encore de réponse à compléter.")
    current_draft(held, version)
    reply = written(held, by, text, signature, quality, addition_to=answered)
    touch(held.experience)
    told(reply, held, by, Event.Kind.ADDED, promise)
    return reply


@transaction.atomic
def rewrite_reply(
    *,
    reply: Reply,
    by: User,
    text: str,
    signature: str,
    seen: str,
    promise: PromiseWish | None,
    quality: dict[str, Any] | None = None,
) -> Reply:
    """Correct an answer within thirty minutes; `seen` is the `stamp_of` what was corrected. Its
    promise becomes `promise`: None drops it."""
    held = hold(reply.addressee)
    kept = Reply.objects.select_for_update().get(pk=reply.pk)
    if not may_be_rewritten(kept):
        raise RuleViolation(TOO_LATE)
    if seen != stamp_of(kept):
        raise RuleViolation(REWRITTEN_MEANWHILE)
    words = checked(held, text, signature)
    before, after = rewrite_promise(held, kept, promise)
    if words == (kept.text, kept.signature) and after is None:
        raise RuleViolation(NOTHING_CHANGED)
    kept.text, kept.signature = words
    kept.rewritten_at, kept.quality = timezone.now(), quality or {}
    kept.save(update_fields=["text", "signature", "rewritten_at", "quality"])
    note_correction(held, kept, promise_changed=after is not None)
    touch(held.experience)
    record(
        by=by,
        action="reply.rewritten",
        subject=kept,
        scope=scope_of(held),
        before=before,
        after=after,
    )
    return kept


def note_correction(held: Addressee, reply: Reply, *, promise_changed: bool) -> None:
    """One event for each answer, dated by its last correction: its author is told once it is the
    last (`answering.corrections`)."""
    of_reply = Event.objects.filter(
        experience=held.experience, kind=Event.Kind.REWRITTEN, detail__reply=reply.pk
    )
    event = of_reply.first() or Event(
        experience=held.experience, addressee=held, kind=Event.Kind.REWRITTEN
    )
    event.at, event.detail["reply"] = timezone.now(), reply.pk
    if promise_changed:
        event.detail["promise_changed"] = True
    event.save()


def may_be_rewritten(reply: Reply) -> bool:
    is_recent = timezone.now() - reply.published_at <= REWRITTEN_WITHIN
    return is_recent and not reply.is_removed


def stamp_of(reply: Reply) -> str:
    """Changes each time an answer is rewritten."""
    return (reply.rewritten_at or reply.published_at).isoformat()


def checked(held: Addressee, text: str, signature: str) -> tuple[str, str]:
    """Text and signature as they may go out; `RuleViolation` says what lacks."""
    kept, signed = in_paragraphs(text), one_line(signature)
    if len(kept) < SHORTEST_ANSWER:
        raise RuleViolation(
            f"{SHORTEST_ANSWER} caractères au moins : dites ce qui s'est passé et ce qui suit."
        )
    if len(kept) > LONGEST_ANSWER:
        raise RuleViolation(
            f"{grouped(LONGEST_ANSWER)} caractères au plus : votre texte en a "
            f"{grouped(len(kept))}, raccourcissez-le."
        )
    if holes := unfilled_holes(kept):
        raise RuleViolation(f"Il reste à remplir : {', '.join(holes)}.")
    refuse_template(held, kept)
    if not signed:
        raise RuleViolation("Signez par une fonction, par exemple « La direction de l'accueil ».")
    if len(signed) > LONGEST_SIGNATURE:
        raise RuleViolation(f"{LONGEST_SIGNATURE} caractères au plus pour la signature.")
    return kept, signed


def refuse_template(held: Addressee, text: str) -> None:
    written_here = own_words(text, [one.text for one in templates_for(held.structure)])
    if not written_here.are_too_few:
        return
    if written_here.own == 0:
        what = "C'est un modèle tel quel"
    else:
        mine = counted(written_here.own, "mot est", "mots sont")
        what = f"Presque tout vient d'un modèle, {mine} de vous"
    raise RuleViolation(
        f"{what} : répondez à ce que cette personne raconte. Dites ce que vous avez vérifié, ce "
        f"qui change, et quand ({LEAST_OWN_WORDS} mots de vous au moins, et "
        f"{round(LEAST_OWN_SHARE * 100)}{NBSP}% du texte)."
    )


def written(
    held: Addressee,
    by: User,
    text: str,
    signature: str,
    quality: dict[str, Any] | None,
    addition_to: Reply | None = None,
) -> Reply:
    """The row of an answer; its draft has served."""
    kept, signed = checked(held, text, signature)
    reply = Reply.objects.create(
        addressee=held,
        structure=held.structure,
        addition_to=addition_to,
        text=kept,
        signature=signed,
        by=by,
        quality=quality or {},
    )
    ReplyDraft.objects.filter(addressee=held).delete()
    return reply


def told(
    reply: Reply, held: Addressee, by: User, kind: Event.Kind, promise: PromiseWish | None
) -> None:
    detail = {"has_promise": True} if promise is not None else {}
    announce_at(held, kind, reply=reply.pk, **detail)
    if promise is not None:
        make_promise(reply, promise)
    record(
        by=by,
        action="reply.added" if reply.addition_to_id else "reply.published",
        subject=reply,
        scope=scope_of(held),
        after={"promise": "oui"} if promise else None,
    )
