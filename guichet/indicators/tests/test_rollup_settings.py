"""What says which engine sums."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from unittest.mock import Mock

import pytest

from guichet.core.errors import RuleViolation
from guichet.indicators.rollup.engines import engine_name, spark_session

ROOT = Path(__file__).resolve().parents[3]
PRODUCTION = ROOT / "docs" / "howto" / "production.md"


def test_the_engine_is_that_of_the_installation(settings):
    settings.ENGINE = "spark"
    assert engine_name() == "spark"


class SparkError(Exception):
    pass


@pytest.fixture
def start(monkeypatch):
    """The start of a session of Spark, without Spark."""
    spark = Mock(**{"getActiveSession.return_value": None})
    builder = spark.builder.master.return_value.appName.return_value
    builder.config.return_value = builder
    for name, content in {
        "py4j": {},
        "py4j.protocol": {"Py4JError": SparkError},
        "pyspark": {},
        "pyspark.errors": {"PySparkException": SparkError},
        "pyspark.sql": {"SparkSession": spark},
    }.items():
        module = ModuleType(name)
        vars(module).update(content)
        monkeypatch.setitem(sys.modules, name, module)
    for name in ("SPARK_LOCAL_IP", "SPARK_LOCAL_HOSTNAME"):
        monkeypatch.setenv(name, "127.0.0.1")
    return builder.getOrCreate


@pytest.mark.parametrize("failure", [SparkError(), FileNotFoundError("java"), RuntimeError()])
def test_spark_that_does_not_start_says_what_it_needs(start, failure):
    start.side_effect = failure
    with pytest.raises(RuleViolation, match="Java 17"), spark_session():
        pass


def test_a_fault_of_the_program_never_passes_for_missing_java(start):
    start.side_effect = AttributeError("config")
    with pytest.raises(AttributeError), spark_session():
        pass


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
