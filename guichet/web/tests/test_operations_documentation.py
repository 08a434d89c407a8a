"""What the documents and the files to deploy say is true of the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[3]
VARIABLE = re.compile(r"\bGUICHET_[A-Z_]*[A-Z]\b")
OPTION = re.compile(r"(?<= )--[a-z-]+")
DEPLOY = ROOT / "deploy"


def variables_of_the_code() -> set[str]:
    """The names that `guichet/` reads in the environment (constants of that form excepted)."""
    return {
        name
        for path in (ROOT / "guichet").rglob("*.py")
        if "tests" not in path.parts
        for name in re.findall(r"[\"'](GUICHET_[A-Z_]*[A-Z])[\"']", path.read_text())
    }


def test_every_variable_of_the_environment_is_documented():
    documents = "".join(path.read_text() for path in (ROOT / "docs" / "howto").glob("*.md"))
    documented = set(VARIABLE.findall(documents))
    assert variables_of_the_code() - documented == set()


def test_files_to_deploy_set_variables_that_exist():
    settings = (ROOT / "guichet" / "settings.py").read_text()
    for path in DEPLOY.iterdir():
        for name in VARIABLE.findall(path.read_text()):
            assert f'"{name}"' in settings, f"{path.name} : {name}"


@pytest.mark.parametrize("name", sorted(path.name for path in DEPLOY.glob("*.service")))
def test_units_run_commands_that_exist(name):
    unit = (DEPLOY / name).read_text()
    [command] = re.findall(r"/bin/guichet (\w+)", unit)
    assert command in get_commands()
    source = (ROOT / "guichet" / "web" / "management" / "commands" / f"{command}.py").read_text()
    line = next(line for line in unit.splitlines() if line.startswith("ExecStart="))
    for option in OPTION.findall(line):
        assert f'"{option}"' in source
