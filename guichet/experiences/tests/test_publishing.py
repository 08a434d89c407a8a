"""What a decision of moderation makes public of a story."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from guichet.experiences.publishing import public_pseudonym


@pytest.mark.parametrize(
    ("moderated", "public"),
    [
        ("Un habitant", "Un habitant"),
        ("", ""),
        ("[nom]", ""),
        ("[nom] – [téléphone].", ""),
        ("[nom] du Nord", "[nom] du Nord"),
    ],
)
def test_a_pseudonym_of_which_nothing_is_left_signs_nothing(moderated, public):
    text = SimpleNamespace(published=lambda name: {"pseudonym": moderated}[name])
    assert public_pseudonym(text) == public
