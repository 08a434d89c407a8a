-- Units that count for the same ancestors and territories, together.
SELECT b.spot_id, b.period_id, b.cut_id, {sums},
       CAST(SUM(b.expected) AS BIGINT) AS expected, CAST(SUM(b.received) AS BIGINT) AS received
FROM base b
GROUP BY b.spot_id, b.period_id, b.cut_id
