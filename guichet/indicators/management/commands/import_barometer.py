"""`guichet import_barometer [FOLDER]`."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from guichet.core.errors import RuleViolation
from guichet.indicators.actions.history import HistoryReport, import_barometer

SHOWN_FAULTS = 50


class Command(BaseCommand):
    help = (
        "Reprend les indicateurs de service public du baromètre des résultats de l'action "
        "publique comme valeurs déclarées, entièrement ou pas du tout."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder",
            nargs="?",
            type=Path,
            metavar="DOSSIER",
            help="dossier des fichiers du baromètre ; sans dossier, celui de GUICHET_SHARED_DATA",
        )
        parser.add_argument("--json", action="store_true", help="compte rendu en JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = options["folder"] or settings.SHARED_DATA
        if folder is None:
            raise CommandError(
                "Dites où sont les fichiers du baromètre : guichet import_barometer DOSSIER, ou "
                "réglez GUICHET_SHARED_DATA."
            )
        try:
            report = import_barometer(folder)
        except RuleViolation as error:
            raise CommandError(f"{error}\nRien n'a été changé.") from error
        if options["json"]:
            self.stdout.write(json.dumps(as_dict(report), ensure_ascii=False, indent=1))
        else:
            self.show(report)
        if report.faults:
            raise CommandError("Rien n'a été changé : corrigez les fichiers, puis recommencez.")

    def show(self, report: HistoryReport) -> None:
        for fault in report.faults[:SHOWN_FAULTS]:
            self.stdout.write(str(fault))
        hidden = len(report.faults) - SHOWN_FAULTS
        if hidden > 0:
            self.stdout.write(f"… et {hidden} autres : ajoutez --json pour les avoir toutes.")
        if not report.faults:
            self.stdout.write(
                f"{report.read} valeurs lues ({report.indicators} indicateurs), "
                f"{report.written} nouvelles ou changées."
            )
        for code, count in sorted(report.empty_zeros.items()):
            self.stdout.write(f"Zéros passés, sans valeur connue : {code}, {count}.")
        for batch in report.batches:
            self.stdout.write(f"Lot {batch.number} : {batch.file_name}, {batch.row_count} valeurs.")


def as_dict(report: HistoryReport) -> dict[str, Any]:
    return {
        "read": report.read,
        "written": report.written,
        "indicators": report.indicators,
        "empty_zeros": dict(report.empty_zeros),
        "batches": [batch.number for batch in report.batches],
        "faults": [asdict(fault) for fault in report.faults],
    }
