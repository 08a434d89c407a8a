"""Of what kind a danger seems to be, so that the right numbers are proposed first.

Owns the guess, from the clues of the gravest stretch; refuses to guess when two kinds are said: the
words that name no kind suit all.
"""

from __future__ import annotations

import re
from enum import StrEnum

from guichet.moderation.detection.danger_clues import CLEAR
from guichet.moderation.detection.danger_score import gravest_stretch
from guichet.moderation.detection.reading import read

OF_ONESELF = frozenset({"die", "farewell"})
OF_A_CHILD = frozenset({"child_sign", "sexual"})
OF_A_COUPLE = frozenset({"control", "hits"})
OF_OTHERS = frozenset({"menace", "ready"})


SAID_OF_ONESELF = re.compile(
    r"(?<![a-z])(?<!va )(?<!veut )(?:(?:me|m'|jme|j'me) ?(?:tuer|pend|suicid|flingu|buter|noy|immol"
    r"|supprim|jeter|foutre)\w*|suicid\w*|en finir|fin a mes jours|envie de vivre|veux mourir"
    r"|idees noires|kill myself|want to die|quiero morir|quero morrer)(?![a-z])"
)
SAID_OF_A_CHILD = re.compile(
    r"(?:frapp|tap|bat|cogn|viol|touch|maltrait|secou)\w* (?:\w+ ){0,2}(?:enfants?|fils|filles?"
    r"|bebe|petite?s?|gosses?)(?![a-z])|enfants? (?:\w+ ){0,2}en danger|(?<![a-z])(?:fils|fille"
    r"|enfants?|petite?s?) (?:\w+ ){0,3}(?:bleus?|coups|hematomes?|attouchements?)(?![a-z])"
)
SAID_OF_A_COUPLE = re.compile(
    r"(?<![a-z])(?:mari|femme|conjointe?|compagnon|compagne|ex|copain|copine|epoux|epouse|husband"
    r"|marido)(?![a-z]).{0,60}(?:frapp|tap|bat|cogn|viol|menac|etrangl|insult|surveill|enferm"
    r"|peur|beats|pega|bate)"
)


class DangerKind(StrEnum):
    SUICIDE = "suicide"
    COUPLE = "couple"
    CHILD = "enfant"


def danger_kind(text: str) -> DangerKind | None:
    """None when no kind, or several, are said."""
    reading = read(text)
    told = {clue.family.rstrip(CLEAR) for clue in gravest_stretch(reading).clues}
    is_of_others = bool(told & OF_OTHERS)
    is_child = bool(SAID_OF_A_CHILD.search(reading.bare) or (told & OF_A_CHILD and "child" in told))
    is_couple = bool(told & OF_A_COUPLE and "actor" in told) and not (is_child or is_of_others)
    is_oneself = bool(told & OF_ONESELF) and not is_of_others
    said = {
        DangerKind.SUICIDE: is_oneself or bool(SAID_OF_ONESELF.search(reading.bare)),
        DangerKind.CHILD: is_child,
        DangerKind.COUPLE: is_couple or bool(SAID_OF_A_COUPLE.search(reading.bare)),
    }
    kinds = [kind for kind, is_said in said.items() if is_said]
    return kinds[0] if len(kinds) == 1 else None
