"""How typed words are read, on the shipped communes and kinds."""

from __future__ import annotations

import pytest

from guichet.directory.nearby import Point
from guichet.directory.reference_tables import load_reference
from guichet.directory.search_reading import SearchWish, names_a_commune, read_wish, read_words

pytestmark = pytest.mark.usefixtures("load_reference_territories")


@pytest.fixture(autouse=True)
def kinds(load_reference_territories):
    load_reference()


@pytest.mark.parametrize(
    ("line", "what", "where"),
    [
        ("mairie", "mairie", ""),
        ("lille", "", "lille"),
        ("59000", "", "59000"),
        ("mairie de lyon", "mairie", "lyon"),
        ("mairie du Mans", "mairie", "Mans"),
        ("mairie d'Annecy", "mairie", "Annecy"),
        ("caf lille", "caf", "lille"),
        ("lille caf", "caf", "lille"),
        ("CAF 75012", "CAF", "75012"),
        ("impôts à Saint-Denis", "impôts", "Saint-Denis"),
        ("maison des familles", "maison des familles", ""),
        ("école de musique", "école de musique", ""),
    ],
)
def test_one_line_is_read_as_what_and_where(line, what, where):
    assert read_words(line) == (what, where)


@pytest.mark.parametrize(
    ("words", "is_named"),
    [
        ("Lomme", True),
        ("la rochelle", True),
        ("rochelle", True),
        ("saint denis", True),
        ("75056", True),
        ("750", False),
        ("roubais", False),
        ("", False),
        ("maison des familles", False),
    ],
)
def test_only_a_whole_name_or_code_names_a_commune(words, is_named):
    assert names_a_commune(words) is is_named


def test_words_that_several_communes_bear_offer_the_others():
    read = read_wish(SearchWish(what="mairie", where="saint-denis"))
    assert read.place.insee_code == "97411"
    assert "93066" in [place.insee_code for place in read.other_places]


def test_what_the_page_offers_for_another_place_finds_that_place():
    read = read_wish(SearchWish(where="saint-denis"))
    for other in read.other_places:
        assert read_wish(SearchWish(where=other.query)).place.insee_code == other.insee_code


@pytest.mark.parametrize(
    ("where", "insee_code"),
    [("Lomme", "59350"), ("Paris 12e", "75112"), ("69003", "69383"), ("St Étienne", "42218")],
)
def test_former_names_arrondissements_and_codes_are_places(where, insee_code):
    assert read_wish(SearchWish(where=where)).place.insee_code == insee_code


def test_a_place_that_nobody_knows_is_said_unknown():
    assert read_wish(SearchWish(what="caf", where="zzzzzzzz")).place_is_unknown
    assert not read_wish(SearchWish(what="caf")).place_is_unknown


def test_with_a_place_or_a_kind_the_words_are_not_cut():
    assert read_wish(SearchWish(what="caf lille", where="lyon")).what == "caf lille"
    assert read_wish(SearchWish(what="lille", kind_code="caf")).name == "lille"
    assert read_wish(SearchWish(what="lille", origin=Point(50, 3))).where == ""


def test_an_unknown_kind_is_no_kind():
    read = read_wish(SearchWish(kind_code="n'existe pas"))
    assert (read.kind, read.name) == (None, "")


def test_every_label_names_its_own_kind():
    from guichet.directory.reference_tables import searchable_kinds
    from guichet.directory.search_reading import sure_kind

    kinds = searchable_kinds()
    labels = [kind.label.casefold() for kind in kinds]
    assert len(labels) == len(set(labels))
    assert [kind.code for kind in kinds if sure_kind(kind.label, kinds) != kind] == []
