"""What a service has published already: whoever writes meanwhile is told who, and when.

Owns these words; refuses to drop what was typed.
"""

from __future__ import annotations

from guichet.core.errors import RuleViolation
from guichet.experiences.models import Addressee, Reply
from guichet.ui.components.content import written_moment


class AlreadyAnswered(RuleViolation):
    """Somebody else answered first; `reply` is their answer."""

    def __init__(self, reply: Reply) -> None:
        self.reply = reply
        super().__init__(
            f"{published_words(reply)} Votre texte est gardé : relisez ce qui est publié, puis "
            "envoyez le vôtre comme complément s'il y ajoute quelque chose."
        )


def published_words(reply: Reply) -> str:
    """Who published, and when, in a sentence."""
    what = "un complément" if reply.addition_to_id else "une réponse"
    at = written_moment(reply.published_at)
    return f"{reply.by or 'Une autre personne'} a publié {what} le {at}."


def first_reply(addressee: Addressee) -> Reply | None:
    answers = Reply.objects.filter(addressee=addressee, addition_to=None, removed_at=None)
    return answers.select_related("by").first()


def latest_reply(addressee: Addressee) -> Reply | None:
    """The last answer or addition that its readers see."""
    shown = Reply.objects.filter(addressee=addressee, removed_at=None)
    return shown.select_related("by").order_by("published_at", "pk").last()
