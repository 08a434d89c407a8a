"""`guichet poster STRUCTURE --out FILE.pdf [--format A3]`."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guichet.core.errors import RuleViolation
from guichet.publication.posters.content import poster_of, structure_for_poster
from guichet.publication.posters.drawing import FORMATS, draw_pdf
from guichet.publication.published.queries import published_release


class Command(BaseCommand):
    help = "Écrit l'affiche d'un lieu (PDF d'une page), pour sa salle d'attente."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("structure", metavar="STRUCTURE", help="code du lieu")
        parser.add_argument("--out", required=True, type=Path, metavar="FICHIER.pdf")
        parser.add_argument("--format", choices=FORMATS, default="A4", help="A4 sans autre choix")
        parser.add_argument("--release", metavar="NOM", default="", help="une édition antérieure")

    def handle(self, *args: Any, **options: Any) -> None:
        structure = structure_for_poster(options["structure"])
        if structure is None:
            raise CommandError(
                f"Aucun lieu n'a le code « {options['structure']} ». Le code est dans l'adresse de "
                "sa page : /services/<code>/."
            )
        release = None
        if options["release"]:
            release = published_release(options["release"])
            if release is None:
                raise CommandError(f"Aucune édition publiée ne s'appelle « {options['release']} ».")
        try:
            pdf = draw_pdf(poster_of(structure, release), options["format"])
        except RuleViolation as error:
            raise CommandError(str(error)) from error
        try:
            options["out"].write_bytes(pdf)
        except OSError as error:
            raise CommandError(f"{options['out']} : {error.strerror}.") from error
        self.stdout.write(f"{options['out']} : affiche {options['format']} de {structure.name}.")
