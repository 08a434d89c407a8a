"""Posters on the network of the bench of pages (3,000 sites, sixty months, eight indicators): one,
drawn beside as the button does, and a ZIP of many, made in a process of its own whose memory is
measured."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from bench.figures import Figure, milliseconds

NETWORK, SITE = "banc-0", "site-0-0"
POSTERS = {False: 300, True: 15_000}
TARGET_MS = 150
TARGET_MB = 500


def figures(*, full: bool) -> list[Figure]:
    from django.core.management import call_command

    from guichet.directory.models import Network

    call_command("migrate", verbosity=0)
    if not Network.objects.filter(code=NETWORK).exists():
        from bench.results_pages import fill

        call_command("import_territories", verbosity=0)
        fill()
    return [*one_poster(), archive_figure(POSTERS[full])]


def one_poster() -> list[Figure]:
    from guichet.publication.posters.content import poster_of, structure_for_poster
    from guichet.publication.posters.drawing import FORMATS, Format, draw_pdf, draw_pdf_apart

    def made(paper: Format, draw: Callable[[Any, Format], bytes] = draw_pdf_apart) -> bytes:
        structure = structure_for_poster(SITE)
        assert structure is not None
        return draw(poster_of(structure), paper)

    made("A4", draw_pdf)
    started = time.perf_counter()
    made("A4")
    first_ms = (time.perf_counter() - started) * 1000
    first = f"{first_ms:.0f} ms after a minute without any, while its process starts"
    found: list[Figure] = []
    for paper in FORMATS:
        size_kb = len(made(paper)) / 1024
        spent_ms = milliseconds(partial(made, paper))
        inside_ms = milliseconds(partial(made, paper, draw_pdf), clock=time.process_time)
        beside = f"{inside_ms:.0f} ms of processor when drawn inside; {size_kb:.0f} kB"
        found.append(
            Figure(
                f"a poster, {paper}, figures read and PDF drawn beside",
                f"{spent_ms:.0f} ms",
                f"{TARGET_MS} ms",
                spent_ms < TARGET_MS,
                beside if found else f"{beside}; {first}",
            )
        )
    return found


def archive_figure(count: int) -> Figure:
    done = subprocess.run(
        [sys.executable, "-m", "bench.results_posters", str(count)],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ,
    )
    told = json.loads(done.stdout.splitlines()[-1])
    peak_mb = told["peak_kb"] / 1024
    return Figure(
        f"a ZIP of {count:,} posters",
        f"{told['spent_s']:.0f} s, {peak_mb:.0f} MB at most",
        f"bounded memory ({TARGET_MB} MB)",
        peak_mb < TARGET_MB,
        f"{told['zip_mb']:.0f} MB; {told['base_kb'] / 1024:.0f} MB before the first poster",
    )


def make_archive(count: int) -> dict[str, float]:
    """Draw `count` posters of the network into a ZIP; its sites again as often as needed."""
    from guichet.directory.models import Network
    from guichet.publication.actions import poster_archives
    from guichet.publication.models import PosterArchive
    from guichet.publication.published.queries import current_release

    release = current_release()
    assert release is not None
    archive = PosterArchive.objects.create(
        network=Network.objects.get(code=NETWORK), release_name=release.name, total=count
    )
    streamed = poster_archives.streamed

    def again(sites: Any) -> Iterator[Any]:
        drawn = 0
        while drawn < count:
            for structure in streamed(sites):
                if drawn >= count:
                    return
                drawn += 1
                yield structure

    poster_archives.streamed = again
    base_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "posters.zip"
        poster_archives.write_zip(archive, path)
        size = path.stat().st_size
    archive.delete()
    return {
        "spent_s": time.perf_counter() - started,
        "peak_kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        "base_kb": base_kb,
        "zip_mb": size / 1e6,
    }


if __name__ == "__main__":
    import warnings

    import django

    warnings.filterwarnings("ignore", message="Duplicate name")
    django.setup()
    print(json.dumps(make_archive(int(sys.argv[1]))))
