"""The pages and files of coverage: words first, exact counts, what is old or unknown said so."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from guichet.directory.csv_sheets import read_sheet
from guichet.directory.models import Structure
from guichet.directory.tests.factories import KindFactory
from guichet.orientation.coverage.measures import measure_coverage
from guichet.orientation.models import CoverageMeasure
from guichet.orientation.tests.coverage_country import FRANCE_SERVICES, house, make_country
from guichet.territories.models import Commune, Departement
from guichet.territories.tests.factories import CommuneFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/orientation/couverture/"


@pytest.fixture
def country(no_territories):
    return make_country()


@pytest.fixture
def measured(country):
    return measure_coverage(FRANCE_SERVICES)


def words(response) -> str:
    """The page's text, its spaces alike."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def sheet(response):
    return read_sheet(b"".join(response.streaming_content), wanted="departement")


class TestNation:
    def test_the_figure_comes_first_in_words_then_exact_counts(self, client, measured):
        text = words(client.get(ADDRESS))
        sentence = (
            "92,9 % de la population vit à moins de 30 minutes en voiture d'une maison France "
            "services."
        )
        assert sentence in text
        assert text.index(sentence) < text.index("6 500 sur 7 000") < text.index("Par département")
        assert "2 sur 5 : à 30 minutes ou plus, ou sans route jusqu'à un lieu" in text
        assert "distance à vol d'oiseau × 1,3" in text
        assert "800 habitants de communes situées à quelques kilomètres près" in text
        assert "contourner une rade" in text

    def test_the_age_of_the_list_is_told(self, client, measured):
        text = words(client.get(ADDRESS))
        assert (
            "2 lieux comptés, vérifiés entre le 1er janvier 2020 et le 1er septembre 2020. "
            "Source : Carte des France services (ANCT), septembre 2020." in text
        )
        assert "À vérifier Cette liste a plus d'un an." in text

    def test_a_recent_list_needs_no_warning(self, client, country):
        day = timezone.localdate() - timedelta(days=3)
        Structure.objects.update(checked_on=day)
        measure_coverage(FRANCE_SERVICES)
        text = words(client.get(ADDRESS))
        assert "2 lieux comptés, vérifiés le" in text
        assert "À vérifier" not in text

    def test_a_partly_old_list_and_unlocated_places_are_told(self, client, country):
        house("recent", "01001", 46.0, checked_on=timezone.localdate())
        house("undated", "01001", 46.0, checked_on=None)
        house("centre", "01001", 46.0, checked_on=timezone.localdate(), position_source="commune")
        house("nowhere", "01001", None)
        measure_coverage(FRANCE_SERVICES)
        text = words(client.get(ADDRESS))
        assert "ou à une date inconnue." in text
        assert "3 lieux sur 5 sans vérification depuis plus d'un an." in text
        assert "1 lieu compté au centre de la commune" in text
        assert "1 lieu laissé de côté, faute de position." in text

    def test_the_least_covered_come_first_and_those_without_people_last(self, client, measured):
        text = words(client.get(ADDRESS))
        order = ["Finistère (29)", "Jura (39)", "Ain (01)", "Terres australes (984)"]
        assert sorted(order, key=text.index) == order
        assert "Terres australes (984) Aucun habitant recensé : rien à mesurer 0" in text
        assert "Jura (39) 70,0 % 1 sur 2 1 000 1" in text

    def test_a_link_sorts_by_name(self, client, measured):
        assert '?tri=nom#departements"' in client.get(ADDRESS).content.decode()
        text = words(client.get(f"{ADDRESS}?tri=nom"))
        order = ["Ain (01)", "Finistère (29)", "Jura (39)", "Terres australes (984)"]
        assert sorted(order, key=text.index) == order

    def test_overseas_collectivities_are_counted_and_told_apart(self, client, country):
        CommuneFactory(
            insee_code="98735",
            name="Papeete",
            departement=Departement.objects.get(code="984"),
            population=3_000,
            latitude=-17.5,
            longitude=-149.6,
        )
        measure_coverage(FRANCE_SERVICES)
        text = words(client.get(ADDRESS))
        assert "65,0 % de la population" in text
        assert "92,9 % dans les départements seulement" in text

    def test_another_kind_is_chosen_in_a_list(self, client, measured):
        house("office", "29155", 46.05, kind=KindFactory(code="caf"))
        measure_coverage("caf")
        assert '<option value="caf">Caisse' in client.get(ADDRESS).content.decode()
        text = words(client.get(f"{ADDRESS}?type=caf"))
        assert "2,9 % de la population" in text
        assert "d'un lieu «" in text
        assert f"{ADDRESS}29/?type=caf" in client.get(f"{ADDRESS}?type=caf").content.decode()

    def test_a_former_kind_leads_to_todays(self, client, measured):
        assert "92,9 %" in words(client.get(f"{ADDRESS}?type=msap"))

    def test_another_limit_is_one_link_away(self, client, measured):
        measure_coverage(FRANCE_SERVICES, 40)
        text = words(client.get(f"{ADDRESS}?minutes=40"))
        assert "97,1 % de la population vit à moins de 40 minutes" in text
        assert '?minutes=40"' in client.get(ADDRESS).content.decode()

    def test_fictional_places_are_told_to_be_so(self, client, country):
        Structure.objects.update(is_fictional=True, source="demonstration")
        measure_coverage(FRANCE_SERVICES)
        told = "Les lieux comptés sont fictifs"
        assert told in words(client.get(ADDRESS))
        assert told in words(client.get(f"{ADDRESS}01/"))

    def test_nothing_measured_says_what_to_do(self, client, country):
        response = client.get(ADDRESS)
        assert response.status_code == 200
        assert "Rien n'est encore mesuré" in words(response)
        assert "guichet measure_coverage" in words(response)

    def test_what_is_not_measured_leads_to_what_is(self, client, measured):
        page = client.get(f"{ADDRESS}?type=caf").content.decode()
        assert 'href="?type=france_services&amp;minutes=30"' in page

    @pytest.mark.parametrize(
        "query",
        ["type=%00", "type=" + "a" * 10_000, "minutes=abc", "minutes=²", "minutes=-1", "tri=%ff"],
    )
    def test_any_address_is_answered(self, client, measured, query):
        for address in (ADDRESS, f"{ADDRESS}01/"):
            assert client.get(f"{address}?{query}").status_code == 200

    def test_the_footer_leads_there(self, client):
        assert f'href="{ADDRESS}">Couverture France services</a>' in (
            client.get("/orientation/").content.decode()
        )

    def test_reading_is_all_one_can_do(self, client, measured):
        for address in (ADDRESS, f"{ADDRESS}01/", f"{ADDRESS}communes.csv"):
            assert client.post(address).status_code == 405

    def test_queries(self, client, measured, django_assert_num_queries):
        with django_assert_num_queries(3):
            client.get(ADDRESS)


