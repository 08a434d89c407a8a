"""Personal data found by shapes, words and lists: at once, while somebody writes.

Owns the order in which kinds are looked for; refuses any heavy import (the language model is in
`detector`, in the worker).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from guichet.moderation.detection.numbers import (
    bank_accounts,
    plates,
    social_security_numbers,
    telephones,
)
from guichet.moderation.detection.reading import Reading, read
from guichet.moderation.detection.spans import Span, merged
from guichet.moderation.detection.web import emails, web_addresses

Finder = Callable[[Reading], Iterator[Span]]
STRUCTURED: tuple[Finder, ...] = (
    emails,
    web_addresses,
    bank_accounts,
    social_security_numbers,
    telephones,
    plates,
)
"""What an earlier one found is hidden from the later ones."""


def found_by_patterns(text: str) -> list[Span]:
    """Personal data of `text`, in order, without overlap; positions in `text` as given."""
    reading = read(text)
    spans, _ = structured(reading)
    return as_written(reading, spans)


def structured(reading: Reading) -> tuple[list[Span], Reading]:
    """All that has a shape, and what is left to read."""
    found: list[Span] = []
    rest = reading
    for finder in STRUCTURED:
        new = merged(finder(rest))
        if new:
            found += new
            rest = rest.without((span.start, span.end) for span in new)
    return merged(found), rest


def as_written(reading: Reading, spans: list[Span]) -> list[Span]:
    return [
        Span(*reading.written(span.start, span.end), span.kind, span.score)
        for span in merged(spans)
        if span.start < span.end
    ]
