"""The small network of the agents' tests, for the tests of this folder too."""

from __future__ import annotations

from guichet.directory.tests.agents.conftest import (  # noqa: F401
    administrator,
    elsewhere,
    head,
    lead,
    manager,
    network,
    sibling,
    site,
    stranger,
)
