"""The pages where indicators are defined and grains declared."""

from __future__ import annotations

import pytest

from guichet.directory.tests.agents.conftest import text_of
from guichet.directory.tests.factories import NetworkFactory
from guichet.indicators.models import Grain, Indicator, IndicatorVersion
from guichet.indicators.tests.factories import (
    BatchFactory,
    GrainFactory,
    IndicatorFactory,
    VersionFactory,
)

LIST = "/agents/indicateurs/"
GRAINS = "/agents/reseaux/caf/mesures/"
SHARE = {
    "code": "appels",
    "title": "Appels décrochés",
    "public_title": "Un agent décroche",
    "family": "performance",
    "words_part": "appels décrochés",
    "words_whole": "appels reçus",
    "nature": "census",
    "direction": "higher",
    "target": "85,5",
    "margin": "2,5",
    "minimum": "10",
    "is_summed": "on",
}
GRAIN = {
    "level": "site",
    "period_kind": "month",
    "first_period": "2026-01",
    "due_days": "30",
}


@pytest.fixture
def as_lead(client, lead):
    client.force_login(lead)
    return client


@pytest.fixture
def own(network):
    return VersionFactory(indicator=IndicatorFactory(code="appels", owner=network))


def test_the_kind_is_chosen_first(as_lead):
    page = text_of(as_lead.get(f"{LIST}creer/"))
    assert "Une répartition par tranches" in page
    assert "Nombre minimal de cas" not in page
    assert "Nombre minimal de cas" in text_of(as_lead.get(f"{LIST}creer/?forme=share"))
    assert "Sous quelle forme" in text_of(as_lead.get(f"{LIST}creer/?forme=inconnue"))


def test_a_lead_defines_a_share_with_decimal_commas(as_lead, network):
    page = text_of(as_lead.post(f"{LIST}creer/?forme=share", SHARE, follow=True))
    version = IndicatorVersion.objects.get(indicator__code="appels")
    assert version.indicator.owner == network
    assert (str(version.target), str(version.margin), version.unit) == (
        "85.5000",
        "2.5000",
        "percent",
    )
    assert "Défini par" in page
    assert "85,5" in page


def test_a_distribution_gets_its_buckets_from_its_bounds(as_lead):
    fields = {**SHARE, "bounds": "7 ; 15,5", "reference_bound": "7", "unit": "day"}
    as_lead.post(f"{LIST}creer/?forme=distribution", fields)
    version = IndicatorVersion.objects.get(indicator__code="appels")
    assert [str(bound) for bound in version.bounds] == ["7.00", "15.50"]
    assert version.counter_words["b3"] == "plus de 15,5\u00a0jours"
    page = text_of(as_lead.get(f"{LIST}appels/"))
    assert "Tranche_3" in page or "tranche_3" in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"code": "été"}, "ne peut pas être un code"),
        ({"title": ""}, "Remplissez ce champ"),
        ({"target": "101"}, "entre 0 et 100"),
        ({"minimum": "0"}, "1"),
        ({"words_part": ""}, "Remplissez ce champ"),
        ({"margin": "beaucoup"}, "nombre"),
    ],
)
def test_a_badly_filled_form_says_how_to_mend_it(as_lead, change, words):
    page = text_of(as_lead.post(f"{LIST}creer/?forme=share", {**SHARE, **change}))
    assert words in page
    assert not Indicator.objects.filter(code="appels").exists()


def test_a_publisher_defines_for_the_programme(client, publisher):
    client.force_login(publisher)
    client.post(f"{LIST}creer/?forme=share", SHARE)
    assert Indicator.objects.get(code="appels").owner is None


def test_an_administrator_chooses_for_whom(client, administrator, network):
    client.force_login(administrator)
    client.post(f"{LIST}creer/?forme=share", {**SHARE, "owner": network.pk})
    client.post(f"{LIST}creer/?forme=share", {**SHARE, "code": "programme", "owner": ""})
    assert Indicator.objects.get(code="appels").owner == network
    assert Indicator.objects.get(code="programme").owner is None


