"""The apps whose texts are moderated, and what they do of a decision.

Owns the registry; refuses to know what a story is. A source is registered in `AppConfig.ready`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from guichet.core.extensions import Registry
from guichet.moderation.models import Decision, ModeratedText


@dataclass(frozen=True)
class Context:
    """What a moderator needs to know around a text: lines are (label, value), in words."""

    title: str
    url: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Source:
    """`decided` runs in the transaction of each final decision and reads `decision.verb`;
    `context` takes a reference. `orients` says whether its texts may be individual files."""

    name: str
    label: str
    context: Callable[[str], Context]
    decided: Callable[[ModeratedText, Decision], None]
    orients: bool = True


sources: Registry[Source] = Registry(lambda source: source.name)


def source_of(text: ModeratedText) -> Source:
    """The source that sent `text`; `LookupError` when its app is gone."""
    for source in sources:
        if source.name == text.source:
            return source
    raise LookupError(f"no source is called {text.source}")
