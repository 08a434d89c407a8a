"""`guichet import_territories [--communes FILE]`."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guichet.core.errors import RuleViolation
from guichet.territories.importing import ImportReport, import_territories
from guichet.territories.reading import UnreadableFile

SHOWN_FAULTS = 50


class Command(BaseCommand):
    help = "Charge régions, départements, communes et anciens codes, entièrement ou pas du tout."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--communes",
            type=Path,
            metavar="FICHIER",
            help="une meilleure liste de communes (CSV en UTF-8, .gz accepté)",
        )
        parser.add_argument("--json", action="store_true", help="compte rendu en JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = import_territories(options["communes"])
        except (UnreadableFile, RuleViolation) as error:
            if options["json"]:
                self.stdout.write(json.dumps({"applied": False, "refusal": str(error)}))
            raise CommandError(f"{error} Rien n’a été changé.") from error
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report), ensure_ascii=False, indent=1))
        else:
            self.show(report)
        if not report.applied:
            raise CommandError("Le fichier a des erreurs : rien n’a été changé.")

    def show(self, report: ImportReport) -> None:
        for fault in report.faults[:SHOWN_FAULTS]:
            self.stdout.write(
                f"ligne {fault.line}, {fault.identifier}, {fault.field} « {fault.value} » : "
                f"{fault.message} ({fault.done})"
            )
        if len(report.faults) > SHOWN_FAULTS:
            self.stdout.write(f"… et {len(report.faults) - SHOWN_FAULTS} autres lignes à revoir")
        if report.applied:
            self.stdout.write(
                f"Communes : {report.created} créées, {report.updated} modifiées, "
                f"{report.unchanged} inchangées, {report.removed} retirées ; "
                f"{report.former} anciens codes et noms. Positions : "
                + ", ".join(f"{count} {source}" for source, count in report.positions.items())
                + "."
            )
