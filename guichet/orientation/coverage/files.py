"""The files of a measure, as records of text: départements, and communes left out.

Owns the columns, their order and their notation; refuses to round what is counted.
"""

from __future__ import annotations

from collections.abc import Iterator

from guichet.orientation.coverage.page import Coverage, far_communes, named

DEPARTEMENT_COLUMNS = (
    "code_departement",
    "departement",
    "population",
    "population_couverte",
    "part_couverte_pourcent",
    "communes_habitees",
    "communes_a_l_ecart",
    "population_position_approchee",
    "lieux",
)
COMMUNE_COLUMNS = (
    "code_departement",
    "departement",
    "code_insee",
    "commune",
    "population",
    "minutes_estimees",
    "lieu_le_plus_proche",
    "code_du_lieu",
)


def departement_records(coverage: Coverage) -> Iterator[list[str]]:
    """The file of départements; the share is empty where nobody lives."""
    yield list(DEPARTEMENT_COLUMNS)
    for line in coverage.lines:
        percent = line.count.percent
        yield [
            line.code,
            line.name,
            str(line.count.population),
            str(line.count.covered),
            "" if percent is None else str(percent).replace(".", ","),
            str(line.count.communes),
            str(line.count.left_out),
            str(line.count.approximate),
            str(line.places),
        ]


def commune_records(coverage: Coverage) -> Iterator[list[str]]:
    """The file of communes left out, by code; the minutes are empty where no road leads."""
    names = {line.code: line.name for line in coverage.lines}
    yield list(COMMUNE_COLUMNS)
    for commune in sorted(named(far_communes(coverage)), key=lambda one: one.insee_code):
        yield [
            commune.departement,
            names.get(commune.departement, ""),
            commune.insee_code,
            commune.name,
            str(commune.population),
            "" if commune.minutes is None else str(commune.minutes),
            commune.place_name,
            commune.place,
        ]
