"""The script that makes the shipped list, on a few places with known traps."""

import gzip
import importlib.util
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "scripts" / "build_territories.py"


@pytest.fixture(scope="module")
def build():
    specification = importlib.util.spec_from_file_location("build_territories", SCRIPT)
    module = importlib.util.module_from_spec(specification)
    sys.modules["build_territories"] = module
    specification.loader.exec_module(module)
    return module


def commune(code, name, *, epci="E1", postal_code="01500", people=1_000, **more):
    return {
        "code": code,
        "nom": name,
        "type": "commune-actuelle",
        "departement": code[:2],
        "region": "84",
        "codesPostaux": [postal_code],
        "population": people,
        "epci": epci,
        **more,
    }


@pytest.fixture
def places(build):
    def make(*communes):
        members = {}
        for row in communes:
            members.setdefault(row.get("epci"), []).append({"code": row["code"]})
        groups = [{"code": code, "membres": rows} for code, rows in members.items()]
        return build.places_of(list(communes), groups)

    return make


@pytest.fixture
def settlement(build):
    def make(number, name, point, people=1_000, others=()):
        return build.Settlement(str(number), name, frozenset(others), "84", point, people)

    return make


NEIGHBOURS = [
    commune("01001", "Alpha"),
    commune("01002", "Beta"),
    commune("01003", "Gamma"),
]


@pytest.fixture
def neighbours(settlement):
    return [
        settlement(1, "alpha", (46.00, 5.00)),
        settlement(2, "beta", (46.02, 5.02)),
        settlement(3, "gamma", (46.04, 5.04)),
    ]


def test_a_name_that_is_alone_is_placed(build, places, neighbours):
    found = places(*NEIGHBOURS)
    build.match_settlements(found, neighbours)
    assert found["01002"].point == (46.02, 5.02)
    assert found["01002"].source == "geonames"


def test_of_two_namesakes_the_one_near_the_neighbours_is_taken(
    build, places, neighbours, settlement
):
    found = places(*NEIGHBOURS, commune("01004", "Saint-Jean"))
    far, near = settlement(4, "saint jean", (44.5, 3.0)), settlement(5, "saint jean", (46.03, 5.0))
    build.match_settlements(found, [*neighbours, far, near])
    assert found["01004"].point == near.point


def test_a_namesake_too_far_to_be_it_is_refused_and_the_place_flagged(
    build, places, neighbours, settlement
):
    found = places(*NEIGHBOURS, commune("01004", "Saint-Jean"))
    build.match_settlements(found, [*neighbours, settlement(4, "saint jean", (44.5, 3.0))])
    build.approximate(found)
    assert found["01004"].source == "approximate"
    assert found["01004"].point == pytest.approx((46.02, 5.02))


def test_a_new_commune_stands_at_the_seat_that_gave_it_its_code(build, places, neighbours):
    seat = {
        **commune("01004", "Gamma"),
        "type": "commune-deleguee",
        "chefLieu": "01004",
    }
    found = places(NEIGHBOURS[0], NEIGHBOURS[1], commune("01004", "Val-Nouveau"), seat)
    build.match_settlements(found, neighbours)
    assert found["01004"].point == (46.04, 5.04)


def test_one_settlement_places_one_commune_only(build, places, neighbours, settlement):
    twins = commune("01004", "Saint-Jean", people=90), commune("01005", "Saint-Jean", people=2_000)
    found = places(*NEIGHBOURS, *twins)
    build.match_settlements(found, [*neighbours, settlement(4, "saint jean", (46.0, 5.0), 2_100)])
    assert found["01004"].point is None
    assert found["01005"].point == (46.0, 5.0)


def test_former_codes_and_names_are_listed_once(build, places):
    rows = [
        commune("01004", "Val-Nouveau", anciensCodes=["01006", "01007"]),
        {**commune("01006", "Ancien"), "type": "commune-deleguee", "chefLieu": "01004"},
        {**commune("01004", "Val-Nouveau"), "type": "commune-deleguee", "chefLieu": "01004"},
    ]
    found = build.passage_rows(rows, places(*rows))
    assert ["01006", "Ancien", "delegated", "01004"] in found
    assert ["01007", "", "former", "01004"] in found
    assert [row[0] for row in found].count("01006") == 1
    assert "01004" not in [row[0] for row in found]


def test_the_same_rows_give_the_same_bytes(build, tmp_path, monkeypatch):
    monkeypatch.setattr(build, "REFERENCE", tmp_path)
    build.write_csv("rows.csv.gz", ["code"], [["01"], ["02"]])
    once = (tmp_path / "rows.csv.gz").read_bytes()
    build.write_csv("rows.csv.gz", ["code"], [["01"], ["02"]])
    assert (tmp_path / "rows.csv.gz").read_bytes() == once
    assert gzip.decompress(once) == b"code\n01\n02\n"
