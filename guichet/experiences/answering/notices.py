"""Mails to agents as things happen: a new story, one passed on, sent back, assigned or completed.

Owns who is told at once, by their own choice, and the letters; `digests` tells the others. No mail
holds what was told or said of a story: it would outlive a story taken back.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone

from guichet.accounts.models import User
from guichet.directory.models import Structure
from guichet.experiences.answering.absences import present_ones
from guichet.experiences.models import Addressee, NotificationChoice, Passage
from guichet.experiences.responders import responder_of

Pace = NotificationChoice.Pace


def tell_of_story(addressee: Addressee) -> int:
    """Tell of a story that has just been published those who asked to know at once; how many."""
    people = at_once(responsible_people(addressee.structure))
    service = named(addressee)
    subject = f"un nouveau récit pour {service}"
    return send(people, "new_story", subject, addressee=addressee, service=service)


def tell_of_arrival(passage: Passage) -> int:
    """Tell the service that a story is passed on, or proposed, to it."""
    people = at_once(responsible_people(passage.target))
    is_proposed = passage.outcome == Passage.Outcome.PROPOSED
    what = "proposé" if is_proposed else "transmis"
    subject = f"un récit {what} à « {short(passage.target)} »"
    sender = str(passage.origin or "L'équipe du programme")
    told = {"passage": passage, "is_proposed": is_proposed, "sender": sender}
    return send(people, "arrival", subject, **told)


def tell_of_return(passage: Passage) -> int:
    """Tell who proposed a story, and their service, that it is sent back."""
    people = [*at_once(responsible_people(passage.origin))]
    if passage.by is not None and pace_of(passage.by) != Pace.NEVER and passage.by not in people:
        people.append(passage.by)
    subject = f"un récit renvoyé par « {short(passage.target)} »"
    return send(people, "sent_back", subject, passage=passage)


def tell_of_assignment(addressee: Addressee, by: User) -> int:
    """Tell an agent that a colleague gave them a story, unless they want no mail."""
    person = addressee.assigned_to
    if person is None or pace_of(person) == Pace.NEVER:
        return 0
    told = {"addressee": addressee, "by": by, "service": named(addressee)}
    return send([person], "assigned", "un récit vous est confié", **told)


def tell_of_second_word(addressee: Addressee) -> int:
    """Tell those who follow a story, and asked to know at once, that its author completed it."""
    people = at_once(followers_of(addressee))
    service = named(addressee)
    subject = f"un récit complété par son auteur pour {service}"
    return send(people, "second_word", subject, addressee=addressee, service=service)


def followers_of(addressee: Addressee) -> tuple[User, ...]:
    """The person in charge, or who replaces them; else those who answer for the service."""
    today = timezone.localdate()
    in_charge = [addressee.assigned_to] if addressee.assigned_to else []
    return present_ones(in_charge, today) or responsible_people(addressee.structure)


def responsible_people(structure: Structure | None) -> tuple[User, ...]:
    return present_ones(responder_of(structure).people, timezone.localdate())


def at_once(people: Iterable[User]) -> list[User]:
    """Those who chose a mail for each story."""
    asked = list(people)
    chosen = NotificationChoice.objects.filter(user__in=asked, pace=Pace.AT_ONCE)
    keys = set(chosen.values_list("user_id", flat=True))
    return [one for one in asked if one.pk in keys]


def pace_of(user: User) -> str:
    """An agent's own choice, once a day when they made none."""
    found = NotificationChoice.objects.filter(user=user).values_list("pace", flat=True).first()
    return found or Pace.DAILY


def send(people: Iterable[User], letter: str, subject: str, **context: Any) -> int:
    """Queue one letter a person, in the transaction that wrote what it tells."""
    told = list(people)
    for person in told:
        body = render_to_string(
            f"experiences/answering/mail/{letter}.txt",
            {
                **context,
                "person": person,
                "institution": settings.INSTITUTION,
                "site": settings.PUBLIC_URL,
            },
        )
        send_mail(f"{settings.INSTITUTION} : {subject}", body, None, [person.email])
    return len(told)


def named(addressee: Addressee) -> str:
    """The service in quotes; never a name that the author typed: it goes when the story does."""
    structure = addressee.structure
    return f"« {short(structure)} »" if structure else "un service hors annuaire"


def short(service: Structure) -> str:
    return str(service)[:80]