class TestDepartement:
    def test_the_communes_left_out_are_listed_with_minutes_and_place(self, client, measured):
        response = client.get(f"{ADDRESS}39/")
        text = words(response)
        assert "70,0 % de la population vit à moins de 30 minutes" in text
        assert "Loin 300 36 min France services south" in text
        assert '<a href="/services/south/">' in response.content.decode()
        assert "Nord" not in text

    def test_where_no_road_leads_it_is_said(self, client, measured):
        text = words(client.get(f"{ADDRESS}29/"))
        assert "Ouessant 200 pas de route aucun par la route" in text
        assert "aucun d'après la liste" in text

    def test_nobody_left_out_is_said(self, client, measured):
        text = words(client.get(f"{ADDRESS}01/"))
        assert "Aucune commune à l'écart" in text
        assert "800 habitants de communes situées" in text

    def test_where_nobody_lives_nothing_is_measured(self, client, measured):
        assert "Rien à mesurer ici" in words(client.get(f"{ADDRESS}984/"))

    def test_before_any_measure(self, client, country):
        response = client.get(f"{ADDRESS}39/")
        assert response.status_code == 200
        assert "Rien n'est encore mesuré ici" in words(response)

    def test_a_departement_born_after_the_measure(self, client, measured):
        region = Departement.objects.get(code="39").region
        Departement.objects.create(code="38", name="Isère", region=region, latitude=45, longitude=5)
        assert "Rien n'est encore mesuré ici" in words(client.get(f"{ADDRESS}38/"))

    @pytest.mark.parametrize("code", ["99", "zz", "39%00", "communes.csv"])
    def test_no_such_departement(self, client, measured, code):
        assert client.get(f"{ADDRESS}{code}/").status_code == 404

    def test_names_that_are_gone_leave_codes(self, client, measured):
        Commune.objects.filter(pk="39001").delete()
        CoverageMeasure.objects.update(
            far=[{**row, "place": "gone"} for row in measured.far if row["place"]]
        )
        assert "39001 300 36 min gone" in words(client.get(f"{ADDRESS}39/"))

    def test_long_lists_have_pages_of_a_hundred_in_seven_queries_at_most(
        self, client, country, django_assert_max_num_queries
    ):
        jura = Departement.objects.get(code="39")
        for number in range(150):
            CommuneFactory(
                insee_code=f"39{100 + number}",
                name=f"Écart {number}",
                departement=jura,
                population=10,
                latitude=45.0,
                longitude=5.0,
            )
        measure_coverage(FRANCE_SERVICES)
        with django_assert_max_num_queries(7):
            first = client.get(f"{ADDRESS}39/").content.decode()
        assert first.count('<th scope="row">') == 100
        assert 'href="?page=2"' in first
        last = client.get(f"{ADDRESS}39/?page=zzz&page=2").content.decode()
        assert last.count('<th scope="row">') == 51


