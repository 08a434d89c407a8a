"""What the search of places suggests when it is given a need: « je suis à la rue »."""

from __future__ import annotations

from urllib.parse import urlencode

from guichet.core.extensions import SearchSuggester, Suggestion
from guichet.orientation.answer_page import ADDRESS, URGENT_NUMBERS
from guichet.orientation.catalogue import catalogue
from guichet.orientation.matching.verdict import Outcome
from guichet.orientation.models import Urgency

MOST_SUGGESTIONS = 3
LIKELY = 0.35
"""Below, the words are rather a name: « école de musique »."""


def suggest_needs(what: str, where: str) -> list[Suggestion]:
    """The needs that the words may mean; none for what is rather the name of a place."""
    known = catalogue()
    verdict, reading = known.judge(what)
    best = reading.found[0].score if reading.found else 0.0
    if verdict.outcome not in {Outcome.SURE, Outcome.CHOICE} or best < LIKELY:
        return []
    place = {"commune": where} if where else {}
    return [
        Suggestion(
            named.title,
            f"{ADDRESS}?{urlencode({'besoin': named.code} | place)}",
            URGENT_NUMBERS.get(Urgency(named.urgent), ""),
        )
        for named in (known.named[key] for key in verdict.keys[:MOST_SUGGESTIONS])
    ]


NEEDS = SearchSuggester("orientation", suggest_needs)
