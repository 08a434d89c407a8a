"""An edition of national size, by the real actions: published, corrected, then recomputed.

Structures and batches are put straight in the database and the lake. `python -m
bench.results_publication NAME` publishes in a process of its own, and prints what each stage took;
its peak of memory is read stage by stage (`/proc/self/clear_refs`), PostgreSQL's left out.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from bench.figures import Figure

NETWORK = "bench-edition"
INDICATORS, SAMPLES = 8, 2
"""The last ones are samples, with few answers in one site of twenty: their cells are pooled."""
FULL_SITES, SMALL_SITES = 90_000, 2_000
YEAR = 2025
MONTHS = [f"{YEAR}-{month:02}" for month in range(1, 13)]
THROUGH, FROZEN_ON = date(YEAR, 12, 31), date(YEAR + 1, 1, 15)
FIRST, CORRECTED = "banc", "banc-corrigee"
LIMIT_S, LIMIT_BYTES = 3_600, 8e9
STAGES = {
    "Lecture": "structures, grains and batches read",
    "Sommes": "sums, by part",
    "Chiffres": "figures, comparisons and changes",
    "Corrections": "corrections",
    "Écriture": "folder written",
    "Chargement": "loading in PostgreSQL and switch",
}


@dataclass(frozen=True)
class Step:
    spent_s: float
    peak_bytes: int
    processor_s: float

    def __str__(self) -> str:
        return (
            f"{self.spent_s:.1f} s ({self.processor_s:.0f} s of processor), "
            f"peak {self.peak_bytes / 1e6:,.0f} MB"
        )

    @property
    def is_reasonable(self) -> bool:
        return self.spent_s < LIMIT_S and self.peak_bytes < LIMIT_BYTES


def figures(*, full: bool) -> list[Figure]:
    from guichet.publication.models import Release
    from guichet.publication.releasing.leftovers import folder_of

    sites = FULL_SITES if full else SMALL_SITES
    prepare(sites)
    first = published(FIRST)
    made = Release.objects.get(name=FIRST)
    correct_one_site()
    again = published(CORRECTED)
    folder = folder_of(FIRST)
    ours = ran([sys.executable, "-m", "guichet", "verify_release", FIRST])
    theirs = ran([sys.executable, str(folder / "verify.py"), "--quiet", str(folder)])
    size_gb = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e9
    name = f"{sites:,} sites × {INDICATORS} indicators × {len(MONTHS)} months"
    beside = f"{made.row_count:,} published rows, {size_gb:.1f} GB of files"
    return [
        figure(f"publish_release, {name}", whole(first), beside, full=full),
        *(
            Figure(f"… {words}", str(first[stage]), "", None)
            for stage, words in STAGES.items()
            if stage in first
        ),
        figure("publish_release, one site corrected since", whole(again), told(again), full=full),
        figure("verify_release, from the batches on", ours, "", full=full),
        figure("python3 verify.py", theirs, "standard library only", full=full),
    ]


def figure(name: str, step: Step, beside: str, *, full: bool) -> Figure:
    target, met = ("an hour, 8 GB", step.is_reasonable) if full else ("", None)
    return Figure(name, str(step), target, met, beside)


def whole(stages: dict[str, Step]) -> Step:
    steps = stages.values()
    return Step(
        sum(s.spent_s for s in steps),
        max(s.peak_bytes for s in steps),
        sum(s.processor_s for s in steps),
    )


def told(stages: dict[str, Step]) -> str:
    return "; ".join(f"{STAGES[stage]}: {step.spent_s:.1f} s" for stage, step in stages.items())


def ran(command: Sequence[str]) -> Step:
    """A command that must succeed, with no more memory than its own: a child starts with the peak
    of its parent, so the parent is a bare Python."""
    launcher = [sys.executable, "-S", "-c", LAUNCHER, *command]
    done = subprocess.run(launcher, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])
    return Step(*json.loads(done.stdout.splitlines()[-1]))


LAUNCHER = """
import resource, subprocess, sys, time
started = time.perf_counter()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
spent_s = time.perf_counter() - started
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print([spent_s, usage.ru_maxrss * 1024, usage.ru_utime + usage.ru_stime])
"""


def published(name: str) -> dict[str, Step]:
    command = [sys.executable, "-m", "bench.results_publication", name]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    stages = json.loads(done.stdout.splitlines()[-1])
    return {stage: Step(*step) for stage, step in stages.items()}


def publish(name: str) -> dict[str, tuple[float, int, float]]:
    """Seconds, peak and seconds of processor of each stage, told apart by the first word of what
    is said."""
    from guichet.publication.actions.releases import publish_release

    spent: dict[str, float] = defaultdict(float)
    peaks: dict[str, int] = defaultdict(int)
    processor: dict[str, float] = defaultdict(float)
    now, since, worked = "Lecture", time.perf_counter(), time.process_time()

    def say(sentence: str) -> None:
        nonlocal now, since, worked
        spent[now] += time.perf_counter() - since
        processor[now] += time.process_time() - worked
        peaks[now] = max(peaks[now], peak_bytes())
        now, since, worked = sentence.split()[0], time.perf_counter(), time.process_time()
        forget_peak()

    publish_release(name=name, through=THROUGH, frozen_on=FROZEN_ON, progress=say)
    say("Fin")
    return {stage: (spent[stage], peaks[stage], processor[stage]) for stage in spent}


def peak_bytes() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024
    return 0


def forget_peak() -> None:
    """Where the system refuses, peaks only grow from stage to stage."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def prepare(sites: int) -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("import_territories", verbosity=0)
    network = make_definitions()
    make_structures(network, sites)
    with tempfile.TemporaryDirectory(prefix="guichet-bench-edition-") as folder:
        for number, month in enumerate(MONTHS, start=1):
            path = Path(folder) / f"{number}.parquet"
            write_rows(path, sites, month)
            accept(network, number, path, month)


