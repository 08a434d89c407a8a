"""A poster as a PDF page, tagged for screen readers (PDF/UA-1), or as an image of it.

Owns the template, the fonts and the drawing; refuses to choose what is said, and the database.
"""

from __future__ import annotations

import io
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import segno

from guichet.publication.drawing_apart import poster_pdf

if TYPE_CHECKING:
    import typst

FOLDER = Path(__file__).parent
FONT = "Inter"
MOST_FIGURES = 4
Format = Literal["A4", "A3"]
FORMATS: tuple[Format, ...] = ("A4", "A3")


@dataclass(frozen=True)
class Compared:
    """One sentence; `sign` is up (better), down (worse), same, or empty, drawn beside it."""

    text: str
    sign: str = ""


@dataclass(frozen=True)
class PosterFigure:
    """`value` in words ("86,4 %"), a sentence when `in_words`. `share` and `rest`, in 0..1, draw a
    bar and a line across it, which `mark` explains. `place` says whose figure it is when it is not
    the structure's own."""

    title: str
    value: str
    beside: str
    compared: tuple[Compared, ...] = ()
    place: str = ""
    share: float | None = None
    rest: float | None = None
    mark: str = ""
    in_words: bool = False


@dataclass(frozen=True)
class Code:
    """A QR code: what it opens, said above, and the address written below."""

    title: str
    address: str


@dataclass(frozen=True)
class Poster:
    """All that is printed. `hours` are pairs (days, hours); `withheld` says what is not published;
    `drawn_at` dates the file."""

    name: str
    network: str
    figures: tuple[PosterFigure, ...]
    results: Code
    tell: Code
    edition: str
    drawn_at: datetime
    hours: tuple[tuple[str, str], ...] = ()
    contacts: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    demonstration: str = ""
    heading: str = "Nos résultats"
    keywords: tuple[str, ...] = field(default=("résultats", "service public"))

    @property
    def title(self) -> str:
        return f"{self.heading} : {self.name}"


def draw_pdf(poster: Poster, paper: Format = "A4") -> bytes:
    """One page of PDF/UA-1; the same bytes for the same poster."""
    return compiled(as_json(poster, paper), poster.drawn_at)


def draw_pdf_apart(poster: Poster, paper: Format = "A4") -> bytes:
    """The same, drawn beside the process that asks, which has pages to serve."""
    return poster_pdf(as_json(poster, paper), poster.drawn_at)


def compiled(told: str, drawn_at: datetime) -> bytes:
    """The PDF of what the template reads (`as_json`)."""
    drawn = compiler().compile(
        sys_inputs={"poster": told},
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=drawn_at,
    )
    assert isinstance(drawn, bytes)
    return drawn


@cache
def compiler() -> typst.Compiler:
    """With the fonts of the project only, so that the same poster is drawn on every machine."""
    import typst

    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(FOLDER / "fonts")])
    return typst.Compiler(str(FOLDER / "poster.typ"), root=str(FOLDER), font_paths=fonts)


def as_json(poster: Poster, paper: Format) -> str:
    """What the template reads."""
    if not 1 <= len(poster.figures) <= MOST_FIGURES:
        raise ValueError(f"A poster shows 1 to {MOST_FIGURES} figures.")
    told = asdict(poster)
    del told["drawn_at"]
    return json.dumps(
        {
            **told,
            "title": poster.title,
            "author": poster.network or poster.name,
            "font": FONT,
            "format": paper,
            "results": told["results"] | {"square": square(poster.results.address)},
            "tell": told["tell"] | {"square": square(poster.tell.address)},
        }
    )


def square(address: str) -> str:
    """The QR code of an address, as SVG; read from afar (level M, quiet zone kept)."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=3, xmldecl=False)
    return drawn.getvalue().decode()
