"""Words that say a danger to oneself or to others, as people in distress write them.

Owns the expressions (`reference/danger_expressions.txt`), chosen to miss as few as possible: a
person looks at each text at once. Refuses the figures of speech (« mourir de rire »).
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from guichet.moderation.detection.reading import Reading, read


def danger_words(text: str) -> tuple[str, ...]:
    """The expressions found, as written, each once, in the order of the text."""
    return expressions(read(text), patterns("danger_expressions"))


@cache
def patterns(name: str) -> tuple[re.Pattern[str], ...]:
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


def expressions(reading: Reading, patterns: tuple[re.Pattern[str], ...]) -> tuple[str, ...]:
    """What `patterns` find, as written, without repetition."""
    found = sorted(
        (match.start(), match.end())
        for pattern in patterns
        for match in pattern.finditer(reading.bare)
    )
    kept: dict[str, str] = {}
    last = -1
    for start, end in found:
        if start >= last:
            kept.setdefault(reading.bare[start:end], reading.plain[start:end])
            last = end
    return tuple(kept.values())
