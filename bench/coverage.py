"""The national measure of coverage, on the real France services houses where there are some."""

from __future__ import annotations

import io
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from bench.figures import Figure, milliseconds

HOUSES = "france_services_2020.csv.gz"
PLACES = "guichets_dila_2016.csv.gz"
TARGET_S = 30


def figures(*, full: bool) -> list[Figure]:
    """`full` adds every common kind, on the real places of 2016."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("import_territories", stdout=io.StringIO())
    whose = "real" if loaded(HOUSES, "france-services") else "fictional"
    found = [national(whose), *pages()]
    return [*found, common_kinds()] if full and loaded(PLACES, "dila2016") else found


def loaded(name: str, source: str) -> bool:
    """Whether the real file is there; the demonstration's houses are loaded in its place."""
    from django.core.management import call_command

    shared = os.environ.get("GUICHET_SHARED_DATA")
    path = Path(shared, name) if shared else None
    if path is None or not path.exists():
        call_command("demo", no_serve=True, verbosity=0)
        return False
    quiet = io.StringIO()
    call_command(
        "import_directory", str(path), source=source, keep_going=True, json=True, stdout=quiet
    )
    return True


def national(whose: str) -> Figure:
    from django.db import connection

    from guichet.orientation.coverage.measures import FRANCE_SERVICES, measure_coverage
    from guichet.orientation.coverage.page import coverage_in

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE territories_commune")
        cursor.execute("VACUUM ANALYZE directory_structure")
    spent_s = seconds(lambda: measure_coverage(FRANCE_SERVICES))
    measure = measure_coverage(FRANCE_SERVICES)
    assert measure is not None
    nation = coverage_in(measure).nation
    read_s = seconds(bare_reading)
    name = (
        f"national coverage, {nation.communes:,} communes and {measure.places:,} {whose} houses, "
        "result kept"
    )
    return Figure(
        name,
        f"{spent_s:.2f} s",
        f"{TARGET_S} s",
        spent_s < TARGET_S,
        f"bare reading of the same rows: {read_s:.2f} s; "
        f"result: {nation.percent} % within 30 minutes, {nation.left_out:,} communes left out",
    )


def bare_reading() -> None:
    """The machine's own limit: the same rows, as tuples."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT insee_code, departement_id, population, latitude, longitude, parent_id, "
            "position_source FROM territories_commune"
        )
        cursor.fetchall()
        cursor.execute(
            "SELECT code, latitude, longitude, position_source, source, checked_on, commune_id "
            "FROM directory_structure WHERE kind_id = 'france_services' AND closed_on IS NULL"
        )
        cursor.fetchall()


def pages() -> list[Figure]:
    from django.test import Client

    client = Client(headers={"host": "127.0.0.1"})

    def read(address: str) -> None:
        response = client.get(address)
        assert response.status_code == 200, address
        if response.streaming:
            b"".join(response.streaming_content)  # type: ignore[attr-defined]

    found = []
    for name, address in (
        ("page of the nation", "/orientation/couverture/"),
        ("page of a département", "/orientation/couverture/31/"),
        ("file of the communes left out", "/orientation/couverture/communes.csv"),
    ):
        spent_ms = milliseconds(lambda address=address: read(address), times=10)  # type: ignore[misc]
        found.append(Figure(f"{name}, server time", f"{spent_ms:.0f} ms", "", None))
    return found


def common_kinds() -> Figure:
    from guichet.orientation.coverage.measures import measure_common_kinds

    started = time.perf_counter()
    measures = [measure for _, measure in measure_common_kinds() if measure is not None]
    spent_s = time.perf_counter() - started
    places = sum(measure.places for measure in measures)
    return Figure(
        "every common kind, as each night",
        f"{spent_s:.1f} s",
        "",
        None,
        f"{len(measures)} kinds, {places:,} places",
    )


def seconds(run: Callable[[], object], *, times: int = 5) -> float:
    """Median wall time, after a run that warms the caches."""
    run()
    spans = []
    for _ in range(times):
        started = time.perf_counter()
        run()
        spans.append(time.perf_counter() - started)
    return statistics.median(spans)
