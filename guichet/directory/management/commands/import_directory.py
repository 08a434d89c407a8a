"""`guichet import_directory FILE --format dila|dila2016|france-services`."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table

from guichet.directory.importing import ImportReport, import_structures
from guichet.directory.sources import READERS
from guichet.directory.sources.base import Fault, SourceStructure, UnreadableSource

SHOWN_FAULTS = 50
WORDS = {
    "read": "structures lues",
    "created": "créées",
    "updated": "mises à jour",
    "unchanged": "inchangées",
    "reopened": "rouvertes",
    "closed": "fermées (absentes de la source)",
    "kept_from_better_source": "gardées d'une source plus sûre",
}


class Command(BaseCommand):
    help = "Charge les structures d'une source, entièrement ou pas du tout."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FICHIER", help=".json, .csv, .gz ou .zip")
        parser.add_argument("--format", required=True, choices=sorted(READERS), dest="source")
        parser.add_argument("--dry-run", action="store_true", help="dit ce qui changerait")
        parser.add_argument("--json", action="store_true", help="compte rendu en JSON")
        parser.add_argument("--keep-going", action="store_true", help="charge ce qui est bon")
        parser.add_argument(
            "--allow-closures", action="store_true", help="accepte plus de 5 %% de fermetures"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(stderr=True, quiet=options["json"])
        progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=console,
            transient=True,
        )
        with progress:
            task = progress.add_task("Lecture et chargement", total=None)
            try:
                report = import_structures(
                    read(options["source"], options["file"]),
                    source=options["source"],
                    file_name=options["file"].name,
                    dry_run=options["dry_run"],
                    keep_going=options["keep_going"],
                    allow_closures=options["allow_closures"],
                    on_progress=lambda count: progress.advance(task, count),
                )
            except UnreadableSource as error:
                raise CommandError(f"{error}\nRien n'a été changé.") from error
        if options["json"]:
            self.stdout.write(json.dumps(as_dict(report), ensure_ascii=False, indent=1))
        else:
            show(report)
        if report.refusal:
            raise CommandError(report.refusal)


def read(source: str, path: Path) -> Iterator[SourceStructure | Fault]:
    return READERS[source].read(str(path))


def as_dict(report: ImportReport) -> dict[str, Any]:
    return {
        "source": report.source,
        "dry_run": report.dry_run,
        "applied": report.applied,
        "refusal": report.refusal,
        "counts": dict(report.counts),
        "faults": [
            {name: getattr(fault, name) for name in Fault.__slots__} for fault in report.faults
        ],
    }


def show(report: ImportReport) -> None:
    console = Console()
    if report.faults:
        table = Table("ligne", "structure", "champ", "valeur", "à corriger", "ce qui a été fait")
        for fault in report.faults[:SHOWN_FAULTS]:
            table.add_row(
                str(fault.line or ""),
                fault.identifier,
                fault.field,
                fault.value[:60],
                fault.message,
                fault.done,
                style="red" if fault.severity == "error" else None,
            )
        console.print(table)
        hidden = len(report.faults) - SHOWN_FAULTS
        if hidden > 0:
            console.print(f"… et {hidden} autres : ajoutez --json pour les avoir toutes.")
    verb = "changeraient" if report.dry_run or report.refusal else "ont changé"
    console.print(f"Structures qui {verb} :")
    for name, words in WORDS.items():
        console.print(f"  {report.counts[name]:>7} {words}")
    console.print(f"  {len(report.errors)} erreur(s), {len(report.warnings)} avertissement(s)")
