"""The same statements on real Spark, two workers: the same files, the same identity."""

from __future__ import annotations

import random
import shutil
import warnings
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.conf import settings as configured

from guichet.core.periods import PeriodKind
from guichet.indicators.calculations.kinds import Kind
from guichet.indicators.rollup.engines import spark_session
from guichet.indicators.tests.observation_example import EXAMPLE
from guichet.indicators.tests.rollup_cases import (
    definition,
    drawn_case,
    freeze_case,
    frozen_lines,
    grain,
)
from guichet.indicators.tests.test_rollup_example import (
    first_release,
    hashes,
    joined,
    second_release,
)

pytestmark = [
    pytest.mark.ci_only,
    pytest.mark.long,
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]
# Three machines of Java share two cores: none lives long enough to gain by compiling well.
FOR_SHORT_LIVES = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


@pytest.fixture(scope="module")
def spark():
    if not (shutil.which("java") and find_spec("pyspark")):
        pytest.skip("Spark needs Java 17 and requirements/spark.lock: see .ci/run")
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        patch.setattr(configured, "SPARK_MASTER", "local-cluster[2,1,1024]")
        patch.setenv("JDK_JAVA_OPTIONS", FOR_SHORT_LIVES)
        with spark_session() as session:
            session.conf.set("spark.sql.shuffle.partitions", "4")
            yield session


@pytest.mark.django_db
def test_the_example_has_the_same_identity_on_two_workers(spark, settings, tmp_path):
    settings.LAKE = tmp_path / "lake"
    first, second = tmp_path / "first", tmp_path / "second"
    assert (
        hashes(first_release(first, "spark"))
        == (EXAMPLE / "previous" / "expected_hash.txt").read_text()
    )
    assert (
        hashes(second_release(second, first, "spark"))
        == (EXAMPLE / "expected_hash.txt").read_text()
    )
    assert joined(second / "base") == (EXAMPLE / "expected_base.csv").read_text()
    assert spark.sparkContext.master.startswith("local-cluster[2")


CASES = {
    "months of many sites": (grain(), 60),
    "weeks with cuts, published by departement": (
        grain(
            PeriodKind.WEEK,
            cuts=("a", "b"),
            publication_level="departement",
            measured=definition(Kind.DISTRIBUTION),
        ),
        20,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_network_drawn_at_random_has_the_same_files_as_on_duckdb(spark, tmp_path, name):
    shape, sites = CASES[name]
    case = drawn_case(random.Random(name), shape, sites)
    parts = {engine: freeze_case(case, tmp_path / engine, engine) for engine in ("duckdb", "spark")}
    assert parts["spark"] == parts["duckdb"]
    assert hashes(parts["spark"]) == hashes(parts["duckdb"])
    for part in parts["spark"]:
        lines = {
            engine: frozen_lines(Path(tmp_path) / engine / "out", part.year, case.grain)
            for engine in parts
        }
        assert lines["spark"] == lines["duckdb"]
        assert lines["spark"][1]


@pytest.mark.parametrize("engine", ["duckdb", "spark"])
def test_a_sum_that_leaves_64_bits_stops_the_release(spark, tmp_path, engine):
    case = drawn_case(random.Random(1), grain(measured=definition(Kind.COUNT)))
    number, network, source, rows = case.batches[0]
    huge = [(*row[:5], (2**62,)) for row in rows]
    with pytest.raises(Exception, match=r"(?i)overflow|out of range|conversion"):
        freeze_case(replace(case, batches=[(number, network, source, huge)]), tmp_path, engine)
