"""What may be bettered in an answer before it is sent, each remark with its place in the text.

Owns which remarks are made and what is kept of them; refuses to forbid: an agent may send all the
same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from guichet.experiences.models import Addressee, Reply


@dataclass(frozen=True)
class Review:
    remarks: tuple[str, ...]

    @property
    def has_remarks(self) -> bool:
        return bool(self.remarks)

    def as_json(self, *, sent_anyway: bool) -> dict[str, Any]:
        return {"sent_anyway": sent_anyway}


def review(text: str, *, addressee: Addressee, but: Reply | None = None) -> Review:
    return Review(())
