"""`guichet submit_batch`: what it says, its exit codes, and what a killed one leaves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from guichet.core.files import sha256_of
from guichet.indicators import lake
from guichet.indicators.models import Batch, Outcome
from guichet.indicators.tests.observation_example import EXAMPLE, load_definitions

FIRST = EXAMPLE / "batches" / "01_2026-01.csv"
SECOND = EXAMPLE / "batches" / "02_2026-02.csv"
REFUSED = EXAMPLE / "batches" / "03_2026-03_refused_level.csv"
PATIENCE_SECONDS = 60
STOPPED = """
import sys, time
import django
django.setup()
from guichet.indicators.{module} import {owner} as owner
original = owner.{function}

def stop_here(*args, **fields):
    if {after}:
        original(*args, **fields)
    print("here", flush=True)
    time.sleep(600)

owner.{function} = stop_here
from django.core.management import call_command
call_command("submit_batch", sys.argv[1], network="REL", confirm=True, json=True)
"""
STOPS = {
    "while the rows are checked": ("checking", "rows", "mark_rows", True),
    "while the rows are written": ("checking", "rows", "write_accepted", True),
    "after the rows are in the lake": ("actions", "batches", "keep_declared", False),
    "before the commit": ("actions", "batches", "tell_audit", True),
}


@pytest.fixture
def example(db: None, settings: Any, tmp_path: Path) -> Path:
    settings.LAKE = tmp_path / "lake"
    load_definitions()
    return Path(settings.LAKE)


def submitted(path: Path, *options: str) -> tuple[int, str]:
    """The exit code and what was printed."""
    out = StringIO()
    try:
        call_command("submit_batch", str(path), "--network", "REL", *options, stdout=out)
    except SystemExit as stop:
        return int(stop.code or 0), out.getvalue()
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue()


def test_an_accepted_file_ends_with_0(example: Path, capsys: Any) -> None:
    code, _ = submitted(FIRST)
    assert code == 0
    assert "Lot 1 accepté" in capsys.readouterr().out
    assert Batch.objects.get().outcome == Outcome.ACCEPTED


def test_a_refused_file_ends_with_1_and_its_faults(example: Path) -> None:
    code, printed = submitted(REFUSED, "--json")
    told = json.loads(printed)
    assert (code, told["outcome"], told["fault_count"]) == (1, "refused", 1)
    assert told["faults"][0]["cell"] == "C22"


def test_faults_are_shown_as_a_table(example: Path, capsys: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    submitted(REFUSED)
    shown = capsys.readouterr().out
    assert "C22" in shown
    assert "refusé en entier" in shown


def test_jumps_end_with_3_until_they_are_confirmed(example: Path, capsys: Any) -> None:
    submitted(FIRST)
    assert submitted(SECOND)[0] == 3
    assert "--confirm" in capsys.readouterr().out
    assert submitted(SECOND, "--confirm")[0] == 0
    outcomes = Batch.objects.order_by("pk").values_list("outcome", flat=True)
    assert list(outcomes) == ["accepted", "abandoned", "accepted"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--network", "XXX"], "Réseaux connus : .*REL"),
        (["--network", "REL", "--scope", "S99"], "n'est pas du réseau REL"),
    ],
)
def test_a_wrong_command_ends_with_2(example: Path, arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError, match=words) as stopped:
        call_command("submit_batch", str(FIRST), *arguments)
    assert stopped.value.returncode == 2


def test_a_file_that_is_not_there_ends_with_2(example: Path) -> None:
    code, words = submitted(example / "absent.csv")
    assert code == 2
    assert "n'existe pas" in words


def test_a_subtree_may_be_named(example: Path) -> None:
    assert submitted(FIRST, "--scope", "REL-62")[0] == 1
    assert Batch.objects.get().scope.code == "REL-62"


def environment(lake_folder: Path) -> dict[str, str]:
    """What a process of its own needs to work on the database of this test."""
    values = connection.settings_dict
    password = f":{quote(values['PASSWORD'])}" if values["PASSWORD"] else ""
    port = f"&port={values['PORT']}" if values["PORT"] else ""
    url = (
        f"postgresql://{quote(values['USER'])}{password}@/{quote(values['NAME'])}"
        f"?host={quote(values['HOST'])}{port}"
    )
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "guichet.settings",
        "GUICHET_DATABASE_URL": url,
        "GUICHET_LAKE": str(lake_folder),
    }


@pytest.fixture
def killed_at(settings: Any, tmp_path: Path, transactional_db: None) -> Callable[[str], None]:
    """Runs the command until it reaches a place, and kills it there."""
    settings.LAKE = tmp_path / "lake"
    load_definitions()

    def run(place: str) -> None:
        module, owner, function, after = STOPS[place]
        script = STOPPED.format(module=module, owner=owner, function=function, after=after)
        child = subprocess.Popen(
            [sys.executable, "-c", script, str(FIRST)],
            env=environment(settings.LAKE),
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert child.stdout is not None
            assert child.stdout.readline() == "here\n"
        finally:
            os.kill(child.pid, signal.SIGKILL)
            child.wait(PATIENCE_SECONDS)
            child.stdout.close()
        wait_for_numbers()

    return run


def wait_for_numbers() -> None:
    """Wait until PostgreSQL noticed that the other process died."""
    from guichet.indicators.actions.numbering import LOCK_OF_NUMBERS

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK_OF_NUMBERS])
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK_OF_NUMBERS])


@pytest.mark.parametrize("place", list(STOPS))
def test_a_killed_command_leaves_nothing_half_accepted(
    killed_at: Callable[[str], None], settings: Any, place: str
) -> None:
    killed_at(place)
    assert not Batch.objects.exists()
    code, printed = submitted(FIRST, "--json")
    told = json.loads(printed)
    assert (code, told["number"], told["rows"]) == (0, 1, 26)
    batch = Batch.objects.get()
    assert sha256_of(lake.rows_path(batch)) == batch.rows_sha256
    kept = [path.name for path in (settings.LAKE / "batches" / "preparing").iterdir()]
    assert kept == ["starting"]
