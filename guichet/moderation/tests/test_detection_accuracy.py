"""The published figures hold: floors on the frozen texts, and the model reads without network."""

import socket
from pathlib import Path
from typing import NoReturn

import pytest

from guichet.moderation.detection import detector
from guichet.moderation.detection.patterns import found_by_patterns
from guichet.moderation.kinds import Kind
from guichet.moderation.tests.accuracy import measuring

FLOORS = {
    (measuring.FROZEN, "patterns"): (0.935, 0.96, 0.985, 0.99),
    (measuring.FROZEN, "model"): (0.94, 0.96, 0.985, 0.99),
    (measuring.FROZEN_LATER, "patterns"): (0.985, 0.975, 0.985, 0.99),
    (measuring.FROZEN_LATER, "model"): (0.985, 0.97, 0.985, 0.99),
}
"""Recall and precision of names, then of the kinds with a shape, as published."""


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("the detection tried the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    detector.analyzer.cache_clear()


@pytest.mark.parametrize("name", ["patterns", "model"])
@pytest.mark.parametrize("path", [measuring.FROZEN, measuring.FROZEN_LATER], ids=lambda p: p.stem)
def test_frozen_texts_are_read_as_well_as_published(path: Path, name: str) -> None:
    texts = measuring.read_labelled(path.read_text(encoding="utf-8"))
    counts = measuring.measure(texts, found_by_patterns if name == "patterns" else detector.found)
    names, shaped = counts[Kind.NAME], measuring.totals(counts, measuring.STRUCTURED)

    measured = (names.recall, names.precision, shaped.recall, shaped.precision)

    assert all(one >= floor for one, floor in zip(measured, FLOORS[path, name], strict=True)), (
        measured
    )


def test_the_model_finds_people_that_no_pattern_announces() -> None:
    text = "L'autre jour Zdzisława Brzęczyszczykiewicz attendait déjà devant nous."
    people = [text[start:end] for start, end in detector.persons(text)]

    assert any("Brz" in one for one in people)


def test_a_long_text_is_read_in_pieces_at_their_place() -> None:
    text = "Il pleut sur la mairie. " * 400 + "Merci à Sandrine Lefranc."
    span = detector.found(text)[-1]

    assert text[span.start : span.end] == "Sandrine Lefranc"
    assert "".join(piece for _, piece in detector.pieces(text)) == text


def test_counting_follows_the_method() -> None:
    one = measuring.labelled("x", "Ici [[name|Léa Roy]] et [[?|M. Zé]], [[phone|06 39 98 41 07]].")
    start = one.text.index("Léa")
    half = measuring.Span(start, start + 3, Kind.NAME, 1.0)
    neutral = measuring.Span(one.text.index("Zé"), one.text.index("Zé") + 2, Kind.NAME, 1.0)
    wrong = measuring.Span(0, 3, Kind.URL, 1.0)

    counts = measuring.measure([one], lambda _: [wrong, half, neutral])

    assert (counts[Kind.NAME].found, counts[Kind.NAME].right, counts[Kind.NAME].wrong) == (0, 1, 0)
    assert counts[Kind.PHONE].missed_in == ["x"]
    assert counts[Kind.URL].wrong == 1
