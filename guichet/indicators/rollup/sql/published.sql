-- The published rows, in the order of the bytes of their lines.
SELECT place_id, period_id, cut_id, {counters}, expected, received, is_base
FROM (
    SELECT place_id, period_id, cut_id, {counters}, expected, received, 1 AS is_base FROM base
    UNION ALL
    SELECT place_id, period_id, cut_id, {counters}, expected, received, 0 FROM unit_sums
    UNION ALL
    SELECT place_id, period_id, cut_id, {counters}, expected, received, 0 FROM above
) rows_of_part
ORDER BY place_id, period_id, cut_id
