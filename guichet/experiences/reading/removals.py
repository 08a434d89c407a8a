"""What stands where moderation removed an answer: in the thread, in files, in the API.

Owns these words; refuses what the answer said.
"""

from __future__ import annotations

from guichet.experiences.models import Reply
from guichet.ui.components.content import written_date


def public_text(reply: Reply) -> str:
    """What everybody may read of an answer."""
    return removal_words(reply) if reply.is_removed else reply.text


def removal_words(reply: Reply) -> str:
    """ "Réponse retirée par la modération le 3 mai 2026. Raison : publicité." """
    assert reply.removed_at is not None
    what = "Complément retiré" if reply.addition_to_id else "Réponse retirée"
    said = f"{what} par la modération le {written_date(reply.removed_at)}."
    return f"{said} Raison : {reply.get_removed_for_display()}."
