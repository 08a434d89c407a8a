"""Shipped lists of expressions (`moderation/reference/`), and where a text holds them.

Owns how a list is written and read; refuses to know what it is about.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from guichet.moderation.detection.reading import read


def expressions_in(text: str, listed: str) -> tuple[str, ...]:
    """The expressions of the list named `listed` that `text` holds, as written, each once, in the
    order of the text."""
    reading = read(text)
    found = sorted(
        (match.start(), match.end())
        for pattern in shipped(listed)
        for match in pattern.finditer(reading.bare)
    )
    kept: dict[str, str] = {}
    last = -1
    for start, end in found:
        if start >= last:
            kept.setdefault(reading.bare[start:end], reading.plain[start:end])
            last = end
    return tuple(kept.values())


@cache
def shipped(name: str) -> tuple[re.Pattern[str], ...]:
    """The expressions of a shipped list, whole words, over small letters without accents."""
    content = files("guichet.moderation").joinpath("reference", f"{name}.txt").read_text("utf-8")
    defined: dict[str, str] = {}
    found = []
    for line in content.splitlines():
        if not line or line.startswith("#"):
            continue
        definition = re.fullmatch(r"([A-Z]+) = (.+)", line)
        expression = re.sub(r"<([A-Z]+)>", lambda name: defined[name[1]], line)
        if definition:
            defined[definition[1]] = definition[2]
        else:
            found.append(re.compile(rf"(?<![a-z'])(?:{expression})(?![a-z])"))
    return tuple(found)
