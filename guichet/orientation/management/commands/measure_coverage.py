"""`guichet measure_coverage [--kind CODE] [--minutes N] [--all] [--json]`."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from guichet.core.errors import RuleViolation
from guichet.core.words import grouped
from guichet.directory.models import StructureKind
from guichet.directory.reference_tables import current_kind
from guichet.orientation.coverage.measures import (
    FRANCE_SERVICES,
    USUAL_MINUTES,
    measure_common_kinds,
    measure_coverage,
)
from guichet.orientation.coverage.page import coverage_in, percent_in_words
from guichet.orientation.models import CoverageMeasure

NO_PLACE = "aucun lieu ouvert n'a de position : rien n'est mesuré"
Outcome = tuple[StructureKind, CoverageMeasure | None]


class Command(BaseCommand):
    help = "Mesure la part de la population proche d'un type de lieu, et garde la mesure."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--kind", metavar="CODE", help=f"type de lieu ({FRANCE_SERVICES} par défaut)"
        )
        parser.add_argument(
            "--minutes", type=int, metavar="N", help=f"limite ({USUAL_MINUTES} par défaut)"
        )
        parser.add_argument(
            "--all", action="store_true", help="France services et tous les types courants"
        )
        parser.add_argument("--json", action="store_true", help="compte rendu en JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["all"] and (options["kind"] or options["minutes"] is not None):
            raise CommandError(
                f"--all mesure les types courants à {USUAL_MINUTES} minutes : "
                "donnez-le sans --kind ni --minutes."
            )
        try:
            outcomes = list(measure_common_kinds()) if options["all"] else [self.one(options)]
        except RuleViolation as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps([as_dict(*one) for one in outcomes], ensure_ascii=False))
        else:
            show(outcomes)

    def one(self, options: dict[str, Any]) -> Outcome:
        code = options["kind"] or FRANCE_SERVICES
        minutes = USUAL_MINUTES if options["minutes"] is None else options["minutes"]
        measure = measure_coverage(code, minutes)
        return StructureKind.objects.get(code=current_kind(code)), measure


def as_dict(kind: StructureKind, measure: CoverageMeasure | None) -> dict[str, Any]:
    if measure is None:
        return {"kind": kind.code, "measured": False, "reason": NO_PLACE}
    nation = coverage_in(measure).nation
    return {
        "kind": kind.code,
        "measured": True,
        "minutes": measure.minutes,
        "places": measure.places,
        "places_without_position": measure.places_without_position,
        "population": nation.population,
        "covered": nation.covered,
        "percent": str(nation.percent),
        "communes": nation.communes,
        "left_out": nation.left_out,
    }


def show(outcomes: list[Outcome]) -> None:
    console = Console()
    table = Table("type", "limite", "lieux", "population couverte", "communes à l'écart")
    unmeasured = []
    for kind, measure in outcomes:
        if measure is None:
            unmeasured.append(kind)
            continue
        nation = coverage_in(measure).nation
        table.add_row(
            kind.label,
            f"{measure.minutes} min",
            grouped(measure.places),
            percent_in_words(nation.percent),
            f"{grouped(nation.left_out)} sur {grouped(nation.communes)}",
        )
    if table.rows:
        console.print(table)
    for kind in unmeasured:
        console.print(f"{kind.label} : {NO_PLACE}.")
