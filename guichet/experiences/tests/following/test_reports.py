"""« Signaler ce contenu »: sent by anybody, settled by a moderator, answered."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from guichet.accounts import trapped_forms
from guichet.accounts.models import AuditEvent
from guichet.core.errors import RuleViolation
from guichet.directory.models import Role
from guichet.directory.tests.factories import someone
from guichet.experiences.following import actions, limits
from guichet.experiences.following.actions.reports import Outcome
from guichet.experiences.following.forms import ContentReportForm
from guichet.experiences.models import ContentReport, Event, State
from guichet.experiences.tests.factories import AuthorFactory, ExperienceFactory
from guichet.experiences.tests.following.letters import letters, links_in, the_letter, words_of
from guichet.experiences.tests.following.pages import strict, words_at
from guichet.moderation.models import Alert, RefusalReason, TextState
from guichet.moderation.queue.actions.alerting import MAILED_IN_A_FLOOD
from guichet.moderation.tests.factories import ModeratedTextFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    """A published story, as moderation accepted it."""
    author = AuthorFactory(email="auteur@exemple.fr")
    ModeratedTextFactory(reference=str(author.pk), state=TextState.ACCEPTED)
    return author.experience


@pytest.fixture
def moderator():
    return someone(Role.MODERATOR)


@pytest.fixture
def at_once(monkeypatch):
    monkeypatch.setattr(trapped_forms, "FASTEST_PERSON", timedelta(0))


def typed(story, **fields) -> dict[str, str]:
    return {
        "topic": "false",
        "message": "La mairie était fermée ce jour-là.",
        "name": "Claude Exemple",
        "email": "claude@exemple.fr",
        "good_faith": "on",
        "seen": ContentReportForm(about=f"report-{story.pk}").token(),
        **fields,
    }


def send(story, **fields):
    return strict().post(f"/experiences/{story.pk}/signaler/", typed(story, **fields))


def report_of(story, **fields) -> ContentReport:
    values = {"topic": "false", "message": "Faux.", "email": "claude@exemple.fr", **fields}
    return actions.report_content(experience=story, **values)


def test_a_visitor_reports_without_cookie_and_is_acknowledged(story, at_once):
    response = send(story)
    assert response.status_code == 303
    assert not response.cookies
    report = ContentReport.objects.get()
    assert (report.topic, report.name, report.email) == (
        "false",
        "Claude Exemple",
        "claude@exemple.fr",
    )
    assert "votre signalement est envoyé" in words_at(strict(), response.url)
    assert the_letter()["To"] == "claude@exemple.fr"
    assert any(story.get_absolute_url() in link for link in links_in(the_letter()))


def test_name_and_address_are_not_required(story, at_once):
    assert send(story, name="", email="").status_code == 303
    assert letters() == []


@pytest.mark.parametrize(
    "fields",
    [
        {"good_faith": ""},
        {"message": " \n "},
        {"message": "a" * 1001},
        {"topic": "autre"},
        {"email": "claude"},
        {"adresse_du_site": "http://exemple.fr"},
        {"seen": ""},
    ],
)
def test_what_is_missing_or_trapped_is_told_and_nothing_is_kept(story, at_once, fields):
    response = send(story, **fields)
    assert response.status_code == 200
    assert not ContentReport.objects.exists()


def test_a_form_sent_faster_than_it_is_read_asks_to_press_again(story, monkeypatch):
    monkeypatch.setattr(trapped_forms, "FASTEST_PERSON", timedelta(hours=1))
    assert "une seconde fois" in send(story).content.decode()


def test_what_is_not_published_cannot_be_reported():
    waiting = ExperienceFactory(waiting=True)
    assert strict().get(f"/experiences/{waiting.pk}/signaler/").status_code == 404


def test_a_danger_alerts_all_moderators_at_once(story, moderator):
    report_of(story, topic="danger", email="")
    assert Alert.objects.get().text.reference == str(story.pk)
    assert [letter["To"] for letter in letters()] == [moderator.email]


def test_a_second_danger_does_not_alert_twice(story, moderator):
    for _ in range(2):
        report_of(story, topic="danger", email="")
    assert len(letters()) == 1


def test_a_burst_is_kept_flagged_and_unmailed(story, at_once, monkeypatch):
    monkeypatch.setattr(limits, "REPORTS", {"report_content": "2/h/ip"})
    for _ in range(3):
        assert send(story).status_code == 303
    assert list(ContentReport.objects.values_list("is_burst", flat=True)) == [False, False, True]
    assert len(letters()) == 2


def test_many_reports_of_one_story_are_flagged(story):
    for _ in range(11):
        report_of(story, email="")
    assert ContentReport.objects.filter(is_burst=True).count() == 1


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def settle(person, report, **fields):
    values = {"outcome": "kept", "reason": "", "words": "Les faits sont exacts.", **fields}
    return signed_in(person).post(f"/agents/experiences/signalements/{report.pk}/", values)


def test_moderators_see_reports_oldest_first_and_bursts_last(story, moderator):
    first = report_of(story, message="Le premier")
    burst = report_of(story, message="En rafale", is_burst=True)
    last = report_of(story, message="Le dernier")
    ContentReport.objects.filter(pk=burst.pk).update(reported_at=timezone.now() - timedelta(days=2))
    said = words_at(signed_in(moderator), "/agents/experiences/signalements/")
    places = [said.index(one.message) for one in (first, last, burst)]
    assert places == sorted(places)


def test_nobody_is_flooded_with_acknowledgements(story, at_once, monkeypatch):
    """Whoever reports in another's name: the report is kept, and that mailbox is left in peace."""
    monkeypatch.setitem(limits.MAILS, "follow_mail", "1/d/key")
    for address in ("claude@exemple.fr", "Clau.de+1@exemple.fr"):
        assert send(story, email=address).status_code == 303
    assert ContentReport.objects.count() == 2
    assert len(letters()) == 1


