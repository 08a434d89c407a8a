"""The structure that the design promises, held by tests besides import-linter's contracts."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import ForeignKey

ROOT = Path(__file__).resolve().parents[1]
LAYERS = [
    "core",
    "ui",
    "accounts",
    "territories",
    "directory",
    "indicators",
    "orientation",
    "moderation",
    "experiences",
    "publication",
    "web",
]
LONGEST_FILE = 800


def tracked(*patterns: str) -> list[Path]:
    """The project's own files; everything in the folder where git is absent."""
    found = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode == 0:
        return [path for line in found.stdout.splitlines() if (path := ROOT / line).is_file()]
    return [path for pattern in patterns for path in ROOT.rglob(pattern.lstrip("*/"))]


def test_no_foreign_key_points_upward() -> None:
    rank = {label: index for index, label in enumerate(LAYERS)}
    upward = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in rank
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey)
        and field.related_model._meta.app_label in rank
        and rank[field.related_model._meta.app_label] > rank[model._meta.app_label]
    ]
    assert upward == []


def test_every_app_of_ours_has_a_layer() -> None:
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("guichet.")}
    assert ours - {"staticfiles"} == set(LAYERS)


def test_no_file_that_is_written_by_hand_is_too_long() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked("*.py", "*.html", "*.js", "*.css", "*.sh")
        if path.parent.name != "migrations"
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert long == {}


def test_every_module_of_the_largest_app_has_its_place_in_the_document() -> None:
    section = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    section = section.partition("## Inside `directory`")[2].partition("\n## ")[0]
    named = set(re.findall(r"`(\w+)/?`", section))
    folder = ROOT / "guichet" / "directory"
    modules = {
        path.stem
        for path in folder.iterdir()
        if (path.suffix == ".py" or (path / "__init__.py").is_file())
        and path.stem not in {"__init__", "tests", "migrations", "management"}
        and not path.stem.startswith("urls_")
    }
    assert modules - named == set()
    assert {name for name in named - modules if not (folder / name).is_dir()} == {"web"}


def test_no_name_says_nothing() -> None:
    """Banned by the style: words that any code could bear."""
    banned = re.compile(r"(^|_)(utils?|helpers?|managers?|services?|misc|common)(_|$)")
    named_so = [
        str(path.relative_to(ROOT))
        for path in tracked("guichet/**/*.py", "guichet/*.py")
        if "tests" not in path.parts and banned.search(path.stem) and path.stem != "france_services"
    ]
    assert named_so == []


def test_pages_are_served_without_what_computes_figures() -> None:
    """A web process that loads these libraries takes 100 MB more; a file sent loads them."""
    heavy = ["duckdb", "numpy", "openpyxl", "pyarrow", "spacy"]
    program = (
        "import sys, guichet.wsgi; from django.urls import get_resolver; "
        f"get_resolver().url_patterns; print(sorted(set({heavy}) & set(sys.modules)))"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "guichet.settings"}
    said = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "pattern", [r"/(?:work|root|home/\w+)/\S", r"\bpypi\.org|npmjs\.(?:org|com)"]
)
def test_nothing_names_a_machine_or_a_registry(pattern: str) -> None:
    named = [
        f"{path.relative_to(ROOT)}: {match.group(0)}"
        for path in tracked()
        if path.suffix
        in {".py", ".md", ".toml", ".txt", ".in", ".lock", ".sh", ".html", ".json", ""}
        and path != Path(__file__).resolve()
        and (match := re.search(pattern, path.read_text(encoding="utf-8", errors="ignore")))
    ]
    assert named == []
