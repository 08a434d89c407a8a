"""« Signaler ce contenu »: what a visitor tells, what a moderator does of it (Digital Services Act,
articles 16 and 20).

Owns `ContentReport`; refuses to drop any: those that come in a burst are kept, flagged, unmailed.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from guichet.accounts.audit import record
from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.core.mail import send_and_forget
from guichet.experiences.announcing import announce
from guichet.experiences.following.actions.removing import remove_reply
from guichet.experiences.locks import hold_story
from guichet.experiences.models import ContentReport, Event, Experience, Reply, State
from guichet.experiences.publishing import take_off
from guichet.experiences.source_names import STORY_SOURCE
from guichet.moderation.models import ModeratedText, TextState, Witness
from guichet.moderation.queue.actions import remove
from guichet.moderation.queue.actions.alerting import alert_of_danger

BURST_WINDOW = timedelta(hours=1)
MOST_OF_A_STORY = 10
DANGER_SEEN = "signalé par un visiteur du site"
SETTLED = "Une suite a déjà été donnée à ce signalement."


class Outcome(StrEnum):
    """What a moderator does of a report, as the reporter reads it."""

    REMOVED = "removed"
    ANSWER_REMOVED = "answer_removed"
    KEPT = "kept"


OUTCOME_WORDS = {
    Outcome.REMOVED: "Récit retiré",
    Outcome.ANSWER_REMOVED: "Réponse retirée",
    Outcome.KEPT: "Contenu laissé en ligne",
}


@transaction.atomic
def report_content(
    *,
    experience: Experience,
    topic: str,
    message: str,
    reply: Reply | None = None,
    name: str = "",
    email: str = "",
    is_burst: bool = False,
    is_mailed: bool = True,
) -> ContentReport:
    """Keep a report of a story, or of one answer to it, and acknowledge it by mail (unless that
    mailbox had enough today); a danger alerts all moderators at once. Beyond ten an hour on one
    story they are flagged."""
    recent = ContentReport.objects.filter(
        experience=experience, reported_at__gt=timezone.now() - BURST_WINDOW
    )
    report = ContentReport.objects.create(
        experience=experience,
        reply=reply,
        topic=topic,
        message=message.strip(),
        name=name.strip(),
        email=email,
        is_burst=is_burst or recent.count() >= MOST_OF_A_STORY,
    )
    if is_mailed and not report.is_burst:
        answer_by_mail(report, "report_received", "nous avons reçu votre signalement")
    if topic == ContentReport.Topic.DANGER and not report.is_burst:
        text = published_text(experience)
        if text is not None and not text.is_danger:
            alert_of_danger(text, DANGER_SEEN, seen_by=Witness.VISITOR)
    return report


def published_text(experience: Experience) -> ModeratedText | None:
    """The text that was accepted; None for a story taken over from elsewhere."""
    return (
        ModeratedText.objects.filter(
            source=STORY_SOURCE, reference=str(experience.pk), state=TextState.ACCEPTED
        )
        .order_by("-pk")
        .first()
    )


@transaction.atomic
def settle_content_report(
    *,
    report: ContentReport,
    by: User,
    outcome: Outcome,
    words: str,
    reason: str = "",
    reply: Reply | None = None,
) -> None:
    """Take the story or one answer (`reply`) off, or leave all, and answer who reported; a removal
    settles all open reports of what goes. `words` explain it to the reporter, and to the agent
    whose answer goes; `reason` is one of `RefusalReason`, told to who wrote what goes."""
    hold_story(report.experience_id)
    held = (
        ContentReport.objects.select_for_update(of=("self",))
        .select_related("experience")
        .get(pk=report.pk)
    )
    if held.settled_at is not None:
        raise RuleViolation(SETTLED)
    explained = " ".join(words.split())
    if not explained:
        raise RuleViolation("Expliquez votre décision : la personne qui signale la reçoit.")
    if outcome is not Outcome.KEPT and not reason:
        raise RuleViolation("Choisissez pourquoi : qui a écrit ce que vous retirez le lira.")
    others = open_reports(held)
    if outcome is Outcome.REMOVED:
        take_down(held.experience, by, reason)
    elif outcome is Outcome.ANSWER_REMOVED:
        if reply is None or reply.addressee.experience_id != held.experience_id:
            raise RuleViolation("Choisissez la réponse à retirer.")
        remove_reply(reply=reply, by=by, reason=reason, message=explained)
        others = [one for one in others if one.reply_id == reply.pk]
    else:
        others = []
    for one in (held, *others):
        close(one, by, outcome, explained)


def open_reports(held: ContentReport) -> list[ContentReport]:
    """The others of the same story, to settle with this one."""
    others = held.experience.reports.select_for_update(of=("self",)).select_related("experience")
    return list(others.filter(settled_at__isnull=True).exclude(pk=held.pk))


def take_down(experience: Experience, by: User, reason: str) -> None:
    """Through moderation when it accepted the text; a story taken over from elsewhere has none."""
    if experience.state != State.PUBLISHED:
        return
    text = published_text(experience)
    if text is not None:
        remove(text=text, by=by, reason=reason)
        return
    take_off(experience, State.REMOVED)
    announce(experience, Event.Kind.REMOVED)


def close(report: ContentReport, by: User, outcome: Outcome, words: str) -> None:
    """The audit, which is never erased, keeps what was done and not the words about it."""
    report.settled_at, report.settled_by = timezone.now(), by
    report.outcome = f"{OUTCOME_WORDS[outcome]} : {words}"[:300]
    answer_by_mail(report, "report_settled", "la suite donnée à votre signalement")
    report.email = report.name = ""
    report.save()
    record(
        by=by,
        action="story.report_settled",
        subject=report,
        after={"topic": report.get_topic_display(), "outcome": OUTCOME_WORDS[outcome]},
    )


def answer_by_mail(report: ContentReport, template: str, subject: str) -> None:
    """Nothing when no address was left."""
    if not report.email:
        return
    story = report.experience
    context = {
        "report": report,
        "link": f"{settings.PUBLIC_URL}{story.get_absolute_url()}" if story.is_published else "",
        "institution": settings.INSTITUTION,
    }
    send_and_forget(
        subject=f"{settings.INSTITUTION} : {subject}",
        body=render_to_string(f"experiences/following/mail/{template}.txt", context),
        to=report.email,
    )
