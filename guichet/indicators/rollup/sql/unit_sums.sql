-- Each unit over the calendar and all cuts together. A wider period of 0 is not published.
SELECT place_id, period_id, cut_id, {counters}, expected, received
FROM (
    SELECT place_id, {shown_period} AS period_id, {shown_cut} AS cut_id, {sums},
           CAST(SUM(expected) AS BIGINT) AS expected, CAST(SUM(received) AS BIGINT) AS received
    FROM (
        SELECT b.place_id, {moments}, b.cut_id AS own_cut, {counters}, b.expected, b.received
        FROM base b
        JOIN periods p ON p.period_id = b.period_id
    ) cells_of_units
    GROUP BY GROUPING SETS ({grouping_sets})
) sums_of_units
WHERE period_id > 0
