"""GET /api/v1/results, /indicators and /releases, on both releases of the worked example."""

from __future__ import annotations

import csv
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guichet.indicators.tests.observation_example import EXAMPLE
from guichet.publication.models import Part, PlaceFigures, PoolMember, Release
from guichet.publication.tests.factories import declare_aim

RESULTS = "/api/v1/results"


def found(client, **asked) -> dict:
    response = client.get(RESULTS, asked)
    assert response.status_code == 200, response.content
    return response.json()


def only(client, **asked) -> dict:
    answer = found(client, **asked)
    assert answer["count"] == len(answer["items"]) == 1, answer["count"]
    return answer["items"][0]


def expected_figures() -> list[dict[str, str]]:
    with (EXAMPLE / "expected_figures.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def test_a_result_holds_all_that_is_published_of_it(client, published):
    one = only(client, structure="S01", indicator="satisfaction", period="2026-Q1")
    assert (one["value"], one["low"], one["high"]) == (80.4, 75.7, 84.3)
    assert one["counters"] == [262, 326]
    assert (one["expected"], one["received"]) == (3, 3)
    assert one["departement"] == {"rest": 73.9, "gap": 6.4, "verdict": "no_clear_difference"}
    assert (one["state"], one["standing"], one["to_date"]) == ("published", "own", False)
    assert (one["release"], one["part"]) == ("2026-04", "REL/satisfaction.1/2026")
    assert f"{one['rows_sha256']}  {one['part']}.csv" in (EXAMPLE / "expected_hash.txt").read_text()
    assert client.get(one["rows_url"].removeprefix("http://testserver")).status_code == 200
    assert one["is_demonstration"] is True
    assert one["place_name"] == "Guichet fictif de Lille"


def test_a_change_names_the_period_before(client, published):
    one = only(client, structure="S10", indicator="decroche", period="2026-02")
    assert one["previous"] == {"period": "2026-01", "gap": 6.0, "verdict": "improved"}
    assert one["year_before"] is None


def test_a_pooled_structure_gets_the_figure_of_its_pool_under_its_name(client, published):
    one = only(client, structure="S06", indicator="satisfaction", period="2026-Q1")
    assert (one["standing"], one["level"], one["place"]) == ("pool", "pool", "pool~REL-62~62")
    assert one["pool_members"] == ["S06", "S07"]
    assert one["counters"] == [35, 45]


def test_a_month_that_the_page_of_a_long_series_leaves_out_is_given(client, published, monkeypatch):
    monkeypatch.setattr("guichet.publication.published.structure_results.LONG_YEARS", 1)
    Release.objects.update(through=date(2027, 2, 28))
    one = only(client, structure="S01", indicator="satisfaction", period="2026-02")
    assert one["counters"] == [84, 104]


def test_a_withheld_structure_has_no_figure_at_all(client, published):
    one = only(client, structure="S13", indicator="satisfaction")
    assert (one["standing"], one["state"], one["period"]) == ("withheld", "withheld", None)
    assert (one["value"], one["counters"], one["part"]) == (None, [], None)


def test_a_site_gets_what_its_network_publishes_above_it_under_that_name(client, published):
    items = found(client, structure="S09", indicator="accuse-delai", period="2026-Q1")["items"]
    assert {(one["standing"], one["place"]) for one in items} == {("above", "REL-63")}
    assert {one["cut"] for one in items} == {"", "courrier", "en-ligne"}


def test_missing_is_null_and_never_zero(client, published):
    one = only(client, structure="S05", indicator="decroche", period="2026-02")
    assert (one["state"], one["value"], one["counters"]) == ("missing", None, [])


@pytest.mark.parametrize("code", ["59", "62", "63", "R32", "R84", "FR", "fr", "r32"])
def test_a_territory_gives_its_own_figures(client, published, code):
    answer = found(client, territory=code, limit=1000)
    level = "nation" if code.upper() == "FR" else "region" if code[0] in "Rr" else "departement"
    place = code.upper().removeprefix("R") if level == "region" else code.upper()
    expected = [row for row in expected_figures() if (row["level"], row["place"]) == (level, place)]
    assert answer["count"] == len(answer["items"]) == len(expected)
    assert {(one["level"], one["place"]) for one in answer["items"]} == {(level, place)}


def test_a_sum_of_no_case_that_leaves_sites_out_is_withheld(client, published):
    row = PlaceFigures.objects.filter(
        level="departement", place="59", part__indicator="satisfaction"
    ).last()
    row.figures = [{"period": "2026-Q1", "state": "no_whole", "counters": "0|0"}]
    row.save()
    PoolMember.objects.create(part=row.part, pool="withheld", member="S01")
    one = only(client, territory="59", indicator="satisfaction", period="2026-Q1")
    assert (one["state"], one["value"], one["counters"]) == ("withheld", None, [])


def test_a_declared_value_is_said_to_be_declared(client, published):
    one = only(client, territory="59", indicator="delai-moyen")
    assert (one["standing"], one["state"], one["value"]) == ("declared", "declared", 12.4)
    assert one["is_demonstration"] is False, "a declared value is not invented"
    assert one["source"].startswith("Rapport d’activité")
    assert (one["part"], one["rows_sha256"], one["low"]) == (None, None, None)
    assert (one["target"], one["aimed_at"], one["aimed_for"]) == ("not_applicable", None, "")


@pytest.mark.parametrize(("value", "verdict"), [("12.4", "not_yet"), ("10", "met"), ("9.9", "met")])
def test_a_declared_value_says_what_its_source_aims_at(client, published, value, verdict):
    declare_aim(value)
    for place in ({"territory": "59"}, {}):
        one = only(client, indicator="delai-moyen", **place)
        assert (one["target"], one["aimed_at"], one["aimed_for"]) == (verdict, 10, "2026-Q4")


def test_without_any_aim_no_definition_is_read(client, published):
    with CaptureQueriesContext(connection) as captured:
        only(client, territory="59", indicator="delai-moyen")
    assert not any('FROM "indicators_indicatorversion"' in query["sql"] for query in captured)


def test_without_a_place_every_place_answers_page_after_page(client, published):
    seen, address = [], f"{RESULTS}?limit=100"
    while address:
        answer = client.get(address).json()
        seen += answer["items"]
        address = answer["next"]
    keys = [
        tuple(one[name] for name in ("indicator", "level", "place", "period", "cut"))
        for one in seen
    ]
    expected = {
        tuple(row[name] for name in ("indicator", "level", "place", "period", "cut"))
        for row in expected_figures()
    }
    assert len(keys) == len(set(keys)) == answer["count"]
    assert set(keys) == expected


@pytest.mark.parametrize("offset", [0, 40, 41, 42, 43, 177, 178, 286, 287, 5_000])
def test_any_page_is_a_slice_of_the_whole(client, published, offset):
    whole = found(client, limit=1000)["items"]
    page = found(client, limit=3, offset=offset)
    assert page["items"] == whole[offset : offset + 3]
    assert page["count"] == len(whole)


def test_one_period_of_every_place(client, published):
    answer = found(client, indicator="decroche", period="2026-Q1", limit=1000)
    expected = [
        row
        for row in expected_figures()
        if (row["indicator"], row["period"]) == ("decroche", "2026-Q1")
    ]
    assert answer["count"] == len(answer["items"]) == len(expected)


def test_pools_are_named_with_their_members(client, published):
    items = found(client, indicator="satisfaction", limit=1000)["items"]
    pool = next(one for one in items if one["place"] == "pool~REL-59~59")
    assert pool["standing"] == "pool"
    assert pool["pool_members"] == ["S02", "S04"]
    assert "Roubaix" in pool["place_name"]


def test_an_earlier_edition_is_read_by_its_name(client, published):
    now = only(client, structure="S10", indicator="decroche", period="2026-02")
    then = only(client, structure="S10", indicator="decroche", period="2026-02", release="2026-T1")
    assert (then["counters"], now["counters"]) == ([60, 250], [205, 250])
    assert (then["release"], now["release"]) == ("2026-T1", "2026-04")
    assert then["rows_sha256"] != now["rows_sha256"]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"structure": "absente"}, "Aucune structure"),
        ({"territory": "99"}, "Aucun territoire"),
        ({"indicator": "absent"}, "Aucun indicateur"),
        ({"network": "absent"}, "Aucun réseau"),
        ({"release": "absente"}, "Aucune édition"),
    ],
)
def test_what_does_not_exist_is_said(client, published, asked, words):
    response = client.get(RESULTS, asked)
    assert response.status_code == 404
    assert words in response.json()["detail"]


