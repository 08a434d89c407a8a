"""The portable SQL of `sql/`, with the counters and codes of one part put in.

Owns what stands in place of `{…}`; refuses anything that one engine alone understands.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from guichet.indicators.calculations.definition import Definition
from guichet.indicators.calculations.kinds import Kind

FOLDER = Path(__file__).with_name("sql")


@cache
def template(name: str) -> str:
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8").rstrip()


def statement(name: str, words: dict[str, str | int]) -> str:
    return template(name).format_map(words)


def words_of(definition: Definition) -> dict[str, str | int]:
    """The counters of a definition as the statements name them: c1, c2…"""
    columns = counter_columns(definition)
    whole = " + ".join(columns) if definition.kind is Kind.DISTRIBUTION else columns[-1]
    return {
        "indicator": definition.code,
        "version": definition.version,
        "counters": ", ".join(columns),
        "nulls": ", ".join(f"CAST(NULL AS BIGINT) AS {column}" for column in columns),
        "sums": ", ".join(f"CAST(SUM({column}) AS BIGINT) AS {column}" for column in columns),
        "whole": f"({whole})",
        "minimum": definition.minimum,
    }


def counter_columns(definition: Definition) -> list[str]:
    return [f"c{rank}" for rank in range(1, len(definition.counters) + 1)]
