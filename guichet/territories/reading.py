"""Read the shipped list of territories, and better lists of communes that people bring.

Owns the layouts and their checks; refuses a file as a whole (`UnreadableFile`) when it is not the
list that it should be, and otherwise returns every fault of every line.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from guichet.territories.bounds import position_fault
from guichet.territories.distances import Point, distance_m

REFERENCE_FOLDER = Path(__file__).parent / "reference"
MAX_LINE_CHARACTERS = 20_000
MAX_LINES = 200_000
TRUSTED_TOWN_HALL_M = 4_000.0
"""A town hall this near the middle of its commune needs no other witness."""

COLUMNS = (
    "code_insee",
    "nom",
    "type",
    "commune_parente",
    "departement",
    "codes_postaux",
    "population",
    "lat",
    "lon",
)
KINDS = {"COM": "commune", "ARM": "arrondissement"}


class UnreadableFile(Exception):
    """The file is not the list that it should be. French, says how to mend it."""


@dataclass(frozen=True)
class Fault:
    """What is wrong on one line, and what was done about it.

    `severity` is "error" (the file is refused) or "warning" (the value was left aside). `message`
    is French; `value` is cut at 200 characters.
    """

    line: int
    identifier: str
    field: str
    value: str
    message: str
    done: str
    severity: str = "error"


@dataclass(frozen=True)
class RegionRow:
    code: str
    name: str


@dataclass(frozen=True)
class DepartementRow:
    code: str
    name: str
    region: str
    population: int
    latitude: float
    longitude: float


@dataclass(frozen=True)
class CommuneRow:
    """A commune or an arrondissement; `position` is None when the file gives none."""

    insee_code: str
    name: str
    kind: str
    parent: str
    departement: str
    postal_codes: tuple[str, ...]
    population: int
    position: Point | None
    position_source: str


@dataclass(frozen=True)
class FormerRow:
    code: str
    name: str
    kind: str
    insee_code: str


@dataclass(frozen=True)
class Reference:
    """The shipped list: all that the platform needs to know of the country."""

    regions: list[RegionRow]
    departements: list[DepartementRow]
    communes: list[CommuneRow]
    former: list[FormerRow]


@dataclass
class CommuneFile:
    """What a brought list says: the good rows, and every fault of the others."""

    rows: list[CommuneRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_refused(self) -> bool:
        return any(fault.severity == "error" for fault in self.faults)


def read_areas(folder: Path = REFERENCE_FOLDER) -> tuple[list[RegionRow], list[DepartementRow]]:
    regions = [RegionRow(**row) for _, row in _csv_rows(folder / "regions.csv")]
    departements = [
        DepartementRow(
            code=row["code"],
            name=row["name"],
            region=row["region"],
            population=int(row["population"]),
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
        )
        for _, row in _csv_rows(folder / "departements.csv")
    ]
    return regions, departements


def read_reference(folder: Path = REFERENCE_FOLDER) -> Reference:
    regions, departements = read_areas(folder)
    return Reference(
        regions=regions,
        departements=departements,
        communes=[
            CommuneRow(
                insee_code=row["insee_code"],
                name=row["name"],
                kind=row["kind"],
                parent=row["parent"],
                departement=row["departement"],
                postal_codes=tuple(row["postal_codes"].split()),
                population=int(row["population"]),
                position=(float(row["latitude"]), float(row["longitude"])),
                position_source=row["position_source"],
            )
            for _, row in _csv_rows(folder / "communes.csv.gz")
        ],
        former=[
            FormerRow(row["former_code"], row["former_name"], row["kind"], row["insee_code"])
            for _, row in _csv_rows(folder / "passage.csv.gz")
        ],
    )


def read_communes(
    path: Path, *, departements: set[str], known_positions: Mapping[str, Point]
) -> CommuneFile:
    """The list of communes in `path` (CSV, UTF-8, plain or gzip), with every fault.

    `known_positions` holds positions that can be trusted, by INSEE code; they arbitrate between a
    commune's centroid and a town hall that lies far from it. A position that cannot be right is
    left aside with a warning. Raises `UnreadableFile`.
    """
    reader = _CommuneReader(departements, known_positions)
    for line, row in _csv_rows(path, required=COLUMNS):
        reader.read(line, row)
    reader.check_parents()
    if not reader.file.rows and not reader.file.faults:
        raise UnreadableFile(
            f"« {path.name} » n’a aucune ligne sous ses titres : vérifiez que le téléchargement "
            "est complet."
        )
    return reader.file


class _CommuneReader:
    def __init__(self, departements: set[str], known_positions: Mapping[str, Point]) -> None:
        self.departements = departements
        self.known_positions = known_positions
        self.file = CommuneFile()
        self.lines: dict[str, int] = {}

    def read(self, line: int, row: Mapping[str, str]) -> None:
        faults_before = len(self.file.faults)
        code = self.code(line, row)
        departement = row["departement"]
        if departement not in self.departements:
            self.refuse(line, row, "departement", "ce département n’existe pas")
        if not 0 < len(row["nom"]) <= 100:
            self.refuse(line, row, "nom", "le nom doit avoir de 1 à 100 caractères")
        if row["type"] not in KINDS:
            self.refuse(line, row, "type", "COM ou ARM attendu")
        elif (row["type"] == "ARM") != bool(row["commune_parente"]):
            self.refuse(line, row, "commune_parente", "à remplir pour un ARM, et pour lui seul")
        postal_codes = tuple(sorted(filter(None, row["codes_postaux"].split("|"))))
        if not all(re.fullmatch(r"[0-9]{5}", postal_code) for postal_code in postal_codes):
            self.refuse(line, row, "codes_postaux", "cinq chiffres attendus, séparés par « | »")
        population = row["population"] or "0"
        if not re.fullmatch(r"[0-9]{1,8}", population):
            self.refuse(line, row, "population", "nombre entier d’habitants attendu")
        if any(fault.severity == "error" for fault in self.file.faults[faults_before:]):
            return
        position, source = self.position(line, row)
        self.file.rows.append(
            CommuneRow(
                insee_code=code,
                name=row["nom"],
                kind=KINDS[row["type"]],
                parent=row["commune_parente"],
                departement=departement,
                postal_codes=postal_codes,
                population=int(population),
                position=position,
                position_source=source,
            )
        )

    def code(self, line: int, row: Mapping[str, str]) -> str:
        code = row["code_insee"]
        if not re.fullmatch(r"(?:[0-9]{2}|2[AB])[0-9]{3}", code):
            self.refuse(line, row, "code_insee", "cinq caractères attendus (75056, 2A004)")
        elif not code.startswith(row["departement"]):
            self.refuse(line, row, "code_insee", "ce code n’est pas de ce département")
        elif code in self.lines:
            first = self.lines[code]
            self.refuse(line, row, "code_insee", f"ce code est déjà à la ligne {first}")
        self.lines.setdefault(code, line)
        return code

    def check_parents(self) -> None:
        communes = {row.insee_code for row in self.file.rows if row.kind == "commune"}
        for row in self.file.rows:
            if row.parent and row.parent not in communes:
                self.file.faults.append(
                    Fault(
                        self.lines[row.insee_code],
                        row.insee_code,
                        "commune_parente",
                        row.parent,
                        "cette commune n’est pas dans le fichier",
                        "fichier refusé",
                    )
                )

    def position(self, line: int, row: Mapping[str, str]) -> tuple[Point | None, str]:
        """The town hall's position when it can be believed, else the centroid's, else None."""
        centroid = self.point(line, row, "lat", "lon")
        town_hall = self.point(line, row, "lat_mairie", "lon_mairie")
        if town_hall is None or centroid is None:
            point = town_hall or centroid
            return point, "town_hall" if town_hall else "centroid"
        gap = distance_m(centroid, town_hall)
        known = self.known_positions.get(row["code_insee"])
        believed = gap <= TRUSTED_TOWN_HALL_M or (
            known is not None and distance_m(known, town_hall) <= distance_m(known, centroid)
        )
        return (town_hall, "town_hall") if believed else (centroid, "centroid")

    def point(
        self, line: int, row: Mapping[str, str], latitude: str, longitude: str
    ) -> Point | None:
        texts = row.get(latitude, ""), row.get(longitude, "")
        if texts == ("", ""):
            return None
        for name, text in zip((latitude, longitude), texts, strict=True):
            if not re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{1,20})?(e-[0-9]{1,2})?", text):
                self.leave(line, row, name, text, "degrés décimaux attendus (48.8566)")
                return None
        point = float(texts[0]), float(texts[1])
        if problem := position_fault(row["departement"], *point):
            self.leave(line, row, f"{latitude}, {longitude}", ", ".join(texts), problem)
            return None
        return point

    def refuse(self, line: int, row: Mapping[str, str], name: str, message: str) -> None:
        self.file.faults.append(
            Fault(line, row["code_insee"][:20], name, row[name][:200], message, "fichier refusé")
        )

    def leave(self, line: int, row: Mapping[str, str], name: str, value: str, message: str) -> None:
        done = "position laissée de côté"
        self.file.faults.append(
            Fault(line, row["code_insee"][:20], name, value[:200], message, done, "warning")
        )


def _csv_rows(path: Path, required: tuple[str, ...] = ()) -> Iterator[tuple[int, dict[str, str]]]:
    """(line number, row) of a CSV file, plain or gzip, stripped; raises `UnreadableFile`."""
    with _reading(path), _opened(path) as text:
        reader = csv.reader(_bounded_lines(text, path), strict=True)
        header = [name.strip() for name in next(reader, [])]
        if missing := [name for name in required if name not in header]:
            raise UnreadableFile(
                f"« {path.name} » : il manque les colonnes {', '.join(missing)} dans la première "
                "ligne. Colonnes séparées par des virgules attendues : "
                f"{', '.join(required)}."
            )
        for cells in reader:
            if len(cells) != len(header):
                raise UnreadableFile(
                    f"« {path.name} », ligne {reader.line_num} : {len(cells)} colonnes au lieu de "
                    f"{len(header)}. Le fichier est peut-être coupé : téléchargez-le à nouveau."
                )
            yield (
                reader.line_num,
                {name: cell.strip() for name, cell in zip(header, cells, strict=True)},
            )


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if isinstance(error, gzip.BadGzipFile):
            raise UnreadableFile(_broken(path)) from error
        reason = error.strerror or str(error)
        raise UnreadableFile(f"« {path} » ne peut pas être lu ({reason}).") from error
    except (EOFError, zlib.error) as error:
        raise UnreadableFile(_broken(path)) from error
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"« {path.name} » n’est pas en UTF-8 : enregistrez-le au format « CSV UTF-8 »."
        ) from error
    except csv.Error as error:
        raise UnreadableFile(f"« {path.name} » n’est pas un CSV correct ({error}).") from error


def _broken(path: Path) -> str:
    return f"« {path.name} » est coupé ou abîmé : téléchargez-le à nouveau."


@contextmanager
def _opened(path: Path) -> Iterator[io.TextIOWrapper]:
    with path.open("rb") as raw:
        is_gzip = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        content = gzip.GzipFile(fileobj=raw) if is_gzip else raw
        with io.TextIOWrapper(content, encoding="utf-8-sig", newline="") as text:
            yield text


def _bounded_lines(text: io.TextIOWrapper, path: Path) -> Iterator[str]:
    for number in range(1, MAX_LINES + 2):
        line = text.readline(MAX_LINE_CHARACTERS)
        if not line:
            return
        if len(line) == MAX_LINE_CHARACTERS or number > MAX_LINES:
            raise UnreadableFile(
                f"« {path.name} », ligne {number} : ligne ou fichier trop long pour une liste de "
                "communes. Vérifiez que c’est le bon fichier."
            )
        if "\x00" in line:
            raise UnreadableFile(
                f"« {path.name} », ligne {number} : ce fichier n’est pas un texte CSV."
            )
        yield line
