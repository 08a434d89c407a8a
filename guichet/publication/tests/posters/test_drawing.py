"""The sheet itself: one page whatever is written on it, tagged, the same on every machine."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pypdfium2
import pytest
from pypdf import PdfReader

from guichet.publication.posters.drawing import (
    FORMATS,
    Code,
    Compared,
    Poster,
    PosterFigure,
    draw_pdf,
)

MILLIMETRES_A_POINT = 25.4 / 72
FIGURE = PosterFigure(
    title="Les usagers sont satisfaits",
    value="80,4 %",
    beside="1er trimestre 2026 · 262 usagers satisfaits sur 326 interrogés",
    compared=(Compared("Mieux que le reste du Nord (73,9 %)", "up"),),
    share=0.804,
    rest=0.739,
    mark="reste du Nord : 73,9 %",
)
POSTER = Poster(
    name="Caf – Lille",
    network="Allocations familiales (CAF)",
    figures=(FIGURE, replace(FIGURE, title="Un agent décroche", share=None, mark="")),
    results=Code("Tous nos résultats", "https://exemple.example/resultats/caf-lille/"),
    tell=Code("Dites-nous", "https://exemple.example/services/caf-lille/"),
    edition="Édition 2026-T1, chiffres arrêtés au 31 mars 2026.",
    drawn_at=datetime(2026, 5, 26, tzinfo=UTC),
    hours=(("Du lundi au vendredi", "9 h – 17 h"),),
    contacts=("Téléphone : 01 99 00 12 34",),
    demonstration="DÉMONSTRATION – chiffres inventés",
)
LONG = replace(
    POSTER,
    name="Antenne de proximité des allocations familiales de l'arrondissement " * 4,
    network="Réseau " * 40,
    figures=tuple(
        replace(
            FIGURE,
            title="Les usagers trouvent que le service s'améliore d'année en année " * 3,
            value="1 234 567 890 dossiers",
            beside="compté dans toutes les antennes du département " * 12,
            compared=(Compared("Pas de différence nette avec le reste du territoire " * 5),) * 2,
            place="Chiffre commun à " + "Saint-Germain-des-Fossés-sur-l'Eau, " * 6,
        )
        for _ in range(4)
    ),
    hours=tuple((f"Jour numéro {n}", "8 h 30 – 12 h, 13 h 30 – 17 h " * 6) for n in range(7)),
    contacts=("Téléphone : 01 99 00 12 34", "adresse " * 40, "x" * 120 + "@exemple.example"),
    results=Code("Tous nos résultats", "https://exemple.example/resultats/" + "a" * 150 + "/"),
)


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def tags(node: Any) -> Iterator[str]:
    """The kinds of elements of the structure tree, from the root."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for child in node:
            yield from tags(child)
    elif isinstance(node, dict):
        if "/S" in node:
            yield str(node["/S"])
        if "/K" in node:
            yield from tags(node["/K"])


def test_the_page_is_tagged_titled_and_in_french() -> None:
    pdf = read(draw_pdf(POSTER))
    root = pdf.trailer["/Root"]
    assert bool(root["/MarkInfo"]["/Marked"])
    assert root["/Lang"] == "fr-FR"
    assert bool(root["/ViewerPreferences"]["/DisplayDocTitle"])
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Nos résultats : Caf – Lille"
    assert "pdfuaid:part" in root["/Metadata"].get_data().decode()


def test_titles_are_headings_and_codes_have_words() -> None:
    root = read(draw_pdf(POSTER)).trailer["/Root"]["/StructTreeRoot"]
    found = list(tags(root))
    assert found.count("/H1") == 1
    assert found.count("/H2") == 3
    assert found.count("/Figure") == 2


def test_what_is_written_can_be_read_by_a_machine() -> None:
    text = read(draw_pdf(POSTER)).pages[0].extract_text()
    for said in ("Nos résultats", "80,4 %", "Mieux que le reste du Nord", "DÉMONSTRATION", "17 h"):
        assert said in text