def test_a_used_version_offers_its_words_only(as_lead, own):
    assert "Nombre minimal" in text_of(as_lead.get(f"{LIST}appels/versions/1/"))
    BatchFactory(contents=[["appels", 1, "2026-01", 1]])
    page = text_of(as_lead.get(f"{LIST}appels/versions/1/"))
    assert "Nombre minimal" not in page
    words = {name: SHARE[name] for name in ("title", "public_title", "words_part", "words_whole")}
    as_lead.post(f"{LIST}appels/versions/1/", {**words, "title": "Mieux dit", "minimum": "99"})
    own.refresh_from_db()
    assert (own.title, own.minimum) == ("Mieux dit", 10)


def test_a_new_version_says_what_changes(as_lead, own):
    BatchFactory(contents=[["appels", 1, "2026-01", 1]])
    fields = {**SHARE, "minimum": "20"}
    assert "Remplissez ce champ" in text_of(as_lead.post(f"{LIST}appels/version/", fields))
    fields["change_note"] = "Minimum à 20."
    page = text_of(as_lead.post(f"{LIST}appels/version/", fields, follow=True))
    assert "Minimum à 20." in page
    assert "Version 1" in page
    assert own.indicator.versions.count() == 2


def test_a_new_version_may_take_another_kind(as_lead, own):
    assert "Sous quelle forme" in text_of(as_lead.get(f"{LIST}appels/version/?forme=choisir"))
    fields = {
        **SHARE,
        "words_sum": "minutes",
        "words_sum_squares": "carrés",
        "words_count": "appels",
        "unit": "minute",
        "change_note": "Une moyenne.",
    }
    as_lead.post(f"{LIST}appels/version/?forme=mean", fields)
    assert own.indicator.versions.get(number=2).kind == "mean"


def test_an_indicator_is_retired_and_back(as_lead, own):
    as_lead.post(f"{LIST}appels/retirer/")
    assert "appels" not in text_of(as_lead.get(f"{LIST}?q=appels")).split("Indicateurs, par")[-1]
    assert "Retiré" in text_of(as_lead.get(f"{LIST}?q=appels&etat=retires"))
    as_lead.post(f"{LIST}appels/remettre/")
    own.indicator.refresh_from_db()
    assert own.indicator.retired_on is None


def test_nobody_changes_anothers_indicator(client, own, publisher, manager):
    other = VersionFactory(indicator=IndicatorFactory(code="autre", owner=NetworkFactory()))
    for person, code in ((publisher, "appels"), (manager, "appels"), (manager, "taux-decroche")):
        client.force_login(person)
        assert client.get(f"{LIST}{code}/").status_code == 200
        assert client.get(f"{LIST}{code}/version/").status_code == 404
        assert client.post(f"{LIST}{code}/retirer/").status_code == 404
    assert other.indicator.retired_on is None


def test_indicators_are_found_by_word_owner_and_state(as_lead, own):
    page = text_of(as_lead.get(f"{LIST}?q=decroches+agent&de=caf"))
    assert "1 indicateur" in page
    assert "Aucun ne répond" in text_of(as_lead.get(f"{LIST}?q=zzz"))
    assert as_lead.get(f"{LIST}?q=%00&de=zz&etat=zz&page=x").status_code == 200


def test_the_list_costs_the_same_whatever_its_length(
    as_lead, network, django_assert_max_num_queries
):
    for number in range(30):
        VersionFactory(indicator=IndicatorFactory(code=f"i-{number}", owner=network))
    with django_assert_max_num_queries(13):
        as_lead.get(LIST)


