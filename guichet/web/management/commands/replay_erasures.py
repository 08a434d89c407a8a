"""`guichet replay_erasures`: what the log of erasures says, done again on this database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guichet.core.errors import RuleViolation
from guichet.web.operations.replaying import replay_log


class Command(BaseCommand):
    help = (
        "Retire, efface ou ferme à nouveau ce que le journal des effacements dit, après une base "
        "remise en place à la main."
    )
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(replay_log(self.stdout.write))
        except RuleViolation as error:
            raise CommandError(str(error)) from error
