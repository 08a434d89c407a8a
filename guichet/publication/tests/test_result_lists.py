"""Results near a place, of a network, of a territory: what is listed, in which order."""

from __future__ import annotations

import re

import pytest

from guichet.directory.models import Structure
from guichet.directory.tests.factories import StructureFactory
from guichet.indicators.models import DeclaredValue, Grain, IndicatorVersion
from guichet.publication.models import Part, PlaceFigures, PoolMember, Release, ReleasePart
from guichet.publication.published import network_results
from guichet.publication.tests.reading_pages import forget_kept, html_of, rows_of, text_of
from guichet.territories.models import Commune

pytestmark = pytest.mark.django_db


def test_services_around_a_town_come_nearest_first_with_two_figures(client, release):
    html = html_of(client, "/resultats/?ou=Lille")
    links = re.findall(r'href="/resultats/(S\d+)/"', html)
    assert links[0] == "S01"
    text = text_of(client, "/resultats/?ou=Lille")
    assert "80,4 % Les usagers sont satisfaits 1er trimestre 2026" in text
    assert "82,3 % Un agent décroche quand vous appelez" in text
    assert "Trop peu de réponses ici ; avec d'autres lieux du département : 7" in text
    assert "Ce n'est pas un classement." in text


def test_what_a_search_shows_is_there_as_csv(client, release):
    assert "?ou=Lille&amp;format=csv" in html_of(client, "/resultats/?ou=Lille")
    rows = rows_of(client, "/resultats/?ou=Lille&format=csv")
    first = rows[0]
    assert (first["service"], first["lieu"], first["valeur"]) == ("S01", "S01", "80,4")
    assert [row["service"] for row in rows].count("S01") == 2
    pooled = next(row for row in rows if row["niveau"] == "regroupement")
    assert pooled["service"] != pooled["lieu"]
    response = client.get("/resultats/?ou=Lille&format=csv")
    assert response.headers["Content-Disposition"].startswith("attachment")


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
    text = text_of(client, "/resultats/?ou=zzxqwk")
    assert "Nous ne connaissons pas « zzxqwk ». Vérifiez l'orthographe" in text
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


def test_where_a_network_publishes_by_departement_the_list_shows_that_figure_as_such(
    client, release
):
    PlaceFigures.objects.filter(level__in=["structure", "pool"]).delete()
    Grain.objects.update(publication_level="departement")
    text = text_of(client, "/resultats/?ou=Lille")
    assert "Chiffre du Nord, pas de ce lieu seul : 77,4 % Les usagers sont satisfaits" in text
    assert "Chiffre du Pas-de-Calais, pas de ce lieu seul : " in text, text


def test_a_site_without_figure_says_whether_its_network_publishes(client, release):
    PlaceFigures.objects.filter(level__in=["structure", "pool"]).delete()
    PoolMember.objects.all().delete()
    Grain.objects.update(publication_level="site")
    assert "Données insuffisantes pour ce lieu." in text_of(client, "/resultats/?ou=Lille")
    Grain.objects.update(source="experiences")
    DeclaredValue.objects.all().delete()
    assert "Non publié par ce réseau." in text_of(client, "/resultats/?ou=Lille")


def test_a_network_without_any_value_is_not_among_those_that_publish(client, release):
    assert "Réseau d'exemple" in text_of(client, "/resultats/")
    ReleasePart.objects.filter(part__is_declared=True).delete()
    for place in PlaceFigures.objects.all():
        for one in place.figures:
            one.pop("value", None)
            one["state"] = "no_whole"
        place.save()
    forget_kept()
    assert "Réseau d'exemple" not in text_of(client, "/resultats/")
    assert "Guichet fictif" not in text_of(client, "/resultats/?ou=Lille")
    text = text_of(client, "/resultats/reseaux/REL/")
    assert "Ce réseau ne publie encore aucun chiffre. Sans chiffre" in text


def test_opinions_are_counted_in_words_where_a_balance_alone_says_nothing(client, release):
    version = IndicatorVersion.objects.get(indicator__code="satisfaction")
    version.kind, version.unit = "net_share", "point"
    version.counter_words = {
        "favourable": "usagers qui trouvent le service meilleur",
        "unfavourable": "usagers qui le trouvent moins bon",
        "whole": "usagers qui ont répondu",
    }
    version.save()
    place = PlaceFigures.objects.get(level="structure", place="S01", part__indicator="satisfaction")
    for one in place.figures:
        one["counters"], one["value"] = "9|17|36", "-22.2"
    place.save()
    text = text_of(client, "/resultats/?ou=Lille")
    assert "9 usagers trouvent le service meilleur, 17 le trouvent moins bon, sur 36" in text
    assert "Solde des avis : −22,2 points" in text


