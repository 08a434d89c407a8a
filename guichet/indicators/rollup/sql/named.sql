-- The structures that batches name.
SELECT DISTINCT structure FROM batch_rows
