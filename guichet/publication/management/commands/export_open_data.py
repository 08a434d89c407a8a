"""All open data in a folder."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guichet.core.errors import RuleViolation
from guichet.publication.open_data.exporting import export


class Command(BaseCommand):
    help = "Écrit toutes les données ouvertes dans un dossier : tables, schémas, catalogue, édition"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path, help="dossier à écrire")
        parser.add_argument(
            "--releases",
            choices=["none", "current", "all"],
            default="current",
            help="éditions dont les fichiers sont copiés (par défaut : celle en vigueur)",
        )

    def handle(self, *, folder: Path, releases: str, **options: Any) -> None:
        try:
            export(folder, releases=releases, say=self.stdout.write)
        except RuleViolation as error:
            raise CommandError(str(error)) from error
