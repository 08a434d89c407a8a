"""`guichet backup DIR`: everything the installation holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.defaultfilters import filesizeformat

from guichet.core.errors import RuleViolation
from guichet.web.operations.backups import make_backup

WITHOUT_KEY = (
    "La clé secrète (GUICHET_SECRET_KEY) n'y est pas : gardez-la ailleurs, dans votre coffre. Sans "
    "elle, les liens déjà envoyés et les applications d'authentification des agents ne seraient "
    "plus reconnus. L'option --with-secret-key l'y joint ; la sauvegarde est alors à protéger "
    "comme un mot de passe."
)
WITH_KEY = "La clé secrète y est : protégez cette sauvegarde comme un mot de passe."


class Command(BaseCommand):
    help = "Sauvegarde la base et le dossier des lots et des millésimes dans un dossier neuf."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DOSSIER", type=Path, help="dossier neuf ou vide")
        parser.add_argument("--with-secret-key", action="store_true", help="y joint la clé secrète")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = make_backup(
                options["folder"],
                with_secret_key=options["with_secret_key"],
                say=self.stdout.write,
            )
        except RuleViolation as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Sauvegarde faite : {report.folder} ({filesizeformat(report.total_bytes)}, "
            f"{report.tables} tables, {report.lake_files} fichiers, {report.seconds:.0f} s)."
        )
        self.stdout.write(WITH_KEY if report.holds_secret_key else WITHOUT_KEY)
