"""The one mail a day of an agent: what is new, completed, due soon, late, proposed and promised.

Owns what goes into it and when; refuses a second mail the same day, and the words of a story.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from guichet.accounts.models import User
from guichet.core.words import counted
from guichet.experiences.answering.absences import absences_on
from guichet.experiences.answering.clocks import ESCALATED_AFTER, TO_KEEP
from guichet.experiences.answering.notices import send
from guichet.experiences.models import (
    Addressee,
    AnsweringTarget,
    NotificationChoice,
    Passage,
    Promise,
    State,
)
from guichet.experiences.models.working import DEFAULT_REMINDER_DAYS
from guichet.experiences.responders import RespondersTable, all_responders

Pace = NotificationChoice.Pace
NAMED = 20
"""Lines of a section; the others are counted."""

AT_ONCE = 200
"""People whose mails are queued together."""

PROMISE_SOON = timedelta(days=7)
ONE_DAY = timedelta(days=1)
LONGEST_SILENCE = timedelta(days=7)
MONDAY = 0


@dataclass
class Digest:
    """What one person is told today."""

    person: User
    new: list[Addressee] = field(default_factory=list)
    completed: list[Addressee] = field(default_factory=list)
    proposed: list[Passage] = field(default_factory=list)
    soon: list[Addressee] = field(default_factory=list)
    late: list[Addressee] = field(default_factory=list)
    escalated: list[Addressee] = field(default_factory=list)
    promised: list[Promise] = field(default_factory=list)

    @property
    def sections(self) -> list[Section]:
        """Those that hold something, most urgent first."""
        every = (
            Section("En retard", lines(self.late)),
            Section("En retard de plus de sept jours dans votre réseau", lines(self.escalated)),
            Section("À répondre bientôt", lines(self.soon)),
            Section("Nouveaux récits", lines(self.new)),
            Section("Complétés par leur auteur", [second_word_line(one) for one in self.completed]),
            Section("Proposés par un autre réseau", [passage_line(one) for one in self.proposed]),
            Section("Promesses à tenir", [promise_line(one) for one in self.promised]),
        )
        return [one for one in every if one.lines]


@dataclass(frozen=True)
class Line:
    """One thing: words, the addressee whose page shows it, and its day."""

    words: str
    pk: int
    day: date | None


@dataclass(frozen=True)
class Section:
    title: str
    lines: list[Line]

    @property
    def shown(self) -> list[Line]:
        return self.lines[:NAMED]

    @property
    def others(self) -> int:
        return len(self.lines) - len(self.shown)


def lines(addressees: Iterable[Addressee]) -> list[Line]:
    return [story_line(one) for one in addressees]


def story_line(addressee: Addressee) -> Line:
    return Line(addressee.audit_label, addressee.pk, addressee.due_on)


def second_word_line(addressee: Addressee) -> Line:
    return Line(addressee.audit_label, addressee.pk, None)


def passage_line(passage: Passage) -> Line:
    words = f"par {passage.origin} à {passage.target}"
    return Line(words, passage.addressee_id, passage.addressee.due_on)


def promise_line(promise: Promise) -> Line:
    return Line(promise.reply.addressee.audit_label, promise.reply.addressee_id, promise.due_on)


class DigestWriter:
    """Reads once who answers for what, who is away and what each one wants; then sorts."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.responders: RespondersTable = all_responders()
        self.digests: dict[int, Digest] = {}
        self.teams: dict[int | None, list[User]] = {}
        self.reminders = dict(AnsweringTarget.objects.values_list("network_id", "reminder_days"))

    @cached_property
    def choices(self) -> dict[int, NotificationChoice]:
        return {one.user_id: one for one in NotificationChoice.objects.all()}

    @cached_property
    def away(self) -> dict[int, User | None]:
        rows = absences_on(self.today).select_related("substitute")
        return {one.user_id: one.substitute for one in rows}

    def write(self) -> list[Digest]:
        """Every digest that holds something."""
        for addressee in waiting_ones():
            self.sort(addressee)
        for addressee in completed_ones(self.since):
            if self.arrived(timezone.localdate(addressee.experience.second_word.published_at)):
                self.sort_second_word(addressee)
        for passage in open_passages():
            if self.arrived(timezone.localdate(passage.at)):
                self.sort_passage(passage)
        for promise in promises_due(self.today):
            self.sort_promise(promise)
        return [one for one in self.digests.values() if one.sections]

    def sort_second_word(self, addressee: Addressee) -> None:
        for person in self.followers(addressee):
            if self.pace(person) == Pace.DAILY:
                self.of(person).completed.append(addressee)

    def sort_passage(self, passage: Passage) -> None:
        for person in self.present(self.responders.of(passage.target).people):
            if self.pace(person) == Pace.DAILY:
                self.of(person).proposed.append(passage)

    def sort_promise(self, promise: Promise) -> None:
        """Told a week before its day, then on Mondays until somebody says that it is done."""
        since = self.today - (promise.due_on - PROMISE_SOON)
        if not self.is_told_today(since):
            return
        for person in self.followers(promise.reply.addressee):
            if self.is_reminded(person):
                self.of(person).promised.append(promise)

    def sort(self, addressee: Addressee) -> None:
        """Put one waiting story where it belongs, in the digest of each person concerned."""
        late_by = self.today - addressee.due_on if addressee.due_on else -timedelta(days=365)
        if late_by > timedelta(0):
            self.sort_late(addressee, late_by)
            return
        is_soon, is_new = self.is_due_soon(addressee), self.arrived(arrival_of(addressee))
        if not (is_soon or is_new):
            return
        for person in self.followers(addressee):
            if is_soon and self.is_reminded(person):
                self.of(person).soon.append(addressee)
            elif is_new and self.pace(person) == Pace.DAILY:
                self.of(person).new.append(addressee)

    def sort_late(self, addressee: Addressee, late_by: timedelta) -> None:
        told: set[int] = set()
        if self.is_told_today(late_by - ONE_DAY):
            for person in self.followers(addressee):
                if self.is_reminded(person):
                    self.of(person).late.append(addressee)
                    told.add(person.pk)
        if late_by > ESCALATED_AFTER and self.is_told_today(late_by - ESCALATED_AFTER - ONE_DAY):
            self.escalate(addressee, told)

    def escalate(self, addressee: Addressee, told: set[int]) -> None:
        """To the leads of the network, but for those `told` as followers."""
        leads = self.responders.of_network.get(addressee.network_id or 0, [])
        for person in self.present(leads):
            if self.is_reminded(person) and person.pk not in told:
                self.of(person).escalated.append(addressee)

    def is_due_soon(self, addressee: Addressee) -> bool:
        """On the day of the reminder, or the next digest after it; once."""
        reminded_at = addressee.reminded_at
        if addressee.due_on is None:
            return False
        if reminded_at is not None and timezone.localdate(reminded_at) < self.today:
            return False
        days = self.reminders.get(addressee.network_id or 0, DEFAULT_REMINDER_DAYS)
        return self.today >= addressee.due_on - timedelta(days=days)

    def is_told_today(self, since: timedelta) -> bool:
        """The day itself, then on Mondays: a list that comes each day is read by nobody."""
        return since == timedelta(0) or (since > timedelta(0) and self.today.weekday() == MONDAY)

    def arrived(self, on: date) -> bool:
        """Since the last digests, today left out: each day is told once, whatever the hour, and a
        day without digests loses nothing."""
        return self.since <= on < self.today

    @cached_property
    def since(self) -> date:
        """The day of the last digests that anybody got, within a week."""
        told = NotificationChoice.objects.filter(told_on__lt=self.today)
        last = told.aggregate(last=Max("told_on"))["last"] or self.today - ONE_DAY
        return max(last, self.today - LONGEST_SILENCE)

    def followers(self, addressee: Addressee) -> Sequence[User]:
        """The person in charge, else those who answer for the service; substitutes for who is
        away."""
        if addressee.assigned_to is not None:
            present = self.present([addressee.assigned_to])
            if present:
                return present
        key = addressee.structure_id
        if key not in self.teams:
            self.teams[key] = self.present(self.responders.of(addressee.structure).people)
        return self.teams[key]

    def present(self, people: Iterable[User]) -> list[User]:
        found = [self.away.get(one.pk, one) for one in people]
        there = {one.pk: one for one in found if one is not None and one.is_active}
        return list(there.values())

    def pace(self, person: User) -> str:
        choice = self.choices.get(person.pk)
        return choice.pace if choice else Pace.DAILY

    def is_reminded(self, person: User) -> bool:
        choice = self.choices.get(person.pk)
        return choice is None or choice.overdue

    def of(self, person: User) -> Digest:
        return self.digests.setdefault(person.pk, Digest(person))