class TestFiles:
    def test_departements(self, client, measured, django_assert_num_queries):
        with django_assert_num_queries(2):
            response = client.get(f"{ADDRESS}departements.csv")
            found = sheet(response)
        day = timezone.localdate().isoformat()
        assert response["Content-Disposition"] == (
            f'attachment; filename="couverture-france_services-30-minutes-{day}-departements.csv"'
        )
        assert [cells for _, cells in found.records] == [
            ["01", "Ain", "5800", "5800", "100,0", "2", "0", "800", "1"],
            ["29", "Finistère", "200", "0", "0,0", "1", "1", "0", "0"],
            ["39", "Jura", "1000", "700", "70,0", "2", "1", "0", "1"],
            ["984", "Terres australes", "0", "0", "", "0", "0", "0", "0"],
        ]

    def test_communes_left_out_by_code(self, client, measured, django_assert_num_queries):
        with django_assert_num_queries(5):
            found = sheet(client.get(f"{ADDRESS}communes.csv"))
        assert [cells for _, cells in found.records] == [
            ["29", "Finistère", "29155", "Ouessant", "200", "", "", ""],
            ["39", "Jura", "39001", "Loin", "300", "36", "France services south", "south"],
        ]

    def test_spreadsheets_open_them_and_run_no_formula(self, client, country):
        Structure.objects.filter(code="south").update(name='=HYPERLINK("http://x")')
        measure_coverage(FRANCE_SERVICES)
        content = b"".join(client.get(f"{ADDRESS}communes.csv").streaming_content).decode()
        assert content.startswith("\ufeffcode_departement;departement;code_insee;")
        assert "\r\n" in content
        assert "\"'=HYPERLINK(" in content

    @pytest.mark.parametrize("name", ["communes.csv", "departements.csv"])
    def test_there_is_no_file_before_a_measure(self, client, country, name):
        assert client.get(f"{ADDRESS}{name}").status_code == 404

    def test_the_kind_asked_is_the_one_given(self, client, measured):
        assert client.get(f"{ADDRESS}communes.csv?type=caf").status_code == 404
        measure_coverage(FRANCE_SERVICES, 40)
        found = sheet(client.get(f"{ADDRESS}communes.csv?minutes=40"))
        assert [cells[2] for _, cells in found.records] == ["29155"]
