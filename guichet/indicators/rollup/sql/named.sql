-- The structures that the network's batches name, and over which years.
SELECT structure, MIN(period) AS first_period, MAX(period) AS last_period
FROM batch_rows
GROUP BY structure
