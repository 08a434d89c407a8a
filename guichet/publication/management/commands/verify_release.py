"""`guichet verify_release DIR_OR_NAME [--json]`."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console

from guichet.publication.models import Release
from guichet.publication.releasing.leftovers import folder_of
from guichet.publication.releasing.manifest import BadManifest
from guichet.publication.releasing.verification import Verdict, verify_release

SHOWN = 50


class Command(BaseCommand):
    help = (
        "Recalcule une édition et la compare avec ce qu'elle dit : empreintes, sommes, chiffres, "
        "identité ; et, pour une édition de cette installation, avec les lots acceptés."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "release", metavar="DOSSIER_OU_NOM", help="dossier d'une édition, ou son nom ici"
        )
        parser.add_argument("--json", action="store_true", help="compte rendu en JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(stderr=True, quiet=options["json"])
        folder, is_ours = located(options["release"])
        try:
            verdict = verify_release(
                folder,
                with_batches=is_ours,
                say=lambda sentence: console.print(f"{sentence}…", highlight=False),
            )
        except BadManifest as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            values = {"is_equal": verdict.is_equal, **asdict(verdict)}
            self.stdout.write(json.dumps(values, ensure_ascii=False, indent=1))
        else:
            self.stdout.write(told(verdict, is_ours=is_ours))
        if not verdict.is_equal:
            raise SystemExit(1)


def located(release: str) -> tuple[Path, bool]:
    """The folder, and whether it is a release of this installation."""
    if Release.objects.published().filter(name=release).exists():
        return folder_of(release), True
    folder = Path(release)
    if folder.is_dir():
        return folder, False
    raise CommandError(
        f"« {release} » n'est ni une édition publiée ici, ni un dossier : vérifiez le nom."
    )


def told(verdict: Verdict, *, is_ours: bool) -> str:
    if verdict.is_equal:
        batches = f", et à partir de {verdict.batches} lots" if is_ours else ""
        return (
            f"ÉGAL : l'édition « {verdict.name} » ({verdict.rows} lignes en {verdict.parts} parts) "
            f"se recalcule à l'identique{batches}.\nIdentité : {verdict.identity}"
        )
    shown = "\n".join(f"  {each}" for each in verdict.differences[:SHOWN])
    more = len(verdict.differences) - SHOWN
    return (
        f"PAS ÉGAL : l'édition « {verdict.name} » ne se recalcule pas à l'identique.\n{shown}"
        + (f"\n  … et {more} autres différences" if more > 0 else "")
    )
