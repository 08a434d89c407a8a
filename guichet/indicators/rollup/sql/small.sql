-- Units with a small cell.
SELECT DISTINCT unit_id FROM cells WHERE {whole} > 0 AND {whole} < {minimum}
