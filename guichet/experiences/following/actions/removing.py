"""Moderation removes one answer; the story and the other answers stay.

Owns what goes with the answer (its promise, what was said of it, the delay that it stopped) and who
is told; refuses to keep its words, or who signed them, where anybody but moderators reads them.
"""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Min
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from guichet.accounts.audit import record
from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.experiences.announcing import announce_at
from guichet.experiences.answering.actions.locks import scope_of
from guichet.experiences.answering.notices import named, responsible_people
from guichet.experiences.locks import hold_story
from guichet.experiences.models import Addressee, Event, Experience, Promise, RemovedWords, Reply
from guichet.experiences.noting import note_removed
from guichet.experiences.reading.search import index
from guichet.moderation.models import RefusalReason
from guichet.moderation.queue.actions.deciding import ORIGINALS_KEPT_FOR

ALREADY = "Cette réponse est déjà retirée."
NOT_PUBLISHED = "Ce récit n'est plus publié : sa réponse ne se lit plus."


@transaction.atomic
def remove_reply(*, reply: Reply, by: User | None, reason: str, message: str) -> Reply:
    """Take one answer, or one addition, off. `reason` is one of `RefusalReason` and is public;
    `message` explains it to the agent who wrote it. Without another answer, the service is expected
    to answer again, and its clock has not moved. `by=None`: done again after a restore, even while
    its story is not shown, which may be published again."""
    experience = hold_story(reply.addressee.experience_id)
    held = Reply.objects.select_for_update().get(pk=reply.pk)
    if held.is_removed:
        raise RuleViolation(ALREADY)
    if by is not None and not experience.is_published:
        raise RuleViolation(NOT_PUBLISHED)
    promise = Promise.objects.filter(reply=held).first()
    RemovedWords.objects.create(
        reply=held,
        text=f"{held.text}\n\n{held.signature}".strip(),
        promise=promise.what if promise else "",
        message=message,
        by=by,
        erase_on=timezone.localdate() + ORIGINALS_KEPT_FOR,
    )
    emptied(held, RefusalReason(reason))
    if promise is not None:
        promise.delete()
        index(experience)
    addressee = Addressee.objects.select_related("structure__network").get(pk=held.addressee_id)
    delays_again(addressee, experience)
    announce_at(addressee, Event.Kind.REPLY_GONE, reply=held.pk, reason=reason)
    tell_writer(held, addressee, message)
    record(
        by=by,
        action="reply.removed",
        subject=held,
        scope=scope_of(addressee),
        after={"reason": held.get_removed_for_display()},
    )
    note_removed(held)
    return held


def emptied(reply: Reply, reason: RefusalReason) -> None:
    """Nothing that was said of it counts any more."""
    reply.removed_at, reply.removed_for = timezone.now(), reason
    reply.text, reply.signature, reply.quality = "", "", {}
    reply.was_useful = reply.judged_at = None
    reply.useful_count = 0
    reply.save()


def delays_again(addressee: Addressee, experience: Experience) -> None:
    """When the service, and any service, first answered, without what was removed. An addition
    completes an answer: alone, it is none."""
    left = Reply.objects.filter(addressee=addressee, addition_to=None, removed_at=None)
    addressee.first_reply_at = left.aggregate(first=Min("published_at"))["first"]
    addressee.save(update_fields=["first_reply_at"])
    every = experience.addressees.aggregate(first=Min("first_reply_at"))
    experience.first_reply_at = every["first"]
    experience.save(update_fields=["first_reply_at", "changed_at"])


def tell_writer(reply: Reply, addressee: Addressee, message: str) -> None:
    """Whoever wrote it, else who answers for the service (Digital Services Act, article 17)."""
    is_there = reply.by is not None and reply.by.is_active
    people = [reply.by] if is_there and reply.by else responsible_people(addressee.structure)
    path = reverse("answer_story", args=[addressee.pk])
    context = {
        "reply": reply,
        "service": named(addressee),
        "message": message,
        "awaits_answer": addressee.first_reply_at is None,
        "link": f"{settings.PUBLIC_URL}{path}",
        "institution": settings.INSTITUTION,
    }
    body = render_to_string("experiences/following/mail/to_writer.txt", context)
    what = "votre complément" if reply.addition_to_id else "votre réponse"
    for person in people:
        send_mail(
            f"{settings.INSTITUTION} : {what} est retiré{'' if reply.addition_to_id else 'e'}",
            body,
            None,
            [person.email],
        )


def erase_removed_words() -> int:
    erased, _ = RemovedWords.objects.filter(erase_on__lte=timezone.localdate()).delete()
    return erased
