"""`guichet restore DIR`: a backup put back, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from guichet.core.errors import RuleViolation
from guichet.web.operations.restoring import restore


class Command(BaseCommand):
    help = "Remet une sauvegarde en place, dans une installation vide."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DOSSIER", type=Path, help="dossier de la sauvegarde")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="efface ce que l'installation contient, et met la sauvegarde à la place",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = restore(options["folder"], replace=options["replace"], say=self.stdout.write)
        except RuleViolation as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Restauration faite : sauvegarde du {report.made_at}, {report.tables} tables, "
            f"{report.rows} lignes, {report.lake_files} fichiers."
        )
        self.stdout.write(report.again)
        self.stdout.write(report.secret_key)
        self.stdout.write(
            "Les sessions ne sont pas sauvegardées : chacun se connecte à nouveau. Les courriels "
            "qui attendaient sont à renvoyer à la main (page Serveur)."
        )
