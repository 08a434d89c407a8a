"""What an author downloads is in French, to the last value."""

from __future__ import annotations

import pytest
from django.utils import timezone

from guichet.experiences.following.own_data import as_text, own_data
from guichet.experiences.models import Draft
from guichet.experiences.sharing.unfinished import UNFINISHED
from guichet.experiences.tests.factories import (
    AddresseeFactory,
    AuthorFactory,
    DraftFactory,
    PromiseFactory,
    ReplyFactory,
)

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


@pytest.mark.parametrize(
    ("outcome", "is_judged", "said"),
    [
        ("pending", False, "rien"),
        ("pending", True, "je ne sais pas"),
        ("broken", True, "pas tenue, d'après l'auteur"),
    ],
)
def test_what_became_of_a_promise_is_told_as_its_author_said_it(outcome, is_judged, said):
    author = AuthorFactory()
    reply = ReplyFactory(addressee=AddresseeFactory(experience=author.experience))
    PromiseFactory(
        reply=reply,
        outcome=outcome,
        judged_at=timezone.now() if is_judged else None,
        done_on=timezone.localdate(),
        done_words="Le guichet est ouvert.",
    )
    told = as_text(own_data(author)).replace("\xa0", " ")
    assert f"est-ce que ça a changé, d'après vous : {said}" in told
    assert "ce qui a été fait, d'après le service : Le guichet est ouvert." in told
