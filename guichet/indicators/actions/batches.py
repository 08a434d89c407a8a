"""Batches received, confirmed, abandoned, withdrawn.

Owns their numbers, outcomes and files in the lake; refuses to change an accepted one.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from guichet.accounts.audit import record
from guichet.accounts.models import User
from guichet.core.bulk import copy_rows
from guichet.core.errors import RuleViolation
from guichet.core.files import sha256_of
from guichet.core.text import without_controls
from guichet.directory.models import Network, Structure
from guichet.indicators import lake
from guichet.indicators.actions.numbering import next_number
from guichet.indicators.checking.faults import Fault, Findings, Notice
from guichet.indicators.file_limits import refuse_over
from guichet.indicators.models import (
    Batch,
    DeclaredValue,
    Indicator,
    IndicatorVersion,
    Outcome,
    SendingToken,
)
from guichet.indicators.models.definitions import NETWORK_SOURCE

if TYPE_CHECKING:
    from guichet.indicators.checking.check import Checked

NEVER, UNLESS_JUMPS, ALWAYS = "never", "unless_jumps", "always"
SUFFIXES = frozenset({".csv", ".txt", ".tsv", ".xlsx", ".parquet"})

Progress = Callable[[str], None]


def silent(_: str) -> None:
    """Progress told to nobody."""


def receive_batch(
    *,
    path: Path,
    file_name: str,
    network: Network,
    sender: User | None = None,
    token: SendingToken | None = None,
    scope: Structure | None = None,
    source: str = NETWORK_SOURCE,
    accept: str = NEVER,
    progress: Progress | None = None,
) -> Batch:
    """Keep and check the file at `path`; the batch is REFUSED (numbered) or TO_CONFIRM.

    `accept`: `never` waits for `confirm_batch`; `unless_jumps` accepts at once when there is
    nothing to confirm; `always` confirms jumps too. `scope` is the subtree that the sender holds.
    `RuleViolation` for a file over the limit, or a full disk: then nothing is kept.
    """
    refuse_over(path.stat().st_size, settings.BATCH_LIMIT_MB)
    batch = Batch(
        network=network,
        source=source,
        sender=sender,
        token=token,
        scope=scope,
        file_name=without_controls(file_name).strip()[-250:] or "sans nom",
    )
    with lake.workshop() as folder:
        copy = copy_received(batch, path, folder)
        checked = checked_file(batch, copy, folder, progress or silent)
        lake.settle(copy, batch.received_file)
        jumps = checked.findings.jump_count
        if checked.findings.is_refused:
            refuse(batch, checked, by=sender)
        elif accept == ALWAYS or (accept == UNLESS_JUMPS and not jumps):
            accept_checked(batch, checked, by=sender)
        else:
            wait_for_confirmation(batch, checked)
    return batch


def copy_received(batch: Batch, path: Path, folder: Path) -> Path:
    """Copy the file as it came, to be kept in the lake under its SHA-256 once it is checked."""
    copy = folder / "received"
    with path.open("rb") as file:
        batch.sha256, batch.byte_count = lake.copy_hashed(file, copy)
    suffix = Path(batch.file_name).suffix.lower()
    known = suffix if suffix in SUFFIXES else ""
    batch.received_file = lake.received_name(batch.sha256, known)
    return copy


def checked_file(batch: Batch, path: Path, folder: Path, progress: Progress) -> Checked:
    """Read and check the file at `path` for a batch, as of today.

    What reads Parquet and runs SQL is loaded here: it takes as much memory as all the pages.
    """
    from guichet.indicators.checking.check import Checked, Sending, check
    from guichet.indicators.files.staged import UnreadableFile
    from guichet.indicators.reading import stage_received

    progress("Lecture du fichier")
    try:
        staged = stage_received(path, folder / "staged.parquet")
    except UnreadableFile as error:
        findings = Findings()
        findings.add(Fault(0, "", "", "", str(error)))
        return Checked(findings)
    sending = Sending(batch.network, batch.source, batch.scope, timezone.localdate())
    checked = check(staged, sending, folder, progress)
    tell_same_file(batch, checked.findings)
    return checked


def tell_same_file(batch: Batch, findings: Findings) -> None:
    same = (
        Batch.objects.counting()
        .filter(network=batch.network, sha256=batch.sha256)
        .order_by("number")
        .last()
    )
    if same is not None:
        findings.warn(
            Notice("same_file", f"Ce fichier est identique à celui du lot {same.number}.")
        )


def fill(batch: Batch, checked: Checked) -> None:
    findings = checked.findings
    batch.content = Batch.Content.DECLARED if checked.is_declared else Batch.Content.OBSERVATIONS
    batch.row_count = checked.row_count
    batch.contents = checked.contents
    batch.faults = [fault.as_dict() for fault in findings.faults]
    batch.fault_count = findings.fault_count
    batch.warnings = [notice.as_dict() for notice in findings.warnings]
    batch.warning_count = findings.warning_count
    batch.jump_count = findings.jump_count
    batch.changes = checked.changes


@transaction.atomic
def wait_for_confirmation(batch: Batch, checked: Checked) -> None:
    fill(batch, checked)
    batch.outcome = Outcome.TO_CONFIRM
    abandon_twins(batch, by=batch.sender)
    batch.save()


def abandon_twins(batch: Batch, *, by: User | None) -> None:
    """The same file sent again takes the place of the one that waits."""
    twins = Batch.objects.select_for_update(of=("self",)).filter(
        network=batch.network,
        source=batch.source,
        scope=batch.scope,
        sha256=batch.sha256,
        outcome=Outcome.TO_CONFIRM,
    )
    for twin in twins.exclude(pk=batch.pk).select_related("network", "scope"):
        give_up(twin, by=by)


@transaction.atomic
def refuse(batch: Batch, checked: Checked, *, by: User | None) -> None:
    fill(batch, checked)
    batch.number = next_number()
    batch.outcome, batch.settled_at = Outcome.REFUSED, timezone.now()
    batch.save()
    tell_audit(batch, "batch.refused", by)


def accept_checked(batch: Batch, checked: Checked, *, by: User | None) -> None:
    """Give the number and put the rows in the lake: both, or neither.

    Rows of a number that was never committed (a crash in between) are written over.
    `RuleViolation` when a definition was edited since the check began.
    """
    fill(batch, checked)
    with transaction.atomic():
        refuse_edited(checked)
        batch.number = next_number()
        if checked.rows_file is not None:
            batch.rows_sha256 = sha256_of(checked.rows_file)
            batch.rows_file = lake.rows_name(batch.number)
            lake.settle(checked.rows_file, batch.rows_file)
        batch.outcome, batch.settled_at = Outcome.ACCEPTED, timezone.now()
        abandon_twins(batch, by=by)
        batch.save()
        keep_declared(batch, checked)
        tell_audit(batch, "batch.accepted", by)


def refuse_edited(checked: Checked) -> None:
    """Hold the definitions that the batch rests on until it is accepted: `edit_version` takes the
    same rows, and finds them used afterwards."""
    held = checked.definitions
    codes = {definition.code for definition in held.values()}
    list(Indicator.objects.select_for_update().filter(code__in=codes).order_by("pk"))
    for version in IndicatorVersion.objects.select_related("indicator").filter(pk__in=held):
        if version.definition != held[version.pk]:
            raise RuleViolation(
                f"La définition de {version.indicator.code} vient de changer, pendant le contrôle "
                "de ce fichier : recommencez."
            )


def keep_declared(batch: Batch, checked: Checked) -> None:
    copy_rows(
        DeclaredValue,
        (
            DeclaredValue(
                network=batch.network,
                version_id=row.version,
                level=row.level,
                place=row.place,
                period=row.period,
                value=row.value,
                source=row.source,
                batch=batch,
            )
            for row in checked.declared
        ),
    )


def confirm_batch(
    *,
    batch: Batch,
    by: User | None = None,
    accept: str = UNLESS_JUMPS,
    progress: Progress | None = None,
) -> Batch:
    """Check again a batch that waits and accept it: ACCEPTED, or REFUSED when what is known
    changed since. `RuleViolation` when it does not wait.

    With more jumps than were confirmed it stays TO_CONFIRM, with the new preview; unless `accept`
    is `always`.
    """
    with lake.workshop() as folder, transaction.atomic():
        waiting = locked(batch)
        if waiting.outcome != Outcome.TO_CONFIRM:
            raise RuleViolation("Ce lot n'attend pas de confirmation.")
        received = lake.received_path(waiting)
        checked = checked_file(waiting, received, folder, progress or silent)
        if checked.findings.is_refused:
            refuse(waiting, checked, by=by)
        elif accept != ALWAYS and checked.findings.jump_count > waiting.jump_count:
            wait_for_confirmation(waiting, checked)
        else:
            accept_checked(waiting, checked, by=by)
    return waiting


def locked(batch: Batch) -> Batch:
    return (
        Batch.objects.select_for_update(of=("self",))
        .select_related("network", "scope", "sender")
        .get(pk=batch.pk)
    )


@transaction.atomic
def abandon_batch(*, batch: Batch, by: User | None = None) -> Batch:
    """Give up a batch that waits for its confirmation."""
    waiting = locked(batch)
    if waiting.outcome != Outcome.TO_CONFIRM:
        raise RuleViolation("Ce lot n'attend pas de confirmation.")
    give_up(waiting, by=by)
    return waiting


def give_up(waiting: Batch, *, by: User | None) -> None:
    waiting.outcome, waiting.settled_at = Outcome.ABANDONED, timezone.now()
    waiting.save(update_fields=["outcome", "settled_at"])
    tell_audit(waiting, "batch.abandoned", by)


@transaction.atomic
def withdraw_batch(*, batch: Batch, by: User | None, reason: str) -> Batch:
    """Its rows stop counting, for the releases frozen from now on; those that they had replaced
    count again. `RuleViolation` without a reason, or when it does not count."""
    accepted = locked(batch)
    reason = " ".join(without_controls(reason).split())
    if not reason:
        raise RuleViolation("Dites pourquoi ce lot est retiré : le motif reste affiché.")
    if len(reason) > 300:
        raise RuleViolation("Le motif dépasse 300 caractères : abrégez-le.")
    if accepted.outcome != Outcome.ACCEPTED or accepted.withdrawn_at is not None:
        raise RuleViolation("Seul un lot accepté, et non déjà retiré, peut être retiré.")
    accepted.withdrawn_at, accepted.withdrawn_by = timezone.now(), by
    accepted.withdrawal_reason = reason
    accepted.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    tell_audit(accepted, "batch.withdrawn", by)
    return accepted


def tell_audit(batch: Batch, action: str, by: User | None) -> None:
    record(
        by=by,
        action=action,
        subject=batch,
        scope=f"{batch.network.scope_label}.{batch.scope.path}"
        if batch.scope
        else batch.network.scope_label,
        after={
            "number": batch.number,
            "file_name": batch.file_name,
            "rows": batch.row_count,
            "faults": batch.fault_count,
            "reason": batch.withdrawal_reason,
        },
    )
