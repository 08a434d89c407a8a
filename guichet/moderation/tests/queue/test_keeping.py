"""What moderation keeps goes in its time; its health is that texts are read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from guichet.accounts.audit_words import words_of
from guichet.accounts.models import AuditEvent
from guichet.core.errors import RuleViolation
from guichet.core.retention import erase_expired, retention_register
from guichet.moderation.health import texts_are_read
from guichet.moderation.models import Alert, Decision, ModeratedText, OriginalText
from guichet.moderation.queue.actions import accept, raise_alert, refuse, withdraw
from guichet.moderation.queue.actions.taking import open_text
from guichet.moderation.tests.queue.conftest import SOURCE, arrived

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["", "decisions/", "alertes/"])
def test_no_browser_keeps_what_moderators_read(client, ana, told, address):
    client.force_login(ana)
    page = client.get(f"/agents/moderation/{address}")
    assert page.status_code == 200
    assert "no-store" in page.headers["Cache-Control"]


def test_originals_are_erased_on_their_day(waiting, ana):
    accept(text=waiting, by=ana)
    OriginalText.objects.update(erase_on=timezone.localdate() + timedelta(days=1))
    assert erase_expired()["moderation_originals"] == 0
    OriginalText.objects.update(erase_on=timezone.localdate())
    assert erase_expired()["moderation_originals"] == 1
    assert "[téléphone]" in ModeratedText.objects.get().published("description")


def test_what_alerted_goes_with_the_original(waiting, ana, bo):
    ModeratedText.objects.update(flags=["insulte possible : « zut »"])
    raise_alert(text=waiting, by=ana, words="menace Mme Petit")
    for person in (ana, bo):
        refuse(text=waiting, by=person, reason="insult")
    OriginalText.objects.update(erase_on=timezone.localdate())
    erase_expired()
    assert Alert.objects.get().words == ""
    assert ModeratedText.objects.get().flags == []


@pytest.mark.parametrize("is_danger", [False, True])
def test_a_text_undecided_for_a_year_is_refused_or_withdrawn_and_never_published(
    waiting, ana, bo, is_danger
):
    OriginalText.objects.update(erase_on=timezone.localdate())
    erase_expired()
    if is_danger:
        raise_alert(text=waiting, by=ana, words="menace")
    with pytest.raises(RuleViolation, match="Refusez-le"):
        accept(text=waiting, by=ana)
    for person in (ana, bo) if is_danger else (ana,):
        refuse(text=waiting, by=person, reason="unintelligible")
    waiting.refresh_from_db()
    assert waiting.state == "refused"


def test_a_text_undecided_for_a_year_is_withdrawn_by_its_author(waiting):
    OriginalText.objects.all().delete()
    withdraw(source=SOURCE, reference="7")
    waiting.refresh_from_db()
    assert waiting.state == "withdrawn"


def test_a_text_whose_words_are_erased_is_still_refused_and_never_offered_to_publish(
    client, waiting, ana
):
    OriginalText.objects.all().delete()
    client.force_login(ana)
    address = f"/agents/moderation/{waiting.pk}/"
    assert "Décider de ce texte" in client.get(address).text
    client.post("/agents/moderation/ouvrir/", {"lire": waiting.pk})
    page = client.get(address).text
    assert "Ce texte a attendu un an" in page
    assert "sera publié tel quel" not in page
    assert f"{address}publier/" not in page
    assert 'id="masques"' not in page
    client.post(f"{address}refuser/", {"reason": "unintelligible", "message": "Trop tard."})
    waiting.refresh_from_db()
    assert waiting.state == "refused"


def test_who_decided_is_forgotten_after_two_years(waiting, ana):
    refuse(text=waiting, by=ana, reason="insult", note="à suivre")
    assert erase_expired()["moderation_decisions"] == 0
    Decision.objects.update(at=timezone.now() - timedelta(days=731))
    assert erase_expired()["moderation_decisions"] == 1
    decision = Decision.objects.get()
    assert (decision.by, decision.message, decision.note) == (None, "", "")
    assert erase_expired()["moderation_decisions"] == 0


def test_what_was_done_of_a_danger_is_forgotten_with_the_decisions(waiting, ana):
    raise_alert(text=waiting, by=ana, words="menace Mme Petit")
    Alert.objects.update(
        outcome="17 appelé pour Mme Petit", raised_at=timezone.now() - timedelta(days=731)
    )
    erase_expired()
    alert = Alert.objects.get()
    assert (alert.raised_by, alert.words, alert.outcome) == (None, "", "")


def test_the_register_says_why_originals_are_kept(db):
    entry = next(one for one in retention_register() if one.name == "moderation_originals")
    assert entry.kept_for == "90 jours".replace(" ", "\xa0")
    assert "Reprendre une décision contestée" in entry.why


def test_texts_left_unread_are_told_and_late_people_are_not(told):
    text = arrived("Bonjour", read=False)
    assert texts_are_read() is None
    ModeratedText.objects.update(received_at=timezone.now() - timedelta(minutes=31))
    assert "redémarrez" in (texts_are_read() or "")
    ModeratedText.objects.filter(pk=text.pk).update(
        state="waiting", due_at=timezone.now() - timedelta(days=30)
    )
    assert texts_are_read() is None


def test_every_event_of_moderation_has_its_words(waiting, ana, bo):
    open_text(text=waiting, by=ana)
    open_text(text=waiting, by=bo, takes_over=True)
    accept(text=waiting, by=bo)
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert len(actions) == 3
    assert all(words_of(action) != action for action in actions)