def waiting_ones() -> Iterable[Addressee]:
    return (
        Addressee.objects.waiting()
        .select_related("experience", "structure__network", "assigned_to")
        .defer("experience__description", "experience__wished", "experience__search")
        .prefetch_related("passages")
        .order_by("due_on", "pk")
    )


def completed_ones(since: date) -> Iterable[Addressee]:
    """Of the published stories whose author's second word came out on `since` or later."""
    return (
        Addressee.objects.filter(
            experience__state=State.PUBLISHED,
            experience__second_word__published_at__date__gte=since,
        )
        .select_related("experience__second_word", "structure__network", "assigned_to")
        .order_by("experience__second_word__published_at", "pk")
    )


def arrival_of(addressee: Addressee) -> date:
    """The day the story came to the service: published, or passed on."""
    moments = [addressee.experience.published_at or timezone.now()]
    moments += [
        one.settled_at
        for one in addressee.passages.all()
        if one.outcome == Passage.Outcome.ACCEPTED and one.settled_at
    ]
    return timezone.localdate(max(moments))


def open_passages() -> Iterable[Passage]:
    return Passage.objects.filter(
        outcome=Passage.Outcome.PROPOSED, addressee__experience__state=State.PUBLISHED
    ).select_related("addressee", "origin", "target__network")


