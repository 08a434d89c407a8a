"""`make bench`: a few minutes, in a database of its own. `--full NAME`: one subject at full size.

Writes what it prints into `docs/benchmarks.md`.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import tempfile
from datetime import date
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
SMALL = (
    "directory",
    "coverage",
    "orientation",
    "results",
    "experiences",
    "answering",
    "detection",
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--full", metavar="NAME", default="")
    full = parser.parse_args().full
    from guichet.core.postgres import embedded_postgres

    with tempfile.TemporaryDirectory(prefix="guichet-bench-") as folder:
        os.environ["GUICHET_HOME"] = folder
        os.environ["GUICHET_LOG_LEVEL"] = "WARNING"
        with embedded_postgres(Path(folder)) as url:
            os.environ["GUICHET_DATABASE_URL"] = url
            os.environ["DJANGO_SETTINGS_MODULE"] = "guichet.settings"
            import django

            django.setup()
            for name in [full] if full else SMALL:
                run(name, full=bool(full))


def run(name: str, *, full: bool) -> None:
    from bench.figures import table
    from bench.machine import commit, description

    try:
        subject = importlib.import_module(f"bench.{name}")
    except ModuleNotFoundError:
        sys.exit(f"No bench is called {name}: see the modules of bench/.")
    text = (
        f"## {name}{' (full size)' if full else ''}\n\n"
        f"{date.today():%Y-%m-%d}, commit {commit()}. {description()}.\n\n"  # noqa: DTZ011
        f"{table(subject.figures(full=full))}\n"
    )
    print(text)
    keep(name, full=full, text=text)


def keep(name: str, *, full: bool, text: str) -> None:
    """Replace the section of this subject in the page."""
    title = "# Benchmarks\n\nThe last run of `make bench` and `make bench-full NAME=…`.\n"
    sections = PAGE.read_text(encoding="utf-8").split("\n## ") if PAGE.exists() else [title]
    heading = text.removeprefix("## ").splitlines()[0]
    kept = [part for part in sections[1:] if part.splitlines()[0] != heading]
    parts = sorted([*kept, text.removeprefix("## ").rstrip("\n")])
    page = sections[0].rstrip("\n") + "\n" + "".join(f"\n## {part.rstrip()}\n" for part in parts)
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
