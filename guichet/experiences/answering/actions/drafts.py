"""What is being written for one service of a story: one draft, whoever writes.

Owns its versions; refuses to replace what somebody else saved meanwhile.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.core.text import in_paragraphs, one_line
from guichet.core.words import grouped
from guichet.experiences.answering.actions.already import AlreadyAnswered, latest_reply
from guichet.experiences.answering.actions.locks import hold
from guichet.experiences.answering.actions.promises import PromiseWish
from guichet.experiences.answering.texts import (
    LONGEST_ANSWER,
    LONGEST_SIGNATURE,
)
from guichet.experiences.models import Addressee, ReplyDraft


class DraftConflict(RuleViolation):
    """Somebody else saved meanwhile; `draft` is theirs (None when it was sent or dropped)."""

    def __init__(self, draft: ReplyDraft | None) -> None:
        self.draft = draft
        if draft is None:
            words = "Le brouillon que vous aviez ouvert n'existe plus."
        else:
            words = f"{draft.by or 'Une autre personne'} a enregistré un autre texte entre-temps."
        super().__init__(f"{words} Le vôtre est gardé ci-dessous : comparez avant de continuer.")


@transaction.atomic
def save_draft(
    *,
    addressee: Addressee,
    by: User,
    text: str,
    signature: str,
    version: int,
    promise: PromiseWish | None = None,
    seen_reply: int | None = None,
) -> ReplyDraft:
    """Keep the text as it is, finished or not. `version` is that of the draft which the agent
    started from, 0 for none: `DraftConflict` when it is not the current one. `seen_reply` is the
    number of the latest answer that the agent saw, 0 for none: `AlreadyAnswered` when another was
    published since."""
    held = hold(addressee)
    refuse_unseen(held, seen_reply)
    draft = current_draft(held, version)
    kept = in_paragraphs(text)
    if len(kept) > LONGEST_ANSWER:
        raise RuleViolation(
            f"{grouped(LONGEST_ANSWER)} caractères au plus : votre texte en a "
            f"{grouped(len(kept))}, raccourcissez-le."
        )
    draft = draft or ReplyDraft(addressee=held, version=0)
    draft.text, draft.signature = kept, one_line(signature)[:LONGEST_SIGNATURE]
    draft.promise = promise.as_json() if promise else {}
    draft.by = by
    draft.version += 1
    draft.save()
    return draft


def refuse_unseen(held: Addressee, seen_reply: int | None) -> None:
    latest = latest_reply(held)
    if seen_reply is not None and latest is not None and latest.pk > seen_reply:
        raise AlreadyAnswered(latest)


def current_draft(held: Addressee, version: int) -> ReplyDraft | None:
    """The draft of a held addressee, which must be at `version` (0: there must be none)."""
    draft = ReplyDraft.objects.select_related("by").filter(addressee=held).first()
    if (draft.version if draft else 0) != version:
        raise DraftConflict(draft)
    return draft


def draft_as_note(draft: ReplyDraft) -> dict[str, Any]:
    """What a note keeps of a draft that its service will not send."""
    return {"text": f"Brouillon de réponse :\n{draft.text}", "by": draft.by}
