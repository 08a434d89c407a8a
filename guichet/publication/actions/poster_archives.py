"""All posters of a network in one ZIP, made by the worker.

Owns `PosterArchive` and its file in the lake, written as a stream and complete or absent; refuses
two at a time for one network and paper, and keeps each for a week.
"""

from __future__ import annotations

import logging
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from guichet.accounts.audit import record
from guichet.accounts.models import User
from guichet.core.errors import RuleViolation
from guichet.directory.models import Network, Structure
from guichet.directory.models.structures import StructureQuerySet
from guichet.directory.permissions import powers_of
from guichet.publication.models import PosterArchive
from guichet.publication.posters.content import (
    NO_RELEASE,
    poster_of,
    with_what_posters_read,
)
from guichet.publication.posters.drawing import FORMATS, Format, draw_pdf
from guichet.publication.published.queries import current_release, published_release

KEPT_FOR = timedelta(days=7)
AT_ONCE = 100
"""How many structures are in memory, and how often progress is written."""

PARTIAL = ".partial"
LEFT_OUT = "sans-affiche.txt"
logger = logging.getLogger("guichet.posters")
State = PosterArchive.State


def ask_posters(*, network: Network, paper: str, by: User) -> PosterArchive:
    """Queue the posters of the open sites of a network, from the current release."""
    from guichet.publication.tasks import make_posters_later

    if not powers_of(by).leads(network.pk):
        raise RuleViolation("Seul un pilote de ce réseau demande toutes ses affiches.")
    if paper not in FORMATS:
        raise RuleViolation("Choisissez A4 ou A3.")
    release = current_release()
    if release is None:
        raise RuleViolation(NO_RELEASE)
    total = sites_of(network).count()
    if not total:
        raise RuleViolation("Ce réseau n'a aucun lieu ouvert qui accueille du public.")
    try:
        with transaction.atomic():
            archive = PosterArchive.objects.create(
                network=network,
                release_name=release.name,
                paper=paper,
                asked_by=by,
                total=total,
            )
            record(
                by=by,
                action="posters.asked",
                subject=network,
                scope=network.scope_label,
                after={"release_name": release.name, "paper": paper},
            )
            transaction.on_commit(lambda: make_posters_later.defer(archive_id=archive.pk))
    except IntegrityError as error:
        raise RuleViolation(
            "Ces affiches sont déjà en préparation : elles apparaîtront sur cette page."
        ) from error
    return archive


def make_posters(archive: PosterArchive) -> None:
    """Draw them into the ZIP; started again after a crash, it begins afresh. Nothing is done for
    one that is ready or was given up."""
    if not archive.is_under_way:
        return
    PosterArchive.objects.filter(pk=archive.pk).update(state=State.MAKING, done=0, left_out=0)
    name = f"posters/{archive.network.code}-{archive.release_name}-{archive.paper}-{archive.pk}.zip"
    target = lake() / name
    draft = target.with_name(target.name + PARTIAL)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        left_out = write_zip(archive, draft)
        byte_count = draft.stat().st_size
        draft.replace(target)
    except BaseException as error:
        draft.unlink(missing_ok=True)
        give_up(archive, error)
        raise
    PosterArchive.objects.filter(pk=archive.pk).update(
        state=State.READY,
        file=name,
        byte_count=byte_count,
        done=archive.total,
        left_out=left_out,
        ended_at=timezone.now(),
    )


def write_zip(archive: PosterArchive, draft: Path) -> int:
    """One poster at a time, sorted by département; the number of sites left out."""
    release = published_release(archive.release_name)
    paper: Format = "A3" if archive.paper == "A3" else "A4"
    left_out: list[str] = []
    with zipfile.ZipFile(draft, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=1) as zipped:
        for done, structure in enumerate(streamed(sites_of(archive.network)), start=1):
            try:
                zipped.writestr(
                    name_in_zip(structure), draw_pdf(poster_of(structure, release), paper)
                )
            except RuleViolation:
                left_out.append(f"{structure.code}\t{structure.name}\n")
            if done % AT_ONCE == 0:
                PosterArchive.objects.filter(pk=archive.pk).update(
                    done=done, left_out=len(left_out)
                )
        if left_out:
            told = "Lieux sans aucun chiffre publié dans cette édition :\n"
            zipped.writestr(LEFT_OUT, told + "".join(left_out))
    return len(left_out)


def streamed(sites: StructureQuerySet) -> Iterator[Structure]:
    """By the hundred, each with all that its poster reads."""
    keys = list(sites.values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        chunk = keys[start : start + AT_ONCE]
        yield from with_what_posters_read(Structure.objects.filter(pk__in=chunk).order_by("pk"))


def sites_of(network: Network) -> StructureQuerySet:
    return Structure.objects.receiving_public().filter(network=network).order_by("pk")


def name_in_zip(structure: Structure) -> str:
    departement = structure.commune.departement_id if structure.commune else "sans-commune"
    return f"{departement}/{structure.code}.pdf"


def give_up(archive: PosterArchive, error: BaseException) -> None:
    """Say so on the page; the reason in full is that of the failed job."""
    reason = error.strerror if isinstance(error, OSError) else type(error).__name__
    PosterArchive.objects.filter(pk=archive.pk).update(
        state=State.FAILED,
        failure=f"La préparation s'est arrêtée ({reason}). Demandez-la de nouveau.",
        ended_at=timezone.now(),
    )


def forget_old_archives() -> int:
    """Erase those asked for more than a week ago, and their files; how many."""
    old = PosterArchive.objects.filter(asked_at__lt=timezone.now() - KEPT_FOR)
    forgotten = 0
    for archive in old:
        if archive.file:
            (lake() / archive.file).unlink(missing_ok=True)
        archive.delete()
        forgotten += 1
    return forgotten


def lake() -> Path:
    return Path(settings.LAKE)
