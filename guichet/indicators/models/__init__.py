"""Measurement: what is measured, what networks sent, and what they declare ready-made."""

from guichet.indicators.models.batches import Batch, Outcome, SendingToken
from guichet.indicators.models.comments import FigureComment
from guichet.indicators.models.declared import DeclaredValue, PlaceLevel
from guichet.indicators.models.definitions import (
    Direction,
    Family,
    Grain,
    Indicator,
    IndicatorVersion,
    Nature,
)
from guichet.indicators.models.work import BatchWork, ReminderSent

__all__ = [
    "Batch",
    "BatchWork",
    "DeclaredValue",
    "Direction",
    "Family",
    "FigureComment",
    "Grain",
    "Indicator",
    "IndicatorVersion",
    "Nature",
    "Outcome",
    "PlaceLevel",
    "ReminderSent",
    "SendingToken",
]
