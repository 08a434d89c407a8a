-- Public base cells: each unit under its place, pools in the place of their members, withheld
-- ones (a place of 0) nowhere. Sorted, so that what follows finds a unit's cells together.
SELECT place_id, spot_id, period_id, cut_id, {counters}, expected, received
FROM (
    SELECT x.unit_id + {structure_place} AS place_id, u.spot_id, x.period_id, x.cut_id, {counters},
           x.expected, x.received
    FROM cells x
    JOIN unit_spots u ON u.unit_id = x.unit_id
    LEFT JOIN members m ON m.unit_id = x.unit_id
    WHERE m.unit_id IS NULL
    UNION ALL
    SELECT m.place_id, m.spot_id, x.period_id, x.cut_id, {sums},
           CAST(SUM(x.expected) AS BIGINT) AS expected, CAST(SUM(x.received) AS BIGINT) AS received
    FROM cells x
    JOIN members m ON m.unit_id = x.unit_id
    WHERE m.place_id > 0
    GROUP BY m.place_id, m.spot_id, x.period_id, x.cut_id
) shown
ORDER BY place_id, period_id, cut_id
