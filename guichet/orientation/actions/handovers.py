"""Hand-over sheets: made, settled, cancelled; and the misrouted persons that they let us count.

Owns `Handover` and `Misrouting`; refuses any text that says who the person is.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from guichet.accounts.audit import record
from guichet.accounts.models import AuditEvent, User
from guichet.core.errors import RuleViolation
from guichet.core.mail import send_and_forget
from guichet.core.sms import send_sms
from guichet.core.text import without_controls
from guichet.directory.models import Structure, StructureKind
from guichet.directory.phones import normalise, region_of_commune, why_unreadable
from guichet.orientation.handovers.references import new_reference
from guichet.orientation.models import Handover, Misrouting, Need
from guichet.orientation.private_marks import private_marks

CANCELLABLE_FOR = timedelta(minutes=30)
MOST_DOCUMENTS = 8
LONGEST = {"subject": 120, "why": 250, "note": 300, "document": 120}
"""Characters of each text: all of them together fit on one sheet of paper."""

MOST_SENT = 5
"""Mails of one sheet, and as many text messages: a sheet is one person's."""

DRAWS = 5
"""Of a reference, before giving up: two alike among 78 billion is once too rare to happen twice."""


@transaction.atomic
def create_handover(
    *,
    sender: Structure | None,
    receiver: Structure,
    by: User,
    subject: str,
    why: str,
    documents: Iterable[str] = (),
    note: str = "",
    need: Need | None = None,
    came_from: StructureKind | None = None,
    reference: str = "",
) -> Handover:
    """Keep a sheet, and count who had wrongly sent the person to `sender` (`came_from`). Without
    `sender` it is the programme's team that sends.

    `reference` is the one drawn when the form was shown: sent twice by the same agent, it gives
    the same sheet.
    """
    refuse_places(sender, receiver)
    sheet = Handover(
        sender=sender,
        receiver=receiver,
        need=need,
        subject=told("subject", subject),
        why=told("why", why),
        documents=[told("document", one) for one in documents if one.strip()][:MOST_DOCUMENTS],
        note=told("note", note),
        came_from=came_from,
        created_by=by,
    )
    if not (sheet.subject and sheet.why):
        raise RuleViolation("Dites l'objet de la visite, et pourquoi ce service.")
    if reference and (same := same_sheet(reference, sheet)):
        return same
    keep_under_a_reference(sheet, reference or new_reference())
    if came_from is not None and sender is not None:
        count_misrouting(sent_by=came_from.pk, sent_to=sender.kind_id, of=sheet, near=sender)
    after = {"receiver": receiver.name}
    if came_from is not None:
        after["came_from"] = came_from.label
    record(
        by=by,
        action="handover.created",
        subject=sheet,
        scope=scope_of_sender(sheet),
        before=None,
        after=after,
    )
    return sheet


def scope_of_sender(handover: Handover) -> str:
    """That of the structure which made the sheet, else of the one that receives it."""
    return (handover.sender or handover.receiver).scope


def refuse_places(sender: Structure | None, receiver: Structure) -> None:
    if sender is not None and sender.pk == receiver.pk:
        raise RuleViolation("Choisissez un autre lieu que le vôtre.")
    if sender is not None and sender.is_closed:
        raise RuleViolation("Votre structure est fermée définitivement : elle n'oriente plus.")
    if receiver.is_closed:
        raise RuleViolation(f"« {receiver} » est fermé définitivement : choisissez un autre lieu.")


def told(field: str, text: str) -> str:
    """`text` on one line; `RuleViolation` when it is too long or says who the person is."""
    line = " ".join(without_controls(text).split())
    if len(line) > LONGEST[field]:
        raise RuleViolation(f"« {line[:40]}… » : {LONGEST[field]} caractères au plus.")
    if marks := private_marks(line):
        raise RuleViolation(private_words(marks))
    return line


def private_words(marks: Iterable[str]) -> str:
    """What to take out of a text, and why."""
    return (
        f"Enlevez {' et '.join(marks)} : la fiche ne doit rien dire de qui est la personne, "
        "d'autres la liront."
    )


def same_sheet(reference: str, sheet: Handover) -> Handover | None:
    """The very same sheet, made already by the same agent: the button was pressed twice. One that
    says something else, or was cancelled, is another sheet."""
    return (
        Handover.objects.waiting()
        .filter(
            reference=reference,
            sender=sheet.sender,
            created_by=sheet.created_by,
            receiver=sheet.receiver,
            subject=sheet.subject,
            why=sheet.why,
            documents=sheet.documents,
            note=sheet.note,
        )
        .first()
    )


def keep_under_a_reference(sheet: Handover, reference: str) -> None:
    """Save under `reference`, or under another one when somebody's sheet bears it."""
    for _ in range(DRAWS):
        sheet.reference = reference
        try:
            with transaction.atomic():
                sheet.save(force_insert=True)
            return
        except IntegrityError:
            reference = new_reference()
    raise RuleViolation("La fiche n'a pas reçu de référence : envoyez-la à nouveau.")


