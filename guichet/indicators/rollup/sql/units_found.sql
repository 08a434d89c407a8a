-- Of the structures of another level, those that have base rows.
SELECT DISTINCT b.place_id
FROM base b
JOIN odd_places o ON o.place_id = b.place_id
