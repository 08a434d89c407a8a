-- Units with a cell, received or missing.
SELECT DISTINCT unit_id FROM cells
