-- No wider period, no cut: nothing to sum over a unit's cells.
SELECT place_id, period_id, cut_id, {counters}, expected, received FROM base WHERE period_id < 0
