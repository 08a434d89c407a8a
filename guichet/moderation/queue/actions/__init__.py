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

__all__ = [
    "Part",
    "accept",
    "dismiss_danger",
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
