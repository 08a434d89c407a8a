-- Each unit over the calendar and all cuts together.
SELECT b.place_id, w.shown_period_id AS period_id, w.shown_cut_id AS cut_id, {sums},
       CAST(SUM(b.expected) AS BIGINT) AS expected, CAST(SUM(b.received) AS BIGINT) AS received
FROM base b
JOIN wider w ON w.period_id = b.period_id AND w.cut_id = b.cut_id
WHERE w.is_itself = 0
GROUP BY b.place_id, w.shown_period_id, w.shown_cut_id
