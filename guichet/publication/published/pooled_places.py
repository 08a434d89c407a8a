"""With whom a structure is pooled, and the name of a pool.

Owns the list of a pool's members; refuses the share of each, which nothing published says.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.db import connection

from guichet.core.words import NBSP
from guichet.publication.models import Part
from guichet.publication.published.figures import WITHHELD

MATES = """
SELECT mine.part_id, mine.pool, mates.member, structures.name
FROM publication_poolmember AS mine
LEFT JOIN publication_poolmember AS mates
    ON mine.pool <> %s AND mates.part_id = mine.part_id AND mates.pool = mine.pool
LEFT JOIN directory_structure AS structures ON structures.code = mates.member
WHERE mine.member = %s AND mine.part_id = ANY(%s)
ORDER BY mates.member
"""


class Member(NamedTuple):
    """A structure of a pool."""

    code: str
    name: str


class Pooled(NamedTuple):
    """Where a structure is counted in one part: in `pool` with its `members`, itself among them;
    nobody is told of those that are withheld."""

    pool: str
    members: tuple[Member, ...]

    @property
    def is_withheld(self) -> bool:
        return self.pool == WITHHELD


def pooled_in(code: str, parts: Collection[Part]) -> dict[int, Pooled]:
    """By part, of those where this structure has no figure of its own. One query."""
    with connection.cursor() as cursor:
        cursor.execute(MATES, [WITHHELD, code, [part.pk for part in parts]])
        rows = cursor.fetchall()
    return {part: Pooled(pool, members_among(rows, part)) for part, pool, _, _ in rows}


def members_among(
    rows: Iterable[tuple[int, str, str | None, str | None]], part: int
) -> tuple[Member, ...]:
    """In order of codes; one that the directory does not know any more goes by its code."""
    return tuple(Member(code, name or code) for id, _, code, name in rows if id == part and code)


def pool_area(code: str) -> str:
    """Where its places are, after « lieux »: of `pool~<parent>~<département>`, `pool~R<région>`,
    `pool~FR`; empty for places without commune."""
    parts = code.split("~")
    if len(parts) == 2:
        return " de la région" if parts[1].startswith("R") else " du pays"
    return " du département" if parts[-1] else ""


def pool_name(code: str, members: Collection[Member]) -> str:
    """The pool's own name: its members where they are few."""
    names = [member.name for member in members]
    if 1 < len(names) <= 3:
        return f"Regroupement{NBSP}: {', '.join(names[:-1])} et {names[-1]}"
    return f"Regroupement de {len(names)} lieux{pool_area(code)}"