@transaction.atomic
def receive(*, handover: Handover, by: User) -> None:
    """« Personne reçue »."""
    settle(handover, by=by, outcome=Handover.Outcome.RECEIVED)
    record(by=by, action="handover.received", subject=handover, scope=handover.receiver.scope)


@transaction.atomic
def declare_misrouted(
    *, handover: Handover, by: User, right_kind: StructureKind | None = None
) -> None:
    """« Ce n'était pas le bon service »: counted for the pair of services; `right_kind` is the
    one that would have been right, when the receiver knows."""
    settle(handover, by=by, outcome=Handover.Outcome.MISROUTED, right_kind=right_kind)
    if handover.sender is not None:
        count_misrouting(
            sent_by=handover.sender.kind_id,
            sent_to=handover.receiver.kind_id,
            of=handover,
            near=handover.sender,
        )
    record(
        by=by,
        action="handover.misrouted",
        subject=handover,
        scope=handover.receiver.scope,
        after={"right_kind": right_kind.label} if right_kind else None,
    )


@transaction.atomic
def cancel_handover(*, handover: Handover, by: User) -> None:
    """Within thirty minutes, while nobody has received the person; what it had counted is taken
    back, since the next sheet will say it again."""
    if timezone.now() - handover.created_at > CANCELLABLE_FOR:
        raise RuleViolation(
            "Une fiche s'annule dans les trente minutes : celle-ci est plus vieille."
        )
    settle(handover, by=by, outcome=Handover.Outcome.CANCELLED)
    if handover.came_from_id is not None and handover.sender is not None:
        Misrouting.objects.filter(
            month=month_of(handover),
            sent_by=handover.came_from_id,
            sent_to=handover.sender.kind_id,
            departement=departement_of(handover.sender),
            count__gt=0,
        ).update(count=F("count") - 1)
    record(by=by, action="handover.cancelled", subject=handover, scope=scope_of_sender(handover))


@transaction.atomic
def mail_handover(*, handover: Handover, by: User, address: str, subject: str, body: str) -> None:
    """Queue the sheet as a mail; `address` stands on the mail alone."""
    refuse_sending(handover, "handover.mailed")
    send_and_forget(subject=subject, body=body, to=address)
    record(by=by, action="handover.mailed", subject=handover, scope=scope_of_sender(handover))


def text_handover(*, handover: Handover, by: User, number: str, text: str) -> None:
    """Send the sheet as a text message to a French mobile; the number is kept nowhere."""
    refuse_sending(handover, "handover.texted")
    send_sms(to=mobile_number(number, near=handover.sender or handover.receiver), text=text)
    record(by=by, action="handover.texted", subject=handover, scope=scope_of_sender(handover))


def refuse_sending(handover: Handover, action: str) -> None:
    if handover.outcome == Handover.Outcome.CANCELLED:
        raise RuleViolation("Cette fiche est annulée : faites-en une autre.")
    sent = AuditEvent.objects.about(kind="handover", identifier=handover.pk).filter(action=action)
    if sent.count() >= MOST_SENT:
        raise RuleViolation(f"Cette fiche a déjà été envoyée {MOST_SENT} fois : imprimez-la.")


def mobile_number(written: str, *, near: Structure) -> str:
    """A French mobile in E.164 ("+33639980000", "+262692000000"); `RuleViolation` for another.

    Numbers without a prefix are of the plan where `near` stands (New Caledonia has its own).
    """
    phone = normalise(written, region_of_commune(near.commune_id or ""))
    if phone is None:
        raise RuleViolation(why_unreadable(written))
    if phone.kind != "mobile":
        raise RuleViolation("Ce n'est pas un mobile français : il commence par 06 ou 07.")
    return phone.e164


def settle(
    handover: Handover,
    *,
    by: User,
    outcome: Handover.Outcome,
    right_kind: StructureKind | None = None,
) -> None:
    """One outcome for a sheet, whoever presses first."""
    settled = (
        Handover.objects.waiting()
        .filter(pk=handover.pk)
        .update(outcome=outcome, right_kind=right_kind, settled_at=timezone.now(), settled_by=by)
    )
    handover.refresh_from_db(fields=["outcome", "right_kind", "settled_at", "settled_by"])
    if not settled:
        raise RuleViolation(
            f"Cette fiche a déjà reçu une suite : {handover.get_outcome_display()}."
        )


def count_misrouting(*, sent_by: str, sent_to: str, of: Handover, near: Structure) -> None:
    """One more person wrongly sent by a kind of service to another, in the month of the sheet and
    in the département of its sender, `near`."""
    table, key = Misrouting._meta.db_table, "month, sent_by_id, sent_to_id, departement"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({key}, count) VALUES (%s, %s, %s, %s, 1)"
            f" ON CONFLICT ({key}) DO UPDATE SET count = {table}.count + 1",
            [month_of(of), sent_by, sent_to, departement_of(near)],
        )


def month_of(handover: Handover) -> date:
    """The first day of the month in which the sheet was made."""
    return timezone.localdate(handover.created_at).replace(day=1)


def departement_of(structure: Structure) -> str:
    return structure.commune.departement_id if structure.commune else ""
