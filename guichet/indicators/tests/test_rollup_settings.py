"""What says which engine sums."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from guichet.indicators.rollup.engines import engine_name

ROOT = Path(__file__).resolve().parents[3]
PRODUCTION = ROOT / "docs" / "howto" / "production.md"


def test_the_engine_is_that_of_the_installation(settings):
    settings.ENGINE = "spark"
    assert engine_name() == "spark"


def test_each_variable_of_the_engine_is_in_the_table_of_production():
    text = (ROOT / "guichet" / "settings.py").read_text(encoding="utf-8")
    said = PRODUCTION.read_text(encoding="utf-8")
    named = set(re.findall(r'"(GUICHET_(?:ENGINE|SPARK)\w*)"', text))
    assert named == {
        "GUICHET_ENGINE",
        "GUICHET_ENGINE_MEMORY",
        "GUICHET_ENGINE_THREADS",
        "GUICHET_SPARK_MASTER",
    }
    assert all(f"`{name}`" in said for name in named)


def test_an_unknown_engine_stops_the_program():
    found = subprocess.run(
        [sys.executable, "-c", "import guichet.settings"],
        env=os.environ | {"GUICHET_ENGINE": "oracle"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode != 0
    assert "GUICHET_ENGINE doit valoir duckdb ou spark" in found.stderr


def test_statements_hold_integers_only_and_nothing_of_one_engine():
    """No division, no decimal, no cast to an integer but of sums and counts."""
    for path in sorted((ROOT / "guichet" / "indicators" / "rollup" / "sql").glob("*.sql")):
        text = "\n".join(
            line for line in path.read_text().splitlines() if not line.startswith("--")
        )
        assert "/" not in text, path.name
        assert not re.search(r"(?i)decimal|double|float|\bavg\b|::", text), path.name
        casts = re.findall(r"CAST\((\w+)", text)
        assert set(casts) <= {"SUM", "COUNT", "1", "0"}, path.name
