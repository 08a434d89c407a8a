"""The switch: in one transaction the new parts are loaded and the release becomes the current one.

Owns that readers see the release before or this one, never a mix; refuses to compute.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from guichet.accounts.audit import audited_save
from guichet.core.errors import RuleViolation
from guichet.publication.models import Part, Release, ReleasePart
from guichet.publication.releasing import locking
from guichet.publication.releasing.declared import DeclaredLine, declared_parts
from guichet.publication.releasing.file_tables import file_tables
from guichet.publication.releasing.leftovers import WORK, draft_of, lake, object_store
from guichet.publication.releasing.making import Made
from guichet.publication.releasing.parts import PartFiles, PartKey
from guichet.publication.releasing.serving import (
    load_corrections,
    load_declared_part,
    load_part,
)

LOST = (
    "La base de données a été interrompue pendant la publication : rien n'a changé pour les "
    "lecteurs ; relancez-la sous le même nom."
)


def switch_to(release: Release, made: Made) -> None:
    """Load what is new and make `release` current; raises RuleViolation when the lock was lost."""
    with transaction.atomic():
        if not locking.is_held_here():
            raise RuleViolation(LOST)
        parts = [*computed_parts(release, made.manifest.parts), *loaded_declared(made.declared)]
        ReleasePart.objects.bulk_create(
            [ReleasePart(release=release, part=part) for part in parts], batch_size=1000
        )
        load_corrections(release, made.corrections, made.former)
        Release.objects.filter(is_current=True).update(is_current=False)
        release.state = Release.State.PUBLISHED
        release.is_current = True
        release.identity = made.manifest.identity
        release.engine = made.manifest.engine
        release.folder = f"releases/{release.name}"
        release.published_at = timezone.now()
        release.row_count = sum(part.row_count for part in parts)
        release.correction_count = release.corrections.of_places().count()
        release.changed_line_count = made.changed_line_count
        release.is_demonstration = made.manifest.is_demonstration
        release.step = ""
        audited_save(release, by=release.by, action="release.published")


@dataclass(frozen=True)
class Known:
    """A part as the database knows it, or would."""

    key: PartKey
    digest: str
    is_declared: bool

    def row(self) -> Part | None:
        return Part.objects.filter(
            network=self.key.network,
            indicator=self.key.indicator,
            version=self.key.version,
            year=self.key.year,
            is_declared=self.is_declared,
            digest=self.digest,
        ).first()

    def create(self, files: dict[str, str], row_count: int) -> Part:
        return Part.objects.create(
            network=self.key.network,
            indicator=self.key.indicator,
            version=self.key.version,
            year=self.key.year,
            is_declared=self.is_declared,
            digest=self.digest,
            files=files,
            row_count=row_count,
        )


def computed_parts(release: Release, parts: Sequence[PartFiles]) -> list[Part]:
    """The rows of `Part`; figures are copied for those that no release had yet."""
    store, found = object_store(), []
    with file_tables(draft_of(release.name, WORK) / "overflow", lake()) as tables:
        for part in parts:
            known = Known(part.key, part.digest, is_declared=False)
            row = known.row()
            if row is None:
                row = known.create(dict(part.files), part.row_count)
                load_part(row.pk, part, store.path, tables)
            found.append(row)
    return found


def loaded_declared(lines: Sequence[DeclaredLine]) -> list[Part]:
    found = []
    for key, (digest, declared) in declared_parts(lines).items():
        known = Known(key, digest, is_declared=True)
        row = known.row()
        if row is None:
            row = known.create({}, len(declared))
            load_declared_part(row.pk, declared)
        found.append(row)
    return found
