"""Personal data found by shapes, words and lists: at once, while somebody writes.

Owns the order in which kinds are looked for; refuses any heavy import (the language model is in
`detector`, in the worker).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from guichet.moderation.detection.addresses import addresses
from guichet.moderation.detection.birth_dates import birth_dates, dates_after
from guichet.moderation.detection.file_numbers import (
    file_numbers,
    registered_letters,
    spelled_references,
)
from guichet.moderation.detection.names.finding import names
from guichet.moderation.detection.numbers import (
    bank_accounts,
    bank_details,
    plates,
    social_security_numbers,
    sure_telephones,
    telephones,
)
from guichet.moderation.detection.reading import Reading, read
from guichet.moderation.detection.spans import Span, merged
from guichet.moderation.detection.spoken_numbers import spoken_numbers
from guichet.moderation.detection.web import emails, web_addresses

Finder = Callable[[Reading], Iterator[Span]]
STRUCTURED: tuple[Finder, ...] = (
    emails,
    web_addresses,
    sure_telephones,
    bank_accounts,
    social_security_numbers,
    spoken_numbers,
    spelled_references,
    bank_details,
    registered_letters,
    telephones,
    plates,
    birth_dates,
    addresses,
    file_numbers,
)
"""What an earlier one found is hidden from the later ones."""


def found_by_patterns(text: str) -> list[Span]:
    """Personal data of `text`, in order, without overlap; positions in `text` as given."""
    return found_with(text, ())


def found_with(text: str, persons: Iterable[tuple[int, int]]) -> list[Span]:
    """The same, where `persons` are stretches of `text` that a model takes for people."""
    reading = read(text)
    spans, rest = structured(reading)
    people = names(rest, (reading.read_as(start, end) for start, end in persons))
    births = dates_after(rest, (span.end for span in people))
    return as_written(reading, [*spans, *people, *births])


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