def test_a_lead_declares_how_an_indicator_is_sent(as_lead, network, own):
    fields = {**GRAIN, "version": own.pk, "cuts": "courrier = par courrier\nligne = en ligne"}
    page = text_of(as_lead.post(f"{GRAINS}declarer/", fields, follow=True))
    grain = Grain.objects.get(network=network)
    assert (grain.cuts, grain.publication_level) == (["courrier", "ligne"], "site")
    assert "C'est noté" in page
    assert "Coupes : courrier, ligne" in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"first_period": "2026-Q1"}, "un mois, comme 2026-01"),
        ({"cuts": "une = une"}, "au moins deux"),
        ({"cuts": "a = a\na = b"}, "deux fois"),
        ({"level": "departement", "publication_level": "site"}, "plus fin"),
        ({"version": ""}, "Choisissez une réponse"),
    ],
)
def test_a_badly_declared_grain_says_how_to_mend_it(as_lead, own, change, words):
    page = text_of(as_lead.post(f"{GRAINS}declarer/", {**GRAIN, "version": own.pk, **change}))
    assert words in page
    assert not Grain.objects.exists()


def test_advised_cuts_are_there_already(as_lead):
    page = text_of(as_lead.get(f"{GRAINS}declarer/?indicateur=accuses-reception"))
    assert "en-ligne = demandes en ligne" in page


def test_a_grain_is_edited_ended_and_removed(as_lead, network, own):
    grain = GrainFactory(network=network, version=own)
    as_lead.post(f"{GRAINS}{grain.pk}/", {"due_days": "45"})
    grain.refresh_from_db()
    assert grain.due_days == 45
    page = text_of(as_lead.post(f"{GRAINS}{grain.pk}/", {"last_period": "mars"}))
    assert "n'est pas une période" in page
    as_lead.post(f"{GRAINS}{grain.pk}/", {"last_period": "2026-03"})
    grain.refresh_from_db()
    assert str(grain.ended_on) == "2026-03-31"
    as_lead.post(f"{GRAINS}{grain.pk}/effacer/")
    assert not Grain.objects.exists()


def test_an_indicator_that_nothing_can_be_suggests_none(as_lead, network):
    page = as_lead.get(f"{GRAINS}declarer/?indicateur=%00")
    assert page.status_code == 200
    assert "version" not in page.context["form"].initial


def test_the_grains_of_another_network_are_not_found(as_lead):
    grain = GrainFactory()
    assert as_lead.get(f"{GRAINS}{grain.pk}/").status_code == 404
    assert as_lead.get(f"/agents/reseaux/{grain.network.code}/mesures/").status_code == 404


def test_a_token_is_shown_once(as_lead, network, site):
    url = "/agents/reseaux/caf/jetons/"
    response = as_lead.post(url, {"label": "entrepôt", "code": site.code})
    assert "guichet_" in response.content.decode()
    assert response.headers["Cache-Control"] == "no-store"
    page = as_lead.get(url)
    assert "guichet_" not in page.content.decode()
    assert "CAF de Lille" in text_of(page)
    token = network.tokens.get()
    as_lead.post(f"{url}{token.pk}/revoquer/")
    assert "révoqué le" in text_of(as_lead.get(url))


def test_a_token_of_a_structure_elsewhere_is_refused(as_lead, network, elsewhere):
    url = "/agents/reseaux/caf/jetons/"
    page = text_of(as_lead.post(url, {"label": "x", "code": elsewhere.code}))
    assert "Aucune structure de ce réseau" in page
    assert not network.tokens.exists()


def test_a_lead_cannot_go_under_ten_cases(as_lead):
    url = f"{LIST}creer/?forme=share"
    assert "Un cas n'est pas une personne" not in text_of(as_lead.get(url))
    page = as_lead.post(url, {**SHARE, "minimum": "9", "is_no_person": "on"})
    assert "peut parler d'une personne" in text_of(page)
    assert not Indicator.objects.filter(code="appels").exists()


def test_a_publisher_says_that_a_case_is_no_person(client, publisher):
    client.force_login(publisher)
    url = f"{LIST}creer/?forme=share"
    assert "Un cas n'est pas une personne" in text_of(client.get(url))
    page = client.post(url, {**SHARE, "minimum": "1"})
    assert "Cochez cette case" in text_of(page)
    assert client.post(url, {**SHARE, "minimum": "1", "is_no_person": "on"}).status_code == 302
    assert IndicatorVersion.objects.get(indicator__code="appels").minimum == 1
