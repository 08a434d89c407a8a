"""`guichet import_experiences FICHIER`: the stories of an existing platform."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table

from guichet.experiences.importing.records import UnreadableExport
from guichet.experiences.importing.stories import NoSuchColumns
from guichet.experiences.importing.taking_over import Report, take_over

LINES_SHOWN = 12
WORDS = {
    "read": "lignes lues",
    "created": "récits repris",
    "updated": "mis à jour",
    "unchanged": "inchangés",
    "unpublished": "jamais publiés sur l'autre plateforme : laissés",
    "taken_back": "retirés ici : laissés retirés",
    "from_here": "de cette plateforme : laissés tels quels",
    "twice": "en double dans le fichier",
    "wrong": "en erreur",
}


class Command(BaseCommand):
    help = "Reprend les récits d'un export officiel, entièrement ou pas du tout."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FICHIER", help="export CSV")
        parser.add_argument("--dry-run", action="store_true", help="dit ce qui changerait")
        parser.add_argument("--json", action="store_true", help="compte rendu en JSON")
        parser.add_argument("--keep-going", action="store_true", help="reprend ce qui est bon")

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(stderr=True, quiet=options["json"])
        columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn())
        with Progress(*columns, console=console, transient=True) as progress:
            task = progress.add_task("Lecture et reprise", total=None)
            try:
                report = take_over(
                    options["file"],
                    dry_run=options["dry_run"],
                    keep_going=options["keep_going"],
                    on_progress=lambda count: progress.advance(task, count),
                )
            except (UnreadableExport, NoSuchColumns) as error:
                raise CommandError(f"{error}\nRien n'a été changé.") from error
        if options["json"]:
            self.stdout.write(json.dumps(as_dict(report), ensure_ascii=False, indent=1))
        else:
            show(report)
        if report.refusal:
            raise CommandError(report.refusal)


def as_dict(report: Report) -> dict[str, Any]:
    return {
        "dry_run": report.dry_run,
        "applied": report.applied,
        "refusal": report.refusal,
        "counts": dict(report.counts),
        "errors": report.errors,
        "warnings": report.warnings,
        "personal_data": report.personal,
    }


def show(report: Report) -> None:
    console = Console()
    for title, faults, style in (
        ("À corriger", report.errors, "red"),
        ("Réparé ou laissé de côté", report.warnings, ""),
        ("Données personnelles trouvées par leur forme, et masquées", report.personal, ""),
    ):
        if faults:
            table = Table(title, "nombre", "lignes", style=style)
            for message, lines in sorted(faults.items(), key=lambda one: -len(one[1])):
                table.add_row(message, str(len(lines)), shown_lines(lines))
            console.print(table)
    verb = "changeraient" if not report.applied else "ont changé"
    console.print(f"Récits qui {verb} :")
    for name, words in WORDS.items():
        console.print(f"  {report.counts[name]:>7} {words}")


def shown_lines(lines: list[int]) -> str:
    first = ", ".join(map(str, lines[:LINES_SHOWN]))
    hidden = len(lines) - LINES_SHOWN
    return f"{first}, et {hidden} autres (toutes avec --json)" if hidden > 0 else first
