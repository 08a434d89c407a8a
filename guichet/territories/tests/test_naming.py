import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.territories.naming import (
    ARRONDISSEMENTS,
    PlaceQuery,
    bare_name,
    read_place,
    search_name,
)

VOCABULARY = (
    "st ste s ss s/ s/s saint le la l' d'ascq CEDEX 12 12e 1er XVIIIe 03 é œuilly Paris lyon "
    "marseille arrondissement de 75012 (93) , - Ÿ ﬁ ß İ ǆ 2A e x v arr"
)
WORDS = st.lists(st.sampled_from(VOCABULARY.split()), max_size=12).map(" ".join)
TEXTS = st.one_of(st.text(max_size=300), WORDS)


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("L'Haÿ-les-Roses", "l hay les roses"),
        ("Vandœuvre-lès-Nancy", "vandoeuvre les nancy"),
        ("VILLENEUVE D’ASCQ", "villeneuve d ascq"),
        ("St. Étienne", "saint etienne"),
        ("Ste-Geneviève-des-Bois", "sainte genevieve des bois"),
        ("Boulogne s/ Mer", "boulogne sur mer"),
        ("Ivry s Seine", "ivry sur seine"),
        ("Fontenay s/s Bois", "fontenay sous bois"),
        ("Rosny ss Bois", "rosny sous bois"),
        ("Grenoble CEDEX 9", "grenoble"),
        ("Dijon cedex", "dijon"),
        ("Ay-Champagne", "ay champagne"),
        ("  Le   Mans ", "le mans"),
        ("Château-Chinon (Ville)", "chateau chinon ville"),
        ("Парис", ""),
        ("", ""),
    ],
)
def test_spellings_of_a_name_share_one_search_form(written, form):
    assert search_name(written) == form


@pytest.mark.parametrize(
    "written",
    [
        "Paris 12",
        "Paris 12e",
        "paris 12ème",
        "PARIS XIIe",
        "Paris 12 ème arrondissement",
        "12e arrondissement de Paris",
        "12e arrdt Paris",
        "Paris CEDEX 12",
        "Paris 12e Arrondissement",
        "Paris (12e)",
    ],
)
def test_every_way_to_write_an_arrondissement_is_the_same(written):
    assert search_name(written) == "paris 12"


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("Lyon 3ème", "lyon 3"),
        ("Lyon Cedex 03", "lyon 3"),
        ("Marseille 1er Arrondissement", "marseille 1"),
        ("paris XVIIIe", "paris 18"),
        ("Paris XIX", "paris 19"),
        ("Lyon 10", "lyon 10"),
        ("Paris 21e", "paris 21e"),
        ("Paris plage", "paris plage"),
        ("e Paris", "e paris"),
    ],
)
def test_only_arrondissements_that_exist_are_read_as_such(written, form):
    assert search_name(written) == form


@given(TEXTS)
def test_the_search_form_of_a_search_form_is_itself(text):
    form = search_name(text)
    assert search_name(form) == form


@given(TEXTS)
def test_a_search_form_has_only_letters_figures_and_single_spaces(text):
    form = search_name(text)
    assert re.fullmatch(r"(?:[a-z0-9]+(?: [a-z0-9]+)*)?", form)
    assert len(form) <= 200


@given(st.sampled_from(sorted(ARRONDISSEMENTS)), st.data())
def test_an_arrondissement_is_read_from_its_number(city, data):
    number = data.draw(st.integers(1, ARRONDISSEMENTS[city]))
    assert search_name(f"{number}e arrondissement de {city.title()}") == f"{city} {number}"


@pytest.mark.parametrize(
    ("form", "bare"),
    [("la rochelle", "rochelle"), ("l hay les roses", "hay les roses"), ("le", "le"), ("", "")],
)
def test_a_bare_name_has_no_leading_article(form, bare):
    assert bare_name(form) == bare


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("59000", PlaceQuery(postal_code="59000")),
        ("59 000", PlaceQuery(postal_code="59000")),
        ("594", PlaceQuery(postal_code="594")),
        ("59000 Lille", PlaceQuery("lille", "59000")),
        ("Lille (59000)", PlaceQuery("lille", "59000")),
        ("Bron, 69500", PlaceQuery("bron", "69500")),
        ("F-67000 Strasbourg", PlaceQuery("strasbourg", "67000")),
        ("69422 Lyon Cedex 03", PlaceQuery("lyon 3", "69422")),
        ("Saint-Denis (93)", PlaceQuery("saint denis", departements=("93",))),
        ("st denis 974", PlaceQuery("saint denis", departements=("974",))),
        ("44 Nantes", PlaceQuery("nantes", departements=("44",))),
        ("Bastia 20", PlaceQuery("bastia", departements=("2A", "2B"))),
        ("Porto-Vecchio (2A)", PlaceQuery("porto vecchio", departements=("2A",))),
        ("(93)", PlaceQuery(departements=("93",))),
        ("Bourg, Gironde", PlaceQuery("bourg", area="gironde")),
        ("Château-Chinon (Ville)", PlaceQuery("chateau chinon", area="ville")),
        (
            "Bors (Canton de Charente-Sud) (16)",
            PlaceQuery("bors canton de charente sud", departements=("16",)),
        ),
        ("Paris 12", PlaceQuery("paris 12")),
        ("Paris (12e)", PlaceQuery("paris 12")),
        ("Paris 75", PlaceQuery("paris", departements=("75",))),
        ("Lyon 69", PlaceQuery("lyon", departements=("69",))),
        ("Marseille 13", PlaceQuery("marseille 13")),
        ("", PlaceQuery()),
        ("\x00\x00", PlaceQuery()),
    ],
)
def test_what_people_type_is_read_in_its_parts(typed, read):
    assert read_place(typed) == read


@given(TEXTS)
def test_any_text_is_read_without_fault_and_its_parts_are_clean(text):
    read = read_place(text)
    assert search_name(read.name) == read.name
    assert re.fullmatch(r"[0-9]{0,5}", read.postal_code)
    assert len(read.name) + len(read.area) <= 420
