"""The errors that carry a sentence for a person."""

from __future__ import annotations

from typing import Any


class RuleViolation(Exception):
    """A rule of the field forbids the write. The text is French and says how to mend it."""


class ApiProblem(Exception):
    """An answer of the API that is no success: an HTTP `status`, a French sentence that says what
    to do, and `more` for a program."""

    def __init__(self, status: int, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.more = more
