"""What a decision of moderation makes public of a story."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from guichet.experiences.publishing import public_pseudonym


@pytest.mark.parametrize(
    ("written", "moderated", "public"),
    [
        ("Un habitant", "Un habitant", "Un habitant"),
        ("", "", ""),
        ("Rose Petit", "[nom]", ""),
        ("Rose Petit – 06 12 34 56 78.", "[nom] – [téléphone].", ""),
        ("Rose Petit du Nord", "[nom] du Nord", "[nom] du Nord"),
        ("[Les voisins]", "[Les voisins]", "[Les voisins]"),
        ("🙂", "🙂", "🙂"),
    ],
)
def test_a_pseudonym_of_which_nothing_is_left_signs_nothing(written, moderated, public):
    text = SimpleNamespace(published=lambda name: {"pseudonym": moderated}[name])
    assert public_pseudonym(text, {"pseudonym": written}) == public
