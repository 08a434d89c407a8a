"""Charts and posters drawn in a process beside the one that serves pages, which stays small.

Owns that process, one for each web worker, started when something is drawn and ended soon after;
refuses to wait for it for ever. Plain Python.
"""

from __future__ import annotations

import atexit
import base64
import contextlib
import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from threading import Lock, Timer
from typing import Any

MODULE = "guichet.publication.drawing_child"
ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "2"}
"""It knows neither settings nor secrets."""
MOST_SECONDS = 60


class DrawingFailed(RuntimeError):
    """The other process could not draw what it was given."""


class Drawer:
    """The process that draws: one thing at a time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[str] | None = None

    def ask(self, wanted: dict[str, Any]) -> dict[str, str]:
        """Its answer. One that had just ended, idle, is started again once."""
        line = json.dumps(wanted) + "\n"
        with self._lock:
            answer = self._said(line) or self._said(line)
        found: dict[str, str] = json.loads(answer or '{"broken": "no answer"}')
        if "broken" in found:
            raise DrawingFailed(found["broken"])
        return found

    def _said(self, line: str) -> str:
        """The line that answers, empty when the process ended."""
        process = self._process or self._start()
        timer = Timer(MOST_SECONDS, process.kill)
        timer.daemon = True
        timer.start()
        answer = ""
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(line)
            process.stdin.flush()
            answer = process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        finally:
            timer.cancel()
            if not answer.endswith("\n"):
                self.end()
        return answer

    def _start(self) -> subprocess.Popen[str]:
        self._process = subprocess.Popen(
            [sys.executable, "-m", MODULE],
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        return self._process

    def end(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            with contextlib.suppress(BrokenPipeError):
                process.communicate()


_drawer = Drawer()
atexit.register(_drawer.end)


def chart_svg(specification: dict[str, Any]) -> str:
    """The SVG of a chart in Vega-Lite."""
    return _drawer.ask({"chart": specification})["svg"]


def poster_pdf(told: str, drawn_at: datetime) -> bytes:
    """The PDF of what the template of posters reads."""
    found = _drawer.ask({"poster": told, "at": drawn_at.isoformat()})
    return base64.b64decode(found["pdf"])