@pytest.mark.parametrize(
    "asked",
    [
        {"period": "janvier"},
        {"limit": 0},
        {"limit": 1001},
        {"offset": -1},
        {"territory": "Nord"},
        {"structure": "a b"},
    ],
)
def test_what_cannot_be_is_refused(client, published, asked):
    assert client.get(RESULTS, asked).status_code == 422


def test_before_the_first_release_there_is_nothing(client, published):
    Release.objects.update(is_current=False)
    assert found(client) == {"items": [], "count": 0, "next": None}


@pytest.mark.parametrize(
    ("asked", "most"),
    [
        ({"structure": "S01"}, 20),
        ({"territory": "59"}, 8),
        ({"indicator": "satisfaction", "limit": "1000"}, 14),
        ({"limit": "1"}, 12),
    ],
)
def test_queries_do_not_grow_with_the_answer(
    client, published, asked, most, django_assert_max_num_queries
):
    with django_assert_max_num_queries(most):
        client.get(RESULTS, asked)


def test_only_the_parts_of_the_page_are_read(client, published, django_assert_num_queries):
    with django_assert_num_queries(4):
        found(client, limit=5)


def test_each_part_says_how_many_figures_it_holds(published):
    """What counting without reading rests on."""
    parts = Part.objects.all()
    assert sum(part.row_count for part in parts) > 286
    for part in parts:
        figures = sum(len(each) for each in part.placefigures_set.values_list("figures", flat=True))
        assert part.row_count == figures


