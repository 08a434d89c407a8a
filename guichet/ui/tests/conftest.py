"""Where the design system's files and ours are."""

from __future__ import annotations

from pathlib import Path

import dsfr
import pytest

UI = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def design_system() -> Path:
    return Path(dsfr.__file__).parent / "static" / "dsfr" / "dist"


@pytest.fixture(scope="session")
def icon_rules() -> str:
    return (UI / "static" / "ui" / "icons.css").read_text()
