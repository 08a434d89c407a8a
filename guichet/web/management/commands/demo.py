"""`guichet demo`: everything from nothing, then serve."""

from __future__ import annotations

import io
import logging
import os
import shutil
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from guichet.directory.importing import import_structures
from guichet.directory.models import Structure
from guichet.directory.sources import READERS
from guichet.indicators.actions.history import import_barometer
from guichet.indicators.history.reading import edition_file
from guichet.territories.models import Commune
from guichet.web.demo.directions import KIND, hang_real_sites
from guichet.web.demo.observations import make_observations
from guichet.web.demo.orientation import make_orientation
from guichet.web.demo.people import DEPARTEMENTS, make_people
from guichet.web.demo.sites import CHIEF_TOWNS, directions, fictional_sites
from guichet.web.demo.told import make_stories

SMALLEST_POPULATION = 3500
FOLDERS_OF_LAKE = ("batches", "releases", "objects", "posters", "charts", ".open_data")
REAL_FILES = (
    ("dila2016", "guichets_dila_2016.csv.gz"),
    ("france-services", "france_services_2020.csv.gz"),
)


class Command(BaseCommand):
    help = "Base de données, données de démonstration, puis le site sur http://127.0.0.1:8000."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-serve", action="store_true", help="prépare tout sans servir")
        parser.add_argument("--reset", action="store_true", help="efface tout et recommence")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("La démonstration ne s'installe pas en production.")
        settings.DEMONSTRATION = True
        address = f"http://127.0.0.1:{options['port']}"
        if not os.environ.get("GUICHET_PUBLIC_URL"):
            settings.PUBLIC_URL = address
        if options["reset"]:
            self.step("Effacement", forget_everything)
        self.step("Base de données", lambda: call_command("migrate", verbosity=0))
        self.step("Communes de France", load_territories)
        real_files = found_real_files()
        self.step("Lieux de démonstration", partial(load_fictional_sites, few=bool(real_files)))
        for source, path in real_files:
            self.step(f"Lieux réels ({path.name})", partial(load_real, source, path))
        if real_files:
            self.step("Directions départementales", hang_real_sites)
        logins = make_people()
        self.step("Questions et couverture", make_orientation)
        self.step("Récits et réponses", partial(make_stories, self.show))
        if settings.SHARED_DATA is not None:
            self.step("Historique du baromètre", partial(load_history, settings.SHARED_DATA))
        self.step("Observations et éditions", make_observations)
        self.stdout.write(
            "\nIdentifiants de démonstration (code à usage unique, lu sur la page du courrier) :"
        )
        for login, purpose in logins:
            self.stdout.write(f"  {login.email:<28} {purpose}")
        self.stdout.write(f"\n  Site      {address}/")
        self.stdout.write(f"  Agents    {address}/agents/")
        self.stdout.write(f"  Courrier  {address}/agents/demo/courrier/\n")
        if not options["no_serve"]:
            os.environ["GUICHET_DEMO"] = "1"
            call_command("serve", port=options["port"])

    def show(self, words: str) -> None:
        """At once, on the line of the step."""
        self.stdout.write(words, ending="")
        self.stdout.flush()

    def step(self, name: str, run: Any) -> None:
        self.show(f"{name}… ")
        started = timezone.now()
        with quiet_logs():
            outcome = run()
        seconds = (timezone.now() - started).total_seconds()
        self.stdout.write(f"{outcome or 'fait'} ({seconds:.0f} s)")


@contextmanager
def quiet_logs() -> Iterator[None]:
    """Lines of the logs of what goes well would stand among those of the steps."""
    logger = logging.getLogger("guichet")
    before = logger.level
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.setLevel(before)


def forget_everything() -> None:
    """The database, and what it alone gives sense to in the lake."""
    empty_database()
    for name in FOLDERS_OF_LAKE:
        shutil.rmtree(settings.LAKE / name, ignore_errors=True)


def empty_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")


def load_territories() -> str:
    if not Commune.objects.exists():
        call_command("import_territories", stdout=io.StringIO())
    return f"{Commune.objects.count()} communes et arrondissements"


def found_real_files() -> list[tuple[str, Path]]:
    """The real sources beside the project, if any: they take the place of most fiction."""
    if settings.SHARED_DATA is None:
        return []
    paths = [(source, settings.SHARED_DATA / name) for source, name in REAL_FILES]
    return [(source, path) for source, path in paths if path.exists()]


def load_fictional_sites(*, few: bool) -> str:
    """Everywhere in France, or (`few`) only where the people of the demonstration work, and the
    directions that real sites will stand under."""
    communes = Commune.objects.finest().select_related("departement")
    chief_towns = communes.filter(insee_code__in=CHIEF_TOWNS)
    wanted = communes.filter(population__gte=SMALLEST_POPULATION) | chief_towns
    elsewhere = chief_towns.none()
    if few:
        wanted = wanted.filter(departement__in=DEPARTEMENTS)
        elsewhere = chief_towns.exclude(departement__in=DEPARTEMENTS).order_by("insee_code")
    checked_on = timezone.localdate() - timedelta(days=20)
    report = import_structures(
        chain(
            fictional_sites(wanted.order_by("-population", "insee_code"), checked_on=checked_on),
            directions(KIND, elsewhere, checked_on=checked_on),
        ),
        source="demonstration",
        allow_closures=True,
    )
    if report.refusal:
        raise CommandError(report.refusal)
    return f"{Structure.objects.filter(is_fictional=True).count()} lieux fictifs"


def load_real(source: str, path: Path) -> str:
    report = import_structures(
        READERS[source].read(str(path)), source=source, file_name=path.name, keep_going=True
    )
    return f"{report.counts['created'] + report.counts['unchanged']} lieux"


def load_history(folder: Path) -> str:
    """The barometer's real values, where its files are."""
    if not (folder / edition_file()).exists():
        return "absent"
    report = import_barometer(folder)
    if report.faults:
        raise CommandError("\n".join(str(fault) for fault in report.faults[:20]))
    return f"{report.read} valeurs déclarées"
