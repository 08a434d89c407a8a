"""The demonstration's stories: their files, their dates, and what becomes of them."""

from __future__ import annotations

import statistics
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from guichet.accounts.models import User
from guichet.accounts.tests.factories import UserFactory
from guichet.core.models import OutgoingMail
from guichet.directory.models import Role, Structure, StructureKind
from guichet.directory.reference_tables import load_reference
from guichet.directory.tests.factories import MembershipFactory, StructureFactory
from guichet.experiences.answering.texts import LONGEST_SIGNATURE, SHORTEST_ANSWER
from guichet.experiences.models import (
    ASPECTS,
    Addressee,
    Channel,
    Event,
    Experience,
    Feeling,
    Promise,
    Reply,
    State,
    WrittenAs,
)
from guichet.experiences.sharing.texts import LONGEST_PSEUDONYM, LONGEST_TITLE
from guichet.moderation.detection import detector
from guichet.moderation.detection.patterns import found_by_patterns
from guichet.moderation.kinds import Kind
from guichet.moderation.models import Alert, ModeratedText, RefusalReason, TextState
from guichet.web.demo import told
from guichet.web.demo.people import ANSWERED, LOGINS, MANAGED
from guichet.web.demo.sites import PLANS
from guichet.web.demo.story_dates import OLDEST_DAYS, Fate, Timeline, fates, timelines
from guichet.web.demo.story_files import written_stories
from guichet.web.demo.told import CITIZEN, make_stories

STORIES = written_stories()
NOW = datetime(2026, 11, 22, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))


def test_three_hundred_stories_are_written_that_the_site_would_take() -> None:
    assert len(STORIES) == 300
    assert len({one.title for one in STORIES}) == 300
    assert len({one.text for one in STORIES}) == 300
    kinds = {plan.kind for plan in PLANS}
    for one in STORIES:
        assert 1 <= len(one.kinds) <= 3, one.key
        assert set(one.kinds) <= kinds, one.key
        assert set(one.channels) == set(one.kinds), one.key
        assert {name for names in one.channels.values() for name in names} <= set(Channel.values)
        assert one.feeling in Feeling.values, one.key
        assert one.written_as in WrittenAs.values, one.key
        assert set(one.aspects) <= set(ASPECTS), one.key
        assert set(one.aspects.values()) <= set(Feeling.values), one.key
        assert len(one.title) <= LONGEST_TITLE, one.key
        assert len(one.pseudonym) <= LONGEST_PSEUDONYM, one.key
        assert not one.refusal or one.refusal in RefusalReason.values, one.key


def test_answers_are_signed_long_enough_and_hold_no_number_nor_address() -> None:
    answered = [one for one in STORIES if one.reply]
    assert len(answered) > 150
    for one in answered:
        assert 0 < len(one.signature) <= LONGEST_SIGNATURE, one.key
        assert len(one.reply) >= SHORTEST_ANSWER, one.key
        assert not one.expected, one.key
        found = {span.kind for span in found_by_patterns(one.reply)}
        assert found <= {Kind.NAME}, one.key  # « les Camille et les Claude » is nobody
    assert all(one.reply for one in STORIES if one.promise or one.useful is not None)


def moments(line: Timeline) -> list[datetime]:
    ordered = (line.told_at, line.decided_at, line.replied_at, line.asked_at, line.changed_at)
    return [one for one in ordered if one is not None]


def test_dates_follow_one_another_and_none_is_to_come() -> None:
    lines = timelines(STORIES, NOW)
    assert lines == timelines(STORIES, NOW)
    for key, line in lines.items():
        assert moments(line) == sorted(moments(line)), key
        assert line.latest <= NOW, key
        assert NOW - line.told_at < timedelta(days=OLDEST_DAYS + 120), key
        for later in (line.judged_at, line.done_at):
            assert later is None or (line.replied_at and later >= line.replied_at), key


def test_answers_come_in_nine_days_or_so_and_some_are_late() -> None:
    delays = [
        (line.replied_at - line.decided_at).total_seconds() / 86400
        for line in timelines(STORIES, NOW).values()
        if line.replied_at and line.decided_at
    ]
    assert 7 <= statistics.median(delays) <= 11
    assert 0.15 <= sum(one > 15 for one in delays) / len(delays) <= 0.4


def test_what_waits_for_an_answer_is_recent_or_late_by_days_or_weeks() -> None:
    lines = timelines(STORIES, NOW)
    days = [
        (NOW - lines[one.key].decided_at).days - 15
        for one in STORIES
        if lines[one.key].decided_at and not one.expected and not one.reply
    ]
    assert len(days) > 60
    assert max(days) <= 90
    assert sum(late > 30 for late in days) / len(days) <= 0.15
    assert sum(late <= 0 for late in days) / len(days) >= 0.5
    shared = [one for one in STORIES if len(one.kinds) > 1 and one.reply and not one.other_reply]
    assert shared
    assert all(NOW - lines[one.key].replied_at < timedelta(days=30) for one in shared)


def test_the_second_of_two_services_answers_a_day_later() -> None:
    both = [one for one in STORIES if one.other_reply]
    assert len(both) == 5
    for one in both:
        assert len(one.kinds) > 1
        assert one.other_signature
        assert len(one.other_reply) >= SHORTEST_ANSWER
        assert not found_by_patterns(one.other_reply)
        assert timelines(STORIES, NOW)[one.key].others_replied_at < NOW


