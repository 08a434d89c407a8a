-- Wholes of the received cells of the units that pooling looks at.
SELECT x.unit_id, x.period_id, x.cut_id, {whole} AS whole_count
FROM cells x
JOIN concerned n ON n.unit_id = x.unit_id
WHERE x.received > 0
ORDER BY x.unit_id, x.period_id, x.cut_id