def test_indicators_say_their_counters_and_their_grains(client, published):
    answer = client.get("/api/v1/indicators", {"limit": 1000}).json()
    one = next(each for each in answer["items"] if each["code"] == "accuse-delai")
    assert [counter["name"] for counter in one["counters"]] == ["part", "whole"]
    assert (one["target"], one["margin"], one["minimum"]) == (100, 3, 10)
    assert one["grains"][0]["cuts"] == ["courrier", "en-ligne"]
    assert one["grains"][0]["network"] == "REL"
    assert answer["count"] == len(answer["items"])


def test_corrections_are_as_many_for_the_api_as_on_the_page_of_an_edition(client, published):
    one = client.get("/api/v1/releases").json()["items"][0]
    page = client.get("/donnees/millesimes/2026-04/").content.decode()
    assert f"{one['correction_count']} chiffres corrigés" in page.replace("\u00a0", " ")
    lines = (published / "releases" / "2026-04" / "corrections.csv").read_text().splitlines()
    assert one["changed_line_count"] == len(lines) - 1
    assert (one["correction_count"], one["changed_line_count"]) == (12, 44)


def test_indicators_take_three_queries(client, published, django_assert_num_queries):
    with django_assert_num_queries(3):
        client.get("/api/v1/indicators")


def test_releases_lead_to_their_files(client, published, django_assert_num_queries):
    with django_assert_num_queries(2):
        answer = client.get("/api/v1/releases").json()
    assert [one["name"] for one in answer["items"]] == ["2026-04", "2026-T1"]
    one = answer["items"][0]
    assert (one["is_current"], one["previous"]) == (True, "2026-T1")
    for name in ("url", "archive_url", "manifest_url"):
        address = one[name].removeprefix("http://testserver")
        assert client.head(address).status_code == 200


@pytest.mark.parametrize("name", ["results", "indicators", "releases"])
def test_any_site_may_read_and_what_has_not_changed_is_not_sent_again(client, published, name):
    response = client.get(f"/api/v1/{name}", headers={"Origin": "https://ailleurs.example"})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    etag = response.headers["ETag"]
    assert client.get(f"/api/v1/{name}", headers={"If-None-Match": etag}).status_code == 304
