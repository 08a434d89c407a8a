"""The agents' writes: drafts, answers, promises, passing on, assignment, notes.

Owns their rules, locks and audit; refuses HTTP, and to judge who may (`policies`).
"""

from guichet.experiences.answering.actions.already import AlreadyAnswered
from guichet.experiences.answering.actions.assignments import assign, note
from guichet.experiences.answering.actions.drafts import DraftConflict, save_draft
from guichet.experiences.answering.actions.passages import (
    accept_passage,
    cancel_passage,
    pass_on,
    send_back,
)
from guichet.experiences.answering.actions.promises import PromiseWish, keep_promise
from guichet.experiences.answering.actions.replies import (
    add_to_reply,
    publish_reply,
    rewrite_reply,
)

__all__ = [
    "AlreadyAnswered",
    "DraftConflict",
    "PromiseWish",
    "accept_passage",
    "add_to_reply",
    "assign",
    "cancel_passage",
    "keep_promise",
    "note",
    "pass_on",
    "publish_reply",
    "rewrite_reply",
    "save_draft",
    "send_back",
]
