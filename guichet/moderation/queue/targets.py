"""How long a text waits and may be held, in words. Refuses to know texts. Plain Python."""

from __future__ import annotations

from datetime import datetime, timedelta

from guichet.core.words import counted

HELD_FOR = timedelta(minutes=20)
"""How long who opened a text keeps it from the others."""


def span_in_words(span: timedelta) -> str:
    """ "moins d'une minute", "25 minutes", "3 heures", "2 jours": rounded down."""
    minutes = int(span.total_seconds()) // 60
    if minutes < 1:
        return "moins d'une minute"
    if minutes < 60:
        return counted(minutes, "minute", "minutes")
    if minutes < 48 * 60:
        return counted(minutes // 60, "heure", "heures")
    return counted(minutes // (24 * 60), "jours", "jours")


def delay_in_words(delay: timedelta) -> str:
    """ "90 minutes", "36 heures", "2 jours": a whole number of the largest unit, never rounded."""
    minutes = int(delay.total_seconds()) // 60
    if minutes % 60:
        return counted(minutes, "minute", "minutes")
    hours = minutes // 60
    if hours % 24 or hours == 24:
        return counted(hours, "heure", "heures")
    return counted(hours // 24, "jour", "jours")


def due_in_words(due_at: datetime, now: datetime) -> str:
    """ "il reste 25 minutes", "en retard de 3 heures"."""
    if due_at >= now:
        return f"il reste {span_in_words(due_at - now)}"
    return f"en retard de {span_in_words(now - due_at)}"
