from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from guichet.core.duck import confined, quoted


@pytest.fixture
def allowed(tmp_path: Path) -> Path:
    folder = tmp_path / "allowed, it's"
    folder.mkdir()
    (folder / "rows.csv").write_text("a\n1\n")
    return folder


def test_files_of_named_folders_are_read_and_written(tmp_path: Path, allowed: Path) -> None:
    out = quoted(allowed / "out.parquet")
    with confined(memory="100MB", spill=tmp_path / "spill", folders=[allowed]) as tables:
        tables.execute(f"COPY (FROM read_csv({quoted(allowed / 'rows.csv')})) TO {out}")
        assert tables.execute(f"FROM read_parquet({out})").fetchall() == [(1,)]


def test_what_overflows_goes_into_its_folder(tmp_path: Path) -> None:
    with confined(memory="60MB", spill=tmp_path / "spill", folders=[], threads=2) as tables:
        tables.execute(
            "CREATE TEMP TABLE t AS SELECT i, md5(i::VARCHAR) AS m FROM range(2000000) r(i)"
        )
        assert any((tmp_path / "spill").iterdir())
        assert tables.execute("SELECT count(DISTINCT i) FROM t").fetchall() == [(2_000_000,)]


@pytest.mark.parametrize(
    "statement",
    [
        "FROM read_csv('{elsewhere}')",
        "FROM read_text('{elsewhere}')",
        "COPY (SELECT 1) TO '{elsewhere}.copy'",
        "ATTACH '{elsewhere}.db'",
        "FROM read_csv('https://127.0.0.1:1/rows.csv')",
        "INSTALL httpfs",
        "FROM read_csv('{allowed}/../elsewhere.csv')",
    ],
)
def test_every_other_file_is_refused(tmp_path: Path, statement: str) -> None:
    (tmp_path / "allowed").mkdir()
    elsewhere = tmp_path / "elsewhere.csv"
    elsewhere.write_text("a\n1\n")
    asked = statement.format(elsewhere=elsewhere, allowed=tmp_path / "allowed")
    with (
        confined(memory="60MB", spill=tmp_path / "spill", folders=[tmp_path / "allowed"]) as tables,
        pytest.raises(duckdb.PermissionException),
    ):
        tables.execute(asked)
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["elsewhere.csv"]


def test_limits_cannot_be_lifted(tmp_path: Path) -> None:
    with confined(memory="60MB", spill=tmp_path, folders=[]) as tables:
        for option in ("memory_limit = '9GB'", "enable_external_access = true"):
            with pytest.raises(duckdb.InvalidInputException):
                tables.execute(f"SET {option}")


def test_a_variable_of_the_program_is_no_table(tmp_path: Path) -> None:
    import pyarrow as pa

    secret = pa.table({"a": [1]})
    with (
        confined(memory="60MB", spill=tmp_path, folders=[]) as tables,
        pytest.raises(duckdb.CatalogException),
    ):
        tables.execute("FROM secret")
    assert secret.num_rows == 1
