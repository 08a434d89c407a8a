"""What happens to a story is kept as an event, and told to its author by mail, with one link.

Owns the event, which ones are told and their letters; refuses to say in a mail what was told or of
which service: the author's page does.
"""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from guichet.core.mail import send_and_forget
from guichet.experiences.links import follow_url
from guichet.experiences.models import Addressee, Author, Event, Experience, Passage
from guichet.experiences.refusals import tells_a_danger
from guichet.moderation.queue.due_times import target_in_words

Kind = Event.Kind
SUBJECTS = {
    Kind.CONFIRMED: "votre récit est bien arrivé",
    Kind.PUBLISHED: "votre récit est publié",
    Kind.REFUSED: "votre récit n'est pas publié, voici pourquoi",
    Kind.ORIENTED: "votre récit : le service qui peut vous répondre",
    Kind.AMENDED: "votre récit modifié est bien arrivé",
    Kind.PASSED_ON: "votre récit est transmis à un autre service",
    Kind.SENT_BACK: "votre récit revient au premier service",
    Kind.REPLIED: "un service vous a répondu",
    Kind.ADDED: "un service complète sa réponse",
    Kind.REWRITTEN: "un service a corrigé sa réponse",
    Kind.DONE: "un service dit avoir tenu sa promesse",
    Kind.ASKED: "est-ce que ça a changé ?",
    Kind.SECOND_WORD: "votre complément est publié",
    Kind.WORD_REFUSED: "votre complément n'est pas publié, voici pourquoi",
    Kind.WITHDRAWN: "votre récit est retiré",
    Kind.REMOVED: "votre récit n'est plus publié, voici pourquoi",
    Kind.REPLY_GONE: "une réponse à votre récit est retirée",
}
"""Every event that is mailed. A promise is told with the answer that holds it, of which
`detail["has_promise"]` says it; a correction waits for the last one (`answering.corrections`)."""

NOT_PUBLISHED = (Kind.REFUSED, Kind.ORIENTED)
"""Whose mail begins, of a danger, with whom to call."""

TOLD_ANYWAY = (Kind.REFUSED, Kind.WORD_REFUSED, Kind.REMOVED, Kind.WITHDRAWN)
"""Even to who stopped the news: the reasons of a decision are due (Digital Services Act, article
17), and a withdrawal that the author did not ask must not pass unseen."""


def announce(experience: Experience, kind: Event.Kind, **detail: object) -> Event:
    """Keep the event, in the transaction of what happened, and queue the author's mail; `detail` is
    what its words need beside."""
    event = Event.objects.create(experience=experience, kind=kind, detail=detail)
    tell(event)
    return event


def announce_at(addressee: Addressee, kind: Event.Kind, **detail: object) -> Event:
    """The same, of what one of its services did."""
    event = Event.objects.create(
        experience=addressee.experience, addressee=addressee, kind=kind, detail=detail
    )
    tell(event)
    return event


def tell(event: Event) -> None:
    """Queue the author's mail about `event`, once; nothing when the event is not one to mail, when
    there is no address, or when the author stopped the news."""
    if event.kind not in SUBJECTS:
        return
    author = Author.objects.filter(experience=event.experience_id).exclude(email="").first()
    if author is None or not (author.wants_news or event.kind in TOLD_ANYWAY):
        return
    with transaction.atomic():
        untold = Event.objects.filter(pk=event.pk, told_at__isnull=True)
        event.told_at = timezone.now()
        if untold.update(told_at=event.told_at):
            send(event, author)


def send(event: Event, author: Author) -> None:
    context = {
        "event": event,
        "link": follow_url(author),
        "institution": settings.INSTITUTION,
        "moderation_delay": target_in_words(),
        "is_danger": event.kind in NOT_PUBLISHED and tells_a_danger(event.experience),
        "is_masked": bool(event.detail.get("masked")),
        "has_promise": bool(event.detail.get("has_promise")),
        "promise_now": event.detail.get("promise_now", ""),
        "is_reminder": bool(event.detail.get("reminder")),
        "is_proposed": event.detail.get("outcome") == Passage.Outcome.PROPOSED,
    }
    send_and_forget(
        subject=f"{settings.INSTITUTION} : {SUBJECTS[Kind(event.kind)]}",
        body=render_to_string(f"experiences/following/mail/{event.kind}.txt", context),
        to=author.email,
    )