def test_the_queue_holds_a_danger_and_a_dozen_texts_and_an_author_was_just_asked() -> None:
    lines = timelines(STORIES, NOW)
    waiting = [one for one in STORIES if lines[one.key].fate is Fate.WAITING]
    assert 12 <= len(waiting) <= 16
    assert [one.is_danger for one in waiting].count(True) == 1
    asked = [line.asked_at for line in lines.values() if line.asked_at]
    assert max(asked) > NOW - timedelta(days=1)


@pytest.fixture
def country(db: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The two sites of the demonstration's agents, its people, and a few stories of each fate; the
    language model is left out."""
    load_reference()
    for code, kind in ((MANAGED, "caf"), (ANSWERED, "france_services")):
        kind_row = StructureKind.objects.get(code=kind)
        StructureFactory(
            code=code,
            kind=kind_row,
            network=kind_row.network,
            is_fictional=True,
            name=f"{kind} fictive",
        )
    for login in LOGINS:
        person = UserFactory(email=login.email)
        site = Structure.objects.filter(code=login.structure_code).first()
        if site or login.role in (Role.MODERATOR, Role.ADMINISTRATOR):
            MembershipFactory(user=person, role=login.role, structure=site)
    monkeypatch.setattr(detector, "persons", lambda text: [])
    monkeypatch.setattr(told, "written_stories", lambda: few_stories())


def few_stories() -> list[Any]:
    """Some of each fate, some with a promise."""
    fate_of = fates(STORIES)
    chosen = [one for one in STORIES if one.is_danger]
    for fate in (Fate.WAITING, Fate.REFUSED):
        chosen += [one for one in STORIES if fate_of[one.key] is fate and not one.is_danger][:2]
    caf = [one for one in STORIES if one.kinds[0] == "caf" and not one.expected]
    chosen += [one for one in caf if one.promise][:6] + [one for one in caf if not one.reply][:6]
    return [one for one in STORIES if one in chosen]


@pytest.mark.usefixtures("country")
def test_stories_are_told_by_the_sites_own_doors_marked_and_dated_back() -> None:
    words: list[str] = []
    said = make_stories(words.append)
    assert said.startswith(f"{len(few_stories())} récits, 7 réponses, 6 promesses")
    assert not Experience.objects.filter(is_fictional=False).exists()
    states = set(Experience.objects.values_list("state", flat=True))
    assert states == {State.PUBLISHED, State.REFUSED, State.IN_MODERATION, State.ORIENTED}
    now = timezone.now()
    for rows, field in ((Experience, "confirmed_at"), (Event, "at"), (Reply, "published_at")):
        assert not rows.objects.filter(**{f"{field}__gt": now}).exists()
    for story in Experience.objects.published():
        assert story.confirmed_at < story.published_at <= now
        assert story.first_reply_at is None or story.first_reply_at > story.published_at
        due = story.addressees.get(rank=1).due_on
        assert (due - timezone.localdate(story.published_at)).days == 15
    for promise in Promise.objects.exclude(judged_at=None):
        assert promise.due_on < timezone.localdate(promise.asked_at)
        assert promise.asked_at < promise.judged_at <= now
    assert Addressee.objects.filter(structure__code=MANAGED).exists()


@pytest.mark.usefixtures("country")
def test_signatures_are_read_as_those_of_agents(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the same review: one that named its agent would be kept as such."""
    signing = User.objects.get(email=told.RESPONDERS[MANAGED])
    story = next(one for one in few_stories() if one.promise)
    named = replace(story, signature=f"{signing.full_name}, accueil")
    monkeypatch.setattr(told, "written_stories", lambda: [story])
    make_stories()
    assert Reply.objects.get().quality["personal"] == []
    Experience.objects.all().delete()
    monkeypatch.setattr(told, "written_stories", lambda: [named])
    make_stories()
    assert Reply.objects.get().quality["personal"] == ["nom de personne"]


@pytest.mark.usefixtures("country")
def test_a_danger_waits_and_another_was_settled_by_two_people() -> None:
    make_stories()
    waiting = ModeratedText.objects.get(state=TextState.WAITING, is_danger=True)
    assert waiting.received_at > timezone.now() - timedelta(hours=1)
    assert not Alert.objects.exclude(raised_by=None).exists(), "the machine sees them by itself"
    settled = ModeratedText.objects.get(state=TextState.ORIENTED)
    assert settled.decisions.filter(verb="orient").values("by").distinct().count() == 2
    assert Alert.objects.get(text=settled).settled_at < timezone.now() - timedelta(days=2)


@pytest.mark.usefixtures("country")
def test_mails_tell_of_the_last_days_only(settings: Any) -> None:
    settings.EMAIL_BACKEND = "guichet.core.mail.OutboxBackend"
    make_stories()
    letters = OutgoingMail.objects.all()
    assert sum(CITIZEN in one.recipients for one in letters) in range(1, 8)
    assert sum("danger" in one.subject for one in letters) == 1
    assert len(letters) <= 12


@pytest.mark.usefixtures("country")
def test_a_second_run_tells_nothing_more() -> None:
    make_stories()
    stories = Experience.objects.count()
    assert make_stories() == "déjà racontés"
    assert Experience.objects.count() == stories
