-- Cells of units that are the structures of the grain themselves.
SELECT structure_id AS unit_id, period_id, cut_id, {counters},
       CAST(1 AS BIGINT) AS expected, CAST(1 AS BIGINT) AS received
FROM latest
UNION ALL
SELECT structure_id AS unit_id, period_id, cut_id, {nulls},
       CAST(1 AS BIGINT) AS expected, CAST(0 AS BIGINT) AS received
FROM missing
