"""An answer cut where something was found in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from guichet.experiences.answering.reviewing import Place, segments


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
