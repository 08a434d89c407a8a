import pytest

from guichet.directory.models import StructureKind
from guichet.directory.tests.factories import StructureFactory, lille

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_territories")]
API = "/api/v1/orientation"


@pytest.fixture
def caf(no_territories):
    return StructureFactory(
        code="caf-lille",
        kind=StructureKind.objects.get(code="caf"),
        commune=lille(),
        with_hours=True,
        phones=[
            {"number": "3230", "display": "32 30", "label": "", "cost": "normal"},
        ],
    )


def ask(client, **asked):
    response = client.get(API, asked)
    assert response.status_code == 200
    return response.json()


def test_the_api_answers_as_the_page(client, caf):
    found = ask(client, q="je veux demander le RSA", commune="Lille")
    assert found["sure"] is True
    assert found["out_of_scope"] is False
    assert found["commune"] == {"insee_code": "59350", "name": "Lille"}
    best = found["answers"][0]
    assert best["type"] == "caf"
    assert best["why"]
    assert best["procedure"] is None
    assert best["structures"][0]["code"] == "caf-lille"
    assert best["structures"][0]["phones"][0]["number"] == "3230"
    assert best["structures"][0]["travel_minutes"] >= 2
    assert [one["type"] for one in found["answers"]] == ["caf", "msa", "cg", "ccas"]
    assert found["france_services"] is None
    assert found["travel_method"].startswith("Temps estimé")


def test_a_code_of_commune_is_a_code(client, caf):
    assert ask(client, q="rsa", commune="59350")["commune"]["insee_code"] == "59350"
    assert ask(client, q="rsa", commune="59000")["commune"]["insee_code"] == "59350"


def test_a_sheet_is_given_when_the_catalogue_has_it(client, caf):
    from guichet.orientation.tests.factories import ProcedureFactory

    ProcedureFactory(code="F19778", title="RSA demandeur de 25 ans et plus")
    sheet = ask(client, q="rsa")["answers"][0]["procedure"]
    assert sheet["code"] == "F19778"
    assert set(sheet) == {"code", "title", "url", "read_on", "to_check"}


def test_out_of_scope_is_said(client):
    found = ask(client, q="mon forfait sfr ne marche plus")
    assert found["out_of_scope"] is True
    assert found["sure"] is False
    assert found["advice"]


def test_a_choice_is_not_sure_and_names_each_kind_once(client):
    found = ask(client, q="problème avec mon employeur")
    kinds = [one["type"] for one in found["answers"]]
    assert found["sure"] is False
    assert len(kinds) == len(set(kinds)) >= 2


def test_nothing_understood_is_an_empty_list(client):
    found = ask(client, q="asdfgh")
    assert (found["sure"], found["out_of_scope"], found["answers"]) == (False, False, [])


def test_asking_writes_nothing(client, django_assert_num_queries):
    from guichet.orientation.models import MissedSearch, Tally

    ask(client, q="asdfgh")
    ask(client, q="rsa")
    assert not Tally.objects.exists()
    assert not MissedSearch.objects.exists()
