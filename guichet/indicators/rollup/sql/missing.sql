-- Expected cells without a row: the structure is open during the whole period.
SELECT e.structure_id, p.period_id, c.cut_id
FROM (
    SELECT o.structure_id, o.opened, o.closed
    FROM openings o
    LEFT JOIN (
        SELECT structure_id, COUNT(*) AS cell_count FROM latest GROUP BY structure_id
    ) n ON n.structure_id = o.structure_id
    WHERE n.cell_count IS NULL OR n.cell_count < {cell_count}
) e
CROSS JOIN periods p
CROSS JOIN cuts c
LEFT JOIN latest r
  ON r.structure_id = e.structure_id AND r.period_id = p.period_id AND r.cut_id = c.cut_id
WHERE e.opened <= p.first_day AND e.closed >= p.last_day AND r.structure_id IS NULL
