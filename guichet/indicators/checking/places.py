"""The structures that faulty rows name: whose they are, where they hang, what was meant.

Owns these reads; refuses sentences.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pyarrow as pa

from guichet.accounts.models import AuditEvent
from guichet.core.text import is_storable
from guichet.directory.models import Network, Structure
from guichet.indicators.checking.known import comparable
from guichet.indicators.checking.sentences import PlaceFacts


def facts_of(
    codes: Iterable[str], network: Network, scope: Structure | None
) -> dict[str, PlaceFacts]:
    """What is known of the structures of these codes, of this network or of another."""
    asked = {code for code in codes if is_storable(code)}
    rows = Structure.objects.filter(code__in=asked).select_related("network")
    facts = {}
    for row in rows:
        outside = row.network_id != network.pk
        moved_on = None if outside or scope is None else left_on(row, scope)
        facts[row.code] = PlaceFacts(
            row.code,
            row.level,
            row.opened_on,
            row.closed_on,
            row.network.name if row.network and outside else "",
            moved_on,
            outside,
        )
    return facts


def left_on(structure: Structure, scope: Structure) -> date | None:
    """The day when it left the subtree of `scope`, if the history tells."""
    root = str(scope.path)
    if f"{structure.path}.".startswith(f"{root}."):
        return None
    moves = AuditEvent.objects.filter(
        action="structure.moved", subject_kind="structure", subject_id=str(structure.pk)
    ).order_by("-at")
    for move in moves[:20]:
        parent = str((move.before or {}).get("parent") or "")
        was_under = Structure.objects.filter(code=code_in(parent), path__descendants=root).exists()
        if was_under:
            return move.at.date()
    return None


def suggestions(codes: Iterable[str], structures: pa.Table) -> dict[str, str]:
    """The network's code that only case, spaces or leading zeros separate from each unknown one."""
    meant: dict[str, str] = {}
    for code in structures.column("code").to_pylist():
        meant.setdefault(comparable(code), code)
    return {code: meant[key] for code in codes if (key := comparable(code)) in meant}


def code_in(name: str) -> str:
    """The code in « Direction du Nord (REL-59) », as the history names a structure."""
    return name.rpartition("(")[2].removesuffix(")")