def test_no_browser_keeps_who_reported(story, moderator):
    report = ContentReport.objects.create(
        experience=story, topic="other", message="Faux", name="Anne Roy", email="anne@exemple.fr"
    )
    for address in ("", f"{report.pk}/"):
        page = signed_in(moderator).get(f"/agents/experiences/signalements/{address}")
        assert page.status_code == 200
        assert "no-store" in page.headers["Cache-Control"]


def test_a_report_that_is_kept_online_is_answered(story, moderator):
    report = report_of(story)
    response = settle(moderator, report)
    assert response.status_code == 302
    report.refresh_from_db()
    assert report.settled_by == moderator
    assert (report.email, report.name) == ("", "")
    assert "Les faits sont exacts." in words_of(letters()[-1])
    assert letters()[-1]["To"] == "claude@exemple.fr"
    story.refresh_from_db()
    assert story.state == State.PUBLISHED
    kept = AuditEvent.objects.get(action="story.report_settled")
    assert story.title not in kept.subject_label
    assert "exacts" not in str(kept.after)
    settled = words_at(signed_in(moderator), "/agents/experiences/signalements/?etat=regles")
    assert "Les faits sont exacts." in settled


def test_a_story_that_is_removed_goes_at_once_and_its_author_is_told(story, moderator, client):
    report = report_of(story)
    page = story.get_absolute_url()
    settle(moderator, report, outcome="removed", reason=RefusalReason.INSULT, words="Retiré.")
    story.refresh_from_db()
    assert (story.state, story.description) == (State.REMOVED, "")
    assert client.get(page).status_code == 410
    assert Event.objects.filter(kind=Event.Kind.REMOVED).count() == 1
    told = {letter["To"]: letter["Subject"] for letter in letters()}
    assert "n'est plus publié" in told["auteur@exemple.fr"]
    assert "la suite donnée" in told["claude@exemple.fr"]


def test_a_removal_settles_all_reports_of_the_story(story, moderator):
    first, second = report_of(story), report_of(story, email="dominique@exemple.fr")
    elsewhere = report_of(ExperienceFactory())
    settle(moderator, first, outcome="removed", reason=RefusalReason.INSULT, words="Retiré.")
    second.refresh_from_db()
    elsewhere.refresh_from_db()
    assert second.settled_at is not None
    assert elsewhere.settled_at is None
    assert "dominique@exemple.fr" in [letter["To"] for letter in letters()[-2:]]


def test_a_story_taken_over_from_elsewhere_is_removed_too(moderator, client):
    story = ExperienceFactory(entry="import")
    page = story.get_absolute_url()
    settle(
        moderator,
        report_of(story),
        outcome="removed",
        reason=RefusalReason.PERSONAL_DATA,
        words="Retiré.",
    )
    assert client.get(page).status_code == 410


def test_a_removal_says_why(story, moderator):
    report = report_of(story)
    said = settle(moderator, report, outcome="removed", words="Retiré.").content.decode()
    assert "Choisissez pourquoi" in said
    report.refresh_from_db()
    assert report.settled_at is None


def test_a_report_is_settled_once(story, moderator):
    report = report_of(story)
    settle(moderator, report)
    with pytest.raises(RuleViolation, match="déjà"):
        actions.settle_content_report(
            report=report, by=moderator, outcome=Outcome.KEPT, words="Encore."
        )


def test_who_settles_a_report_second_reads_who_did_and_finds_their_words(story, moderator):
    report = report_of(story)
    actions.settle_content_report(
        report=report, by=moderator, outcome=Outcome.KEPT, words="Rien à dire."
    )
    address = f"/agents/experiences/signalements/{report.pk}/"
    second = signed_in(someone(Role.MODERATOR))
    said = {"outcome": "removed", "reason": "insult", "words": "Des injures à chaque phrase."}
    page = unescape(second.post(address, said).text)
    assert "Votre suite n'est pas enregistrée" in page
    assert "Des injures à chaque phrase." in page
    assert "Rien à dire." in page
    story.refresh_from_db()
    assert story.is_published


def test_the_list_costs_the_same_queries_however_long(story, moderator, django_assert_num_queries):
    client = signed_in(moderator)
    report_of(story)
    client.get("/agents/experiences/signalements/")
    with django_assert_num_queries(5):
        client.get("/agents/experiences/signalements/")
    for _ in range(9):
        report_of(ExperienceFactory())
    with django_assert_num_queries(5):
        client.get("/agents/experiences/signalements/")


def test_a_robot_that_reports_dangers_does_not_bury_the_first_mails(moderator):
    for _ in range(8):
        reported = ExperienceFactory()
        ModeratedTextFactory(reference=str(reported.pk), state=TextState.ACCEPTED)
        actions.report_content(experience=reported, topic="danger", message="Danger")
    assert Alert.objects.filter(settled_at=None).count() == 8
    assert [letter["To"] for letter in letters()] == [moderator.email] * MAILED_IN_A_FLOOD
