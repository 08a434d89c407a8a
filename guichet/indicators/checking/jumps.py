"""Jumps: values that moved so much since the period before that a mistake is likely.

Owns the thresholds and their exact arithmetic (`docs/methods/observation.md`, § 4); refuses to
refuse. No Django.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import duckdb

from guichet.indicators.calculations.formulas import buckets_in_share
from guichet.indicators.calculations.kinds import Kind
from guichet.indicators.checking.faults import KEPT, Notice
from guichet.indicators.checking.known import KnownVersion
from guichet.indicators.checking.numbers import written

POINTS_TENTHS, ENOUGH_CASES = 3, 30
TIMES, MANY_CASES = 5, 50
BATCH_BITS = 40
NEWEST = (1 << BATCH_BITS) - 1


@dataclass(frozen=True)
class Measure:
    """How one version's rows are compared: SQL of the numerator and of the whole."""

    version: KnownVersion

    @property
    def numerator(self) -> str:
        definition = self.version.definition
        if definition.kind is Kind.NET_SHARE:
            return "c1 - c2"
        if definition.kind is Kind.DISTRIBUTION:
            return " + ".join(f"c{rank}" for rank in range(1, buckets_in_share(definition) + 1))
        return "c1"

    @property
    def whole(self) -> str:
        definition = self.version.definition
        if definition.kind is Kind.DISTRIBUTION:
            return " + ".join(f"c{rank}" for rank in range(1, len(definition.bounds) + 2))
        return f"c{len(definition.counters)}"

    @property
    def comparison(self) -> int:
        """0: by points; 1: by ratio of the means; 2: the whole only."""
        return {Kind.MEAN: 1, Kind.COUNT: 2}.get(self.version.definition.kind, 0)


def chosen(measures: Sequence[Measure], what: str) -> str:
    cases = " ".join(
        f"WHEN {measure.version.key} THEN {getattr(measure, what)}" for measure in measures
    )
    return f"CASE version_key {cases} END"


def tell_jumps(
    engine: duckdb.DuckDBPyConnection,
    versions: Sequence[KnownVersion],
    named: Callable[[Iterable[str]], Mapping[str, str]],
    *,
    has_history: bool,
) -> tuple[list[Notice], int]:
    """The first jumps of the rows checked against the latest earlier period, and how many; `named`
    gives the name of each structure."""
    measures = [Measure(version) for version in versions]
    by_key = {version.key: version for version in versions}
    if not has_history and not has_several_periods(engine):
        return [], 0
    make_series(engine, measures, has_history=has_history)
    engine.execute(f"CREATE TEMP TABLE jumps AS {jumps_query(chosen(measures, 'comparison'))}")
    found = engine.execute("SELECT count(*) FROM jumps").fetchone()
    count = int(found[0]) if found else 0
    rows = engine.execute(
        f"""
        SELECT n.line, n.version_key, s.code, n.cut_code, n.num, n.whole, n.before_num,
               n.before_whole, n.ordinal, n.before_ordinal
        FROM jumps n JOIN structures s USING (sid) ORDER BY n.line LIMIT {KEPT}
        """
    ).fetchall()
    periods = dict(
        engine.execute(
            "SELECT DISTINCT (version_key, ordinal), period FROM ("
            "SELECT version_key, ordinal, period FROM combinations WHERE period IS NOT NULL "
            "UNION ALL SELECT version_key, ordinal, period FROM past_periods)"
        ).fetchall()
    )
    engine.execute("DROP TABLE jumps")
    notices = []
    names_of = named(row[2] for row in rows)
    for line, key, structure, cut, num, whole, before_num, before_whole, now, before in rows:
        version = by_key[key]
        names = periods[key, now], periods[key, before]
        place = names_of.get(structure, structure)
        notices.append(
            Notice(
                "jump",
                sentence(version, place, cut, names, (num, whole), (before_num, before_whole)),
                line,
                version.definition.code,
                version.definition.version,
                structure,
                names[0],
                cut,
            )
        )
    return notices, count


def has_several_periods(engine: duckdb.DuckDBPyConnection) -> bool:
    found = engine.execute(
        "SELECT max(n) > 1 FROM (SELECT count(DISTINCT ordinal) AS n FROM combinations "
        "GROUP BY version_key)"
    ).fetchone()
    return bool(found and found[0])


