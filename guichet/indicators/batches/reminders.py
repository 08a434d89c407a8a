"""Mail those who send when figures are due in five days, or late by one and ten days: once each.

Owns `ReminderSent` and who is told what: the lead all that is missing, a manager who sends what is
missing under the structures managed. Refuses to tell the same twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string

from guichet.accounts.models import User
from guichet.core.periods import PeriodKind
from guichet.directory.models import Network, Structure
from guichet.indicators.batches.dues import Due, dues, reminder_step
from guichet.indicators.batches.following import Followed, answered, grains_sent
from guichet.indicators.batches.senders import leads_of, scopes_of
from guichet.indicators.models import Batch, Grain, ReminderSent

NAMED = 10


@dataclass(frozen=True)
class Told:
    """A line of the mail: what is due, and the first places that are missing."""

    line: Followed
    names: list[str]

    @property
    def others(self) -> int:
        return len(self.line.missing) - len(self.names)


def remind(today: date) -> int:
    """Every network, each in a transaction of its own; how many mails were queued."""
    networks = Network.objects.filter(grains__isnull=False).distinct().order_by("pk")
    return sum(remind_network(network, today) for network in networks)


@transaction.atomic
def remind_network(network: Network, today: date) -> int:
    """Mails to the leads and the managers who send; what was told is kept with them."""
    asked = steps_to_tell(network, today)
    lines = answered(network, [(grain, due) for grain, due, _ in asked], today, None)
    missing = [
        (line, step) for line, (_, _, step) in zip(lines, asked, strict=True) if line.missing
    ]
    if not missing:
        return 0
    ReminderSent.objects.bulk_create(
        ReminderSent(grain=line.grain, period=line.due.period.code, step=step)
        for line, step in missing
    )
    told = [line for line, _ in missing]
    return sum(mail_lines(person, network, told, scopes) for person, scopes in people_told(network))


def steps_to_tell(network: Network, today: date) -> list[tuple[Grain, Due, str]]:
    """The reminders that fall today and were not sent; a later one stands for an earlier."""
    found = [
        (grain, due, step)
        for grain in grains_sent(network)
        for due in dues(
            PeriodKind(grain.period_kind),
            grain.first_period,
            grain.ended_on,
            grain.due_days,
            today=today,
        )
        if (step := reminder_step(due, today))
    ]
    sent = set(
        ReminderSent.objects.filter(grain__network=network).values_list("grain", "period", "step")
    )
    return [one for one in found if (one[0].pk, one[1].period.code, one[2]) not in sent]


def people_told(network: Network) -> list[tuple[User, list[Structure] | None]]:
    """Each with the structures that they send for; None for the whole network."""
    leads = list(leads_of(network))
    senders = (
        User.objects.filter(
            is_active=True,
            pk__in=Batch.objects.filter(network=network, scope__isnull=False).values("sender"),
        )
        .exclude(pk__in=[person.pk for person in leads])
        .order_by("pk")
    )
    managers = [(person, list(scopes_of(person, network))) for person in senders]
    told: list[tuple[User, list[Structure] | None]] = [(person, None) for person in leads]
    return told + [(person, scopes) for person, scopes in managers if scopes]


def mail_lines(
    person: User, network: Network, lines: Iterable[Followed], scopes: list[Structure] | None
) -> int:
    """1 when something is missing from this person, else 0."""
    told = [one for line in lines if (one := told_to(line, scopes)) is not None]
    if not told:
        return 0
    late = [one for one in told if one.line.days_late]
    content = render_to_string(
        "indicators/mail/reminder.txt",
        {
            "network": network,
            "late": late,
            "soon": [one for one in told if not one.line.days_late],
            "institution": settings.INSTITUTION,
            "url": f"{settings.PUBLIC_URL}/agents/reseaux/{network.code}/lots/suivi/",
        },
    )
    subject = "chiffres en retard" if late else "chiffres à envoyer"
    send_mail(
        f"{settings.INSTITUTION} : {subject} ({network.name})",
        content,
        settings.DEFAULT_FROM_EMAIL,
        [person.email],
    )
    return 1


def told_to(line: Followed, scopes: list[Structure] | None) -> Told | None:
    """The line as this person answers for it; None when nothing of theirs is missing."""
    places = Structure.objects.filter(network=line.grain.network, code__in=line.missing)
    codes = list(line.missing)
    if scopes is not None:
        roots = [f"{scope.path}." for scope in scopes]
        codes = [
            code
            for code, path in places.values_list("code", "path")
            if any(f"{path}.".startswith(root) for root in roots)
        ]
    if not codes:
        return None
    names = list(places.filter(code__in=codes).order_by("name").values_list("name", flat=True))
    own = Followed(
        grain=line.grain,
        due=line.due,
        expected=line.expected,
        received=line.received,
        missing=tuple(codes),
        today=line.today,
    )
    return Told(own, names[:NAMED])