def correct_one_site() -> None:
    from guichet.directory.models import Network

    with tempfile.TemporaryDirectory(prefix="guichet-bench-edition-") as folder:
        path = Path(folder) / "correction.parquet"
        write_rows(path, 1, MONTHS[5], indicators=1, beside=1)
        accept(Network.objects.get(code=NETWORK), len(MONTHS) + 1, path, MONTHS[5], indicators=1)


def make_definitions() -> Any:
    from guichet.directory.models import Network
    from guichet.indicators.models import Grain, Indicator, IndicatorVersion

    network = Network.objects.create(code=NETWORK, name="Réseau du banc")
    for rank in range(1, INDICATORS + 1):
        version = IndicatorVersion.objects.create(
            indicator=Indicator.objects.create(code=code_of(rank)),
            title=f"Indicateur de banc {rank}",
            public_title=f"Indicateur de banc {rank}",
            kind="share",
            nature="sample" if rank > INDICATORS - SAMPLES else "census",
            margin=3,
            minimum=10,
        )
        Grain.objects.create(
            network=network,
            version=version,
            period_kind="month",
            first_period=MONTHS[0],
            publication_level="site",
        )
    return network


def code_of(rank: int) -> str:
    return f"banc-edition-{rank}"


def make_structures(network: Any, sites: int) -> None:
    """A root, an office for each département, and sites spread over the communes of the country."""
    from guichet.directory.models import Structure, StructureKind
    from guichet.territories.models import Commune

    kind = StructureKind.objects.create(code="banc-edition", label="Guichet de banc")
    communes = list(Commune.objects.order_by("insee_code").values_list("pk", "departement_id"))
    first = (Structure.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1

    def structure(pk: int, code: str, level: str, above: str, **more: Any) -> Structure:
        return Structure(
            pk=pk,
            code=code,
            name=code,
            search_name=code.lower(),
            kind=kind,
            network=network,
            level=level,
            path=f"{above}.{pk}" if above else str(pk),
            source="bench",
            **more,
        )

    root = structure(first, NETWORK, "national", "")
    offices: dict[str, Structure] = {}
    for pk, departement in communes:
        if departement not in offices:
            rank = first + 1 + len(offices)
            offices[departement] = structure(
                rank,
                f"BE-{departement}",
                "departement",
                str(root.path),
                commune_id=pk,
                parent_id=root.pk,
            )
    Structure.objects.bulk_create([root, *offices.values()])
    begin = first + 1 + len(offices)
    rows = []
    for rank in range(sites):
        commune, departement = communes[rank * 7919 % len(communes)]
        office = offices[departement]
        rows.append(
            structure(
                begin + rank,
                f"BE{rank:06}",
                "site",
                str(office.path),
                commune_id=commune,
                parent_id=office.pk,
            )
        )
    Structure.objects.bulk_create(rows, batch_size=2000)


def write_rows(
    path: Path, sites: int, month: str, *, indicators: int = INDICATORS, beside: int = 0
) -> None:
    """Rows as an accepted batch keeps them, one in 200 missing; `beside` is added to parts."""
    census = INDICATORS - SAMPLES
    whole = (
        f"CASE WHEN k <= {census} THEN 100 + hash(structure, k, '{month}') % 900 "
        f"WHEN hash(structure) % 20 = 0 THEN 5 + hash(structure, k, '{month}') % 40 "
        f"ELSE 20 + hash(structure, k, '{month}') % 200 END"
    )
    empty = ", ".join(f"NULL::BIGINT AS c{rank}" for rank in range(3, 13))
    kept = "true" if beside else f"hash(structure, k, '{month}', 1) % 200 > 0"
    with duckdb.connect() as tables:
        names = pa.table({"structure": [f"BE{rank:06}" for rank in range(sites)]})
        tables.register("sites", names)
        tables.execute(
            "COPY (SELECT row_number() OVER () + 1 AS line, 'banc-edition-' || k AS indicator, "
            f"1::INTEGER AS version, structure, '{month}' AS period, '' AS cut, "
            f"(n * (50 + hash(structure, k, '{month}', 2) % 45) // 100 + {beside})::BIGINT AS c1, "
            f"n::BIGINT AS c2, {empty} FROM (SELECT structure, k, {whole} AS n FROM sites, "
            f"(SELECT unnest(range(1, {indicators + 1})) AS k)) WHERE {kept} "
            f"ORDER BY structure, k) TO '{path}' (COMPRESSION zstd)"
        )


def accept(
    network: Any, number: int, path: Path, month: str, *, indicators: int = INDICATORS
) -> None:
    """The batch as `confirm_batch` leaves it."""
    from guichet.indicators import lake
    from guichet.indicators.models import Batch
    from guichet.indicators.models.batches import Outcome

    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    ((rows,),) = duckdb.sql(f"SELECT count(*) FROM '{path}'").fetchall()
    target = lake.root() / lake.rows_name(number)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(path, target)
    Batch.objects.create(
        number=number,
        network=network,
        file_name=path.name,
        sha256=digest,
        outcome=Outcome.ACCEPTED,
        row_count=rows,
        rows_file=lake.rows_name(number),
        rows_sha256=digest,
        contents=[[code_of(rank), 1, month, 0] for rank in range(1, indicators + 1)],
    )


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(publish(sys.argv[1])))
