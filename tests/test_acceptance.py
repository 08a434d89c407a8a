"""`docs/acceptance/*.md`: each bullet of an issue names what shows it, and the tests exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted((ROOT / "docs" / "acceptance").glob("*.md"))
NAMED_TEST = re.compile(r"`((?:guichet|tests)/[\w/]+\.py)(?:::(\w+))?`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_named_tests_exist(page: Path) -> None:
    lost = []
    for name, function in NAMED_TEST.findall(page.read_text(encoding="utf-8")):
        path = ROOT / name
        if not path.is_file():
            lost.append(name)
        elif function and not re.search(rf"^\s*def {function}\(", path.read_text("utf-8"), re.M):
            lost.append(f"{name}::{function}")
    assert lost == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_line_shows_something_or_says_missing(page: Path) -> None:
    rows = [
        line
        for line in page.read_text(encoding="utf-8").splitlines()
        if line.startswith("|") and not re.match(r"\|\s*(-|what)", line)
    ]
    assert rows, "an acceptance page has a table"
    silent = [row for row in rows if not row.split("|")[2].strip()]
    assert silent == []
