-- Places in the words of the files: those of the part, then the structures of the network.
SELECT place_id, level, place, ancestors, departement, region, own_departement
FROM part_names
UNION ALL
SELECT n.place_id, n.level, n.place, n.ancestors, n.departement, n.region, n.own_departement
FROM unit_names n
LEFT JOIN part_names p ON p.place_id = n.place_id
WHERE p.place_id IS NULL