@pytest.mark.parametrize(("paper", "width", "height"), [("A4", 210, 297), ("A3", 297, 420)])
def test_the_sheet_has_the_size_of_the_paper(paper: Any, width: int, height: int) -> None:
    box = read(draw_pdf(POSTER, paper)).pages[0].mediabox
    assert float(box.width) * MILLIMETRES_A_POINT == pytest.approx(width, abs=0.5)
    assert float(box.height) * MILLIMETRES_A_POINT == pytest.approx(height, abs=0.5)


@pytest.mark.parametrize("paper", FORMATS)
@pytest.mark.parametrize("poster", [POSTER, LONG], ids=["ordinary", "long"])
def test_whatever_is_written_the_poster_holds_on_one_page(poster: Poster, paper: Any) -> None:
    pdf = read(draw_pdf(poster, paper))
    assert len(pdf.pages) == 1


def test_the_longest_texts_stay_inside_the_margins() -> None:
    page = pypdfium2.PdfDocument(draw_pdf(LONG))[0]
    image = page.render(scale=1, grayscale=True).to_numpy().squeeze()
    margin = 24
    assert (image[:, :margin] == 255).all()
    assert (image[:, -margin:] == 255).all()
    assert (image[-margin:, :] == 255).all()


def test_a_large_figure_can_be_read_at_three_metres() -> None:
    """Capitals of a three-hundredth of the distance (NF X 35-102): 10 mm at three metres."""
    page = pypdfium2.PdfDocument(draw_pdf(POSTER))[0].get_textpage()
    heights = [
        (box[3] - box[1]) * MILLIMETRES_A_POINT
        for index in range(page.count_chars())
        if page.get_text_range(index, 1).isdigit() and (box := page.get_charbox(index))
    ]
    assert max(heights) > 15


@pytest.mark.parametrize("count", [1, 2, 3])
def test_what_is_compared_has_24_points_and_the_rest_14(count: int) -> None:
    figure = replace(
        FIGURE,
        title="Dossiers traités dans le délai annoncé",
        beside="septembre 2026 · 1 262 dossiers traités dans le délai annoncé sur 1 832",
    )
    pdf = read(draw_pdf(replace(POSTER, figures=(figure,) * count)))
    sizes: dict[str, float] = {}

    def noted(text: str, cm: Any, tm: list[float], font: Any, size: float) -> None:
        for said in ("Mieux que", "septembre 2026"):
            if said in text:
                sizes[said] = min(sizes.get(said, 99.0), size * abs(tm[3]) * abs(cm[3]))

    pdf.pages[0].extract_text(visitor_text=noted)
    assert sizes["Mieux que"] >= 24
    assert sizes["septembre 2026"] >= 14


def test_the_addresses_under_the_codes_are_read_without_a_magnifier() -> None:
    address = "https://guichet.exemple.example/resultats/dila2016-caf-59350-01/"
    poster = replace(POSTER, results=Code("Tous nos résultats", address))
    page = pypdfium2.PdfDocument(draw_pdf(poster))[0].get_textpage()
    text = page.get_text_range()
    assert "https://" not in text
    start = text.index("guichet.exemple.example/")
    sizes = {pypdfium2.raw.FPDFText_GetFontSize(page, start + at) for at in range(20)}
    assert min(sizes) >= 9


def test_without_colour_ink_stays_dark_and_paper_white() -> None:
    image = pypdfium2.PdfDocument(draw_pdf(POSTER))[0].render(scale=2, grayscale=True)
    levels = image.to_numpy()
    assert levels.min() < 40
    middle = ((levels > 130) & (levels < 200)).mean()
    assert middle < 0.03


def test_the_same_poster_is_the_same_file() -> None:
    assert draw_pdf(POSTER) == draw_pdf(POSTER)


def test_a_poster_without_figure_is_refused() -> None:
    with pytest.raises(ValueError, match="1 to 4"):
        draw_pdf(replace(POSTER, figures=()))
