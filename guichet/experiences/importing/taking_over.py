"""An export taken over: all of it or nothing, as often as one likes.

Owns what a story of an export becomes here; refuses to bring back what its author withdrew, and to
publish telephone numbers, addresses and other numbers of persons that the other platform let
through. Stories are read and written by slices.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from guichet.experiences.importing.matching import Places
from guichet.experiences.importing.private_words import masked
from guichet.experiences.importing.records import records_of
from guichet.experiences.importing.stories import Columns, ImportedStory, story_of
from guichet.experiences.importing.writing import create_all, kept, problems_of, update
from guichet.experiences.models import Experience, State
from guichet.experiences.reading.search import index_all

SLICE = 500
NOTHING_DONE = (
    "Rien n'a été changé : corrigez ces lignes, ou ajoutez --keep-going pour les laisser."
)
NOON = time(12)
TWICE = "numéro déjà lu plus haut dans ce fichier : la première ligne est gardée"
FROM_HERE = "récit publié sur cette plateforme même : laissé tel quel"
Progress = Callable[[int], None]


@dataclass
class Report:
    """What happened, or would; faults by what is wrong, each with the lines where it is."""

    dry_run: bool = False
    refusal: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    errors: dict[str, list[int]] = field(default_factory=dict)
    warnings: dict[str, list[int]] = field(default_factory=dict)
    personal: dict[str, list[int]] = field(default_factory=dict)

    @property
    def applied(self) -> bool:
        return not (self.dry_run or self.refusal)

    def add(self, kind: dict[str, list[int]], message: str, line: int) -> None:
        kind.setdefault(message, []).append(line)


class _Undo(Exception):
    """Ends the transaction without keeping anything."""


def take_over(
    path: Path,
    *,
    dry_run: bool = False,
    keep_going: bool = False,
    on_progress: Progress = lambda count: None,
) -> Report:
    """Read the whole file; nothing is kept of it when a row is wrong, unless `keep_going`.

    `records.UnreadableExport` and `stories.NoSuchColumns` for what is no export at all.
    """
    report = Report(dry_run=dry_run)
    try:
        with transaction.atomic():
            places = Places()
            for stories in slices(good_stories(path, report, on_progress)):
                take(stories, report, places)
            if report.errors and not keep_going:
                report.refusal = NOTHING_DONE
            if not report.applied:
                raise _Undo
    except _Undo:
        pass
    return report


def good_stories(path: Path, report: Report, on_progress: Progress) -> Iterator[ImportedStory]:
    """Those that can be taken over, once each."""
    records = records_of(path)
    columns = Columns(next(records).cells)
    seen: set[int] = set()
    for record in records:
        on_progress(1)
        report.counts["read"] += 1
        story = story_of(record, columns)
        for message in story.warnings:
            report.add(report.warnings, message, story.line)
        for message in story.errors:
            report.add(report.errors, message, story.line)
        if story.errors:
            report.counts["wrong"] += 1
        elif story.number in seen:
            report.counts["twice"] += 1
            report.add(report.warnings, TWICE, story.line)
        elif not story.is_published:
            report.counts["unpublished"] += 1
        elif story.address.startswith(f"{settings.PUBLIC_URL}/") and is_ours(story):
            report.counts["from_here"] += 1
            report.add(report.warnings, FROM_HERE, story.line)
        else:
            seen.add(story.number)
            yield story


def is_ours(story: ImportedStory) -> bool:
    """True when the address is that of a story of ours, which an export of ours gives back."""
    here = story.address.removeprefix(settings.PUBLIC_URL)
    pk = here.removeprefix("/experiences/").partition("-")[0]
    return pk.isascii() and pk.isdigit() and Experience.objects.filter(pk=int(pk[:18])).exists()


def slices(stories: Iterable[ImportedStory]) -> Iterator[list[ImportedStory]]:
    remaining = iter(stories)
    while some := list(islice(remaining, SLICE)):
        yield some


def take(stories: list[ImportedStory], report: Report, places: Places) -> None:
    """One slice: masked, compared with what is here, written, indexed."""
    known = kept(one.number for one in stories)
    for story in stories:
        for label in masked(story):
            report.add(report.personal, label, story.line)
        for message in problems_of(story, places):
            report.add(report.warnings, message, story.line)
    created = create_all([one for one in stories if one.number not in known], places, at_noon)
    if created:
        report.counts["created"] += len(created)
    touched = [one.pk for one in created]
    for story in stories:
        here = known.get(story.number)
        if here is None:
            continue
        if here.state != State.PUBLISHED:
            report.counts["taken_back"] += 1
        elif update(here, story, places, at_noon):
            report.counts["updated"] += 1
            touched.append(here.pk)
        else:
            report.counts["unchanged"] += 1
    index_all(touched)


def at_noon(day: date) -> datetime:
    """The instant kept for a day: exports give no hour."""
    return timezone.make_aware(datetime.combine(day, NOON))
