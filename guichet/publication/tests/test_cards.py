"""What fits on a card for another site, and in which order."""

from __future__ import annotations

from typing import Any

from guichet.core.words import NBSP
from guichet.publication.result_pages.cards import card_figure, frame_height, image_lines
from guichet.publication.result_pages.result_blocks import Block

OPINIONS = "9 usagers trouvent le service meilleur, 17 le trouvent moins bon, sur 36"
NOBODY: Any = None


def block(**fields: str) -> Block:
    title = "Le service s'améliore-t-il ?"
    return Block(NOBODY, "id", title, period="2025", value="−22,2 points", **fields)  # type: ignore[arg-type]


def test_opinions_are_told_in_words_before_their_balance() -> None:
    figure = card_figure(block(opinions=OPINIONS, counts="9 et 17, sur 36"))
    assert figure.value == OPINIONS
    assert figure.counts == f"Solde des avis{NBSP}: −22,2 points"
    lines = image_lines("Mairie", [figure], "", "Édition 2025", "")
    kinds = [line.kind for line in lines]
    assert kinds.count("words") == 3
    assert "value" not in kinds
    assert " ".join(line.text for line in lines if line.kind == "words") == OPINIONS
    assert max(len(line.text) for line in lines if line.kind == "words") <= 36


def test_another_figure_stays_large() -> None:
    figure = card_figure(block(counts="12 sur 36"))
    assert (figure.value, figure.counts) == ("−22,2 points", "12 sur 36")
    lines = image_lines("Mairie", [figure], "", "Édition 2025", "")
    assert [line.text for line in lines if line.kind == "value"] == ["−22,2 points"]


def test_a_frame_has_room_for_the_words() -> None:
    large = card_figure(block(counts="12 sur 36"))
    words = card_figure(block(opinions=OPINIONS))
    assert frame_height("Mairie", [words], "", "") > frame_height("Mairie", [large], "", "")