def test_a_network_shows_its_indicators_and_the_places_of_one(client, release):
    text = text_of(client, "/resultats/reseaux/REL/")
    assert "Les usagers sont satisfaits : 81,4 %" in text
    assert "1 005 usagers satisfaits sur 1 234 interrogés" in text
    assert "Regroupement : Guichet fictif de Calais et Guichet fictif de Lens" in text
    assert "1 lieu n'est ni publié, ni compté : trop peu de cas." in text
    assert "Direction du Nord" not in text


def test_a_network_opens_on_its_best_known_indicator(client, release, monkeypatch):
    monkeypatch.setattr(network_results, "BEST_KNOWN", {"decroche"})
    text = text_of(client, "/resultats/reseaux/REL/")
    assert "Choisissez un indicateur : Un agent décroche quand vous appelez" in text


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


def test_no_map_is_drawn_where_no_departement_has_a_figure(client, release):
    for place in PlaceFigures.objects.filter(level="departement"):
        for one in place.figures:
            one.pop("value", None)
            one["state"] = "no_whole"
        place.save()
    forget_kept()
    assert "ui-tiles__map" not in html_of(client, "/resultats/reseaux/REL/")
    text = text_of(client, "/resultats/reseaux/REL/")
    assert re.search(r"Par département, 1er trimestre 2026 \d départements sans chiffre \(", text)


def test_an_unknown_network_is_not_found(client, release):
    assert client.get("/resultats/reseaux/rien/").status_code == 404


def test_a_departement_shows_all_its_networks(client, release):
    text = text_of(client, "/resultats/territoires/59/")
    assert "Résultats des services publics dans le Nord" in text
    assert "77,4 % 469 usagers satisfaits sur 606 interrogés" in text
    assert "Moins bien que le reste du pays (85,4 %)." in text
    assert "Chaque réseau compte à sa façon" in text


def test_declared_history_is_told_apart_and_never_mixed(client, release):
    text = text_of(client, "/resultats/territoires/59/")
    assert "Valeurs déclarées par : Réseau d'exemple. Elles ne sont ni recalculées" in text
    assert "Le temps moyen pour traiter un dossier 1er trimestre 2026 12,4 jours" in text


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
    assert "Le temps moyen pour traiter un dossier 2025 13,1 jours" in text
    assert "Le temps moyen pour traiter un dossier 2024 14,2 jours" in text


def test_a_network_of_many_indicators_offers_them_in_a_list_to_open(client, release, monkeypatch):
    assert "Choisissez un indicateur" in text_of(client, "/resultats/reseaux/REL/")
    monkeypatch.setattr("guichet.publication.result_pages.network_page.MOST_BUTTONS", 2)
    html = html_of(client, "/resultats/reseaux/REL/?indicateur=decroche")
    assert "Choisir parmi les 4 indicateurs" in html
    assert len(re.findall(r'aria-current="true">Un agent décroche', html)) == 1


def test_a_region_and_a_departement_of_one_number_are_told_apart(client, release):
    assert "dans les Hauts-de-France" in text_of(client, "/resultats/territoires/R32/")
    assert "en France" in text_of(client, "/resultats/territoires/FR/")
    assert client.get("/resultats/territoires/R999/").status_code == 404
    assert client.get("/resultats/territoires/xx/").status_code == 404


def without_cases_in(place, level="departement"):
    """All sites of a place are withheld for satisfaction: its sum is of no case."""
    row = PlaceFigures.objects.get(level=level, place=place, part__indicator="satisfaction")
    for one in row.figures:
        one.pop("value", None)
        one |= {"state": "no_whole", "counters": "0|0"}
    row.save()
    PoolMember.objects.filter(part=row.part, member="S01").delete()
    PoolMember.objects.create(part=row.part, pool="withheld", member="S01")
    forget_kept()


