"""Child processes of one command: started, watched, started again when they die, stopped.

Owns how many deaths are too many and how long a child may take to stop. Refuses to outlive the
children and to leave one behind. Plain Python.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

DEATHS_ALLOWED = 5
DEATHS_WINDOW_SECONDS = 300.0
LONGEST_PAUSE_SECONDS = 30.0
STOP_SECONDS = 15.0
WAKE_SECONDS = 1.0
QUICK_WAKE_SECONDS = 0.1
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
Say = Callable[[str], None]


@dataclass
class Child:
    """A process to keep alive. `name` is French, for messages."""

    name: str
    arguments: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    running: subprocess.Popen[bytes] | None = None
    deaths: deque[float] = field(default_factory=deque)
    start_again_at: float = 0.0

    def start(self) -> None:
        """Starts in our process group; the child ends by itself when we disappear."""
        self.running = subprocess.Popen(
            [*self.arguments, "--parent", str(os.getpid())],
            env=os.environ | self.environment,
            stdin=subprocess.DEVNULL,
        )

    def is_dead(self) -> bool:
        return self.running is not None and self.running.poll() is not None

    def note_death(self, now: float) -> bool:
        """Plans the next start; False when it died too often for another try to make sense."""
        self.deaths.append(now)
        while self.deaths[0] < now - DEATHS_WINDOW_SECONDS:
            self.deaths.popleft()
        self.running = None
        self.start_again_at = now + min(LONGEST_PAUSE_SECONDS, 0.5 * 2 ** len(self.deaths))
        return len(self.deaths) <= DEATHS_ALLOWED

    def send(self, number: signal.Signals) -> None:
        if self.running is not None and self.running.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self.running.send_signal(number)


class StopAsked:
    """Whether a signal asked to stop, and how many times."""

    def __init__(self) -> None:
        self.times = 0
        self.woken = threading.Event()

    def receive(self, number: int, frame: FrameType | None) -> None:
        if number in STOP_SIGNALS:
            self.times += 1
        self.woken.set()

    def wait(self, seconds: float) -> None:
        """Sleeps until a signal (a child's death too) or the end of `seconds`."""
        self.woken.wait(seconds)
        self.woken.clear()


@contextmanager
def listening_to_signals() -> Iterator[StopAsked]:
    asked = StopAsked()
    former = {
        number: signal.signal(number, asked.receive) for number in (*STOP_SIGNALS, signal.SIGCHLD)
    }
    try:
        yield asked
    finally:
        for number, behaviour in former.items():
            signal.signal(number, behaviour)


def keep_alive(
    children: Sequence[Child], *, say: Say, at_each_turn: Callable[[], bool] = lambda: False
) -> int:
    """Runs the children until a signal asks to stop; returns the command's exit status.

    `at_each_turn` is called every second, or faster as long as it returns True.
    0 when asked to stop, 1 when a child died more than five times in five minutes. In both cases
    no child is left.
    """
    with listening_to_signals() as asked:
        status = 1
        try:
            for child in children:
                child.start()
            status = watch(children, asked, say, at_each_turn)
        finally:
            stop(children, asked, say)
    return status


def watch(
    children: Sequence[Child], asked: StopAsked, say: Say, at_each_turn: Callable[[], bool]
) -> int:
    while not asked.times:
        for child in children:
            now = time.monotonic()
            if child.is_dead():
                code = child.running.returncode if child.running else None
                if not child.note_death(now):
                    say(
                        f"{child.name} s'est arrêté {len(child.deaths)} fois en quelques minutes "
                        f"(code {code}) : tout est arrêté. La cause est dans les lignes "
                        "précédentes."
                    )
                    return 1
                pause = child.start_again_at - now
                say(f"{child.name} s'est arrêté (code {code}) : nouveau départ dans {pause:.0f} s.")
            elif child.running is None and now >= child.start_again_at:
                child.start()
        asked.wait(QUICK_WAKE_SECONDS if at_each_turn() else WAKE_SECONDS)
    return 0


def stop(children: Sequence[Child], asked: StopAsked, say: Say) -> None:
    """Asks once, waits, then kills; a second signal from the person kills at once."""
    for child in children:
        child.send(signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    asked_before = asked.times
    while any(child.running and not child.is_dead() for child in children):
        impatient = asked.times > asked_before and time.monotonic() > deadline - STOP_SECONDS + 1
        if time.monotonic() > deadline or impatient:
            for child in children:
                if child.running and not child.is_dead():
                    say(f"{child.name} ne s'arrête pas : arrêt forcé.")
                    child.send(signal.SIGKILL)
                    child.running.wait()
            return
        asked.wait(0.2)


def end_with_parent(parent: int, *, grace_seconds: float = STOP_SECONDS * 3) -> None:
    """From now on this process ends when `parent` does, even killed: politely, then at once.

    A thread asks the system every second who our parent is: unlike Linux's death signal it works
    everywhere and does not depend on which thread of the parent started us.
    """

    def watch_parent() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(grace_seconds)
        os._exit(1)

    threading.Thread(target=watch_parent, name="end-with-parent", daemon=True).start()


def this_python(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]
