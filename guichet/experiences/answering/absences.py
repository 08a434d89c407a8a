"""Agents who are away: their stories go to who replaces them, or back to everybody.

Owns `Absence`, who may note whose, and the hand-over of assigned stories; refuses a substitute who
may not answer, and to let a manager move the stories of places that they do not manage.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from guichet.accounts.audit import record
from guichet.accounts.models import User
from guichet.accounts.queries import people
from guichet.core.errors import RuleViolation
from guichet.directory.models import Membership, Role
from guichet.directory.permissions import CAN_MANAGE, CAN_RESPOND, powers_of
from guichet.experiences.models import Absence, Addressee
from guichet.experiences.responders import (
    PROGRAMME_ROLES,
    may_answer,
    without_doubles,
)

LONGEST = timedelta(days=366)
MOST_SHOWN = 200


def absence_of(user: User, day: date) -> Absence | None:
    """The absence of `user` on `day`, if any."""
    return absences_on(day).filter(user=user).select_related("substitute", "user").first()


def absences_on(day: date) -> QuerySet[Absence]:
    return Absence.objects.filter(first_day__lte=day, last_day__gte=day, ended_at=None)


def absence_words(absence: Absence) -> str:
    """Why a story cannot be given to who is away, and to whom it may."""
    until = date_format(absence.last_day, "j F")
    words = f"{absence.user} est en absence jusqu'au {until}."
    if absence.substitute is not None:
        return f"{words} {absence.substitute} remplace cette personne."
    return f"{words} Choisissez quelqu'un d'autre."


def present_ones(team: Iterable[User], day: date) -> tuple[User, ...]:
    """`team` on `day`, those who are away replaced by their substitute, or left out."""
    asked = list(team)
    away = {
        one.user_id: one.substitute
        for one in absences_on(day).filter(user__in=asked).select_related("substitute")
    }
    there = [away.get(one.pk, one) for one in asked]
    return without_doubles(one for one in there if one is not None and one.is_active)


@dataclass(frozen=True)
class Offered:
    """`people` of a list, at most `MOST_SHOWN` of the `count` that were found."""

    people: tuple[User, ...]
    count: int

    @property
    def is_cut(self) -> bool:
        return self.count > len(self.people)


def offered(team: QuerySet[User], words: str, chosen: str = "") -> Offered:
    """Those whose name, job or address holds each of `words`, by name, and who was `chosen` (a
    number) whatever the words."""
    found = people(words).filter(pk__in=team.order_by().values("pk"))
    shown = tuple(found[:MOST_SHOWN])
    if chosen.isascii() and chosen.isdigit() and len(chosen) < 19:
        others = team.filter(pk=int(chosen)).exclude(pk__in=[one.pk for one in shown])
        shown = (*others, *shown)
    return Offered(shown, found.count() if len(shown) >= MOST_SHOWN else len(shown))


def substitutes_for(user: User) -> QuerySet[User]:
    """Who may replace `user`, or an agent whose absence `user` may note."""
    agents = agents_of(user)
    mine = Q(pk__in=colleagues_of(user).values("pk")) | Q(pk__in=agents.values("pk"))
    return User.objects.filter(mine | (Q(pk=user.pk) if agents.exists() else Q(pk__in=())))


def colleagues_of(user: User) -> QuerySet[User]:
    """Who may replace `user`: whoever answers for one of the same services, above or under it, or
    leads the network."""
    powers = powers_of(user)
    around = Q(network__in=powers.networks)
    for _, path in powers.structure_roles:
        around |= Q(structure__path__ancestors=path) | Q(structure__path__descendants=path)
        around |= Q(network__structures__path=path)
    if powers.programme:
        around |= Q(role__in=PROGRAMME_ROLES)
    roles = (*CAN_RESPOND, Role.LEAD, *PROGRAMME_ROLES)
    rows = Membership.objects.current().filter(around, role__in=roles).exclude(user=user)
    return User.objects.filter(pk__in=rows.values("user"))


def agents_of(manager: User) -> QuerySet[User]:
    """Whose absence `manager` may note, since who is ill cannot: agents all of whose roles are at
    the structures that `manager` manages, or under."""
    managed = Q(pk__in=())
    for role, path in powers_of(manager).structure_roles:
        if role in CAN_MANAGE:
            managed |= Q(structure__path__descendants=path)
    rows = Membership.objects.current()
    inside = rows.filter(managed, role__in=CAN_RESPOND).values("user")
    elsewhere = rows.exclude(managed).values("user")
    return User.objects.filter(pk__in=inside).exclude(pk__in=elsewhere).exclude(pk=manager.pk)


def absences_to_change(by: User) -> QuerySet[Absence]:
    """Those that last and that `by` may end: one's own, and those of one's agents."""
    whose = Q(user=by) | Q(user__in=agents_of(by).values("pk"))
    return Absence.objects.filter(whose).select_related("user", "substitute")


@transaction.atomic
def enter_absence(
    *,
    user: User,
    first_day: date,
    last_day: date,
    substitute: User | None,
    by: User | None = None,
) -> Absence:
    """Keep an absence; when it has begun, the stories of `user` are handed over at once. `by` is
    who notes it, when not `user`: one of their managers (`agents_of`)."""
    if by is not None and by.pk != user.pk and not agents_of(by).filter(pk=user.pk).exists():
        raise RuleViolation("Seule une personne qui gère sa structure peut noter son absence.")
    today = timezone.localdate()
    if last_day < first_day:
        raise RuleViolation("Le dernier jour vient avant le premier : corrigez l'un des deux.")
    if last_day < today:
        raise RuleViolation("Cette absence est déjà terminée : corrigez les dates.")
    if last_day - first_day > LONGEST:
        raise RuleViolation("Une absence dure un an au plus.")
    if substitute is not None and substitute.pk == user.pk:
        raise RuleViolation(
            "La personne absente ne peut pas se remplacer : choisissez-en une autre."
        )
    overlapping = Absence.objects.filter(
        user=user, ended_at=None, first_day__lte=last_day, last_day__gte=first_day
    )
    if overlapping.exists():
        raise RuleViolation("Une absence est déjà notée sur ces jours : ôtez-la d'abord.")
    absence = Absence.objects.create(
        user=user, first_day=first_day, last_day=last_day, substitute=substitute
    )
    whose = {"absent": str(user)} if by is not None and by.pk != user.pk else {}
    days = {"first_day": first_day, "last_day": last_day, "substitute": str(substitute or "")}
    record(by=by or user, action="absence.entered", subject=absence, after={**whose, **days})
    if first_day <= today:
        hand_over(absence)
    return absence


@transaction.atomic
def end_absence(*, absence: Absence, by: User) -> None:
    """Back earlier, or not leaving: stories already handed over stay where they are."""
    ended = Absence.objects.filter(pk=absence.pk, ended_at=None).update(ended_at=timezone.now())
    if ended:
        record(by=by, action="absence.ended", subject=absence)


def hand_over_all(today: date) -> int:
    """The stories of everybody who is away today, and of who may not answer any more; how many
    moved."""
    absences = absences_on(today).select_related("user", "substitute")
    return sum(hand_over(one) for one in absences) + free_lost_ones()


@transaction.atomic
def hand_over(absence: Absence) -> int:
    """Give what is assigned to who is away to the substitute where they may answer, else back to
    everybody; how many stories moved."""
    stories = (
        Addressee.objects.waiting()
        .filter(assigned_to=absence.user_id)
        .select_for_update(of=("self",))
        .select_related("structure__network", "experience")
    )
    return sum(give(one, absence.substitute) for one in stories)


def give(addressee: Addressee, to: User | None) -> int:
    """Move one assigned story; the system is the actor."""
    before = addressee.assigned_to_id
    allowed = to is not None and to.is_active and may_answer(to, addressee.structure)
    addressee.assigned_to = to if allowed else None
    addressee.save(update_fields=["assigned_to"])
    structure = addressee.structure
    record(
        by=None,
        action="story.assigned",
        subject=addressee,
        scope=structure.scope if structure else None,
        before={"assigned_to_id": before},
        after={"assigned_to_id": addressee.assigned_to_id},
        label=addressee.audit_label,
    )
    return 1


@transaction.atomic
def free_lost_ones() -> int:
    """Stories assigned to who left, or lost the role, go back to everybody."""
    stories = (
        Addressee.objects.waiting()
        .filter(assigned_to__isnull=False)
        .select_for_update(of=("self",))
        .select_related("structure__network", "assigned_to", "experience")
    )
    lost = [one for one in stories if not may_answer(one.assigned_to, one.structure)]
    return sum(give(one, None) for one in lost)
