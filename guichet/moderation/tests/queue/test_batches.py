"""Several texts are opened, read and decided together; each on its own terms."""

from __future__ import annotations

import pytest

from guichet.accounts.models import AuditEvent
from guichet.core.errors import RuleViolation
from guichet.moderation.models import ModeratedText, RefusalReason, TextState
from guichet.moderation.queue.actions import accept, raise_alert
from guichet.moderation.queue.actions.batches import refuse_several
from guichet.moderation.queue.actions.taking import open_text
from guichet.moderation.tests.queue.conftest import arrived

pytestmark = pytest.mark.django_db
QUEUE = "/agents/moderation/"


@pytest.fixture
def three(told):
    return [arrived(f"Récit numéro {number}", reference=f"{number}") for number in range(3)]


def ticked(texts):
    return {f"texte-{text.pk}": text.pk for text in texts}


def states():
    return list(ModeratedText.objects.order_by("pk").values_list("state", flat=True))


def test_texts_are_opened_together_and_each_opening_is_recorded(as_ana, three, bo):
    open_text(text=three[2], by=bo)
    response = as_ana.post(f"{QUEUE}ouvrir/", ticked(three), follow=True)
    words = response.content.decode()
    assert response.redirect_chain[0][0] == f"{QUEUE}lot/?textes={three[0].pk},{three[1].pk}"
    assert "Récit numéro 0" in words
    assert "Récit numéro 2" not in words
    assert AuditEvent.objects.filter(action="moderation.opened").count() == 3


def test_texts_that_were_not_opened_are_not_shown_together(as_ana, three):
    words = as_ana.get(f"{QUEUE}lot/?textes={three[0].pk},²,{10**30}").content.decode()
    assert "Aucun de ces textes" in words
    assert "Récit numéro 0" not in words


def test_low_risks_are_published_together(as_ana, three):
    as_ana.post(f"{QUEUE}ouvrir/", ticked(three))
    ModeratedText.objects.filter(pk=three[2].pk).update(risk=30)
    response = as_ana.post(
        f"{QUEUE}lot/decider/", ticked(three) | {"decision": "publier"}, follow=True
    )
    words = response.content.decode()
    assert "2\xa0textes publiés" in words
    assert f"Texte {three[2]} : Ce texte n&#x27;est pas de risque faible" in words
    assert states() == [TextState.ACCEPTED, TextState.ACCEPTED, TextState.WAITING]


def test_only_what_was_opened_is_published(as_ana, three):
    response = as_ana.post(
        f"{QUEUE}lot/decider/", ticked(three) | {"decision": "publier"}, follow=True
    )
    assert "ouvrez-les à nouveau" in response.content.decode()
    assert states() == [TextState.WAITING] * 3


@pytest.mark.parametrize("reason", ["duplicate", "advertising"])
def test_duplicates_and_advertising_are_refused_together(as_ana, three, ana, reason):
    as_ana.post(f"{QUEUE}ouvrir/", ticked(three))
    raise_alert(text=three[1], by=ana)
    words = as_ana.post(
        f"{QUEUE}lot/decider/", ticked(three) | {"decision": reason}, follow=True
    ).content.decode()
    assert "2\xa0textes refusés" in words
    assert "se décide à deux" in words
    assert states() == [TextState.REFUSED, TextState.WAITING, TextState.REFUSED]


def test_other_reasons_are_given_one_by_one(three, ana):
    with pytest.raises(RuleViolation, match="une explication à chacun"):
        refuse_several(texts=three, by=ana, reason=RefusalReason.INSULT)


def test_a_text_decided_meanwhile_does_not_stop_the_others(as_ana, three, ana):
    as_ana.post(f"{QUEUE}ouvrir/", ticked(three))
    accept(text=three[0], by=ana)
    words = as_ana.post(
        f"{QUEUE}lot/decider/", ticked(three) | {"decision": "duplicate"}, follow=True
    ).content.decode()
    assert "2\xa0textes refusés" in words
    assert states()[0] == TextState.ACCEPTED


def test_nothing_ticked_and_no_decision_are_told(as_ana, three):
    words = as_ana.post(f"{QUEUE}ouvrir/", {}, follow=True).content.decode()
    assert "Cochez au moins un texte" in words
    as_ana.post(f"{QUEUE}ouvrir/", ticked(three))
    words = as_ana.post(f"{QUEUE}lot/decider/", ticked(three), follow=True).content.decode()
    assert "Choisissez une décision" in words
