"""French keeps « : ; ? ! » and the inside of « » on the line of their word: insecable spaces."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

APPS = Path(__file__).resolve().parents[1] / "guichet"
HELD = sorted(str(one.relative_to(APPS)) for one in APPS.glob("*/templates"))
PLAIN_SPACE = re.compile(r"(?<=\S) (?=[»:;?!](?!=))|(?<=«) (?=\S)")


def breakable(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.strip()[:120] for line in lines if PLAIN_SPACE.search(line)]


@pytest.mark.parametrize("folder", HELD)
def test_no_line_may_break_before_a_mark_of_punctuation(folder):
    paths = [one for one in sorted((APPS / folder).rglob("*")) if one.suffix in {".html", ".txt"}]
    assert paths
    found = {str(one.relative_to(APPS)): bad for one in paths if (bad := breakable(one))}
    assert not found
