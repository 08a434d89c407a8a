"""`/resultats/<code>/` and editions: what a page says, in which words, and what it never says."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guichet.directory.models import Network, Structure
from guichet.directory.tests.factories import StructureFactory
from guichet.indicators.models import FigureComment, IndicatorVersion
from guichet.publication.models import CorrectedFigure, PlaceFigures, PoolMember, Release
from guichet.publication.published.pooled_places import pool_area
from guichet.publication.published.queries import results_of_structure
from guichet.publication.tests.factories import ReleaseFactory
from guichet.publication.tests.reading_pages import forget_kept, html_of, rows_of, text_of

pytestmark = pytest.mark.django_db


def test_a_site_shows_value_counts_interval_period_target_and_comparison(client, release):
    text = text_of(client, "/resultats/S01/")
    assert "80,4 % 262 usagers satisfaits sur 326 interrogés" in text
    assert "1er trimestre 2026 (de janvier à mars). Chiffres arrêtés au 31 mars 2026" in text
    assert "Marge due au nombre de réponses : de 75,7 à 84,3 %." in text
    assert (
        "Pas de différence nette avec le reste du Nord (73,9 %) : l'écart peut venir du hasard."
        in text
    )
    assert "Pas de différence nette avec le reste du pays (81,8 %)." in text
    assert "Objectif : 85 %, pas atteint." in text
    assert (
        "En comptant aussi ce lieu : Nord : 77,4 % (469 usagers satisfaits sur 606 interrogés)"
        in text
    )


def test_a_figure_older_than_announced_says_so_and_what_was_announced(client, release):
    IndicatorVersion.objects.update(expected_age_days=99_999)
    IndicatorVersion.objects.filter(indicator__code="satisfaction").update(expected_age_days=10)
    text = text_of(client, "/resultats/S01/")
    assert text.count("plus ancien que prévu") == 1
    assert "plus ancien que prévu Prévu : 10 jours au plus après la fin du mois." in text
    assert "Prévu : 10 jours au plus" in text_of(client, "/resultats/territoires/59/")


def test_an_earlier_edition_accuses_nobody_of_being_late(client, release):
    IndicatorVersion.objects.update(expected_age_days=10)
    former = ReleaseFactory(name="2025-T4")
    former.parts.set(release.parts.all())
    for path in ("/resultats/S01/", "/resultats/territoires/59/"):
        assert "plus ancien que prévu" not in text_of(client, f"{path}?edition=2025-T4")


def test_a_figure_says_how_to_recompute_it(client, release):
    html = unescape(html_of(client, "/resultats/S01/"))
    assert "100 × 262 ÷ 326 = 80,4" in html
    assert "REL,satisfaction,1,structure,S01,2026-Q1,,262|326,3,3" in html
    assert "36f8069bc3040b0dea9199a6f8889aa8efaf4cbfd6d9fe6fcac5201a17c0e501" in html
    assert 'href="/donnees/millesimes/2026-04/rows/REL/satisfaction.1/2026.csv"' in html
    assert "python3 verify.py" in html


def test_where_the_network_publishes_by_departement_the_page_of_a_site_says_so(client, release):
    text = text_of(client, "/resultats/S09/")
    assert (
        "Ce réseau publie ce chiffre par département. C'est celui de « Direction du Puy-de-Dôme », "
        "pas celui de ce lieu. 92,0 %" in text
    )
    assert "Dont Résultat Nombres courrier 80,0 %" in text


def test_a_pooled_site_names_its_pool_and_never_its_own_counts(client, release):
    text = text_of(client, "/resultats/S04/")
    assert "Celui-ci réunit 2 lieux du département, sans dire la part de chacun." in text
    assert "Ce sont : Guichet fictif de Roubaix, Guichet fictif de Valenciennes." in text
    assert "93 usagers satisfaits sur 119 interrogés" in text
    assert "Ces lieux réunis" in text


def test_a_pool_of_a_region_is_not_said_to_be_of_one_departement(client, release):
    text = text_of(client, "/resultats/REL-59/")
    assert "Celui-ci réunit 2 lieux de la région, sans dire la part de chacun." in text
    assert "lieux du département" not in text


@pytest.mark.parametrize(
    ("code", "area"),
    [
        ("pool~REL-62~62", " du département"),
        ("pool~R32~59", " du département"),
        ("pool~REL~", ""),
        ("pool~R32", " de la région"),
        ("pool~FR", " du pays"),
    ],
)
def test_the_code_of_a_pool_tells_where_its_places_are(code, area):
    assert pool_area(code) == area


def test_a_withheld_figure_is_said_to_be_and_why(client, release):
    text = text_of(client, "/resultats/S13/")
    assert "Non publié : trop peu de cas" in text
    assert "Avec si peu de cas, on pourrait reconnaître des personnes." in text
    assert "52 usagers" not in text


def test_a_declared_value_is_told_with_its_place(client, release):
    text = text_of(client, "/resultats/S01/")
    assert "Chiffre déclaré par le réseau, tel quel : c'est celui du Nord." in text
    assert "12,4 jours" in text


def test_a_corrected_figure_tells_its_former_value(client, release):
    assert "82,0 % corrigé dans l'édition 2026-04 (avant : 24,0 %)" in text_of(
        client, "/resultats/S10/"
    )
    assert "Chiffre corrigé dans l'édition 2026-04 (avant : " in text_of(client, "/resultats/S10/")


def test_a_comment_is_signed_and_escaped(client, release):
    FigureComment.objects.create(
        structure=Structure.objects.get(code="S01"),
        version=IndicatorVersion.objects.get(indicator__code="decroche"),
        period="2026-02",
        text="Ligne coupée <b>deux</b> jours.",
        signed_as="Directrice",
    )
    html = html_of(client, "/resultats/S01/")
    assert "Ligne coupée &lt;b&gt;deux&lt;/b&gt; jours." in html
    assert "Commentaire du lieu sur ce chiffre (février" in html
    assert "Directrice, le " in html


def test_an_incomplete_figure_tells_what_is_missing(client, release):
    assert "Chiffre incomplet : 2 relevés reçus sur 3 attendus." in text_of(
        client, "/resultats/S05/"
    )


def test_missing_data_is_told_and_never_zero(client, release):
    PlaceFigures.objects.filter(level="structure", place="S05").delete()
    text = text_of(client, "/resultats/S05/")
    assert "Données insuffisantes. Ce lieu n'a envoyé aucun chiffre pour l'instant." in text
    assert "0,0 %" not in text


def test_a_place_of_no_network_has_no_results(client, release):
    StructureFactory(code="seul", network=None)
    assert "Ce lieu n'appartient à aucun réseau" in text_of(client, "/resultats/seul/")


def test_merged_and_unknown_places(client, release):
    kept = Structure.objects.get(code="S01")
    gone = StructureFactory(code="parti", gone=True, merged_into=kept)
    response = client.get(f"/resultats/{gone.code}/")
    assert (response.status_code, response.headers["Location"]) == (301, "/resultats/S01/")
    assert client.get("/resultats/inconnu/").status_code == 404


def test_the_series_has_its_chart_and_its_table(client, release):
    html = html_of(client, "/resultats/S01/")
    assert 'src="/resultats/S01/graphiques/satisfaction.svg"' in html
    alt = re.search(r'alt="(Les usagers sont satisfaits[^"]+)"', html)[1]
    assert "de 80,0" in alt
    assert "dans le tableau qui suit" in alt
    assert "Les usagers sont satisfaits, période par période" in html
    assert "graphiques/accuse-delai.svg" not in html


def test_an_earlier_version_has_its_series_apart_with_what_changed(client, release):
    former = IndicatorVersion.objects.get(indicator__code="satisfaction", number=1)
    newer = IndicatorVersion.objects.get(pk=former.pk)
    newer.pk, newer.number, newer.change_note = None, 2, "Une question de plus."
    newer.save()
    IndicatorVersion.objects.filter(pk=former.pk).update(public_title="Ancienne question")
    serve_version(release, "structure", "S01", value="66.6")
    text = text_of(client, "/resultats/S01/")
    apart = text.split("Avant, autrement compté (version 1) : Ancienne question", 1)[1]
    assert "Ces chiffres ne se comparent pas aux nouveaux. Ce qui a changé : Une question" in apart
    assert "80,4 %" in apart
    assert "66,6 %" in text.split("Avant, autrement compté")[0]
    assert "80,4 %" not in text.split("Avant, autrement compté")[0]


def serve_version(release, level, place, *, value):
    """The figures of a place served again under version 2 of satisfaction."""
    rows = PlaceFigures.objects.filter(level=level, place=place, part__indicator="satisfaction")
    for row in rows.select_related("part"):
        part = row.part
        part.pk, part.version, part.digest = None, 2, "e" * 64
        part.save()
        release.parts.add(part)
        figures = [one | {"value": value} for one in row.figures]
        PlaceFigures.objects.create(part=part, level=level, place=place, figures=figures)


@pytest.mark.parametrize(
    ("path", "level", "place", "former"),
    [
        ("/resultats/reseaux/REL/?indicateur=satisfaction", "nation", "FR", "81,4 %"),
        ("/resultats/territoires/59/", "departement", "59", "77,4 %"),
    ],
)
def test_networks_and_territories_lead_to_earlier_versions_too(
    client, release, path, level, place, former
):
    newer = IndicatorVersion.objects.get(indicator__code="satisfaction", number=1)
    newer.pk, newer.number, newer.change_note = None, 2, "Une question de plus."
    newer.save()
    serve_version(release, level, place, value="66.6")
    text = text_of(client, path)
    before, _, apart = text.partition("Avant, autrement compté (version 1)")
    assert "66,6 %" in before
    assert former not in before
    assert "Ce qui a changé : Une question de plus." in apart
    assert former in apart


def test_both_sizes_of_the_poster_are_offered_for_the_edition_read(client, release):
    html = html_of(client, "/resultats/S01/")
    assert 'href="/resultats/S01/affiche.pdf"' in html
    assert 'href="/resultats/S01/affiche.pdf?format=A3"' in html
    Release.objects.update(is_current=False)
    path = f"/resultats/S01/?edition={release.name}"
    large = f"/resultats/S01/affiche.pdf?edition={release.name}&format=A3"
    assert f'href="{large}"' in html_of(client, path).replace("&amp;", "&")
    assert client.get(large).status_code == 200


def test_a_line_says_what_its_ends_are(client, release):
    assert "De 0 % à 100 %" in text_of(client, "/resultats/S01/")


@pytest.mark.parametrize(
    "path",
    [
        "/resultats/S01/?edition=1999",
        "/resultats/reseaux/REL/?edition=1999&tri=ville",
        "/resultats/territoires/59/?edition=1999",
        "/resultats/S01/affiche.pdf?edition=1999",
    ],
)
def test_an_unknown_edition_leads_to_those_that_exist(client, release, path):
    ReleaseFactory(name="2025-T4")
    response = client.get(path)
    assert response.status_code == 404
    page = response.content.decode().replace("&amp;", "&")
    assert "Aucune édition ne s'appelle" in unescape(page)
    asked = path.replace("edition=1999", "edition=2025-T4")
    assert f'href="{asked}"' in page
    assert release.name in page


def test_before_the_first_edition_the_pages_say_so(client):
    StructureFactory(code="caf")
    for path in ("/resultats/", "/resultats/caf/", "/resultats/territoires/59/"):
        assert "Aucun résultat publié pour l'instant" in text_of(client, path)


def test_an_earlier_edition_stays_readable_and_says_that_it_is_one(client, release):
    former = ReleaseFactory(name="2025-T4")
    former.parts.set(release.parts.all())
    text = text_of(client, "/resultats/S01/?edition=2025-T4")
    assert "Vous lisez une ancienne édition" in text
    assert "80,4 %" in text
    html = html_of(client, "/resultats/S01/?edition=2025-T4")
    assert 'href="/resultats/reseaux/REL/?edition=2025-T4"' in html
    assert "format=csv" in html
    assert client.get("/resultats/S01/?edition=jamais").status_code == 404
    assert client.get("/resultats/S01/?edition=%00").status_code == 200


def test_an_edition_that_is_not_published_is_not_read(client, release):
    ReleaseFactory(name="en-cours", state=Release.State.COMPUTING)
    assert client.get("/resultats/S01/?edition=en-cours").status_code == 404


def test_a_demonstration_is_marked_on_every_page_and_file(client, release, settings, tmp_path):
    settings.LAKE = tmp_path
    Release.objects.update(is_demonstration=True)
    for path in ("/resultats/?ou=lille", "/resultats/reseaux/REL/"):
        assert "Ces chiffres sont fictifs, même ceux des lieux réels" in text_of(client, path)
    for path in ("/resultats/", "/resultats/S01/", "/resultats/territoires/59/"):
        assert "Une partie de ces chiffres est fictive" in text_of(client, path)
    for path in ("/resultats/S01/", "/resultats/reseaux/REL/", "/resultats/territoires/59/"):
        assert "édition 2026-04 (démonstration)" in text_of(client, path)
    for name in ("carte/", "carte.svg", "graphiques/satisfaction.svg"):
        assert "Démonstration" in html_of(client, f"/resultats/S01/{name}")
    for row in rows_of(client, "/resultats/S01/?format=csv"):
        assert row["demonstration"] == ("" if row["etat"] == "declare" else "oui")


def test_a_page_of_a_demonstration_tells_real_values_from_invented_ones(client, release):
    Release.objects.update(is_demonstration=True)
    text = text_of(client, "/resultats/S01/")
    assert "valeur réelle Chiffre déclaré par le réseau" in text
    assert text.count("chiffre fictif") >= 2
    text = text_of(client, "/resultats/territoires/59/")
    assert "Valeurs réelles, déclarées par : " in text
    assert "chiffres fictifs" in text


@pytest.fixture
def declared(release):
    """The declared indicator alone, for the country and two départements."""
    part = PlaceFigures.objects.get(part__is_declared=True).part
    PlaceFigures.objects.filter(part=part).delete()
    for level, place, values in (
        ("nation", "FR", (("2025", "13.1"), ("2024", "14.2"))),
        ("departement", "59", (("2024", "15.5"),)),
        ("departement", "63", (("2024", "11.5"), ("2023", "12.5"))),
    ):
        told = [{"period": code, "value": value} for code, value in values]
        marks = {"state": "declared", "source": "Rapport annuel, page 12"}
        PlaceFigures.objects.create(
            part=part, level=level, place=place, figures=[one | marks for one in told]
        )
    return "/resultats/reseaux/REL/?indicateur=delai-moyen"


def test_a_declared_indicator_has_its_series_source_and_departements(client, declared):
    Release.objects.update(is_demonstration=True)
    text = text_of(client, declared)
    assert "fictif" not in text.replace("Réseau fictif", "").split("Réutiliser")[0]
    assert "13,1 jours (2025), déclaré par le réseau. Source : Rapport annuel, page 12." in text
    assert "2024 14,2 jours" in text
    assert "Publié par" not in text
    assert "Par département, 2024" in text
    assert "Puy-de-Dôme (63) 11,5 jours" in text
    assert "Pas de différence nette" not in text
    assert "(démonstration)" not in text
    rows = rows_of(client, f"{declared}&format=csv")
    own = [row for row in rows if row["indicateur"] == "delai-moyen"]
    assert {(row["niveau"], row["nom_du_lieu"]) for row in own} == {
        ("pays", "France"),
        ("departement", "Nord"),
        ("departement", "Puy-de-Dôme"),
    }
    assert {(row["source"], row["demonstration"]) for row in own} == {
        ("Rapport annuel, page 12", "")
    }


def test_the_note_of_an_edition_stands_on_the_pages_that_it_corrects(client, release):
    Release.objects.update(note="Le relevé de Brest était faux.")
    for path in ("/resultats/S10/", "/resultats/reseaux/REL/"):
        assert "Le relevé de Brest était faux." in text_of(client, path)
        assert "/donnees/millesimes/2026-04/#corrections" in html_of(client, path)
    assert "Le relevé de Brest était faux." not in text_of(client, "/resultats/S01/")


@pytest.mark.parametrize(
    "changes",
    [
        {"indicator": "decroche"},
        {"what": "removed"},
        {"is_move": True},
        {"level": "pool"},
        {"level": "region"},
        {"period": "2025-Q4"},
    ],
    ids=lambda changes: "-".join(changes),
)
def test_what_a_network_page_does_not_show_or_no_correction_brings_no_note(
    client, release, changes
):
    Release.objects.update(note="Le relevé de Brest était faux.")
    CorrectedFigure.objects.update(**changes)
    assert "Le relevé de Brest" not in text_of(client, "/resultats/reseaux/REL/")
    if not {"indicator", "period"} & set(changes):
        assert "Le relevé de Brest" not in text_of(client, "/resultats/S10/")


def test_a_page_gives_one_sentence_to_quote_with_figure_counts_period_and_address(client, release):
    text = text_of(client, "/resultats/S01/")
    assert (
        "Pour citer cette page Les usagers sont satisfaits : 80,4 % (262 usagers satisfaits sur "
        "326 interrogés), 1er trimestre 2026 (de janvier à mars). Guichet Ouvert, "
    ) in text
    text = text_of(client, "/resultats/reseaux/REL/?indicateur=decroche")
    assert "?indicateur=decroche&edition=2026-04" in text.split("Pour citer")[1]
    assert "Un agent décroche quand vous appelez : 84,8 %" in text.split("Pour citer")[1]
    assert "<textarea" not in html_of(client, "/resultats/reseaux/REL/")


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/resultats/S01/", 14),
        ("/resultats/S04/", 15),
        ("/resultats/reseaux/REL/", 13),
        ("/resultats/territoires/59/", 12),
        ("/resultats/?ou=Lille", 16),
        ("/resultats/S01/carte/", 14),
    ],
)
def test_pages_take_few_queries_whatever_they_hold(client, release, path, most):
    counts = []
    for add in (more_sites, None):
        forget_kept()
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        counts.append(len(captured))
        statements = [query["sql"].strip() for query in captured]
        assert all(one.startswith(("SELECT", "WITH")) for one in statements)
        if add:
            add()
    assert counts[1] <= counts[0] <= most


def more_sites():
    """As many sites again, and pools, in every part."""
    network = Network.objects.get(code="REL")
    for number in range(20):
        StructureFactory(code=f"plus-{number}", network=network)
    model = PlaceFigures.objects.filter(level="structure", place="S01")
    for place in list(model):
        PlaceFigures.objects.bulk_create(
            PlaceFigures(
                part=place.part, level="structure", place=f"plus-{n}", figures=place.figures
            )
            for n in range(15)
        )
        PoolMember.objects.bulk_create(
            PoolMember(part=place.part, pool="pool~plus", member=f"plus-{n}") for n in range(15, 20)
        )


def test_the_current_edition_is_read_and_no_other(client, release):
    other = ReleaseFactory(name="2026-05")
    serve_other = {"value": "11.1"}
    for place in PlaceFigures.objects.filter(place="S01", part__indicator="satisfaction"):
        part = place.part
        part.pk, part.digest = None, "f" * 64
        part.save()
        other.parts.add(part)
        PlaceFigures.objects.create(
            part=part,
            level="structure",
            place="S01",
            figures=[one | serve_other for one in place.figures],
        )
    assert "11,1 %" not in text_of(client, "/resultats/S01/")
    assert "11,1 %" in text_of(client, "/resultats/S01/?edition=2026-05")
    Release.objects.update(is_current=False)
    Release.objects.filter(pk=other.pk).update(is_current=True)
    assert "11,1 %" in text_of(client, "/resultats/S01/")


def test_the_newest_month_stands_under_a_figure_by_quarter_and_all_months_in_a_table(
    client, release
):
    text = text_of(client, "/resultats/S01/")
    newest = "Dernier mois reçu : avril 2026, 79,6 % (86 usagers satisfaits sur 108 interrogés)."
    assert newest in text
    assert "les derniers mois" not in text
    place = PlaceFigures.objects.get(level="structure", place="S01", part__indicator="satisfaction")
    earlier = [f"{year}-Q{quarter}" for year in (2024, 2025) for quarter in range(1, 5)]
    place.figures += [{"period": code, "value": "80.0", "counters": "8|10"} for code in earlier]
    place.save()
    text = text_of(client, "/resultats/S01/")
    assert newest in text
    months = text.split("Les usagers sont satisfaits, les derniers mois")[1]
    assert "avril 2026 79,6 % 86 sur 108" in months.split("période par période")[0]


def test_a_long_series_reads_its_last_twelve_months_and_no_other(release, monkeypatch):
    monkeypatch.setattr("guichet.publication.published.structure_results.LONG_YEARS", 1)
    place = PlaceFigures.objects.get(level="structure", place="S01", part__indicator="satisfaction")
    place.figures += [{"period": f"2026-04-{day:02}", "value": "1.0"} for day in range(1, 31)]
    place.save()
    Release.objects.update(through=date(2027, 2, 28))
    results = results_of_structure(Structure.objects.get(code="S01"), Release.objects.get())
    found = next(one for one in results.indicators if one.version.indicator.code == "satisfaction")
    kinds = {item["period"] for item in found.rows.items if len(item["period"]) >= 7}
    assert {code for code in kinds if "Q" not in code} == {"2026-03", "2026-04"}
