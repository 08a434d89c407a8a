"""A title for a story whose author gave none: the first of its sentences that tells something.

Owns which sentence; refuses greetings, people who introduce themselves, and, where another sentence
will do, personal data. Plain Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from guichet.core.text import one_line
from guichet.moderation.detection.patterns import found_by_patterns
from guichet.moderation.kinds import REPLACEMENTS

DERIVED_TITLE = 80
Stretch = tuple[int, int]
"""Characters from the first to the last, excluded."""

END_OF_SENTENCE = re.compile(r"(?<!\bM)(?<!\bMr)(?<!\bDr)(?<!\bMme)[.!?…]+(?=\s|$)|\n|$")
_PEOPLE = r"(?:mesdames|messieurs|madame|monsieur)"
_NOT_CALLED = r"(?:je|on|nous|il|elle|ils|elles|mon|ma|mes|notre|le|la|les|un|une|suite|depuis)"
GREETING = re.compile(
    rf"(?:(?:bonjour|bonsoir|salut|coucou|hello)\b(?:(?:\s+(?!{_NOT_CALLED}\b)[^\s,'’]+){{0,4}}\s*,"
    rf"|\s+(?:à (?:toutes|tous|vous)(?: et (?:à )?(?:toutes|tous))?|tout le monde"
    rf"|{_PEOPLE}(?: (?:et|ou) {_PEOPLE})?)(?!\s+[A-ZÀ-Ý]))?"
    rf"|{_PEOPLE}(?:\s*(?:,|et|ou|/)\s*{_PEOPLE})*\s*,)[\s,;:–-]*",
    re.IGNORECASE,
)
INTRODUCTION = re.compile(
    r"(?:moi,? )?(?:je m['’ ]?appel+e\b|je me (?:nomme|prénomme|présente)\b"
    r"|mon nom (?:est|c['’]est)|moi,? c['’]est\b|je soussignée?\b"
    r"|je suis (?:m|mr|mme|mlle|madame|monsieur|mademoiselle)\b"
    r"|j['’]ai \d+ ans$)",
    re.IGNORECASE,
)
MASK = re.compile("|".join(re.escape(one) for one in REPLACEMENTS.values()))


def title_from(story: str, hidden: Sequence[Stretch] = ()) -> str:
    """80 characters at most, cut at a word; `hidden` are the stretches of `story` that are masked,
    or will be. Empty for a story of no word."""
    told = list(sentences(story))
    telling = [one for one in told if not INTRODUCTION.match(story[slice(*one)])]
    open_ones = [one for one in telling if not holds_any(shown_stretch(story, one), hidden)]
    chosen = next(iter([*open_ones, *telling, *told]), None)
    if chosen is None:
        return first_sentence(story)
    title = cut(one_line(story[slice(*chosen)]))
    return title[:1].upper() + title[1:]


def automatic_title(story: str) -> str:
    """The title of a story just written: what the patterns find in it will be masked."""
    return title_from(story, [(span.start, span.end) for span in found_by_patterns(story)])


def is_automatic(title: str, story: str) -> bool:
    """True for a title that nobody wrote, also by the rules of before."""
    return title in (first_sentence(story), title_from(story)) or title == automatic_title(story)


def title_of_masked(story: str) -> str:
    """The title of a story whose personal data are masked."""
    return title_from(story, [one.span() for one in MASK.finditer(story)])


def sentences(story: str) -> Iterator[Stretch]:
    """The stretches of the sentences without the greeting that they begin with, none empty."""
    start = 0
    for end in END_OF_SENTENCE.finditer(story):
        sentence = story[start : end.start()]
        begins = start + len(sentence) - len(sentence.lstrip())
        greeting = GREETING.match(story, begins, end.start())
        begins = greeting.end() if greeting else begins
        if story[begins : end.start()].strip():
            yield begins, end.start()
        start = end.end()


def shown_stretch(story: str, sentence: Stretch) -> Stretch:
    return sentence[0], min(sentence[1], sentence[0] + DERIVED_TITLE)


def holds_any(stretch: Stretch, hidden: Iterable[Stretch]) -> bool:
    return any(start < stretch[1] and stretch[0] < end for start, end in hidden)


def first_sentence(story: str) -> str:
    end = END_OF_SENTENCE.search(story)
    return cut(one_line(story[: end.start()] if end else story))


def cut(sentence: str) -> str:
    if len(sentence) <= DERIVED_TITLE:
        return sentence
    kept = sentence[:DERIVED_TITLE].rpartition(" ")[0] or sentence[: DERIVED_TITLE - 1]
    return f"{kept.rstrip(' ,;:')}…"
