"""Structures expected in a batch's periods and not received, in it or before (a warning).

Owns the set difference (`docs/methods/observation.md`, § 7); refuses to refuse. No Django.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import duckdb

from guichet.core.words import counted
from guichet.indicators.checking.faults import Notice
from guichet.indicators.checking.known import listed

NAMED = 5


def tell_missing(
    engine: duckdb.DuckDBPyConnection, named: Callable[[Iterable[str]], Mapping[str, str]]
) -> list[Notice]:
    """One notice for each (indicator, version, period) of the batch that lacks structures; `named`
    gives their names.

    Expected: of the grain's level, in the sender's subtree, open during the whole period.
    """
    engine.execute(
        """
        CREATE OR REPLACE TEMP TABLE cells AS
        SELECT DISTINCT cell, version_key, indicator, number, period, level, first_day, last_day,
               ordinal
        FROM combinations WHERE cell IS NOT NULL AND grain IS NOT NULL
        """
    )
    engine.execute(
        """
        CREATE OR REPLACE TEMP TABLE short AS
        WITH came AS (
            SELECT cell, count(DISTINCT sid) AS received FROM checked c
            JOIN cells USING (cell) JOIN structures s USING (sid)
            WHERE s.in_scope AND s.level = cells.level AND (s.opened_on IS NULL
                  OR s.opened_on <= first_day) AND (s.closed_on IS NULL OR s.closed_on >= last_day)
            GROUP BY cell
        ), wanted AS (
            SELECT cell, count(*) AS expected FROM cells
            JOIN structures s ON s.in_scope AND s.level = cells.level
                AND (s.opened_on IS NULL OR s.opened_on <= first_day)
                AND (s.closed_on IS NULL OR s.closed_on >= last_day)
            GROUP BY cell
        )
        SELECT cells.* FROM cells JOIN wanted USING (cell) LEFT JOIN came USING (cell)
        WHERE expected > coalesce(received, 0)
        """
    )
    rows = engine.execute(
        """
        WITH here AS (
            SELECT DISTINCT cell, sid FROM checked JOIN short USING (cell)
            UNION
            SELECT DISTINCT short.cell, h.sid FROM overlap h
            JOIN short ON h.version_key = short.version_key AND h.ordinal = short.ordinal
        ), wanted AS (
            SELECT short.cell, s.sid, s.code FROM short
            JOIN structures s ON s.in_scope AND s.level = short.level
                AND (s.opened_on IS NULL OR s.opened_on <= first_day)
                AND (s.closed_on IS NULL OR s.closed_on >= last_day)
        )
        SELECT indicator, number, period, count(*), min(code, 1000)
        FROM wanted ANTI JOIN here USING (cell, sid) JOIN short USING (cell)
        GROUP BY ALL ORDER BY ALL
        """
    ).fetchall()
    names = named({code for row in rows for code in row[4][:NAMED]})
    return [
        notice(indicator, version, when, count, codes, names)
        for indicator, version, when, count, codes in rows
    ]


def notice(
    indicator: str,
    version: int,
    when: str,
    count: int,
    codes: list[str],
    names_of: Mapping[str, str],
) -> Notice:
    missing = counted(count, "structure attendue manque", "structures attendues manquent")
    told = [names_of.get(code, code) for code in codes[:NAMED]]
    names = listed(told, NAMED) if count <= NAMED else f"{', '.join(told)}…"
    return Notice(
        "missing",
        f"{indicator}, {when} : {missing} ({names}). Vous pourrez les envoyer plus tard.",
        indicator=indicator,
        version=version,
        period=when,
        count=count,
    )
