-- Every accepted row of the part, in numbers. A structure that the directory lost has no number.
SELECT s.structure_id, p.period_id, c.cut_id, r.batch, {counters}
FROM batch_rows r
JOIN period_names p ON p.period = r.period
JOIN cut_names c ON c.cut = r.cut
LEFT JOIN structures s ON s.structure = r.structure
WHERE r.indicator = '{indicator}' AND r.version = {version}
  AND r.period BETWEEN '{first_period}' AND '{last_period}'
