"""Import, search and pages of the directory, on the real rows where there are some."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.figures import Figure, milliseconds

LILLE = (50.6319, 3.0575)
REAL = "guichets_dila_2016.csv.gz"


def figures(*, full: bool) -> list[Figure]:
    """`full` adds the making of a demonstration from nothing."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("import_territories", verbosity=0)
    found = [*imports(), *nearest_figures(), *pages()]
    return [*found, demonstration()] if full else found


def imports() -> list[Figure]:
    shared = os.environ.get("GUICHET_SHARED_DATA")
    path = Path(shared, REAL) if shared else None
    if path is None or not path.exists():
        load_fiction()
        return [Figure("import", "real rows absent", "60 s", None)]
    copied_s = bare_copy_s(path)
    first_s, peak_mb = timed_import(path)
    again_s, _ = timed_import(path)
    return [
        Figure(
            "import of 62,138 real rows",
            f"{first_s:.1f} s",
            "60 s",
            first_s < 60,
            f"bare COPY of the same rows, no index: {copied_s:.1f} s",
        ),
        Figure("its peak memory", f"{peak_mb:.0f} MB", "600 MB", peak_mb < 600),
        Figure(
            "unchanged re-import",
            f"{again_s:.1f} s",
            "3 times faster",
            again_s * 3 <= first_s,
            f"{first_s / again_s:.1f} times faster",
        ),
    ]


def timed_import(path: Path) -> tuple[float, float]:
    """Wall seconds and peak megabytes of the command, in its own process."""
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "guichet", "import_directory", str(path), "--format", "dila2016"],
        check=True,
        capture_output=True,
    )
    seconds = time.perf_counter() - started
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def bare_copy_s(path: Path) -> float:
    """The machine's own limit: PostgreSQL reading the same lines into a table without index."""
    import gzip

    from django.db import connection

    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE bare (line text)")
        with (
            gzip.open(path, "rt", encoding="utf-8") as lines,
            cursor.copy("COPY bare FROM STDIN") as copy,
        ):
            for line in lines:
                copy.write_row([line])
        cursor.execute("DROP TABLE bare")
    return time.perf_counter() - started


def load_fiction() -> None:
    from django.core.management import call_command

    call_command("demo", no_serve=True, verbosity=0)


def nearest_figures() -> list[Figure]:
    from django.db import connection

    from guichet.directory.models import Structure
    from guichet.directory.nearby import Point, nearest

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE directory_structure")
    mairies = Structure.objects.receiving_public().filter(kind="mairie")
    wanted = nearest(mairies, Point(*LILLE), limit=20)
    sql, parameters = wanted.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT TEXT) {sql}", parameters)
        plan = [line for (line,) in cursor.fetchall()]
    executed_ms = float(next(line for line in plan if "Execution Time" in line).split()[-2])
    index = next(
        (word for line in plan for word in line.split() if "structure_nearest" in word), ""
    )
    whole_ms = milliseconds(lambda: list(nearest(mairies, Point(*LILLE), limit=20)))
    return [
        Figure(
            "nearest 20 of a kind, in the database",
            f"{executed_ms:.2f} ms",
            "5 ms",
            executed_ms < 5,
            f"index {index}; whole call, its rows included: {whole_ms:.1f} ms",
        )
    ]


def pages() -> list[Figure]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from guichet.directory.models import Structure

    client = Client(headers={"host": "127.0.0.1"})
    code = Structure.objects.receiving_public().filter(kind="mairie").latest("pk").code
    measured = []
    for name, address, target_ms, target_queries in (
        ("structure page", f"/services/{code}/", 40, 8),
        ("list page", "/services/?quoi=mairie&ou=lille", None, None),
        ("open now, near", "/services/?ou=lille&ouvert=1", None, None),
        ("API, nearest of a kind", "/api/v1/structures?near=50.63,3.06&type=mairie", None, None),
        ("API, communes", "/api/v1/communes?q=saint-denis", None, None),
    ):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200, address
        count = len(queries)
        spent_ms = milliseconds(lambda address=address: client.get(address))  # type: ignore[misc]
        met = None
        target = ""
        if target_ms:
            target = f"{target_ms} ms, {target_queries} queries"
            met = spent_ms < target_ms and count <= (target_queries or 0)
        measured.append(
            Figure(f"{name}, server time", f"{spent_ms:.0f} ms, {count} queries", target, met)
        )
    return measured


def demonstration() -> Figure:
    """`make demo` up to serving, in a fresh clone without its virtual environment."""
    root = Path(__file__).resolve().parents[1]
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GUICHET_", "DJANGO_")) and name != "VIRTUAL_ENV"
    }
    with tempfile.TemporaryDirectory(prefix="guichet-demo-") as folder:
        clone = Path(folder, "clone")
        subprocess.run(["git", "clone", "--quiet", str(root), str(clone)], check=True)
        started = time.perf_counter()
        subprocess.run(
            ["make", "setup"], cwd=clone, env=environment, check=True, capture_output=True
        )
        set_up_s = time.perf_counter() - started
        subprocess.run(
            [str(clone / ".venv" / "bin" / "guichet"), "demo", "--no-serve"],
            cwd=clone,
            env=environment,
            check=True,
            capture_output=True,
        )
        seconds = time.perf_counter() - started
    beside = f"of which the virtual environment: {set_up_s:.0f} s"
    name = "`make demo` from a fresh clone to serving, warm package cache"
    return Figure(name, f"{seconds:.0f} s", "240 s", seconds < 240, beside)
