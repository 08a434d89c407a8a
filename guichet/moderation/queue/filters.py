"""What the queue is narrowed to, as its address says it.

Owns the names of the parameters; refuses to query. What no filter knows is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from guichet.core.text import search_text
from guichet.moderation.models import TextState
from guichet.moderation.sources import sources

STATES = (TextState.WAITING, TextState.SECOND_LOOK, TextState.READING)
FRENCH, OTHER = "fr", "autre"
BY_AGE = "age"


@dataclass(frozen=True)
class QueueFilters:
    """Empty means all. `langue` is fr or autre, `danger` and `retard` are oui, `tri` is age."""

    etat: str = ""
    source: str = ""
    danger: str = ""
    langue: str = ""
    retard: str = ""
    q: str = ""
    tri: str = ""

    @property
    def query(self) -> str:
        """For an address: "danger=oui&q=caf", empty when nothing is narrowed."""
        return urlencode({name: value for name, value in asdict(self).items() if value})

    @property
    def narrows(self) -> bool:
        return any(value for name, value in asdict(self).items() if name != "tri")


def filters_in(query: Mapping[str, str]) -> QueueFilters:
    known = {
        "etat": {str(state) for state in STATES},
        "source": {source.name for source in sources},
        "danger": {"oui"},
        "langue": {FRENCH, OTHER},
        "retard": {"oui"},
        "tri": {BY_AGE},
    }
    said = {name: query.get(name, "") for name in known}
    kept = {name: value for name, value in said.items() if value in known[name]}
    return QueueFilters(**kept, q=search_text(query.get("q", "")))
