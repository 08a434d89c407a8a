"""What every form of the DILA's sheets is read into: plain values, and faults.

Owns the shapes that the forms share; refuses any knowledge of the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from guichet.directory.sources.base import UnreadableSource

__all__ = ["Fault", "Node", "OnlineService", "Organism", "Read", "Sheet", "UnreadableSource"]


class Node:
    """An element of a sheet: XML and JSON give the same. `line` is 0 where the form has none.

    Texts made of white space only are left out, as the JSON form does.
    """

    __slots__ = ("attributes", "children", "line", "name")

    def __init__(self, name: str, attributes: dict[str, str], line: int = 0) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[Node | str] = []
        self.line = line

    def elements(self, name: str) -> list[Node]:
        """The children of that name."""
        return [one for one in self.children if isinstance(one, Node) and one.name == name]

    def first(self, name: str) -> Node | None:
        return next(iter(self.elements(name)), None)

    def everything(self, name: str) -> Iterator[Node]:
        """The elements of that name at any depth, in the sheet's order."""
        for one in self.children:
            if isinstance(one, Node):
                if one.name == name:
                    yield one
                yield from one.everything(name)


@dataclass(frozen=True, slots=True)
class Organism:
    """Who handles it: its name, its `pivot` (the directory's code of the kind of place, "" when the
    sheet gives none), when to go there (`note`) and its site."""

    title: str
    pivot: str = ""
    note: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class OnlineService:
    """`type` is teleservice, form, simulator, letter (a model of letter) or search (a tool to find
    something); `cerfa` the number of the form."""

    type: str
    title: str
    url: str = ""
    cerfa: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet `F…` of service-public.fr. `text` is all that it says, on one line."""

    code: str
    audience: str
    title: str
    subject: str = ""
    theme: str = ""
    folder: str = ""
    description: str = ""
    text: str = ""
    organisms: tuple[Organism, ...] = ()
    online: tuple[OnlineService, ...] = ()
    url: str = ""
    updated_on: date | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a sheet, and what was done about it.

    `severity` is "error" (the sheet cannot be taken) or "warning" (a value was left aside).
    `message` is French and says how to mend it; `value` is cut at 200 characters.
    """

    file: str
    line: int
    sheet: str
    field: str
    value: str
    message: str
    done: str
    severity: str = "error"


@dataclass(frozen=True, slots=True)
class Read:
    """What was found at one place of a source. No sheet: only faults.

    `keywords` is None when they are still to be computed from the text.
    """

    file: str
    line: int
    sheet: Sheet | None = None
    faults: tuple[Fault, ...] = ()
    keywords: str | None = None
