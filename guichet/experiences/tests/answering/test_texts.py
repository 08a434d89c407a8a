"""What is typed, made safe; whatever it is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from guichet.core.text import is_storable
from guichet.experiences.answering.reviewing import Place, segments
from guichet.experiences.answering.texts import clean_paragraphs, one_line


@given(st.text())
def test_a_cleaned_text_can_be_stored_and_stays_as_it_is_cleaned_again(text):
    kept = clean_paragraphs(text)
    assert is_storable(kept)
    assert clean_paragraphs(kept) == kept
    assert "\n\n\n" not in kept
    assert "\n" not in one_line(text)


def test_paragraphs_stay_and_what_cannot_be_seen_goes():
    typed = "Bonjour,\r\n\r\n\r\n\r\nUn\x00 mot.  \u202eenvers\nfin \n"
    assert clean_paragraphs(typed) == "Bonjour,\n\nUn  mot.  envers\nfin"


def test_emoji_accents_and_other_scripts_stay():
    assert clean_paragraphs("Merci 👩‍👧 à l'œuvre, 谢谢") == "Merci 👩‍👧 à l'œuvre, 谢谢"


@given(st.data())
def test_segments_hold_the_whole_text_in_order(data):
    text = data.draw(st.text(max_size=60))
    spans = data.draw(
        st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, len(text))), max_size=6)
    )
    places = [Place(min(one), max(one), "x") for one in spans]
    found = list(segments(text, places))
    assert "".join(one.text for one in found) == text
    covered = sum(len(one.text) for one in found if one.labels)
    assert covered == len({i for one in places for i in range(one.start, one.end)})
