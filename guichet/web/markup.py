"""The small markup of site texts, to safe blocks that a template draws.

Owns headings, lists, paragraphs and links, and the insecable spaces of French; refuses HTML (it is
shown as typed).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from guichet.core.words import insecable

LINK = re.compile(r"\[([^\]\n]{1,200})\]\(((?:https?://|mailto:|tel:|/(?!/))[^)\s]{1,500})\)")


@dataclass(frozen=True)
class Span:
    """Words, with an address when they are a link."""

    words: str
    url: str = ""


@dataclass(frozen=True)
class Block:
    """`kind` is "heading", "paragraph" or "list"; a list has one line an item, others have one."""

    kind: str
    lines: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True)
class Part:
    """What stands under one heading; the first part of a text may have none."""

    title: str
    blocks: tuple[Block, ...]


def parts_of(text: str) -> list[Part]:
    """The text by headings, in order."""
    parts: list[Part] = []
    for block in blocks_of(text):
        if block.kind == "heading":
            parts.append(Part("".join(span.words for span in block.lines[0]), ()))
        elif parts:
            parts[-1] = replace(parts[-1], blocks=(*parts[-1].blocks, block))
        else:
            parts.append(Part("", (block,)))
    return parts


def blocks_of(text: str) -> list[Block]:
    """The blocks of a text, in order; any text has some reading."""
    blocks: list[Block] = []
    for chunk in re.split(r"\n\s*\n", insecable(text.replace("\r\n", "\n")).strip()):
        for group_kind, lines in grouped(chunk.split("\n")):
            if group_kind == "list":
                blocks.append(Block("list", tuple(spans(line[2:]) for line in lines)))
            elif group_kind == "heading":
                blocks += [Block("heading", (spans(line[3:]),)) for line in lines]
            else:
                blocks.append(Block("paragraph", (spans(" ".join(lines)),)))
    return blocks


def grouped(lines: list[str]) -> list[tuple[str, list[str]]]:
    groups: list[tuple[str, list[str]]] = []
    for line in (line.strip() for line in lines):
        if not line:
            continue
        kind = "heading" if line.startswith("## ") else "list" if line.startswith("- ") else "text"
        if groups and groups[-1][0] == kind:
            groups[-1][1].append(line)
        else:
            groups.append((kind, [line]))
    return groups


def spans(line: str) -> tuple[Span, ...]:
    parts: list[Span] = []
    end = 0
    for match in LINK.finditer(line):
        if match.start() > end:
            parts.append(Span(line[end : match.start()]))
        parts.append(Span(match.group(1), match.group(2)))
        end = match.end()
    if end < len(line) or not parts:
        parts.append(Span(line[end:]))
    return tuple(parts)