def test_a_sum_that_leaves_sites_out_is_never_said_to_be_without_case(client, release):
    without_cases_in("59")
    without_cases_in("FR", "nation")
    for path in ("/resultats/territoires/59/", "/resultats/territoires/FR/"):
        text = text_of(client, path)
        assert "Les usagers sont satisfaits, non publié : trop peu de cas (" in text
        assert "aucun cas" not in text
        assert not re.search(r"\b0 usagers? satisfaits?", text)
    text = text_of(client, "/resultats/reseaux/REL/?indicateur=satisfaction")
    assert "Non publié : trop peu de cas." in text
    assert "2 lieux ne sont ni publiés, ni comptés : trop peu de cas." in text
    assert "aucun cas" not in text
    rows = rows_of(client, "/resultats/territoires/59/?format=csv")
    told = [one for one in rows if one["indicateur"] == "satisfaction"]
    assert {(one["etat"], one["compteurs"]) for one in told} == {("trop_peu_de_cas", "")}


def test_the_page_of_a_directorate_its_csv_and_the_api_say_its_sum_the_same(client, release):
    without_cases_in("REL-59", "structure")
    assert "satisfaits : Non publié : trop peu de cas" in text_of(client, "/resultats/REL-59/")
    rows = rows_of(client, "/resultats/REL-59/?format=csv")
    told = [one for one in rows if one["indicateur"] == "satisfaction"]
    assert {(one["etat"], one["compteurs"]) for one in told} == {("trop_peu_de_cas", "")}
    asked = {"structure": "REL-59", "indicator": "satisfaction"}
    items = client.get("/api/v1/results", asked).json()["items"]
    assert len(items) == len(told)
    assert {(one["state"], len(one["counters"])) for one in items} == {("withheld", 0)}


def test_a_year_that_is_not_over_says_its_months_wherever_it_is_told(client, release):
    for one in PlaceFigures.objects.filter(part__indicator="satisfaction"):
        one.figures = [item for item in one.figures if "Q" not in item["period"]]
        one.save()
    forget_kept()
    words = "de janvier à avril 2026"
    network = "/resultats/reseaux/REL/?indicateur=satisfaction"
    assert f"Par département, {words}" in text_of(client, network)
    assert f"Les usagers sont satisfaits {words}" in text_of(client, "/resultats/?ou=Lille")
    assert words in text_of(client, "/resultats/S01/")


def test_a_sum_says_how_many_sites_it_does_not_count(client, release):
    part = Part.objects.get(indicator="satisfaction", is_declared=False)
    PoolMember.objects.create(part=part, pool="withheld", member="S01")
    text = text_of(client, "/resultats/territoires/59/")
    assert "1 lieu n'est ni publié, ni compté : trop peu de cas." in text


def test_a_place_of_which_nothing_may_be_published_is_there_all_the_same(client, release):
    part = Part.objects.get(indicator="satisfaction", is_declared=False)
    PlaceFigures.objects.filter(part=part, level="departement", place="59").delete()
    PoolMember.objects.create(part=part, pool="withheld", member="S01")
    assert "Les usagers sont satisfaits, non publié : trop peu de cas (de janvier à avril" in (
        text_of(client, "/resultats/territoires/59/")
    )
    text = text_of(client, "/resultats/reseaux/REL/?indicateur=satisfaction")
    assert "1 département sans chiffre (non publié : trop peu de cas)." in text


def test_what_has_no_figure_is_folded_after_what_has_one(client, release):
    without_cases_in("59")
    PoolMember.objects.filter(pool="withheld").delete()
    forget_kept()
    html = html_of(client, "/resultats/territoires/59/")
    folded = html[html.index("<summary>Sans chiffre</summary>") :]
    assert "Les usagers sont satisfaits, aucun cas sur la période" in folded
    assert "0 usagers" not in html
    site = PlaceFigures.objects.get(level="structure", place="S01", part__indicator="satisfaction")
    for one in site.figures:
        one.pop("value", None)
        one |= {"state": "no_whole", "counters": "0|0"}
    site.save()
    forget_kept()
    text = text_of(client, "/resultats/S01/")
    assert text.index("Un agent décroche") < text.index("Sans chiffre")
    assert text.index("Sans chiffre") < text.index("Aucun cas sur la période")
    text = text_of(client, "/resultats/reseaux/REL/?indicateur=satisfaction")
    assert text.index("1 lieu sans chiffre (aucun cas sur la période).") > text.index(
        "Regroupement :"
    )
