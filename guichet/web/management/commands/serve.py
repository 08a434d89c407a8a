"""`guichet serve`: everything in one process group."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from guichet.core.errors import RuleViolation
from guichet.web.operations.ports import PortRefused
from guichet.web.operations.serving import DEFAULT_HOST, DEFAULT_PORT, PARTS, Address, serve


class Command(BaseCommand):
    help = "Sert le site et exécute les tâches de fond, jusqu'à Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--port", type=int, default=DEFAULT_PORT, help=f"port ({DEFAULT_PORT} par défaut)"
        )
        parser.add_argument(
            "--host",
            default=DEFAULT_HOST,
            help="adresse d'écoute (127.0.0.1 par défaut : cette machine seulement)",
        )
        parser.add_argument(
            "--workers", type=int, help="processus web (2 au plus par défaut, selon la machine)"
        )
        parser.add_argument(
            "--only", choices=PARTS, help="seulement le serveur web, ou seulement les tâches"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        address = Address(options["host"], options["port"])
        parts = (options["only"],) if options["only"] else PARTS
        if options["workers"] is not None and options["workers"] < 1:
            raise CommandError("--workers demande un nombre d'au moins 1.")

        def ready() -> None:
            if "web" in parts:
                self.say(f"{settings.INSTITUTION} est prêt : {address.url}")
            self.say("Pour arrêter : Ctrl-C.")

        try:
            status = serve(
                address,
                workers=options["workers"],
                parts=parts,
                say=self.say,
                when_ready=ready,
            )
        except (PortRefused, RuleViolation) as error:
            raise CommandError(str(error)) from error
        if status:
            sys.exit(status)

    def say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()
