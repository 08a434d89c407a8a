"""The card of a structure's results: two figures in words, for another site.

Owns what fits; refuses HTML.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from datetime import date

from guichet.publication import wording
from guichet.publication.editions import Edition, public_address
from guichet.publication.result_blocks import Block, blocks_of
from guichet.publication.structure_results import StructureResults

MOST = 2
LINE = 44


@dataclass(frozen=True)
class CardFigure:
    value: str
    title: str
    counts: str
    comparison: str
    period: str
    note: str


@dataclass(frozen=True)
class ImageLine:
    """One line of the image: `kind` is name, value, text, small or note; `y` its baseline."""

    text: str
    kind: str
    y: int


@dataclass(frozen=True)
class Card:
    """`url` leads to the page."""

    name: str
    url: str
    edition: str
    figures: list[CardFigure]
    empty: str
    is_demonstration: bool
    lines: list[ImageLine]
    height: int


def card_of(results: StructureResults, edition: Edition, today: date) -> Card:
    blocks = [block for block in blocks_of(results, today) if block.value]
    figures = [card_figure(block) for block in blocks[:MOST]]
    empty = "" if figures else f"{wording.INSUFFICIENT.capitalize()} pour ce lieu."
    release = edition.release
    told = f"Édition {release.name}, chiffres jusqu'au {edition.through}"
    lines = image_lines(results.structure.name, figures, empty, told, release.is_demonstration)
    return Card(
        name=results.structure.name,
        url=public_address(f"/resultats/{results.structure.code}/"),
        edition=told,
        figures=figures,
        empty=empty,
        is_demonstration=release.is_demonstration,
        lines=lines,
        height=lines[-1].y + 16,
    )


def card_figure(block: Block) -> CardFigure:
    return CardFigure(
        value=block.value,
        title=block.title,
        counts=block.counts,
        comparison=block.comparisons[-1] if block.comparisons else "",
        period=block.period,
        note=block.explanation,
    )


def image_lines(
    name: str, figures: list[CardFigure], empty: str, told: str, is_demonstration: bool
) -> list[ImageLine]:
    """The lines of the image, wrapped, from top to bottom."""
    texts: list[tuple[str, str]] = [(line, "name") for line in textwrap.wrap(name, 34)]
    for figure in figures:
        texts.append((figure.value, "value"))
        texts += [(line, "text") for line in textwrap.wrap(figure.title, 40)]
        for small in (figure.counts, figure.comparison, figure.period, figure.note):
            texts += [(line, "small") for line in textwrap.wrap(small, LINE)]
    texts += [(line, "text") for line in textwrap.wrap(empty, 40)]
    if is_demonstration:
        texts.append((f"{wording.DEMONSTRATION.capitalize()} : chiffres fictifs", "note"))
    texts += [(line, "note") for line in textwrap.wrap(told, LINE)]
    heights = {"name": 24, "value": 42, "text": 22, "small": 19, "note": 20}
    y, lines = 12, []
    for text, kind in texts:
        y += heights[kind]
        lines.append(ImageLine(text, kind, y))
    return lines
