"""Long lists kept in the process, because what they are read from never changes.

Owns how many rows are kept in all, whatever the size of a network; refuses to know what they are.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar

Row = TypeVar("Row")


class KeptLists:
    """Lists by key; the one not read for longest goes first once there are over `most_rows`. An
    empty one counts for a row."""

    def __init__(self, most_rows: int) -> None:
        self.most_rows = most_rows
        self._lists: OrderedDict[Hashable, tuple[object, ...]] = OrderedDict()
        self._rows = 0
        self._lock = Lock()

    def kept(self, key: Hashable, make: Callable[[], tuple[Row, ...]]) -> tuple[Row, ...]:
        """The list of `key`, made when it is not there; one longer than all that may be kept is
        given and not kept."""
        with self._lock:
            if key in self._lists:
                self._lists.move_to_end(key)
                return self._lists[key]  # type: ignore[return-value]
        made = make()
        with self._lock:
            if key not in self._lists and len(made) <= self.most_rows:
                self._lists[key] = made
                self._rows += max(len(made), 1)
                while self._rows > self.most_rows:
                    self._rows -= max(len(self._lists.popitem(last=False)[1]), 1)
        return made

    def clear(self) -> None:
        with self._lock:
            self._lists.clear()
            self._rows = 0
