-- The lines of rows/, sorted by their bytes.
SELECT '{network}' AS network, '{indicator}' AS indicator, {version} AS version,
       n.level, n.place, p.period, c.cut, {counters_text} AS counters, b.expected, b.received
FROM published b
JOIN place_names n ON n.place_id = b.place_id
JOIN period_names p ON p.period_id = b.period_id
JOIN cut_names c ON c.cut_id = b.cut_id
ORDER BY b.place_id, b.period_id, b.cut_id
