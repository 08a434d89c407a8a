"""Why a figure is not there, or what it does not count, in words.

Owns these words; refuses to say which structures are left out of a sum.
"""

from __future__ import annotations

from guichet.core.words import NBSP, counted
from guichet.publication import wording
from guichet.publication.models import Release
from guichet.publication.published.figures import WITHHELD, Figure

NO_FIGURE = "Sans chiffre"


def silence_in_words(title: str, figure: Figure, left_out: int, release: Release) -> str:
    """« Usagers satisfaits : aucun cas sur la période (3e trimestre 2026) », « … : non publié :
    trop peu de cas (2026, 3 lieux) »."""
    beside = wording.period_in_words(figure.period, through=release.through)
    if figure.state == WITHHELD:
        beside = f"{beside}, {counted(left_out, 'lieu', 'lieux')}"
    return f"{title}, {wording.state_in_words(figure)} ({beside})"


def left_out_in_words(count: int) -> str:
    """Said beside a sum, which would give a structure away if it held it."""
    if not count:
        return ""
    places = counted(
        count, "lieu n'est ni publié, ni compté", "lieux ne sont ni publiés, ni comptés"
    )
    return f"{places}{NBSP}: trop peu de cas."
