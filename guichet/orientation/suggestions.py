"""What the search of places suggests when it is given a need: « je suis à la rue »."""

from __future__ import annotations

from urllib.parse import urlencode

from guichet.core.extensions import SearchSuggester, Suggestion
from guichet.orientation.answer_page import ADDRESS
from guichet.orientation.answers import subjects_of
from guichet.orientation.catalogue import catalogue
from guichet.orientation.matching.verdict import Outcome

MOST_SUGGESTIONS = 3
LIKELY = 0.35
"""Below, the words are rather a name: « école de musique »."""


def suggest_needs(what: str, where: str) -> list[Suggestion]:
    """The needs that the words may mean; none for what is rather the name of a place."""
    verdict, reading = catalogue().judge(what)
    best = reading.found[0].score if reading.found else 0.0
    if verdict.outcome not in {Outcome.SURE, Outcome.CHOICE} or best < LIKELY:
        return []
    place = {"commune": where} if where else {}
    return [
        Suggestion(subject.title, f"{ADDRESS}?{urlencode({'besoin': subject.code} | place)}")
        for subject in subjects_of(verdict.keys[:MOST_SUGGESTIONS])
    ]


NEEDS = SearchSuggester("orientation", suggest_needs)
