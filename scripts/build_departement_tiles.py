"""Makes `guichet/publication/reference/departement_tiles.csv`: one square for each département.

Mainland and Corsica: the assignment of départements to the squares of a grid that moves them the
least (sum of squared distances; Hungarian method), from the positions of the project's own table.
Overseas: rows of squares under the mainland, by ocean from west to east.
"""

from __future__ import annotations

import csv
import math
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "guichet"
SOURCE = PACKAGE / "territories" / "reference" / "departements.csv"
TARGET = PACKAGE / "publication" / "reference" / "departement_tiles.csv"
OVERSEAS = (
    ("975", "978", "977", "971", "972", "973"),
    ("987", "986", "988", "976", "974"),
)
CELL_KM = 76
KM_PER_DEGREE = 111.2
WIDTH, HEIGHT = 13, 13


def main() -> None:
    with SOURCE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    mainland = [row for row in rows if len(row["code"]) == 2]
    points = [position(row) for row in mainland]
    west, north = min(x for x, _ in points), min(y for _, y in points)
    cells = [(column, row) for row in range(HEIGHT) for column in range(WIDTH)]
    costs = [
        [(x - west - c * CELL_KM) ** 2 + (y - north - r * CELL_KM) ** 2 for c, r in cells]
        for x, y in points
    ]
    placed = {
        row["code"]: cells[cell] for row, cell in zip(mainland, assignment(costs), strict=True)
    }
    left = min(column for column, _ in placed.values())
    lowest = max(row for _, row in placed.values())
    placed = {code: (column - left, row) for code, (column, row) in placed.items()}
    for rank, codes in enumerate(OVERSEAS):
        for offset, code in enumerate(codes):
            placed[code] = (offset, lowest + 2 + rank)
    write(placed)


def position(row: dict[str, str]) -> tuple[float, float]:
    """Kilometres to the east and to the south."""
    latitude, longitude = float(row["latitude"]), float(row["longitude"])
    return longitude * KM_PER_DEGREE * math.cos(math.radians(46.5)), -latitude * KM_PER_DEGREE


def assignment(costs: list[list[float]]) -> list[int]:
    """The column of each row, all different, that costs the least in all (Kuhn 1955, by shortest
    augmenting paths)."""
    rows, columns = len(costs), len(costs[0])
    of_row, of_column = [0.0] * (rows + 1), [0.0] * (columns + 1)
    taken_by, way = [0] * (columns + 1), [0] * (columns + 1)
    for row in range(1, rows + 1):
        taken_by[0], column = row, 0
        least = [math.inf] * (columns + 1)
        seen = [False] * (columns + 1)
        while taken_by[column]:
            seen[column] = True
            here, delta, following = taken_by[column], math.inf, 0
            for other in range(1, columns + 1):
                if seen[other]:
                    continue
                cost = costs[here - 1][other - 1] - of_row[here] - of_column[other]
                if cost < least[other]:
                    least[other], way[other] = cost, column
                if least[other] < delta:
                    delta, following = least[other], other
            for other in range(columns + 1):
                if seen[other]:
                    of_row[taken_by[other]] += delta
                    of_column[other] -= delta
                else:
                    least[other] -= delta
            column = following
        while column:
            taken_by[column] = taken_by[way[column]]
            column = way[column]
    found = {row - 1: column - 1 for column, row in enumerate(taken_by) if row and column}
    return [found[row] for row in range(rows)]


def write(placed: dict[str, tuple[int, int]]) -> None:
    TARGET.parent.mkdir(exist_ok=True)
    with TARGET.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(("departement", "column", "row"))
        writer.writerows((code, *placed[code]) for code in sorted(placed))


if __name__ == "__main__":
    main()