def promises_due(today: date) -> Iterable[Promise]:
    """Those to keep within a week, and those whose day is past."""
    return (
        Promise.objects.filter(
            TO_KEEP,
            due_on__lte=today + PROMISE_SOON,
            reply__addressee__experience__state=State.PUBLISHED,
        )
        .select_related("reply__addressee__structure__network", "reply__addressee__assigned_to")
        .order_by("due_on", "pk")
    )


def send_digests(today: date) -> int:
    """Queue the mail of each person who has something to be told; how many. A person told today
    already is left alone, so that a run that died may be run again."""
    digests = DigestWriter(today).write()
    return sum(
        send_some(digests[first : first + AT_ONCE], today)
        for first in range(0, len(digests), AT_ONCE)
    )


@transaction.atomic
def send_some(digests: Sequence[Digest], today: date) -> int:
    """The mails of some people, noted with them: all or none."""
    people = {one.person.pk: one for one in digests}
    choices = NotificationChoice.objects.filter(user__in=people)
    NotificationChoice.objects.bulk_create(
        (NotificationChoice(user_id=key) for key in people), ignore_conflicts=True
    )
    held = choices.exclude(told_on__gte=today).select_for_update().order_by("pk")
    keys = list(held.values_list("pk", flat=True))
    choices.filter(pk__in=keys).update(told_on=today)
    reminded = {story.pk for key in keys for story in people[key].soon}
    Addressee.objects.filter(pk__in=reminded).update(reminded_at=timezone.now())
    return sum(send_digest(people[key]) for key in keys)


def send_digest(digest: Digest) -> int:
    sections = digest.sections
    count = sum(len(one.lines) for one in sections)
    subject = counted(count, "récit à suivre", "récits à suivre")
    return send([digest.person], "digest", subject, sections=sections)
