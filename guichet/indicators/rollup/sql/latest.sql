-- Supersession: for each key, the row of the highest batch. Only periods that several batches
-- name need it: a batch holds a key once.
SELECT r.structure_id, r.period_id, r.cut_id, r.batch, {counters}
FROM received r
LEFT JOIN contested_periods d ON d.period_id = r.period_id
WHERE d.period_id IS NULL
UNION ALL
SELECT structure_id, period_id, cut_id, batch, {counters}
FROM (
    SELECT r.structure_id, r.period_id, r.cut_id, r.batch, {counters},
           ROW_NUMBER() OVER (
               PARTITION BY r.structure_id, r.period_id, r.cut_id ORDER BY r.batch DESC
           ) AS turn
    FROM received r
    JOIN contested_periods d ON d.period_id = r.period_id
) ranked
WHERE turn = 1
