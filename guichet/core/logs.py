"""One line an event, `key=value`, with identifiers and never citizens' words."""

from __future__ import annotations

import logging

FIELDS = ("method", "path", "status", "duration_ms", "user_id", "job_id", "subject")


class KeyValueFormatter(logging.Formatter):
    """`2026-11-21T10:00:00Z level=INFO logger=… msg="…" status=200`."""

    def format(self, record: logging.LogRecord) -> str:
        stamp = self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z")
        message = record.getMessage().replace('"', "'").replace("\n", " ")
        parts = [stamp, f"level={record.levelname}", f"logger={record.name}", f'msg="{message}"']
        parts += [f"{name}={getattr(record, name)}" for name in FIELDS if hasattr(record, name)]
        if record.exc_info:
            parts.append("\n" + self.formatException(record.exc_info))
        return " ".join(parts)
