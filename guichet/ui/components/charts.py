"""Drawings of figures: a value in large, values on a line, a map of tiles, a chart.

Owns where marks stand; refuses to know what is measured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString

from guichet.ui.components.drawing import draw, one_of

register = template.Library()

LEVEL = 'y1="12" y2="12"'
"""Where the scale of a `Dot` stands."""

TILE_KINDS = ("high", "middle", "low", "unknown", "absent")


@dataclass(frozen=True)
class Dot:
    """A value on a line, with its words; `low` and `high` draw its interval, `is_main` sets it
    before the others."""

    label: str
    words: str
    value: float | None
    low: float | None = None
    high: float | None = None
    is_main: bool = False


@dataclass(frozen=True)
class Tile:
    """One square of a map: `kind` is one of `TILE_KINDS`; `words` is what a pointer reads."""

    label: str
    column: int
    row: int
    kind: str = "absent"
    words: str = ""
    url: str = ""


@register.simple_tag
def big_figure(value: str, words: str = "") -> SafeString:
    """A value to be read at a glance, and what it is under it."""
    return draw("big_figure", value=value, words=words)


@register.simple_tag
def dot_lines(
    dots: Iterable[Dot],
    start: float = 0,
    end: float = 100,
    target: float | None = None,
    target_words: str = "",
    ends: Sequence[str] = (),
    direction: str = "",
) -> SafeString:
    """Values on lines of one scale, from `start` to `end`, with their words; a mark at `target`.
    `ends` are the words of both ends of the scale, `direction` those of what goes to the right."""
    span = (end - start) or 1

    def position(value: float) -> str:
        return f"{min(max((value - start) / span, 0), 1) * 100:.2f}%"

    mark = position(target) if target is not None and start <= target <= end else ""
    return draw(
        "dot_lines",
        lines=SafeString("".join(dot_line(dot, position, mark) for dot in dots)),
        has_target=bool(mark),
        target_words=target_words,
        ends=ends,
        direction=direction,
    )


def dot_line(dot: Dot, position: Callable[[float], str], target: str) -> str:
    """One line, written at once: a page has dozens."""
    marks = line_mark("target", target, target, 'y1="0" y2="24"') if target else ""
    if dot.low is not None and dot.high is not None:
        marks += line_mark("interval", position(dot.low), position(dot.high), LEVEL)
    if dot.value is not None:
        radius = 7 if dot.is_main else 5
        at = position(dot.value)
        marks += f'<circle class="ui-dots__mark" cx="{at}" cy="12" r="{radius}"/>'
    return (
        f'<li class="ui-dots__line{" ui-dots__line--main" if dot.is_main else ""}">'
        f'<span class="ui-dots__label">{escape(dot.label)}</span>\n'
        '<svg class="ui-dots__track" width="100%" height="24" aria-hidden="true" '
        f'focusable="false">{line_mark("scale", "0", "100%", LEVEL)}{marks}</svg>\n'
        f'<span class="ui-dots__words">{escape(dot.words)}</span></li>'
    )


def line_mark(kind: str, start: str, end: str, heights: str) -> str:
    return f'<line class="ui-dots__{kind}" x1="{start}" x2="{end}" {heights}/>'


@register.simple_tag
def tile_map(
    tiles: Sequence[Tile], legend: Sequence[tuple[str, str]], caption: str = ""
) -> SafeString:
    """A map of one square for each territory. Who does not see it reads the table that stands
    beside, so it is hidden from screen readers and from the keyboard; `legend` gives the words of
    each kind, in order."""
    drawn: list[dict[str, Any]] = [
        {
            "label": tile.label,
            "x": tile.column * 40,
            "y": tile.row * 40,
            "kind": one_of(tile.kind, TILE_KINDS, "tile_map"),
            "words": tile.words,
            "url": tile.url,
        }
        for tile in tiles
    ]
    keys = [
        {"kind": one_of(kind, TILE_KINDS, "tile_map"), "words": words} for kind, words in legend
    ]
    width = max((tile["x"] for tile in drawn), default=0) + 40
    height = max((tile["y"] for tile in drawn), default=0) + 40
    return draw("tile_map", tiles=drawn, keys=keys, width=width, height=height, caption=caption)


@register.simple_tag
def chart(url: str, description: str, width: int = 560, height: int = 240) -> SafeString:
    """A drawing that has its own address; `description` says what it shows in one sentence."""
    size = {"width": str(width), "height": str(height)}
    return draw("chart", url=url, description=description, **size)


@register.simple_tag
def copy_text(text: str, label: str, id: str, rows: int = 2) -> SafeString:
    """Text to copy whole; `label` says what it is for."""
    return draw("copy_text", text=text, label=label, id=id, rows=rows)
