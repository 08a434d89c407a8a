"""Orientation: procedures, needs, and what is counted of the answers given."""

from guichet.orientation.models.calls import DeskCall
from guichet.orientation.models.catalogue import Audience, CatalogueVersion, Procedure
from guichet.orientation.models.counts import Event, MissedSearch, Tally, UnknownWord
from guichet.orientation.models.coverage import CoverageMeasure
from guichet.orientation.models.handovers import Handover, Misrouting
from guichet.orientation.models.needs import Need, NeedAnswer, Synonym, Urgency

__all__ = [
    "Audience",
    "CatalogueVersion",
    "CoverageMeasure",
    "DeskCall",
    "Event",
    "Handover",
    "Misrouting",
    "MissedSearch",
    "Need",
    "NeedAnswer",
    "Procedure",
    "Synonym",
    "Tally",
    "UnknownWord",
    "Urgency",
]
