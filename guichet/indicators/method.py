"""What makes two computations the same: the versions of the method, of its rows, of its figures.

Owns the three numbers that digests of parts hold; a number that stays lets earlier files be reused.
"""

from __future__ import annotations

METHOD_VERSION = "1"
"""Of `docs/methods/observation.md`, as manifests say it: another when a rule changes."""
ROWS_VERSION = "1"
"""Another each time that the roll-up gives other rows for the same inputs."""
FIGURES_VERSION = 2
"""One more each time that the code of figures gives another text for the same rows."""
