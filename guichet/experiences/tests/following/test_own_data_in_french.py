"""What an author downloads is in French, to the last value."""

from __future__ import annotations

import pytest

from guichet.experiences.following.own_data import as_text, own_data
from guichet.experiences.models import Draft
from guichet.experiences.sharing.unfinished import UNFINISHED
from guichet.experiences.tests.factories import AddresseeFactory, AuthorFactory, DraftFactory

pytestmark = pytest.mark.django_db


def test_the_channels_and_the_draft_are_told_in_words():
    author = AuthorFactory()
    AddresseeFactory(experience=author.experience, channels=["desk", "phone"])
    DraftFactory(
        follows=author.experience,
        answers={
            "description": "J'ai attendu.",
            "feeling": "negative",
            "services": [{"name": "CAF", "channels": ["online"]}],
            UNFINISHED: {"recit": {"typed": {"description": ["Trop long"]}, "problems": []}},
        },
    )
    assert Draft.objects.count() == 1
    told = as_text(own_data(author))
    for words in ("sur place", "par téléphone", "en ligne", "Négatif", "Trop long"):
        assert words in told
    for code in ("desk", "online", "negative", "unfinished", "typed"):
        assert code not in told
