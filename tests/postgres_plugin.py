"""Pytest plug-in, loaded by `-p` before pytest-django reads the settings: one PostgreSQL a run."""

from __future__ import annotations

import atexit
import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

_server = ExitStack()
os.environ.setdefault(
    "GUICHET_HOME", str(Path(tempfile.gettempdir()) / f"guichet-tests-{os.getuid()}")
)

os.environ.setdefault("GUICHET_LOAD_PROCEDURES", "0")
os.environ.setdefault(
    "GUICHET_ERASURES", _server.enter_context(tempfile.TemporaryDirectory(prefix="guichet-log-"))
)
atexit.register(_server.close)

if "GUICHET_DATABASE_URL" not in os.environ:
    os.environ.setdefault("GUICHET_POSTGRES_UNSAFE_SPEED", "1")
    from guichet.core.postgres import embedded_postgres

    os.environ["GUICHET_DATABASE_URL"] = _server.enter_context(
        embedded_postgres(Path(os.environ["GUICHET_HOME"]))
    )
