"""A CSV file as an answer, sent line by line and kept by nobody on the way."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import StreamingHttpResponse


def csv_answer(lines: Iterator[str], name: str) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        lines,
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )
