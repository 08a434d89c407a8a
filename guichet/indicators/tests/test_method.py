"""Statements that change come with a new version of rows, or earlier rows would be reused."""

from __future__ import annotations

import hashlib

from guichet.indicators.method import ROWS_VERSION
from guichet.indicators.rollup.statements import FOLDER

STATEMENTS = {"1": "ab9a2aebc078a45865fbfad1aec931304e88752a69b5323c5b450d56abea0c5d"}
"""By version of rows, the SHA-256 of the statements. Changed statements that give the same rows
for any inputs take the place of those of their version; others need a new version, here and in
`guichet/indicators/method.py`."""


def statements() -> bytes:
    """All of them by name, without their comments."""
    paths = sorted(FOLDER.glob("*.sql"))
    lines = [line for path in paths for line in (path.name, *path.read_text("utf-8").splitlines())]
    return "\n".join(line for line in lines if line.strip() and not line.startswith("--")).encode()


def test_changed_statements_need_a_new_version_of_rows():
    assert STATEMENTS[ROWS_VERSION] == hashlib.sha256(statements()).hexdigest()
