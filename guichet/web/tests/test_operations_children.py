"""Child processes: kept alive, stopped together, never left behind. With real processes."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

PATIENCE_SECONDS = 120

PARENT = """
import sys
from guichet.web.operations import children
from guichet.web.operations.children import Child, keep_alive

children.STOP_SECONDS = float(sys.argv[1])
specs = [Child(f"Enfant {n}", [sys.executable, path, mark])
         for n, (path, mark) in enumerate(zip(sys.argv[2::2], sys.argv[3::2]))]
sys.exit(keep_alive(specs, say=lambda sentence: print(sentence, flush=True)))
"""

# Writes its number in its mark, then sleeps; ends by itself when the parent does.
OBEDIENT = """
import os, sys, time
from guichet.web.operations.children import end_with_parent
end_with_parent(int(sys.argv[sys.argv.index("--parent") + 1]))
with open(sys.argv[1], "a") as mark:
    print(os.getpid(), file=mark)
time.sleep(600)
"""
DEAF = "import signal\nsignal.signal(15, signal.SIG_IGN)\n" + OBEDIENT
FRAGILE = "import sys\nopen(sys.argv[1], 'a').write('x\\n')\nsys.exit(3)\n"


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


class Family:
    """A parent that keeps children alive, in a process group of its own."""

    def __init__(self, folder: Path, *scripts: str, stop_seconds: float = 5) -> None:
        self.marks = [folder / f"mark{number}" for number in range(len(scripts))]
        arguments = []
        for number, script in enumerate(scripts):
            path = folder / f"child{number}.py"
            path.write_text(textwrap.dedent(script))
            self.marks[number].touch()
            arguments += [str(path), str(self.marks[number])]
        self.parent = subprocess.Popen(
            [sys.executable, "-c", PARENT, str(stop_seconds), *arguments],
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def pids(self, number: int = 0) -> list[int]:
        return [int(line) for line in self.marks[number].read_text().split()]

    def everyone(self) -> list[int]:
        return [pid for number in range(len(self.marks)) for pid in self.pids(number)]

    def end(self) -> str:
        """What the parent said, once it ended."""
        return self.parent.communicate(timeout=PATIENCE_SECONDS)[0]


@pytest.fixture
def family(tmp_path) -> Iterator[Callable[..., Family]]:
    families: list[Family] = []

    def start(*scripts: str, **options: float) -> Family:
        families.append(Family(tmp_path, *scripts, **options))
        return families[-1]

    yield start
    for one in families:
        for pid in [one.parent.pid, *one.everyone()]:
            with contextlib.suppress(ProcessLookupError, ValueError):
                os.kill(pid, signal.SIGKILL)
        one.parent.communicate(timeout=PATIENCE_SECONDS)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_stops_all_the_children_and_succeeds(family, number):
    both = family(OBEDIENT, OBEDIENT, stop_seconds=PATIENCE_SECONDS)
    wait_until(lambda: both.pids(0) and both.pids(1))
    both.parent.send_signal(number)
    assert "arrêt forcé" not in both.end()
    assert both.parent.returncode == 0
    assert not any(is_alive(pid) for pid in both.everyone())


def test_children_belong_to_the_group_of_their_parent(family):
    one = family(OBEDIENT)
    wait_until(one.pids)
    assert os.getpgid(one.pids()[0]) == one.parent.pid


def test_a_child_that_dies_starts_again(family):
    one = family(OBEDIENT)
    wait_until(one.pids)
    os.kill(one.pids()[0], signal.SIGKILL)
    wait_until(lambda: len(one.pids()) == 2)
    assert is_alive(one.pids()[1])
    one.parent.terminate()
    assert "Enfant 0 s'est arrêté (code -9)" in one.end()


def test_a_child_that_ignores_the_request_is_killed(family):
    one = family(DEAF, stop_seconds=1)
    wait_until(one.pids)
    one.parent.terminate()
    assert "Enfant 0 ne s'arrête pas : arrêt forcé." in one.end()
    assert not is_alive(one.pids()[0])
    assert one.parent.returncode == 0


def test_children_end_when_their_parent_is_killed(family):
    both = family(OBEDIENT, OBEDIENT)
    wait_until(lambda: both.pids(0) and both.pids(1))
    both.parent.kill()
    both.parent.wait(PATIENCE_SECONDS)
    wait_until(lambda: not any(is_alive(pid) for pid in both.everyone()))


def test_a_child_that_never_stays_up_stops_everything_with_a_failure(tmp_path, monkeypatch, capsys):
    from guichet.web.operations import children

    monkeypatch.setattr(children, "LONGEST_PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(children, "WAKE_SECONDS", 0.05)
    script = tmp_path / "fragile.py"
    script.write_text(FRAGILE)
    child = children.Child("L'enfant fragile", [sys.executable, str(script), str(tmp_path / "m")])
    said: list[str] = []
    assert children.keep_alive([child], say=said.append) == 1
    assert (tmp_path / "m").read_text().count("x") == children.DEATHS_ALLOWED + 1
    assert "s'est arrêté 6 fois en quelques minutes (code 3)" in said[-1]


def test_deaths_of_long_ago_are_forgotten():
    from guichet.web.operations.children import Child

    child = Child("x", [])
    assert all(child.note_death(now=600.0 * number) for number in range(20))
    assert not all(child.note_death(now=100_000.0 + number) for number in range(6))
