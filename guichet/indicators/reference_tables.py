"""The programme's own indicators, that every installation starts with, from the file beside.

Owns their loading; refuses to touch a definition that is there, and words edited on the site.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from guichet.indicators.calculations.kinds import Kind, counters_of
from guichet.indicators.models import Indicator, IndicatorVersion

TABLE = Path(__file__).parent / "reference" / "indicators.toml"
WORDS = (
    "title",
    "public_title",
    "counter_words",
    "frequency",
    "expected_age_days",
    "source",
    "method",
)
"""What may be reworded within a version."""
DEFINITION = (
    "family",
    "kind",
    "bounds",
    "reference_bound",
    "nature",
    "unit",
    "direction",
    "target",
    "margin",
    "minimum",
    "is_summed",
)
ABSENT: dict[str, Any] = {
    "number": 1,
    "bounds": [],
    "reference_bound": None,
    "target": None,
    "is_summed": True,
}
DECIMALS = ("reference_bound", "target", "margin")


@lru_cache
def shipped_definitions() -> tuple[dict[str, Any], ...]:
    """The tables of `indicators.toml`, complete, numbers as decimals; not to be changed."""
    rows = tomllib.loads(TABLE.read_text(encoding="utf-8"))["indicator"]
    return tuple(complete(row) for row in rows)


def complete(row: dict[str, Any]) -> dict[str, Any]:
    whole = ABSENT | {"cuts": {}} | row
    for name in DECIMALS:
        if whole[name] is not None:
            whole[name] = Decimal(whole[name])
    whole["bounds"] = [Decimal(bound) for bound in whole["bounds"]]
    expected = counters_of(Kind(whole["kind"]), whole["bounds"])
    if set(whole["counter_words"]) != set(expected):
        raise ValueError(f"{row['code']}: counter_words must name {', '.join(expected)}.")
    return whole


def advised_cuts(code: str) -> dict[str, str]:
    """The cuts that the programme advises for an indicator, each in words; {} when none."""
    return dict(next((row["cuts"] for row in shipped_definitions() if row["code"] == code), {}))


def load_reference(sender: Any = None, **options: Any) -> None:
    """Write the shipped indicators that this database has not, and reword those that nobody has
    reworded; after each migration, and as often as wanted."""
    if IndicatorVersion._meta.db_table not in connection.introspection.table_names():
        return
    with transaction.atomic():
        known = {
            (version.indicator.code, version.number): version
            for version in IndicatorVersion.objects.select_related("indicator").filter(
                indicator__owner=None
            )
        }
        for row in shipped_definitions():
            version = known.get((row["code"], row["number"]))
            if version is None:
                create(row)
            elif version.shipped_words == digest_of_words(version):
                reword(version, row)


def create(row: dict[str, Any]) -> None:
    """A code that a network took first stays that network's."""
    indicator, _ = Indicator.objects.get_or_create(code=row["code"])
    if indicator.owner_id is not None:
        return
    version = IndicatorVersion(
        indicator=indicator,
        number=row["number"],
        **{name: row[name] for name in (*WORDS, *DEFINITION)},
    )
    version.shipped_words = digest_of_words(version)
    version.save()


def reword(version: IndicatorVersion, row: dict[str, Any]) -> None:
    changed = [name for name in WORDS if getattr(version, name) != row[name]]
    if not changed:
        return
    for name in changed:
        setattr(version, name, row[name])
    version.shipped_words = digest_of_words(version)
    version.save(update_fields=[*changed, "shipped_words"])


def digest_of_words(version: IndicatorVersion) -> str:
    """SHA-256 of its words: equal to `shipped_words` as long as nobody has edited them."""
    words = {name: getattr(version, name) for name in WORDS}
    return hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()
