"""`guichet submit_batch FILE --network CODE [--scope CODE] [--confirm] [--json]`."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from guichet.core.errors import RuleViolation
from guichet.core.words import counted
from guichet.directory.models import Network, Structure
from guichet.indicators.actions.batches import (
    ALWAYS,
    UNLESS_JUMPS,
    receive_batch,
)
from guichet.indicators.models import Batch, Outcome

SHOWN = 50
REFUSED, USAGE, TO_CONFIRM = 1, 2, 3


class Command(BaseCommand):
    help = (
        "Envoie les observations d'un réseau, acceptées ou refusées en entier. Code de sortie : 0 "
        "accepté, 1 refusé, 2 commande à corriger, 3 à confirmer."
    )

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FICHIER", help=".csv, .xlsx ou .parquet")
        parser.add_argument("--network", required=True, metavar="CODE", help="code du réseau")
        parser.add_argument(
            "--scope", metavar="CODE", default="", help="structure que tient l'expéditeur"
        )
        parser.add_argument("--confirm", action="store_true", help="confirme les écarts signalés")
        parser.add_argument("--json", action="store_true", help="compte rendu en JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        network = network_or_usage(options["network"])
        scope = scope_or_usage(options["scope"], network)
        if not options["file"].is_file():
            raise CommandError(
                f"Le fichier {options['file']} n'existe pas : vérifiez le chemin.",
                returncode=USAGE,
            )
        try:
            batch = self.sent(options, network, scope)
        except RuleViolation as error:
            raise CommandError(str(error), returncode=REFUSED) from error
        if options["json"]:
            self.stdout.write(json.dumps(as_dict(batch), ensure_ascii=False, indent=1))
        else:
            show(batch)
        codes = {Outcome.REFUSED: REFUSED, Outcome.TO_CONFIRM: TO_CONFIRM}
        if batch.outcome in codes:
            sys.exit(codes[Outcome(batch.outcome)])

    def sent(self, options: dict[str, Any], network: Network, scope: Structure | None) -> Batch:
        console = Console(stderr=True, quiet=options["json"])
        with console.status("Lecture du fichier") as status:
            return receive_batch(
                path=options["file"],
                file_name=options["file"].name,
                network=network,
                scope=scope,
                accept=ALWAYS if options["confirm"] else UNLESS_JUMPS,
                progress=status.update,
            )


def network_or_usage(code: str) -> Network:
    network = Network.objects.filter(code=code).first()
    if network is None:
        known = ", ".join(Network.objects.order_by("code").values_list("code", flat=True)[:30])
        raise CommandError(
            f"Le réseau « {code} » n'existe pas. Réseaux connus : {known or 'aucun'}.",
            returncode=USAGE,
        )
    return network


def scope_or_usage(code: str, network: Network) -> Structure | None:
    if not code:
        return None
    scope = Structure.objects.filter(code=code, network=network).first()
    if scope is None:
        raise CommandError(
            f"La structure « {code} » n'est pas du réseau {network.code}.", returncode=USAGE
        )
    return scope


def as_dict(batch: Batch) -> dict[str, Any]:
    return {
        "id": batch.pk,
        "number": batch.number,
        "outcome": batch.outcome,
        "network": batch.network.code,
        "file_name": batch.file_name,
        "sha256": batch.sha256,
        "rows": batch.row_count,
        "rows_sha256": batch.rows_sha256,
        "contents": batch.contents,
        "fault_count": batch.fault_count,
        "faults": batch.faults,
        "warning_count": batch.warning_count,
        "warnings": batch.warnings,
    }


def show(batch: Batch) -> None:
    console = Console()
    if batch.faults:
        table = Table("ligne", "case", "colonne", "valeur", "à corriger")
        for fault in batch.faults[:SHOWN]:
            table.add_row(
                str(fault["line"] or ""),
                fault["cell"],
                fault["column"],
                fault["value"][:40],
                fault["message"],
            )
        console.print(table)
    for notice in batch.warnings[:SHOWN]:
        place = f"ligne {notice['line']} : " if notice["line"] else ""
        console.print(f"• {place}{notice['message']}", markup=False)
    hidden = max(batch.fault_count, batch.warning_count) - SHOWN
    if hidden > 0:
        console.print("… et d'autres : ajoutez --json pour en avoir davantage.")
    console.print(conclusion(batch), markup=False)


def conclusion(batch: Batch) -> str:
    lines = counted(batch.row_count, "ligne", "lignes")
    if batch.outcome == Outcome.ACCEPTED:
        return f"Lot {batch.number} accepté : {lines}."
    if batch.outcome == Outcome.REFUSED:
        faults = counted(batch.fault_count, "erreur", "erreurs")
        return (
            f"Lot {batch.number} refusé en entier : {faults}. Rien n'a été enregistré ; corrigez, "
            "puis envoyez de nouveau."
        )
    return (
        f"{lines} sans erreur, mais des écarts sont à confirmer : rien n'est encore compté. "
        "Vérifiez-les, puis ajoutez --confirm."
    )
