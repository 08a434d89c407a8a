"""Why a text is not, or no longer, published, as its author may read it."""

from __future__ import annotations

from dataclasses import dataclass

from guichet.experiences.models import Experience
from guichet.experiences.source_names import STORY_SOURCE
from guichet.moderation.models import Decision, ModeratedText, Verb


@dataclass(frozen=True)
class Explanation:
    """What a moderator decided, in the words meant for the author."""

    reason: str
    message: str
    oriented_to: str


def tells_a_danger(experience: Experience) -> bool:
    """True when somebody, or the machine, saw a danger in its last version, still not dismissed."""
    texts = ModeratedText.objects.filter(source=STORY_SOURCE, reference=str(experience.pk))
    last = texts.order_by("-received_at", "-pk").only("is_danger").first()
    return last is not None and last.is_danger


def last_refusal(source: str, experience: Experience) -> Explanation | None:
    """The last decision on a text, when it is not to publish it."""
    decision = (
        Decision.objects.filter(
            text__source=source, text__reference=str(experience.pk), is_final=True
        )
        .order_by("-at", "-pk")
        .first()
    )
    if decision is None or decision.verb not in (Verb.REFUSE, Verb.ORIENT, Verb.REMOVE):
        return None
    return Explanation(
        decision.get_reason_display() if decision.reason else "",
        decision.message,
        decision.oriented_to,
    )
