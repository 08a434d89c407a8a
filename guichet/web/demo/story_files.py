"""The demonstration's stories as they are written in `stories/*.toml`.

Owns their shape; refuses a file that says what no story holds.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "stories"
REFUSED, DANGER = "refuse:", "danger"
FIELDS = frozenset(
    "title text kinds channels feeling aspects wished written_as pseudonym reply signature useful "
    "solved promise expected other_reply other_signature".split()
)


@dataclass(frozen=True)
class WrittenPromise:
    """`by_days` after the answer; `kept` is what the author says then: yes, no, unknown."""

    what: str
    where: str
    by_days: int
    kept: str

    @property
    def words(self) -> str:
        return f"{self.what}, {self.where[:1].lower()}{self.where[1:]}" if self.where else self.what


@dataclass(frozen=True)
class WrittenStory:
    """One story. `key` ("caf/3") is its file and its rank there; `kinds` are those of the services
    addressed, `channels` how each was reached. `reply` is the first one's, `other_reply` the
    second's. `expected` is what a moderator should find."""

    key: str
    title: str
    text: str
    wished: str
    pseudonym: str
    kinds: tuple[str, ...]
    channels: Mapping[str, tuple[str, ...]]
    feeling: str
    aspects: Mapping[str, str]
    written_as: str
    reply: str
    signature: str
    useful: bool | None
    solved: bool | None
    promise: WrittenPromise | None
    expected: str
    other_reply: str
    other_signature: str

    @property
    def refusal(self) -> str:
        """The reason to refuse it, empty when it may be published."""
        return self.expected.removeprefix(REFUSED) if self.expected.startswith(REFUSED) else ""

    @property
    def is_danger(self) -> bool:
        return self.expected == DANGER


def written_stories(folder: Path = FOLDER) -> list[WrittenStory]:
    """All of them, in the order of the files; `ValueError` names the story that is wrong."""
    return [story for path in sorted(folder.glob("*.toml")) for story in stories_in(path)]


def stories_in(path: Path) -> Iterator[WrittenStory]:
    for rank, told in enumerate(tomllib.loads(path.read_text())["story"], start=1):
        key = f"{path.stem}/{rank}"
        if unknown := told.keys() - FIELDS:
            raise ValueError(f"{key}: unknown {', '.join(sorted(unknown))}")
        try:
            yield written_story(key, told)
        except (KeyError, TypeError) as error:
            raise ValueError(f"{key}: {error}") from error


def written_story(key: str, told: Mapping[str, Any]) -> WrittenStory:
    return WrittenStory(
        key=key,
        title=told["title"],
        text=told["text"],
        wished=told["wished"],
        pseudonym=told["pseudonym"],
        kinds=tuple(told["kinds"]),
        channels={kind: tuple(names) for kind, names in told["channels"].items()},
        feeling=told["feeling"],
        aspects=told["aspects"],
        written_as=told["written_as"],
        reply=told.get("reply", ""),
        signature=told.get("signature", ""),
        useful=told.get("useful"),
        solved=told.get("solved"),
        promise=WrittenPromise(**told["promise"]) if "promise" in told else None,
        expected=told.get("expected", ""),
        other_reply=told.get("other_reply", ""),
        other_signature=told.get("other_signature", ""),
    )
