"""Links that prove something."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import signing
from hypothesis import given
from hypothesis import strategies as st

from guichet.core.errors import RuleViolation
from guichet.core.tokens import make_token, read_token, sealed

HOUR = timedelta(hours=1)


def test_a_token_gives_its_content_back():
    token = make_token("follow", {"experience": 12, "words": "é"})
    assert read_token("follow", token, valid_for=HOUR) == {"experience": 12, "words": "é"}


def test_a_token_of_another_purpose_proves_nothing():
    with pytest.raises(RuleViolation, match="recopiez"):
        read_token("invite", make_token("follow", 1), valid_for=HOUR)


def test_an_old_token_says_to_ask_for_another(monkeypatch):
    token = make_token("follow", 1)
    now = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + 3 * 3600)
    with pytest.raises(RuleViolation, match="expiré"):
        read_token("follow", token, valid_for=HOUR)


@given(st.text(max_size=80))
def test_what_was_not_signed_proves_nothing(text):
    with pytest.raises(RuleViolation):
        read_token("follow", text, valid_for=HOUR)


@given(st.data())
def test_one_letter_changed_proves_nothing(data):
    token = make_token("follow", {"id": 7})
    place = data.draw(st.integers(0, len(token) - 2))
    letter = data.draw(st.sampled_from("abcXYZ019-_").filter(lambda one: one != token[place]))
    with pytest.raises(RuleViolation):
        read_token("follow", token[:place] + letter + token[place + 1 :], valid_for=HOUR)


def test_a_seal_is_one_of_its_text_purpose_and_installation(settings):
    seal = sealed("batch", "412|500")
    assert seal == sealed("batch", "412|500")
    assert len({seal, sealed("batch", "412|501"), sealed("rows", "412|500")}) == 3
    settings.SECRET_KEY = "another"
    assert sealed("batch", "412|500") != seal
