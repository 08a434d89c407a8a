"""The programme's own indicators, on every installation."""

from __future__ import annotations

import pytest

from guichet.directory.tests.factories import NetworkFactory
from guichet.indicators.models import Indicator, IndicatorVersion
from guichet.indicators.reference_tables import (
    advised_cuts,
    complete,
    digest_of_words,
    load_reference,
    shipped_definitions,
)

pytestmark = pytest.mark.django_db


def version(code: str) -> IndicatorVersion:
    return IndicatorVersion.objects.get(indicator__code=code, number=1)


def test_a_new_installation_knows_the_indicators_of_the_programme() -> None:
    codes = set(Indicator.objects.filter(owner=None).values_list("code", flat=True))
    assert {row["code"] for row in shipped_definitions()} <= codes
    assert len(shipped_definitions()) == 15


def test_the_pick_up_rate_aims_at_85_percent_and_says_where_that_comes_from() -> None:
    pick_up = version("taux-decroche")
    assert pick_up.target == 85
    assert "3 février 2022" in pick_up.source
    assert pick_up.definition.counters == ("part", "whole")


def test_definitions_say_what_their_cases_are() -> None:
    for row in shipped_definitions():
        assert row["source"]
        assert row["method"]
        assert row["expected_age_days"] > 0
        assert (row["nature"] == "sample") <= (row["minimum"] >= 10)
    of_one = {row["code"] for row in shipped_definitions() if row["minimum"] == 1}
    no_person = {"taux-ouverture", "qualite-en-ligne", "affichage-resultats"}
    public_one_by_one = {"experiences-repondues", "delai-premiere-reponse"}
    assert of_one == no_person | public_one_by_one


def test_online_quality_is_not_summed() -> None:
    assert [row["code"] for row in shipped_definitions() if not row["is_summed"]] == [
        "qualite-en-ligne"
    ]


def test_acknowledgements_are_counted_apart_online_and_by_post() -> None:
    assert set(advised_cuts("accuses-reception")) == {"en-ligne", "courrier"}
    assert advised_cuts("taux-decroche") == {}


def test_loading_again_writes_nothing() -> None:
    before = dict(IndicatorVersion.objects.values_list("pk", "created_at"))
    load_reference()
    assert dict(IndicatorVersion.objects.values_list("pk", "created_at")) == before


def test_words_edited_on_the_site_stay_and_others_follow_the_file() -> None:
    IndicatorVersion.objects.filter(pk=version("taux-decroche").pk).update(
        public_title="On vous répond au téléphone"
    )
    stale = version("taux-ouverture")
    expected = stale.public_title
    stale.public_title = "Ancien intitulé"
    stale.shipped_words = digest_of_words(stale)
    stale.save()
    load_reference()
    assert version("taux-decroche").public_title == "On vous répond au téléphone"
    assert version("taux-ouverture").public_title == expected


def test_a_definition_that_is_there_is_never_altered() -> None:
    IndicatorVersion.objects.filter(pk=version("taux-decroche").pk).update(margin=7)
    load_reference()
    assert version("taux-decroche").margin == 7


def test_a_code_that_a_network_took_stays_its_own() -> None:
    IndicatorVersion.objects.filter(indicator__code="taux-ouverture").delete()
    Indicator.objects.filter(code="taux-ouverture").update(owner=NetworkFactory())
    load_reference()
    assert not IndicatorVersion.objects.filter(indicator__code="taux-ouverture").exists()


def test_a_definition_without_all_its_counters_is_refused() -> None:
    row = {**shipped_definitions()[0], "counter_words": {"part": "heures"}}
    with pytest.raises(ValueError, match="part, whole"):
        complete(row)


def test_a_public_title_names_what_is_counted_or_asks() -> None:
    """« Les usagers trouvent que le service s'améliore : −22 points » says two things at once."""
    sentences = ("Le ", "La ", "Les ", "L'", "Un ", "Une ", "Vous ", "Votre ", "Vos ")
    titles = [row["public_title"] for row in shipped_definitions()]
    assert len(titles) == 15
    asserted = [each for each in titles if each.startswith(sentences) and not each.endswith("?")]
    assert not asserted
