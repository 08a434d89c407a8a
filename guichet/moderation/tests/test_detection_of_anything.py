"""Whatever is written, the detection answers, in time that grows with the text, within it."""

import subprocess
import sys
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guichet.moderation.detection.dangers import danger_words
from guichet.moderation.detection.insults import insult_words
from guichet.moderation.detection.language import language_of
from guichet.moderation.detection.patterns import found_by_patterns

PIECES = (
    "né le ", "12 rue ", "06 ", "a@", "M. ", "Jean ", "numéro ", "\u200f", "\u200b", "é", "e\u0301",
    "👍🏽", "FR76 ", "«", "1", ".", "\n", "A-", "http://a/", "75001 ", "x" * 30, "\x1f",
    "\ud800", "ﬁ",     "je vais ", "tuer ", "０", "٣",
)  # fmt: skip
REPEATED = [
    "1", "1 ", "a.", "a@", "06 ", "Jean ", "JEAN ", "12 rue ", "1-", "A-", "né le ", "n° ", "http://",
    "point ", "zéro un ", "fr76", "2 84 ", "'", "75001 A-", "Rose et ", "1/1/2012 et ", "a.b/",
    "e\u0301", "je vais tuer ", "il me ", "espece de ", "1, ", "vingt ", "12 rue A, ", "bât B, ",
    "Lille, ", "12 et ", "Le Clos ", "a/", "A.1/", "bidea ", "1 a gass ", "à Lille (59) ",
    "j'habite a ",
    "LB/", "né le 3 mai mille neuf cent ", "@", "AB 1", "résidence A, ", "place ", "« A ",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_spans_are_in_order_apart_and_within_the_text(text: str) -> None:
    spans = found_by_patterns(text)

    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert isinstance(language_of(text), str)
    assert isinstance(danger_words(text) + insult_words(text), tuple)


@pytest.mark.parametrize("unit", REPEATED)
def test_time_grows_with_the_length_of_the_text(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * length)[:length]
        started = time.process_time()
        found_by_patterns(text)
        danger_words(text)
        insult_words(text)
        return time.process_time() - started

    def least(length: int) -> float:
        return min(seconds(length) for _ in range(3))

    assert least(16_000) < 12 * max(least(4_000), 0.02)


def test_a_hundred_thousand_characters_are_read() -> None:
    text = "Bonjour, je suis Nadia Benali, 06 39 98 41 07, au 12 rue des Lilas. " * 1_500

    assert len(found_by_patterns(text)) == 3 * 1_500


def test_the_patterns_import_no_language_model() -> None:
    code = (
        "import sys; from guichet.moderation.detection.patterns import found_by_patterns as f;"
        "f('je suis nadia'); heavy = {'spacy', 'presidio_analyzer', 'numpy', 'phonenumbers'};"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
