"""The name that somebody chose to be shown under.

Owns what of a pseudonym is no personal data to hide; refuses any other part of a text.
"""

from __future__ import annotations

from collections.abc import Sequence

from guichet.moderation.detection.spans import Span
from guichet.moderation.kinds import Kind

PSEUDONYM = "pseudonym"
"""The part, as sources name it, that its author shows on purpose."""


def without_chosen_name(part: str, text: str, spans: Sequence[Span]) -> list[Span]:
    """`spans` of the part `part`, whose words are `text`, without the one word (« Kamel »,
    « Jean-Mi ») under which its author chose to be shown. A first name with a family name is
    kept marked, in one stretch or in two."""
    names = [span for span in spans if span.kind is Kind.NAME]
    is_chosen = part == PSEUDONYM and len(names) == 1
    if not is_chosen or len(text[names[0].start : names[0].end].split()) > 1:
        return list(spans)
    return [span for span in spans if span.kind is not Kind.NAME]
