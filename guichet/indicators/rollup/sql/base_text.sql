-- The lines of base/, sorted by their bytes.
SELECT '{network}' AS network, '{indicator}' AS indicator, {version} AS version,
       n.level, n.place, n.ancestors, n.departement, n.region, p.period, c.cut,
       {counters_text} AS counters, b.expected, b.received
FROM base b
JOIN place_names n ON n.place_id = b.place_id
JOIN period_names p ON p.period_id = b.period_id
JOIN cut_names c ON c.cut_id = b.cut_id
ORDER BY b.place_id, b.period_id, b.cut_id