def make_series(
    engine: duckdb.DuckDBPyConnection, measures: Sequence[Measure], *, has_history: bool
) -> None:
    """`series`: rows checked (`line` > 0) and what counted before, one for each key and period."""
    engine.execute(
        f"""
        CREATE OR REPLACE TEMP VIEW own AS
        SELECT version_key, c.sid, c.cut, c.ordinal, {NEWEST}::BIGINT AS batch, c.line,
               ({chosen(measures, "numerator")})::BIGINT AS num,
               ({chosen(measures, "whole")})::BIGINT AS whole
        FROM checked c
        JOIN (SELECT DISTINCT cell, version_key FROM combinations) j USING (cell)
        """
    )
    if not has_history:
        engine.execute("CREATE OR REPLACE TEMP VIEW series AS SELECT * FROM own")
        return
    engine.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE past AS
        WITH limits AS (
            SELECT version_key, sid, cut, min(ordinal) AS first, max(ordinal) AS last
            FROM own GROUP BY ALL
        ), before AS (
            SELECT h.version_key, h.sid, l.cut, h.ordinal, h.batch, l.first,
                   ({chosen(measures, "numerator").replace("version_key", "h.version_key")})::BIGINT
                   AS num,
                   ({chosen(measures, "whole").replace("version_key", "h.version_key")})::BIGINT
                   AS whole
            FROM history h
            JOIN cut_ids k ON k.code = h.cut_code
            JOIN limits l ON l.version_key = h.version_key AND l.sid = h.sid AND l.cut = k.cut
            WHERE h.ordinal < l.last
        ), latest AS (
            SELECT version_key, sid, cut, ordinal, max(batch) AS batch,
                   arg_max(num, batch) AS num, arg_max(whole, batch) AS whole
            FROM before WHERE ordinal >= first GROUP BY ALL
            UNION ALL
            SELECT version_key, sid, cut, max(ordinal) AS ordinal,
                   arg_max(batch, (ordinal, batch)) AS batch,
                   arg_max(num, (ordinal, batch)) AS num, arg_max(whole, (ordinal, batch)) AS whole
            FROM before WHERE ordinal < first GROUP BY version_key, sid, cut
        ) SELECT * FROM latest
        """
    )
    engine.execute(
        """
        CREATE OR REPLACE TEMP VIEW series AS
        SELECT * FROM own
        UNION ALL
        SELECT version_key, sid, cut, ordinal, batch, 0 AS line, num, whole FROM past p
        WHERE NOT EXISTS (SELECT 1 FROM own o WHERE o.version_key = p.version_key
                          AND o.sid = p.sid AND o.cut = p.cut AND o.ordinal = p.ordinal)
        """
    )


def jumps_query(comparison: str) -> str:
    points = (
        f"whole >= {ENOUGH_CASES} AND before_whole >= {ENOUGH_CASES} AND "
        "abs(num::HUGEINT * before_whole - before_num::HUGEINT * whole) * 10 >= "
        f"{POINTS_TENTHS} * whole::HUGEINT * before_whole"
    )
    means = (
        "whole > 0 AND before_whole > 0 AND "
        "num::HUGEINT * before_whole <> before_num::HUGEINT * whole AND ("
        f"num::HUGEINT * before_whole >= {TIMES} * before_num::HUGEINT * whole OR "
        f"before_num::HUGEINT * whole >= {TIMES} * num::HUGEINT * before_whole)"
    )
    wholes = (
        f"greatest(whole, before_whole) >= {MANY_CASES} AND "
        f"greatest(whole, before_whole) >= {TIMES} * least(whole, before_whole)"
    )
    return f"""
        SELECT j.*, k.code AS cut_code FROM (
            SELECT *, {comparison} AS comparison,
                   lag(num) OVER w AS before_num, lag(whole) OVER w AS before_whole,
                   lag(ordinal) OVER w AS before_ordinal
            FROM series WINDOW w AS (PARTITION BY version_key, sid, cut ORDER BY ordinal)
        ) j
        JOIN cut_ids k USING (cut)
        WHERE line > 0 AND before_whole IS NOT NULL AND (
            ({wholes})
            OR (comparison = 0 AND {points})
            OR (comparison = 1 AND {means})
        )
    """


def sentence(
    version: KnownVersion,
    place: str,
    cut: str,
    periods: tuple[str, str],
    now: tuple[int, int],
    before: tuple[int, int],
) -> str:
    """ "Riom (S10), decroche : 24,0 % (60 sur 250) en 2026-02, après 76,0 % (190 sur 250) en
    2026-01"."""
    where = f"{place}, {cut}" if cut else place
    return (
        f"{where}, {version.definition.code} : {value(version, *now)} en {periods[0]}, après "
        f"{value(version, *before)} en {periods[1]}. Vérifiez, puis confirmez."
    )


def value(version: KnownVersion, num: int, whole: int) -> str:
    kind = version.definition.kind
    if kind is Kind.COUNT:
        return written(whole)
    if whole == 0:
        return "aucun cas"
    counts = f"{written(num)} sur {written(whole)}"
    if kind is Kind.MEAN:
        return f"{decimal(num, whole)} en moyenne ({counts})"
    unit = "points" if kind is Kind.NET_SHARE else "%"
    return f"{decimal(100 * num, whole)}\u00a0{unit} ({counts})"


def decimal(num: int, whole: int) -> str:
    rounded = (Decimal(num) / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{rounded}".replace(".", ",")
