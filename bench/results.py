"""From observations to pages: roll-up, figures, batches, pages, posters, a whole edition, one
subject after the other."""

from __future__ import annotations

import importlib
import importlib.util

from bench.figures import Figure

SUBJECTS = ("rollup", "figures", "batches", "pages", "posters", "publication")


def figures(*, full: bool) -> list[Figure]:
    found: list[Figure] = []
    for subject in SUBJECTS:
        name = f"bench.results_{subject}"
        if importlib.util.find_spec(name):
            found += importlib.import_module(name).figures(full=full)
    return found
