"""The pages of a danger: what others propose stands out, publishing does not."""

from __future__ import annotations

import re
from html import unescape

import pytest

from guichet.moderation.queue.actions import accept, dismiss_danger, orient, raise_alert, refuse
from guichet.moderation.queue.actions.taking import open_text
from guichet.moderation.tests.queue.conftest import arrived

pytestmark = pytest.mark.django_db
BUTTON = re.compile(
    r"<(?:a|button|summary)[^>]*class=\"([^\"]*)\"[^>]*>(.*?)</(?:a|button|summary)>", re.DOTALL
)
ASKED_AGAIN = "Confirmer\u00a0: Personne n'est en danger"
"""The second click that a button without a page asks."""


@pytest.fixture
def stands_out(client, ana, bo, waiting):
    """What the main buttons of the decision say to Bo."""

    def labels():
        open_text(text=waiting, by=bo)
        client.force_login(bo)
        page = unescape(client.get(f"/agents/moderation/{waiting.pk}/").text)
        verdicts = page[page.index('id="decider"') : page.index("Passer au suivant")]
        found = [(kind, re.sub(r"<[^>]+>", "", words)) for kind, words in BUTTON.findall(verdicts)]
        plain = ("secondary", "tertiary")
        return [
            words.strip()
            for kind, words in found
            if "btn" in kind and not any(one in kind for one in plain) and words != ASKED_AGAIN
        ]

    return labels


def test_publishing_stands_out_when_nobody_is_in_danger(stands_out):
    assert stands_out() == ["Publier"]


def test_nothing_stands_out_in_a_danger_before_somebody_proposes(stands_out, waiting, ana):
    raise_alert(text=waiting, by=ana)
    assert stands_out() == []


@pytest.mark.parametrize(
    ("propose", "label"),
    [
        (lambda text, by: accept(text=text, by=by), "Confirmer\u00a0: publier"),
        (lambda text, by: refuse(text=text, by=by, reason="insult"), "Confirmer\u00a0: refuser…"),
        (lambda text, by: orient(text=text, by=by, service="3114"), "Confirmer\u00a0: orienter…"),
        (lambda text, by: dismiss_danger(text=text, by=by), "Personne n'est en danger"),
    ],
)
def test_what_the_first_person_proposes_stands_out(stands_out, waiting, ana, propose, label):
    raise_alert(text=waiting, by=ana)
    propose(waiting, ana)
    assert stands_out() == [label]


def test_who_decides_of_a_danger_gives_an_opinion(client, bo, ana, waiting):
    raise_alert(text=waiting, by=ana)
    client.force_login(bo)
    for act, words in (("orienter/", "orienter"), ("refuser/?motif=insult", "refuser")):
        page = client.get(f"/agents/moderation/{waiting.pk}/{act}").text
        assert f"Donner mon avis\u00a0: {words}" in page


def test_nobody_says_that_a_danger_will_be_published(client, bo, ana, told):
    text = arrived("Personne ne répond.", reference="8")
    client.force_login(bo)
    open_text(text=text, by=bo)
    address = f"/agents/moderation/{text.pk}/"
    assert "sera publié tel quel" in client.get(address).text
    raise_alert(text=text, by=ana)
    assert "sera publié" not in client.get(address).text
