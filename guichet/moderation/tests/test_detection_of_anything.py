"""Whatever is written, the detection answers, and within the text."""

import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guichet.moderation.detection.dangers import danger_words
from guichet.moderation.detection.insults import insult_words
from guichet.moderation.detection.language import language_of
from guichet.moderation.detection.patterns import found_by_patterns
from guichet.moderation.tests.accuracy.repeated_pieces import REPEATED

PIECES = (
    "né le ", "12 rue ", "06 ", "a@", "M. ", "Jean ", "numéro ", "\u200f", "\u200b", "é", "e\u0301",
    "👍🏽", "FR76 ", "«", "1", ".", "\n", "A-", "http://a/", "75001 ", "x" * 30, "\x1f",
    "\ud800", "ﬁ",     "je vais ", "tuer ", "０", "٣",
)  # fmt: skip


def read_whole(text: str) -> None:
    spans = found_by_patterns(text)

    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert isinstance(language_of(text), str)
    assert isinstance(danger_words(text) + insult_words(text), tuple)


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_spans_are_in_order_apart_and_within_the_text(text: str) -> None:
    read_whole(text)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("unit", REPEATED)
def test_the_same_piece_over_and_over_is_read_to_its_end(unit: str) -> None:
    """`make bench` measures how the time grows; a pattern that tries everything never ends."""
    read_whole((unit * 16_000)[:16_000])


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
