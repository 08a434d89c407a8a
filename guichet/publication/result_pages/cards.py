"""The card of a structure's results: two figures in words, for another site.

Owns what fits; refuses HTML.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from guichet.core.words import NBSP
from guichet.directory.models import Structure
from guichet.publication import wording
from guichet.publication.editions import Edition, public_address
from guichet.publication.published.structure_results import StructureResults
from guichet.publication.result_pages.result_blocks import Block, blocks_of

MOST = 2
LINE = 44
WIDTH = 340
"""Of the card, framed or drawn, in pixels."""

FRAME_LINES = {
    "name": (28, 27),
    "value": (20, 44),
    "words": (32, 27),
    "text": (36, 24),
    "small": (41, 21),
}
"""Of the framed card: how many letters a line holds at least, and its height in pixels."""

FRAME_EDGES, FRAME_GAP, FRAME_SPARE = 60, 20, 100
"""Above and below, after a figure, and kept for the longer words of later editions and
for columns that are narrower than the card."""


@dataclass(frozen=True)
class CardFigure:
    """`value` is a sentence where it is `in_words`: how many are of one opinion, of the other;
    `margin` is that of a sample."""

    value: str
    in_words: bool
    title: str
    counts: str
    margin: str
    comparison: str
    period: str
    note: str


@dataclass(frozen=True)
class ImageLine:
    """One line of the image: `kind` is name, mark, value, text, small or note; `y` its baseline."""

    text: str
    kind: str
    y: int


@dataclass(frozen=True)
class Card:
    """`url` leads to the page; `frame_height` holds the framed card whole, `height` is that of the
    image; `spoken` says the same in one sentence."""

    name: str
    url: str
    edition: str
    figures: list[CardFigure]
    empty: str
    is_demonstration: bool
    is_fictional: bool
    lines: list[ImageLine]
    height: int
    frame_height: int
    spoken: str


def card_of(results: StructureResults, edition: Edition, today: date) -> Card:
    return card_of_blocks(blocks_of(results, today), results, edition)


def card_of_blocks(blocks: Iterable[Block], results: StructureResults, edition: Edition) -> Card:
    """The same, of blocks that are told already."""
    shown = [block for block in blocks if block.value]
    figures = [card_figure(block) for block in shown[:MOST]]
    empty = "" if figures else f"{wording.INSUFFICIENT.capitalize()} pour ce lieu."
    release = edition.release
    told = f"Édition {release.name}, chiffres jusqu'au {edition.through}"
    structure = results.structure
    mark = mark_of(structure, is_demonstration=release.is_demonstration)
    lines = image_lines(structure.name, figures, empty, told, mark)
    return Card(
        name=results.structure.name,
        url=public_address(f"/resultats/{results.structure.code}/"),
        edition=told,
        figures=figures,
        empty=empty,
        is_demonstration=release.is_demonstration,
        is_fictional=structure.is_fictional,
        lines=lines,
        height=lines[-1].y + 16,
        frame_height=frame_height(results.structure.name, figures, empty, told),
        spoken=spoken(results.structure.name, figures, empty, told),
    )


def mark_of(structure: Structure, *, is_demonstration: bool) -> str:
    """What a demonstration invents: its figures always, the place sometimes."""
    if not is_demonstration:
        return ""
    what = "lieu et chiffres fictifs" if structure.is_fictional else "chiffres fictifs"
    return f"{wording.DEMONSTRATION.capitalize()}{NBSP}: {what}"


def frame_height(name: str, figures: list[CardFigure], empty: str, told: str) -> int:
    """Enough for the framed card, in pixels; the mark of a demonstration is counted always."""

    def height(text: str, kind: str) -> int:
        length, line = FRAME_LINES[kind]
        return line * len(textwrap.wrap(text, length))

    whole = FRAME_EDGES + FRAME_SPARE + height(name, "name")
    for one in figures:
        small = f"{one.counts}. {one.margin} {one.period}. {one.comparison} {one.note}"
        value = height(one.value, "words" if one.in_words else "value")
        whole += value + height(one.title, "text") + height(small, "small")
        whole += FRAME_GAP
    whole += height(empty, "text") + height(told, "small")
    return whole + 2 * FRAME_LINES["text"][1]


def spoken(name: str, figures: list[CardFigure], empty: str, told: str) -> str:
    """What somebody who does not see the image is told: true for ever, since it says when."""
    said = [f"{one.title}{NBSP}: {one.value}, {one.period}" for one in figures]
    return ". ".join([f"Résultats{NBSP}: {name}", *said, *([empty] if empty else []), told])


def card_figure(block: Block) -> CardFigure:
    return CardFigure(
        value=block.opinions or block.value,
        in_words=bool(block.opinions),
        title=block.title,
        counts=f"Solde des avis{NBSP}: {block.value}" if block.opinions else block.counts,
        margin=block.interval,
        comparison=block.comparisons[-1] if block.comparisons else "",
        period=block.period,
        note=block.explanation,
    )


def image_lines(
    name: str, figures: list[CardFigure], empty: str, told: str, mark: str
) -> list[ImageLine]:
    """The lines of the image, wrapped, from top to bottom."""
    texts: list[tuple[str, str]] = [(line, "name") for line in textwrap.wrap(name, 34)]
    texts += [(line, "mark") for line in textwrap.wrap(mark, 40)]
    for figure in figures:
        if figure.in_words:
            texts += [(line, "words") for line in textwrap.wrap(figure.value, 36)]
        else:
            texts.append((figure.value, "value"))
        texts += [(line, "text") for line in textwrap.wrap(figure.title, 40)]
        for small in (figure.counts, figure.margin, figure.comparison, figure.period, figure.note):
            texts += [(line, "small") for line in textwrap.wrap(small, LINE)]
    texts += [(line, "text") for line in textwrap.wrap(empty, 40)]
    texts += [(line, "note") for line in textwrap.wrap(told, LINE)]
    heights = {
        "name": 24,
        "value": 42,
        "words": 24,
        "text": 22,
        "small": 19,
        "note": 20,
        "mark": 22,
    }
    y, lines = 12, []
    for text, kind in texts:
        y += heights[kind]
        lines.append(ImageLine(text, kind, y))
    return lines
