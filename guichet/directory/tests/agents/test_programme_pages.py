"""The programme team makes, moves, merges, splits, closes and reopens structures by hand."""

from __future__ import annotations

import pytest

from guichet.directory.models import Role, Structure
from guichet.directory.tests.agents.conftest import text_of
from guichet.directory.tests.factories import (
    CommuneFactory,
    ErrorReportFactory,
    KindFactory,
    StructureFactory,
    lille,
    someone,
)

HOME = "/agents/programme/"
CREATE = "/agents/programme/creer/"
OF_SITE = "/agents/programme/structures/caf-lille/"


@pytest.fixture
def as_administrator(client, administrator):
    client.force_login(administrator)
    return client


@pytest.fixture
def typed(db):
    lille()
    kind = KindFactory(code="mairie", label="Mairie")
    return {"name": "Mairie annexe", "kind": kind.pk, "commune": "Lille", "address_lines": ""}


def stored(structure):
    return Structure.objects.get(pk=structure.pk)


def test_the_home_page_counts_what_waits(client, site, sibling, elsewhere):
    ErrorReportFactory(structure=site)
    StructureFactory(gone=True)
    client.force_login(someone(Role.MODERATOR))
    response = client.get(HOME)
    numbers = response.context["numbers"]
    assert (numbers.sites, numbers.without_hours, numbers.reports, numbers.closed) == (3, 2, 1, 1)
    assert {line.network.code: line.sites for line in numbers.networks}["caf"] == 2
    assert "Créer une structure" not in text_of(response)


def test_the_home_page_costs_the_same_however_many_networks(
    client, site, administrator, django_assert_num_queries
):
    client.force_login(administrator)
    client.get(HOME)
    with django_assert_num_queries(8):
        client.get(HOME)
    for _ in range(5):
        StructureFactory()
    with django_assert_num_queries(8):
        client.get(HOME)


def test_a_structure_is_created_in_its_commune(as_administrator, typed):
    response = as_administrator.post(CREATE, typed | {"address_lines": "1 rue Neuve"}, follow=True)
    assert "La structure est créée" in text_of(response)
    made = Structure.objects.get(name="Mairie annexe")
    assert (made.commune.name, made.town, made.postal_code) == ("Lille", "Lille", "")
    assert made.address_lines == ["1 rue Neuve"]


def test_a_structure_is_created_under_another(as_administrator, typed, head):
    assert "dépendra de « CAF du Nord »" in text_of(as_administrator.get(CREATE + "?sous=caf-nord"))
    as_administrator.post(CREATE + "?sous=caf-nord", typed)
    assert Structure.objects.get(name="Mairie annexe").parent == head
    assert as_administrator.get(CREATE + "?sous=inconnue").status_code == 404


@pytest.mark.usefixtures("no_territories")
@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": ""}, "obligatoire"),
        ({"kind": "inconnu"}, "choix valide"),
        ({"commune": "Xyzzyville"}, "Nous ne connaissons pas « Xyzzyville »"),
        ({"commune": "Saint-Denis"}, "Précisez laquelle : Saint-Denis (59), Saint-Denis (01)"),
        ({"commune": ""}, "obligatoire"),
    ],
)
def test_a_doubtful_creation_is_refused_in_words(as_administrator, typed, change, told):
    CommuneFactory(
        insee_code="59990", name="Saint-Denis", departement=lille().departement, population=2000
    )
    CommuneFactory(insee_code="01990", name="Saint-Denis", population=100)
    assert told in text_of(as_administrator.post(CREATE, typed | change))
    assert not Structure.objects.exists()


def test_a_twin_is_refused(as_administrator, typed):
    as_administrator.post(CREATE, typed)
    response = as_administrator.post(CREATE, typed | {"name": "MAIRIE  ANNEXE"})
    assert "« Mairie annexe » existe déjà à Lille" in text_of(response)


def test_a_parent_is_searched_and_chosen(as_administrator, head, site, elsewhere):
    page = as_administrator.get(OF_SITE + "rattacher/")
    assert [one.code for one in page.context["proposals"]] == ["caf-nord"]
    found = as_administrator.get(OF_SITE + "rattacher/?q=cpam")
    assert [one.code for one in found.context["proposals"]] == ["cpam-lille"]
    as_administrator.post(OF_SITE + "rattacher/?q=cpam", {"parent": "cpam-lille"})
    assert stored(site).parent == elsewhere
    as_administrator.post(OF_SITE + "rattacher/", {"parent": "-"})
    assert stored(site).parent is None
    assert as_administrator.post(OF_SITE + "rattacher/", {"parent": "x"}).status_code == 404


def test_what_depends_on_it_is_not_proposed_as_its_parent(as_administrator, head, site):
    url = "/agents/programme/structures/caf-nord/rattacher/?q=caf"
    assert as_administrator.get(url).context["proposals"] == []
    response = as_administrator.post(url, {"parent": "caf-lille"})
    assert "choisissez un autre rattachement" in text_of(response)


def test_a_merge_redirects_the_old_address(as_administrator, client, site, sibling):
    proposals = as_administrator.get(OF_SITE + "fusionner/").context["proposals"]
    assert {one.code for one in proposals} == {"caf-nord", "caf-roubaix"}
    as_administrator.post(OF_SITE + "fusionner/", {"kept": "caf-roubaix"})
    response = client.get("/services/caf-lille/")
    assert (response.status_code, response.url) == (301, "/services/caf-roubaix/")


def test_a_merge_that_makes_no_sense_says_why(as_administrator, site):
    response = as_administrator.post(OF_SITE + "fusionner/", {"kept": "caf-lille"})
    assert "Choisissez deux structures différentes." in text_of(response)


def test_a_split_makes_structures_to_complete(as_administrator, site):
    sent = {"names": "Accueil\nPermanence", "close_original": "on"}
    response = as_administrator.post(OF_SITE + "scinder/", sent, follow=True)
    assert "« Accueil », « Permanence »" in text_of(response)
    assert stored(site).is_closed
    assert "obligatoire" in text_of(as_administrator.post(OF_SITE + "scinder/", {"names": ""}))


def test_a_structure_is_closed_with_its_reason_and_reopened(as_administrator, client, site):
    assert "obligatoire" in text_of(as_administrator.post(OF_SITE + "fermer/", {"reason": " "}))
    as_administrator.post(OF_SITE + "fermer/", {"reason": "fin du bail"})
    assert "fin du bail" in text_of(client.get("/services/caf-lille/"))
    again = as_administrator.post(OF_SITE + "fermer/", {"reason": "x"})
    assert "déjà fermée" in text_of(again)
    response = as_administrator.post(OF_SITE + "rouvrir/", follow=True)
    assert "La structure est rouverte." in text_of(response)
    assert not stored(site).is_closed


def test_the_administrator_finds_these_pages_on_the_structure(as_administrator, site):
    text = text_of(as_administrator.get("/agents/structures/caf-lille/"))
    for words in ("Changer le rattachement", "Fusionner", "Scinder", "Fermer définitivement"):
        assert words in text


def test_a_code_that_no_text_can_hold_is_not_found(as_administrator, site):
    sent = {"kept": "a\0b"}
    assert as_administrator.post(OF_SITE + "fusionner/", sent).status_code == 404
