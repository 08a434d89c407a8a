"""The apps whose texts are moderated, and what they do of a decision.

Owns the registry; refuses to know what a story is. A source is registered in `AppConfig.ready`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from guichet.core.extensions import Registry
from guichet.moderation.models import Decision, ModeratedText


@dataclass(frozen=True)
class Context:
    """What a moderator needs to know around a text: lines are (label, value), in words.

    `title` says of what it is, without a number: the text has its own.
    """

    title: str
    url: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Proposal:
    """A service to which an individual file may be oriented; `key` comes back in the decision."""

    key: str
    label: str
    detail: str = ""


@dataclass(frozen=True)
class Source:
    """An app that sends texts. `context` takes a reference.

    `decided` runs in the transaction of each final decision and reads `decision.verb`: accept,
    refuse, orient, remove, and reopen (the text waits anew and is not published meanwhile).
    `orients` says whether its texts may be individual files; `proposals(reference, words)` then
    gives the services to orient to: those that the source would choose when `words` is empty, else
    those found by these words. `fictional` says which of these references a demonstration invented.
    """

    name: str
    label: str
    context: Callable[[str], Context]
    decided: Callable[[ModeratedText, Decision], None]
    orients: bool = True
    fictional: Callable[[Sequence[str]], Collection[str]] | None = None
    proposals: Callable[[str, str], Sequence[Proposal]] | None = None


sources: Registry[Source] = Registry(lambda source: source.name)


def source_of(text: ModeratedText) -> Source:
    """The source that sent `text`; `LookupError` when its app is gone."""
    return source_named(text.source)


def source_named(name: str) -> Source:
    for source in sources:
        if source.name == name:
            return source
    raise LookupError(f"no source is called {name}")
