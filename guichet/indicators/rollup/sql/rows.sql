-- The published rows, sorted as the bytes of their lines.
SELECT x.place_id, x.period_id, x.cut_id, {counters}, x.expected, x.received
FROM (
    SELECT place_id, period_id, cut_id, {counters}, expected, received FROM base
    UNION ALL
    SELECT place_id, period_id, cut_id, {counters}, expected, received FROM unit_sums
    UNION ALL
    SELECT place_id, period_id, cut_id, {counters}, expected, received FROM above
) x
ORDER BY x.place_id, x.period_id, x.cut_id
