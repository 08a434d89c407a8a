"""`/resultats/…`: what each page says, in which words, and what it never says."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guichet.directory.models import Network, Structure
from guichet.directory.tests.factories import StructureFactory
from guichet.indicators.models import FigureComment, IndicatorVersion
from guichet.publication.models import PlaceFigures, PoolMember, Release
from guichet.publication.network_results import kept_items
from guichet.publication.tests.factories import ReleaseFactory, example_release
from guichet.territories.models import Commune

pytestmark = pytest.mark.django_db


@pytest.fixture
def release():
    kept_items.cache_clear()
    found = example_release()
    Commune.objects.filter(pk="59350").update(latitude=50.63, longitude=3.05)
    for one in Structure.objects.filter(network__code="REL", commune__isnull=False):
        one.latitude, one.longitude = one.commune.latitude, one.commune.longitude
        one.position_source, one.town = "source", one.commune.name
        one.save()
    return found


def html_of(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def text_of(client, path):
    html = html_of(client, path)
    main = html[html.index("<main") : html.index("</main>")]
    words = unescape(re.sub(r"<[^>]+>", " ", main))
    return " ".join(words.replace("\u00a0", " ").replace("\u202f", " ").split())


def rows_of(client, path):
    content = client.get(path).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content), delimiter=";"))


# --- a structure -------------------------------------------------------------------------------


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
    assert "Données insuffisantes . Ce lieu n'a envoyé aucun chiffre pour l'instant." in text
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
    for place in PlaceFigures.objects.filter(place="S01", part__indicator="satisfaction"):
        part = place.part
        part.pk, part.version, part.digest = None, 2, "e" * 64
        part.save()
        release.parts.add(part)
        figures = [one | {"value": "66.6"} for one in place.figures]
        PlaceFigures.objects.create(part=part, level="structure", place="S01", figures=figures)
    text = text_of(client, "/resultats/S01/")
    apart = text.split("Avant, autrement compté (version 1) : Ancienne question", 1)[1]
    assert "Ces chiffres ne se comparent pas aux nouveaux. Ce qui a changé : Une question" in apart
    assert "80,4 %" in apart
    assert "66,6 %" in text.split("Avant, autrement compté")[0]
    assert "80,4 %" not in text.split("Avant, autrement compté")[0]


# --- editions ----------------------------------------------------------------------------------


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


# --- search ------------------------------------------------------------------------------------


def test_services_around_a_town_come_nearest_first_with_two_figures(client, release):
    html = html_of(client, "/resultats/?ou=Lille")
    links = re.findall(r'href="/resultats/(S\d+)/"', html)
    assert links[0] == "S01"
    text = text_of(client, "/resultats/?ou=Lille")
    assert "80,4 % Les usagers sont satisfaits 1er trimestre 2026" in text
    assert "82,3 % Un agent décroche quand vous appelez" in text
    assert "Trop peu de réponses ici ; avec d'autres lieux du département : 7" in text
    assert "Ce n'est pas un classement." in text


def test_a_service_is_found_by_its_name_and_by_position(client, release):
    assert "Guichet fictif de Dunkerque" in text_of(client, "/resultats/?quoi=dunkerque+guichet")
    Commune.objects.filter(pk="59350").update(postal_search=" 59000", postal_codes=["59000"])
    assert "près de Lille" in text_of(client, "/resultats/?ou=59000")
    near = text_of(client, "/resultats/?lat=50.63&lon=3.05")
    assert near.index("Guichet fictif de Lille") < near.index("Guichet fictif de Roubaix")


def test_places_without_published_network_are_not_listed(client, release):
    StructureFactory(code="muet", name="Guichet sans résultat")
    assert "Guichet sans résultat" not in text_of(client, "/resultats/?ou=Lille")


def test_a_place_that_is_not_known_is_said_and_no_other_is_offered(client, release):
    text = text_of(client, "/resultats/?ou=xyzzyville")
    assert "Nous ne connaissons pas « xyzzyville ». Vérifiez l'orthographe" in text
    assert "Guichet fictif" not in text
    text = text_of(client, "/resultats/?ou=00000")
    assert "Vérifiez le code postal, ou écrivez le nom de la commune." in text


def test_a_position_that_the_device_does_not_give_is_said(client, release):
    assert "Votre appareil n'a pas donné sa position." in text_of(client, "/resultats/?autour=moi")


def test_the_title_of_a_search_keeps_the_name_of_what_is_looked_for(client, release):
    assert "Résultats : France Travail en France" in text_of(
        client, "/resultats/?quoi=France+Travail"
    )


def test_a_fictional_place_is_marked_and_a_real_one_is_not(client, release):
    Release.objects.update(is_demonstration=True)
    Structure.objects.update(is_fictional=False)
    Structure.objects.filter(code="S01").update(is_fictional=True)
    assert "Lieu fictif (démonstration)" in text_of(client, "/resultats/S01/")
    assert "Lieu fictif" not in text_of(client, "/resultats/S03/")
    assert text_of(client, "/resultats/?ou=Lille").count("Lieu fictif") == 1
    assert "lieu et chiffres fictifs" in text_of(client, "/resultats/S01/carte/")


def test_nothing_found_leads_on(client, release):
    text = text_of(client, "/resultats/?quoi=zzzz&ou=Lille")
    assert "Aucun service trouvé" in text
    assert "Voir tous les services des environs" in text


def test_a_network_that_publishes_by_departement_says_so_in_the_list(client, release):
    PlaceFigures.objects.filter(level__in=["structure", "pool"]).delete()
    Network.objects.filter(code="REL").update(publication_level="departement")
    assert "Ce réseau publie ses résultats par département." in text_of(
        client, "/resultats/?ou=Lille"
    )


# --- a network ---------------------------------------------------------------------------------


def test_a_network_shows_its_indicators_and_the_places_of_one(client, release):
    text = text_of(client, "/resultats/reseaux/REL/")
    assert "Les usagers sont satisfaits : 81,4 %" in text
    assert "1 005 usagers satisfaits sur 1 234 interrogés" in text
    assert "Regroupement : Guichet fictif de Calais et Guichet fictif de Lens" in text
    assert "1 lieu n'est pas publié : trop peu de cas." in text
    assert "Direction du Nord" not in text


def order_of(client, query):
    html = html_of(client, f"/resultats/reseaux/REL/{query}")
    return re.findall(r'href="/resultats/(S\d+)/"', html)


def test_the_places_are_sorted_by_name_town_or_comparison_without_javascript(client, release):
    assert order_of(client, "") == ["S05", "S09", "S03", "S08", "S01"]
    assert order_of(client, "?tri=ville") == ["S05", "S09", "S03", "S08", "S01"]
    assert order_of(client, "?tri=nimporte") == order_of(client, "")
    by_comparison = order_of(client, "?indicateur=satisfaction&tri=comparaison")
    assert by_comparison == ["S09", "S05", "S08", "S01", "S03"]


def test_places_of_one_verdict_are_by_name_whatever_their_value(client, release):
    verdicts = {"S01": "better", "S03": "worse", "S05": "better", "S08": "worse", "S09": "better"}
    for code, verdict in verdicts.items():
        place = PlaceFigures.objects.get(
            level="structure", place=code, part__indicator="satisfaction"
        )
        for one in place.figures:
            one["versus_nation"] = verdict
        place.save()
    assert order_of(client, "?tri=comparaison") == ["S05", "S09", "S01", "S03", "S08"]


def test_places_with_insufficient_data_stand_apart_and_are_not_ranked(client, release):
    place = PlaceFigures.objects.get(level="structure", place="S09", part__indicator="satisfaction")
    for one in place.figures:
        one["versus_nation"] = one["versus_departement"] = "insufficient"
    place.save()
    assert order_of(client, "?tri=comparaison")[-1] == "S09"
    text = text_of(client, "/resultats/reseaux/REL/?tri=comparaison")
    assert "Trop peu de cas ou de relevés pour comparer ces lieux." in text


def test_the_map_tells_verdicts_without_colour_and_has_its_table(client, release):
    html = html_of(client, "/resultats/reseaux/REL/")
    drawn = re.search(r"<svg class=\"ui-tiles__map\".*?</svg>", html, re.S)[0]
    assert 'aria-hidden="true"' in drawn
    assert re.search(
        r'ui-tile--low"><title>Nord\u00a0: 77,4', drawn.replace("Nord :", "Nord\u00a0:")
    )
    assert re.search(r"ui-tile--high\"><title>Puy-de-Dôme", drawn)
    for overseas in (">971<", ">974<", ">976<", ">988<"):
        assert overseas in drawn
    text = text_of(client, "/resultats/reseaux/REL/")
    assert "Nord (59) 77,4 %" in text
    assert "moins bien que le reste du pays (85,4 %)" in text


def test_an_unknown_network_is_not_found(client, release):
    assert client.get("/resultats/reseaux/rien/").status_code == 404


# --- a territory -------------------------------------------------------------------------------


def test_a_departement_shows_all_its_networks(client, release):
    text = text_of(client, "/resultats/territoires/59/")
    assert "Résultats des services publics dans le Nord" in text
    assert "77,4 % 469 usagers satisfaits sur 606 interrogés" in text
    assert "Moins bien que le reste du pays (85,4 %)." in text
    assert "Chaque réseau compte à sa façon" in text


def test_declared_history_is_told_apart_and_never_mixed(client, release):
    text = text_of(client, "/resultats/territoires/59/")
    assert "Valeurs déclarées par : Réseau d'exemple. Elles ne sont ni recalculées" in text
    assert "Le temps moyen pour traiter un dossier 12,4 jours (1er trimestre 2026)" in text


def test_a_declared_series_is_in_one_table_with_its_source_once(client, release):
    place = PlaceFigures.objects.get(part__is_declared=True)
    declared = {"state": "declared", "source": "Rapport annuel 2025, page 12"}
    place.figures = [
        {"period": "2025", "value": "13.1", **declared},
        {"period": "2024", "value": "14.2", **declared},
    ]
    place.save()
    text = text_of(client, "/resultats/territoires/59/")
    assert text.count("Rapport annuel 2025, page 12") == 1
    assert "Le temps moyen pour traiter un dossier 13,1 jours (2025)" in text
    assert "Le temps moyen pour traiter un dossier 2024 14,2 jours" in text


def test_a_network_of_many_indicators_offers_them_in_a_list_to_open(client, release, monkeypatch):
    assert "Choisissez un indicateur" in text_of(client, "/resultats/reseaux/REL/")
    monkeypatch.setattr("guichet.publication.network_page.MOST_BUTTONS", 2)
    html = html_of(client, "/resultats/reseaux/REL/?indicateur=decroche")
    assert "Choisir parmi les 4 indicateurs" in html
    assert len(re.findall(r'aria-current="true">Un agent décroche', html)) == 1


def test_a_region_and_a_departement_of_one_number_are_told_apart(client, release):
    assert "dans les Hauts-de-France" in text_of(client, "/resultats/territoires/R32/")
    assert "en France" in text_of(client, "/resultats/territoires/FR/")
    assert client.get("/resultats/territoires/R999/").status_code == 404
    assert client.get("/resultats/territoires/xx/").status_code == 404


# --- files, cards, charts ----------------------------------------------------------------------


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


def test_only_the_card_can_be_framed_by_other_sites(client, release):
    card = client.get("/resultats/S01/carte/")
    assert "X-Frame-Options" not in card.headers
    assert "frame-ancestors *" in card.headers["Content-Security-Policy"]
    assert "80,4" in card.content.decode()
    page = client.get("/resultats/S01/")
    assert page.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert "iframe src=" in unescape(page.content.decode())


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
        "guichet.publication.series_charts.drawn_svg", lambda drawing: pytest.fail("redrawn")
    )
    assert client.get("/resultats/S01/graphiques/satisfaction.svg").content == first.content
    assert len(list((tmp_path / "charts").rglob("*.svg"))) == 1


@pytest.mark.parametrize(
    "path",
    ["S01/graphiques/accuse-delai.svg", "S13/graphiques/satisfaction.svg", "S01/graphiques/x.svg"],
)
def test_there_is_no_chart_of_what_is_no_series(client, release, path):
    assert client.get(f"/resultats/{path}").status_code == 404


# --- cost --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/resultats/S01/", 13),
        ("/resultats/S04/", 15),
        ("/resultats/reseaux/REL/", 13),
        ("/resultats/territoires/59/", 8),
        ("/resultats/?ou=Lille", 12),
        ("/resultats/S01/carte/", 13),
    ],
)
def test_pages_take_few_queries_whatever_they_hold(client, release, path, most):
    counts = []
    for add in (more_sites, None):
        kept_items.cache_clear()
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        counts.append(len(captured))
        assert all(query["sql"].startswith("SELECT") for query in captured)
        if add:
            add()
    assert counts[0] == counts[1] <= most


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
