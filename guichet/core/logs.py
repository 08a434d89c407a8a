"""One line an event, `key=value`, with identifiers and never citizens' words nor tokens.

Owns the line's form and which text of an exception may be written; refuses Django, so that the
processes without it log alike.
"""

from __future__ import annotations

import json
import logging
import re
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import TracebackType

FIELDS = ("method", "path", "status", "duration_ms", "user_id", "subject")
CONTEXT_FIELDS = ("request_id", "job_id")
PLAIN_VALUE = re.compile(r"[^\s\"=\\]+")
UNSAFE = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")
FRAMES_SHOWN = 12
TELLING_ERRORS = ("OSError", "OperationalError", "ImproperlyConfigured", "LauncherError")
_context: ContextVar[dict[str, str] | None] = ContextVar("guichet_log_context", default=None)


@contextmanager
def log_context(**fields: object) -> Iterator[None]:
    """Every line written in the block carries `fields` (`request_id`, `job_id`)."""
    token = _context.set({**current_context(), **{key: str(fields[key]) for key in fields}})
    try:
        yield
    finally:
        _context.reset(token)


def current_context() -> dict[str, str]:
    return _context.get() or {}


class KeyValueFormatter(logging.Formatter):
    """`2026-11-21T10:00:00Z level=INFO logger=… msg="…" status=200 request_id=…`, in UTC."""

    converter = staticmethod(time.gmtime)

    def format(self, record: logging.LogRecord) -> str:
        stamp = self.formatTime(record, "%Y-%m-%dT%H:%M:%SZ")
        parts = [
            stamp,
            f"level={record.levelname}",
            f"logger={record.name}",
            f"msg={quoted(message_of(record), always=True)}",
        ]
        values = {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        values |= {key: text for key, text in current_context().items() if key in CONTEXT_FIELDS}
        parts += [f"{name}={quoted(str(value))}" for name, value in values.items()]
        if record.exc_info and record.exc_info[0] is not None:
            parts.append(exception_fields(record.exc_info[1]))
        return " ".join(parts)


def message_of(record: logging.LogRecord) -> str:
    """The message; of Django's own refusals only the kind, for they quote what was sent."""
    if record.name.startswith("django.security"):
        return record.name.rpartition(".")[2]
    if record.name == "django.request":
        return f"answered {getattr(record, 'status_code', 500)}"
    return record.getMessage()


def quoted(value: str, *, always: bool = False) -> str:
    """`value` on one line, in JSON quotes when it could be taken for several fields."""
    value = UNSAFE.sub(" ", value)
    if PLAIN_VALUE.fullmatch(value) and not always:
        return value
    return json.dumps(value, ensure_ascii=False)


def exception_fields(error: BaseException | None) -> str:
    """Kinds of the error and of its causes, and the places it went through, innermost last."""
    if error is None:
        return ""
    places = " > ".join(places_of(error.__traceback__))
    return f"error={quoted(error_words(error))} at={quoted(places)}"


def error_words(error: BaseException) -> str:
    """The error's kind, with its text only where it cannot quote a person's words.

    Errors of the system and of connections name files and hosts; any other text may quote what
    somebody typed (`invalid literal: '…'`, `Key (email)=(…)`), and is left out.
    """
    chain: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(chain) < 4:
        telling = any(kind.__name__ in TELLING_ERRORS for kind in type(seen).__mro__)
        text = str(seen).strip().splitlines()[0][:300] if telling and str(seen).strip() else ""
        chain.append(f"{type(seen).__name__}: {text}" if text else type(seen).__name__)
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return " < ".join(chain)


def places_of(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-FRAMES_SHOWN:]
    return [f"{short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]


def short(filename: str) -> str:
    for mark in ("/site-packages/", "/guichet/"):
        if mark in filename:
            tail = filename.rpartition(mark)[2]
            return tail if mark == "/site-packages/" else f"guichet/{tail}"
    return filename.rpartition("/")[2]
