"""A file of observations checked and stored by `guichet submit_batch`, in a process of its own."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.figures import Figure

NETWORK = "bench-lots"
MONTHS = [f"{year}-{month:02}" for year in range(2021, 2026) for month in range(1, 13)]
INDICATORS = 8
FULL_SITES, SMALL_SITES = 10_417, 209
LIMIT_S, LIMIT_BYTES = 60, 1_000_000_000


@dataclass(frozen=True)
class Run:
    rows: int
    spent_s: float
    processor_s: float
    peak_bytes: int
    outcome: str
    faults: int


def figures(*, full: bool) -> list[Figure]:
    sites = FULL_SITES if full else SMALL_SITES
    codes = prepare(sites)
    with tempfile.TemporaryDirectory(prefix="guichet-bench-lots-") as folder:
        path = Path(folder) / "observations.csv"
        write_file(path, codes)
        first = submit(path)
        again = submit(path)
        wrong = Path(folder) / "fautes.csv"
        write_wrong_file(path, wrong)
        refused = submit(wrong)
    assert (first.outcome, again.outcome) == ("accepted", "accepted")
    assert refused.outcome == "refused"
    return [
        figure("checked and stored, nothing before", first, full=full),
        figure("the same file again, compared with what counts", again, full=full),
        figure(f"refused, {refused.faults:,} faults told", refused, full=full),
    ]


def figure(name: str, run: Run, *, full: bool) -> Figure:
    met = run.spent_s < LIMIT_S and run.peak_bytes < LIMIT_BYTES
    return Figure(
        f"batch of {run.rows:,} lines, {name}",
        f"{run.spent_s:.1f} s, peak {run.peak_bytes / 1e6:.0f} MB",
        "60 s, 1 GB" if full else "",
        met if full else None,
        f"whole command, one process, {run.processor_s:.1f} s of processor",
    )


def prepare(sites: int) -> list[str]:
    """A network with its sites and eight monthly indicators; returns the sites' codes."""
    from django.core.management import call_command

    from guichet.directory.models import Network, Structure, StructureKind
    from guichet.indicators.models import Grain, Indicator, IndicatorVersion

    call_command("migrate", verbosity=0)
    network, _ = Network.objects.get_or_create(code=NETWORK, defaults={"name": "Banc d'essai"})
    kind, _ = StructureKind.objects.get_or_create(code="banc", defaults={"label": "Banc"})
    codes = [f"banc-{number:06}" for number in range(sites)]
    Structure.objects.bulk_create(
        [
            Structure(code=code, name=code, kind=kind, network=network, path="0", source="bench")
            for code in codes
        ],
        ignore_conflicts=True,
    )
    for number in range(INDICATORS):
        indicator, _ = Indicator.objects.get_or_create(code=f"banc-{number}")
        version, _ = IndicatorVersion.objects.get_or_create(
            indicator=indicator,
            number=1,
            defaults={"title": "Banc", "public_title": "Banc", "kind": "share"},
        )
        Grain.objects.get_or_create(
            network=network,
            version=version,
            first_period=MONTHS[0],
            defaults={"period_kind": "month", "publication_level": "site"},
        )
    return codes


def write_file(path: Path, codes: list[str]) -> None:
    numbers = random.Random(4)
    wholes = [numbers.randrange(200, 300) for _ in range(1_009)]
    rank = 0
    with path.open("w", encoding="utf-8") as file:
        file.write("indicateur;version;structure;periode;coupe;partie;total\n")
        for month in MONTHS:
            for indicator in range(INDICATORS):
                for code in codes:
                    rank += 1
                    whole = wholes[rank % 1_009]
                    file.write(f"banc-{indicator};1;{code};{month};;{whole - 40};{whole}\n")


def write_wrong_file(source: Path, path: Path) -> None:
    """One line in ten has its part over its whole; one in ten thousand comes twice."""
    with source.open(encoding="utf-8") as lines, path.open("w", encoding="utf-8") as out:
        for number, line in enumerate(lines):
            before, _, total = line.rpartition(";")
            out.write(line if number % 10 or not number else f"{before}0;{total}")
            if number and number % 10_000 == 0:
                out.write(line)


def submit(path: Path) -> Run:
    """Run the command and read its peak of memory."""
    command = [sys.executable, "-m", "guichet", "submit_batch", str(path), "--network", NETWORK]
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+") as out:
        child = subprocess.Popen([*command, "--json"], stdout=out, env=dict(os.environ))
        _, _, usage = os.wait4(child.pid, 0)
        spent_s = time.perf_counter() - started
        child.returncode = 0
        out.seek(0)
        told = json.load(out)
    return Run(
        rows=told["rows"],
        spent_s=spent_s,
        processor_s=usage.ru_utime + usage.ru_stime,
        peak_bytes=usage.ru_maxrss * 1024,
        outcome=told["outcome"],
        faults=told["fault_count"],
    )
