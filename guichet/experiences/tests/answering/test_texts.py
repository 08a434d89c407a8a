"""An answer cut where something was found in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from guichet.experiences.answering.reviewing import Place, segments


@given(
    st.text("aé \n😀", max_size=60),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6),
)
def test_segments_hold_the_whole_text_in_order(text, spans):
    ends = [sorted(min(end, len(text)) for end in one) for one in spans]
    places = [Place(start, end, "x") for start, end in ends]
    found = list(segments(text, places))
    assert "".join(one.text for one in found) == text
    covered = sum(len(one.text) for one in found if one.labels)
    assert covered == len({i for one in places for i in range(one.start, one.end)})
