"""`guichet publish_release NAME [--through AAAA-MM-JJ] [--note TEXT] [--json]`."""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console

from guichet.core.errors import RuleViolation
from guichet.core.words import counted
from guichet.publication.actions.releases import publish_release
from guichet.publication.models import Release
from guichet.publication.releasing.leftovers import folder_of


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"« {text} » n'est pas un jour : attendu AAAA-MM-JJ") from error


class Command(BaseCommand):
    help = "Publie une édition des résultats : tout ou rien."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NOM", help="par exemple 2026-T1 ou 2026-04")
        parser.add_argument(
            "--through",
            type=day,
            metavar="AAAA-MM-JJ",
            help="dernier jour couvert ; par défaut, la fin du mois dernier",
        )
        parser.add_argument("--note", default="", metavar="TEXTE", help="ce qui est corrigé")
        parser.add_argument("--json", action="store_true", help="compte rendu en JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(stderr=True, quiet=options["json"])
        try:
            release = publish_release(
                name=options["name"],
                through=options["through"],
                note=options["note"],
                progress=lambda sentence: console.print(f"{sentence}…", highlight=False),
            )
        except RuleViolation as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(as_dict(release), ensure_ascii=False, indent=1))
        else:
            self.stdout.write(told(release))


def as_dict(release: Release) -> dict[str, Any]:
    return {
        "name": release.name,
        "identity": release.identity,
        "frozen_on": release.frozen_on.isoformat(),
        "through": release.through.isoformat(),
        "rows": release.row_count,
        "corrections": release.correction_count,
        "changed_lines": release.changed_line_count,
        "is_demonstration": release.is_demonstration,
        "engine": release.engine,
        "folder": str(folder_of(release.name)),
    }


def told(release: Release) -> str:
    corrections = release.correction_count
    corrected = (
        counted(corrections, "chiffre corrigé", "chiffres corrigés")
        if corrections
        else "aucun chiffre corrigé"
    )
    return (
        f"L'édition « {release.name} » est publiée : {release.row_count} lignes, {corrected}.\n"
        f"Identité : {release.identity}\n"
        f"Dossier : {folder_of(release.name)} (à vérifier par : python3 verify.py)"
    )
