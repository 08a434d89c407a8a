"""The set-up says what is missing and how to mend it, and does nothing a second time."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def set_up(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(ROOT / "scripts" / "setup.sh"), str(tmp_path / "venv"), "absent.lock"],
        cwd=tmp_path,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def test_a_missing_python_is_named_with_what_to_install(tmp_path: Path) -> None:
    told = set_up(tmp_path, PYTHON="python-that-is-absent")
    assert told.returncode == 1
    assert "apt install python3 python3-venv" in told.stderr


def test_an_old_python_is_refused_with_how_to_choose_another(tmp_path: Path) -> None:
    program(tmp_path, "old-python", "exit 1")
    told = set_up(tmp_path, PYTHON=str(tmp_path / "old-python"))
    assert told.returncode == 1
    assert "Python 3.11" in told.stderr
    assert "make setup PYTHON=" in told.stderr


def test_a_full_disk_is_told_before_anything_is_installed(tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    program(tools, "df", "echo header; echo 'disk 100 90 1000 99% /'")
    told = set_up(tmp_path, PATH=f"{tools}:{os.environ['PATH']}")
    assert told.returncode == 1
    assert "1,5 Go" in told.stderr
    assert not (tmp_path / "venv").exists()


def test_packages_that_cannot_be_had_are_told(tmp_path: Path) -> None:
    told = set_up(tmp_path)
    assert told.returncode == 1
    assert "n'ont pas pu être installées" in told.stderr


@pytest.mark.skipif(shutil.which("make") is None, reason="make est absent")
def test_a_second_set_up_does_nothing(tmp_path: Path) -> None:
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    stamp = tmp_path / ".venv" / ".setup-done"
    stamp.parent.mkdir()
    stamp.touch()
    done = subprocess.run(
        ["make", "setup"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "Nothing to be done" in done.stdout or not done.stdout.strip()
