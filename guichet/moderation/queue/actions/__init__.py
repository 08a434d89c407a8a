"""Sending a text to moderation, deciding on it: each decision is kept."""

from guichet.moderation.queue.actions.alerting import (
    note_outcome,
    raise_alert,
    settle_alert,
)
from guichet.moderation.queue.actions.arrivals import Part, submit, withdraw
from guichet.moderation.queue.actions.deciding import (
    accept,
    dismiss_danger,
    orient,
    refuse,
    remove,
    reopen,
)
from guichet.moderation.queue.actions.machine_reading import read_late_texts, read_text
from guichet.moderation.queue.actions.taking import hold_texts

__all__ = [
    "Part",
    "accept",
    "dismiss_danger",
    "hold_texts",
    "note_outcome",
    "orient",
    "raise_alert",
    "read_late_texts",
    "read_text",
    "refuse",
    "remove",
    "reopen",
    "settle_alert",
    "submit",
    "withdraw",
]
