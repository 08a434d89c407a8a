"""Editions: asked for, published, given up.

Owns that one publication runs at a time, that readers switch at once, and that a failure leaves
the release before as it was. Refuses a name already published, days to come, and those before
`EARLIEST`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import date, timedelta

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from guichet.accounts.audit import audited_save, record
from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.indicators.full_disk import is_full_disk
from guichet.indicators.models import Batch
from guichet.publication.models import Release
from guichet.publication.releasing import failures, leftovers, locking
from guichet.publication.wording import day_in_words

NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,59}")
RESERVED = frozenset({"preparer"})
"""Names that are addresses of pages beside those of releases."""
EARLIEST = date(2000, 1, 1)
"""No period before this day is published."""
State = Release.State
Progress = Callable[[str], None]
logger = logging.getLogger("guichet.releases")


def publish_release(
    *,
    name: str,
    through: date | None = None,
    note: str = "",
    by: User | None = None,
    engine: str | None = None,
    progress: Progress | None = None,
    frozen_on: date | None = None,
) -> Release:
    """Freeze what counts today, compute what changed, write the folder, switch readers to it.

    `through` is the last day covered, by default that of the month before; `progress` gets French
    sentences. Raises `RuleViolation` when it is refused or the disk is full; whatever is raised,
    the release before stays current and the failed one says why.
    """
    frozen_on = frozen_on or timezone.localdate()
    through = through or last_day_of_month_before(frozen_on)
    with locking.alone():
        leftovers.clean()
        check_name(name)
        check_through(through, frozen_on)
        release = begin(name, through, frozen_on, note, by)
        try:
            publish(release, engine, progress)
        except BaseException as error:
            give_up(release, error)
            if is_full_disk(error):
                raise RuleViolation(failures.FULL) from error
            raise
        forget_work(release)
    return release


def publish(release: Release, engine: str | None, progress: Progress | None) -> None:
    """Engines are loaded here: pages ask for editions, the worker makes them."""
    from guichet.indicators.rollup.engines import engine_name
    from guichet.publication.releasing.making import make_release
    from guichet.publication.releasing.switching import switch_to

    def say(sentence: str) -> None:
        Release.objects.filter(pk=release.pk).update(step=sentence[:200])
        if progress:
            progress(sentence)

    logger.info("publication begins", extra={"subject": release.name})
    made = make_release(release, engine or engine_name(), say)
    say("Chargement des pages de résultats")
    switch_to(release, made)
    logger.info("release published", extra={"subject": release.name})


def forget_work(release: Release) -> None:
    """The release is out: what remains of its making is not worth an error."""
    try:
        leftovers.remove_folders([leftovers.draft_of(release.name, leftovers.WORK)])
    except OSError:
        logger.exception("drafts of a publication stay", extra={"subject": release.name})


def ask_release(*, name: str, through: date, note: str = "", by: User) -> Release:
    """Queue a publication, which the worker makes; its page tells how far it is."""
    from guichet.publication.tasks import publish_release_later

    check_name(name)
    check_through(through, timezone.localdate())
    if told := publication_under_way(beside=name):
        raise RuleViolation(told)
    release = in_state(State.WAITING, name, through, timezone.localdate(), note, by)
    try:
        with transaction.atomic():
            audited_save(release, by=by, action="release.asked")
            transaction.on_commit(lambda: publish_release_later.defer(release_id=release.pk))
    except IntegrityError as error:
        raise RuleViolation(
            publication_under_way()
            or "Quelqu'un vient de demander une publication : voyez la liste des éditions."
        ) from error
    return release


def publication_under_way(beside: str = "") -> str:
    """Who publishes or asked to, and since when; empty when nobody does. One that waits under the
    name `beside` may be asked for again."""
    if locking.is_somebody_publishing():
        return locking.who_publishes()
    waiting = Release.objects.filter(state=State.WAITING).exclude(name=beside)
    found = waiting.select_related("by").first()
    return locking.who_waits(found) if found else ""


def publish_asked(release_id: int) -> None:
    """Publish what `ask_release` queued, unless it is done or abandoned since.

    A refusal is kept on the release, whose page says it.
    """
    release = Release.objects.select_related("by").filter(pk=release_id).first()
    if release is None or release.state not in (State.WAITING, State.COMPUTING):
        return
    try:
        publish_release(
            name=release.name, through=release.through, note=release.note, by=release.by
        )
    except RuleViolation as error:
        Release.objects.filter(pk=release_id, state=State.WAITING).update(
            state=State.FAILED, failure=str(error)
        )


def abandon_waiting(*, release: Release, by: User) -> None:
    """Give up a publication that has not begun."""
    with transaction.atomic():
        release = Release.objects.select_for_update().get(pk=release.pk)
        if release.state != State.WAITING:
            raise RuleViolation(
                f"L'édition « {release.name} » n'attend plus : sa page dit ce qu'elle devient."
            )
        release.state = State.FAILED
        release.failure = f"Abandonnée avant de commencer, par {by}."
        audited_save(release, by=by, action="release.abandoned")


def last_day_of_month_before(day: date) -> date:
    return day.replace(day=1) - timedelta(days=1)


def check_name(name: str) -> None:
    if not NAME.fullmatch(name) or name in RESERVED:
        raise RuleViolation(
            f"« {name} » ne peut pas nommer une édition : écrivez des lettres sans accent, des "
            "chiffres, des tirets, 60 caractères au plus. Par exemple 2026-T1 ou 2026-04."
        )
    if Release.objects.filter(name=name, state=State.PUBLISHED).exists():
        raise RuleViolation(
            f"L'édition « {name} » est déjà publiée, et une édition ne change plus : donnez un "
            f"autre nom (« {name}-corrigee » par exemple) et une note qui dit ce qui est corrigé."
        )
    known = Release.objects.filter(name=name).exists()
    if leftovers.folder_of(name).exists() and not known:
        raise RuleViolation(
            f"Le dossier de l'édition « {name} » existe déjà sur le serveur, et la base ne la "
            "connaît pas : choisissez un autre nom, ou faites déplacer ce dossier."
        )


def check_through(through: date, frozen_on: date) -> None:
    if through < EARLIEST:
        raise RuleViolation(
            f"Aucune période n'est publiée avant le {day_in_words(EARLIEST)} : choisissez un jour "
            "récent."
        )
    if through > frozen_on:
        raise RuleViolation(
            f"Une édition arrêtée le {day_in_words(frozen_on)} ne peut pas couvrir des "
            f"périodes jusqu'au {day_in_words(through)} : choisissez un jour passé."
        )
    current = Release.objects.current()
    if current and through < current.through:
        raise RuleViolation(
            f"L'édition « {current.name} » va déjà jusqu'au "
            f"{day_in_words(current.through)} : choisissez ce jour ou un jour plus tard."
        )


def in_state(
    state: str, name: str, through: date, frozen_on: date, note: str, by: User | None
) -> Release:
    """The release of this name, new or given up before, with all it says reset."""
    release = Release.objects.filter(name=name).first() or Release(name=name)
    release.state = state
    release.through = through
    release.frozen_on = frozen_on
    release.note = note.strip()
    release.by = by or release.by
    release.started_at = timezone.now()
    release.failure = release.step = ""
    return release


def begin(name: str, through: date, frozen_on: date, note: str, by: User | None) -> Release:
    """The release whose inputs are fixed from now on: batches numbered later wait for the next."""
    with transaction.atomic():
        release = in_state(State.COMPUTING, name, through, frozen_on, note, by)
        release.previous = Release.objects.current()
        release.last_batch = Batch.objects.aggregate(last=Max("number"))["last"] or 0
        audited_save(release, by=by, action="release.begun")
    return release


def give_up(release: Release, error: BaseException) -> None:
    """Say why, and leave no file; what cannot be done now is done before the next publication."""
    logger.error("publication failed", extra={"subject": release.name}, exc_info=error)
    try:
        with transaction.atomic():
            kept = Release.objects.select_for_update().get(pk=release.pk, state=State.COMPUTING)
            kept.state = State.FAILED
            kept.failure = failures.reason(error)
            kept.save(update_fields=["state", "failure"])
            record(
                by=release.by,
                action="release.failed",
                subject=kept,
                after={"failure": kept.failure},
            )
        leftovers.remove_files()
    except (DatabaseError, OSError):
        logger.exception("leftovers of a publication stay", extra={"subject": release.name})
