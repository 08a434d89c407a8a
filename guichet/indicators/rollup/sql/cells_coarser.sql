-- Cells first summed to the nearest ancestor of the publication level.
SELECT u.unit_id, x.period_id, x.cut_id, {sums},
       CAST(COUNT(*) AS BIGINT) AS expected, CAST(SUM(x.received) AS BIGINT) AS received
FROM (
    SELECT structure_id, period_id, cut_id, {counters}, CAST(1 AS BIGINT) AS received FROM latest
    UNION ALL
    SELECT structure_id, period_id, cut_id, {nulls}, CAST(0 AS BIGINT) AS received FROM missing
) x
JOIN units u ON u.structure_id = x.structure_id
GROUP BY u.unit_id, x.period_id, x.cut_id
