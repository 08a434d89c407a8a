-- Ancestors, départements, régions and nation over the calendar and the cuts.
SELECT s.place_id, w.shown_period_id AS period_id, w.shown_cut_id AS cut_id, {sums},
       CAST(SUM(b.expected) AS BIGINT) AS expected, CAST(SUM(b.received) AS BIGINT) AS received
FROM spot_sums b
JOIN spot_places s ON s.spot_id = b.spot_id
JOIN wider w ON w.period_id = b.period_id AND w.cut_id = b.cut_id
GROUP BY s.place_id, w.shown_period_id, w.shown_cut_id
