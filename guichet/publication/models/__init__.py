"""What is published: releases, the parts that they share, and what pages read of them."""

from guichet.publication.models.displays import DisplayConfirmation
from guichet.publication.models.posters import PosterArchive
from guichet.publication.models.releases import (
    CorrectedFigure,
    Part,
    PlaceFigures,
    PoolMember,
    Release,
    ReleasePart,
)

__all__ = [
    "CorrectedFigure",
    "DisplayConfirmation",
    "Part",
    "PlaceFigures",
    "PoolMember",
    "PosterArchive",
    "Release",
    "ReleasePart",
]
