"""The CSV, cards and charts of pages of results."""

from __future__ import annotations

import re
from html import unescape

import pytest

from guichet.directory.models import Structure
from guichet.publication.models import Part, PlaceFigures, PoolMember, Release
from guichet.publication.tests.reading_pages import html_of, rows_of

pytestmark = pytest.mark.django_db


def test_the_csv_of_a_page_holds_all_periods_and_cuts(client, release):
    rows = rows_of(client, "/resultats/S01/?format=csv")
    months = [r for r in rows if r["indicateur"] == "satisfaction" and len(r["periode"]) == 7]
    assert {row["periode"] for row in months} >= {"2026-01", "2026-04", "2026-Q1"}
    quarter = next(
        row for row in rows if (row["indicateur"], row["periode"]) == ("satisfaction", "2026-Q1")
    )
    assert quarter["valeur"] == "80,4"
    targets = {
        (r["objectif"], r["objectif_atteint"]) for r in rows if r["indicateur"] == "decroche"
    }
    assert ("85", "non") in targets
    assert quarter["compteurs"] == "262|326"
    assert quarter["verdict_departement"] == "pas_de_difference_nette"
    assert "pas_de_changement_net" in {row["verdict_periode_precedente"] for row in rows}
    assert {row["coupe"] for row in rows if row["niveau"] == "region"} == {
        "",
        "courrier",
        "en-ligne",
    }


def test_no_cell_of_a_csv_is_a_formula_and_negative_numbers_stay_numbers(client, release):
    Structure.objects.filter(code="S01").update(name='=HYPERLINK("http://mal.example")')
    place = PlaceFigures.objects.get(level="structure", place="S01", part__indicator="decroche")
    place.figures[0]["value"] = "-1.5"
    place.save()
    rows = rows_of(client, "/resultats/S01/?format=csv")
    assert {r["nom_du_lieu"][:2] for r in rows if r["niveau"] == "structure"} == {"'="}
    assert "-1,5" in {row["valeur"] for row in rows}


@pytest.mark.parametrize(
    "path", ["/resultats/reseaux/REL/?format=csv", "/resultats/territoires/59/?format=csv"]
)
def test_networks_and_territories_have_their_csv(client, release, path):
    response = client.get(path)
    assert response.headers["Content-Disposition"].startswith('attachment; filename="resultats-')
    assert rows_of(client, path)


def test_a_territory_has_every_month_in_a_csv_of_its_own(client, release):
    page = html_of(client, "/resultats/territoires/59/")
    assert "?format=csv&amp;periodes=toutes" in page
    rows = rows_of(client, "/resultats/territoires/59/?format=csv&periodes=toutes")
    told = [one for one in rows if one["indicateur"] == "satisfaction" and not one["coupe"]]
    assert {one["periode"] for one in told} >= {"2026-01", "2026-04", "2026-Q1"}
    assert {(one["niveau"], one["nom_du_lieu"]) for one in rows} == {("departement", "Nord")}
    latest = rows_of(client, "/resultats/territoires/59/?format=csv")
    assert all(one in rows for one in latest)


def test_no_month_is_without_case_where_some_are_left_out(client, release):
    part = Part.objects.get(indicator="satisfaction", is_declared=False)
    place = PlaceFigures.objects.get(part=part, level="departement", place="59")
    place.figures[0] |= {"state": "no_whole", "value": "", "counters": "0|0"}
    place.save()
    period = place.figures[0]["period"]
    PoolMember.objects.create(part=part, pool="withheld", member="S01")
    rows = rows_of(client, "/resultats/territoires/59/?format=csv&periodes=toutes")
    told = [r for r in rows if (r["indicateur"], r["periode"]) == ("satisfaction", period)]
    assert [(one["etat"], one["compteurs"]) for one in told] == [("trop_peu_de_cas", "")]


def test_only_the_card_can_be_framed_by_other_sites(client, release):
    card = client.get("/resultats/S01/carte/")
    assert "X-Frame-Options" not in card.headers
    assert "frame-ancestors *" in card.headers["Content-Security-Policy"]
    assert "80,4" in card.content.decode()
    page = client.get("/resultats/S01/")
    assert page.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    frame = re.search(r"<iframe [^>]*>", unescape(unescape(page.content.decode())))[0]
    assert "max-width:100%" in frame


def test_the_code_to_paste_says_the_figures_and_when_and_lets_the_image_keep_its_height(
    client, release
):
    html = unescape(unescape(html_of(client, "/resultats/S01/"))).replace("\u00a0", " ")
    image = re.search(r'<img src="[^"]*carte.svg"[^>]*>', html)[0]
    assert "Les usagers sont satisfaits : 80,4 %, 1er trimestre 2026" in image
    assert "Édition 2026-04" in image
    assert "height" not in image


def test_a_demonstration_is_marked_above_the_figures_of_its_card(client, release):
    Release.objects.update(is_demonstration=True)
    for name in ("carte/", "carte.svg"):
        card = html_of(client, f"/resultats/S01/{name}")
        visible = card[card.index("</style>") :].replace("aria-label", "")
        assert visible.index("Démonstration") < visible.rindex("80,4")


@pytest.mark.parametrize("name", ["carte/", "carte.svg"])
def test_a_card_says_what_a_sample_leaves_unsure(client, release, name):
    text = " ".join(re.sub(r"<[^>]+>", " ", html_of(client, f"/resultats/S01/{name}")).split())
    assert "Marge due au nombre de réponses : de 75,7 à 84,3 %" in text.replace("\u00a0", " ")


def test_the_card_as_an_image_is_an_svg_with_the_same_words(client, release):
    response = client.get("/resultats/S01/carte.svg")
    assert response.headers["Content-Type"].startswith("image/svg+xml")
    assert "80,4" in response.content.decode()
    assert "Édition 2026-04" in response.content.decode()


def test_a_chart_is_drawn_once_and_kept_in_the_lake(
    client, release, settings, tmp_path, monkeypatch
):
    settings.LAKE = tmp_path
    first = client.get("/resultats/S01/graphiques/satisfaction.svg")
    assert first.headers["Content-Type"].startswith("image/svg+xml")
    svg = first.content.decode()
    assert "prefers-color-scheme:dark" in svg
    assert "Le reste du Nord" in svg
    monkeypatch.setattr(
        "guichet.publication.result_pages.series_charts.drawn_svg",
        lambda drawing: pytest.fail("redrawn"),
    )
    assert client.get("/resultats/S01/graphiques/satisfaction.svg").content == first.content
    assert len(list((tmp_path / "charts").rglob("*.svg"))) == 1


@pytest.mark.parametrize(
    "path",
    ["S01/graphiques/accuse-delai.svg", "S13/graphiques/satisfaction.svg", "S01/graphiques/x.svg"],
)
def test_there_is_no_chart_of_what_is_no_series(client, release, path):
    assert client.get(f"/resultats/{path}").status_code == 404
