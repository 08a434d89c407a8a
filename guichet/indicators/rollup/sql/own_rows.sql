-- The published rows of an indicator that is not summed: its own cells, nothing more.
SELECT place_id, period_id, cut_id, {counters}, expected, received, 1 AS is_base
FROM base
ORDER BY place_id, period_id, cut_id
