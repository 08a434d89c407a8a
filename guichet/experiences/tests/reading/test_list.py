"""The list: each filter, pages without end, canonical addresses, empty states."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from guichet.directory.tests.factories import NetworkFactory, StructureFactory
from guichet.experiences.models import Addressee, Promise
from guichet.experiences.reading import listing
from guichet.experiences.reading.forms import wish_of
from guichet.experiences.reading.listing import ListWish, listed
from guichet.experiences.reading.scopes import Scope
from guichet.experiences.reading.search import index
from guichet.experiences.tests.factories import PromiseFactory, ReplyFactory
from guichet.territories.tests.factories import DepartementFactory

NOW = timezone.now


def asked(client, **query):
    return client.get("/experiences/", query)


def titles(client, **query):
    page = asked(client, **query).context["page"]
    return {card.title for card in page.cards}


def test_the_newest_come_first(client, tell):
    old = tell(published_at=NOW() - timedelta(days=9))
    new = tell(published_at=NOW() - timedelta(days=1))
    cards = asked(client).context["page"].cards
    assert [card.story.pk for card in cards] == [new.pk, old.pk]


def test_only_published_stories_are_listed(client, tell):
    tell(title="Publié")
    for state in ("in_moderation", "refused", "oriented", "withdrawn", "removed"):
        tell(title=state, state=state)
    assert titles(client) == {"Publié"}


def test_each_filter_narrows(client, tell):
    caf = StructureFactory(code="caf-lille", network=NetworkFactory(code="caf"))
    story = tell(caf, title="Oui", feeling="positive", relation="positive", information="")
    tell(
        StructureFactory(), title="Non", departement=DepartementFactory(code="29", name="Finistère")
    )
    addressee = Addressee.objects.get(experience=story)
    PromiseFactory(reply=ReplyFactory(addressee=addressee), outcome=Promise.Outcome.KEPT)
    story.first_reply_at = NOW()
    story.save()
    index(story)
    for query in (
        {"q": "caf", "service": "caf-lille"},
        {"reseau": "caf"},
        {"service": "caf-lille"},
        {"ou": "Nord"},
        {"ou": "59"},
        {"ou": "lille"},
        {"ou": "59800"},
        {"ou": "R32"},
        {"ou": "hauts-de-france"},
        {"ressenti": "positive"},
        {"aspect": "relation"},
        {"reponse": "oui"},
        {"promesse": "faite"},
        {"promesse": "tenue"},
        {"q": "guichet", "promesse": "tenue"},
        {"reseau": "caf", "promesse": "tenue"},
        {"service": "caf-lille", "reseau": "caf", "promesse": "tenue"},
    ):
        assert titles(client, **query) == {"Oui"}, query
    assert titles(client, reponse="non") == {"Non"}
    assert titles(client, aspect="information") == {"Non"}


def test_a_word_is_found_in_the_networks_of_the_story_s_services_now(tell):
    taxes, health, school = (NetworkFactory() for _ in range(3))
    both = tell(StructureFactory(network=taxes), StructureFactory(network=health), title="Guichet")
    tell(StructureFactory(network=taxes), title="Autre chose", description="Rien de commun.")
    tell(title="Guichet")

    def networks_where_found():
        return [
            name
            for name, network in (("taxes", taxes), ("health", health), ("school", school))
            if listed(ListWish(words="guichet", scope=Scope(network=network))).items == [both]
        ]

    assert networks_where_found() == ["taxes", "health"]
    Addressee.objects.filter(experience=both, rank=1).update(network=school)
    index(both)
    assert networks_where_found() == ["health", "school"]


def test_a_word_is_found_in_a_service_and_its_network_together(tell):
    network = NetworkFactory()
    service = StructureFactory(network=network)
    story = tell(service, title="Guichet")
    tell(StructureFactory(network=network), title="Guichet")
    asked = ListWish(words="guichet", scope=Scope(structure=service, network=network))
    assert listed(asked).items == [story]
    elsewhere = ListWish(words="guichet", scope=Scope(structure=service, network=NetworkFactory()))
    assert listed(elsewhere).items == []


def test_a_period_is_days_back_or_a_year(client, tell):
    last_year = NOW().replace(year=NOW().year - 1, month=3, day=1)
    tell(title="Ancien", published_at=last_year)
    tell(title="Récent")
    assert titles(client, periode="30j") == {"Récent"}
    assert titles(client, periode=str(last_year.year)) == {"Ancien"}


def test_a_head_office_says_that_its_stories_are_also_those_of_places_under_it(client, tell):
    head = StructureFactory(name="Caf du Nord")
    site = StructureFactory(parent=head, name="Accueil de Douai")
    tell(site, title="À Douai")
    below = "ce service et des lieux qui en dépendent"
    for address in (f"/experiences/services/{head.code}/", head.get_absolute_url()):
        page = client.get(address).content.decode()
        assert f"1\xa0récit depuis un an, au sujet de {below}" in page
        assert "Accueil de Douai" in page
    assert (
        "et les lieux qui en dépendent"
        in client.get(f"/experiences/?service={head.code}").content.decode()
    )
    assert below not in client.get(f"/experiences/services/{site.code}/").content.decode()


def test_a_head_office_has_the_stories_of_those_under_it(client, tell):
    head = StructureFactory(code="siege")
    site = StructureFactory(parent=head)
    tell(site, title="Du site")
    tell(StructureFactory(), title="D'ailleurs")
    assert titles(client, service="siege") == {"Du site"}


def test_a_place_in_the_list_that_makes_no_sense_is_its_beginning(client, tell):
    tell(title="Toujours là")
    for query in ({"apres": "abc"}, {"apres": "99999999999999999999999"}, {"avant": "-4"}):
        assert titles(client, **query) == {"Toujours là"}, query


@pytest.mark.parametrize(
    ("query", "label"),
    [
        ({"ressenti": "furieux"}, "Ressenti"),
        ({"reseau": "inconnu"}, "Réseau"),
        ({"periode": "1"}, "Publié"),
        ({"aspect": "pk"}, "Ce dont le récit parle"),
        ({"reponse": "bientôt"}, "Réponse"),
        ({"promesse": "x"}, "Promesse"),
        ({"service": "x\x00y"}, "Service"),
        ({"ou": "Zzyzx"}, "Où"),
    ],
)
def test_a_value_that_names_nothing_lists_nothing_and_says_so(client, tell, query, label):
    tell(title="Autre")
    answer = asked(client, **query, q="attente")
    assert answer.context["page"].cards == []
    page = text_of(client, **query, q="attente")
    assert f"{label} : nous ne connaissons pas « " in page
    assert 'href="/experiences/?q=attente">chercher sans ce critère' in page
    assert "Aucun récit ne répond" not in page


def test_a_place_that_is_unknown_is_told(client, tell):
    tell()
    answer = asked(client, ou="Zzyzx")
    assert "pas reconnu\u00a0: écrivez une commune" in answer.content.decode()


def test_the_departement_of_a_town_is_told(client, tell):
    tell(StructureFactory())
    assert "Nord (59), où est Lille" in asked(client, ou="Lille").content.decode()


@pytest.mark.parametrize("query", ["", "?ressenti=negative", "?q=guichet", "?q=guichet&reseau=caf"])
@pytest.mark.parametrize(
    ("counted_to", "read_through"),
    [(1_000, 10_000), (2, 10_000), (2, 1)],
    ids=["few are gathered", "many are read", "many and far are gathered at last"],
)
def test_pages_follow_each_other_without_hole_nor_double(
    client, tell, monkeypatch, query, counted_to, read_through
):
    at = NOW() - timedelta(days=3)
    wanted = {"feeling": "negative", "description": "Un guichet fermé."}
    caf = StructureFactory(network=NetworkFactory(code="caf"))
    pks = [tell(caf, published_at=at, **wanted).pk for _ in range(3)]
    pks += [tell(caf, published_at=at - timedelta(hours=n), **wanted).pk for n in range(1, 3)]
    if query:
        for hours in (-1, 1, 3):
            late = at - timedelta(hours=hours)
            tell(published_at=late, feeling="positive", description="Rien à dire.")
    monkeypatch.setattr(listing, "COUNTED_TO", counted_to)
    monkeypatch.setattr(listing, "READ_THROUGH", read_through)
    monkeypatch.setattr("guichet.experiences.reading.list_page.PER_PAGE", 2)
    url, met = f"/experiences/{query}", []
    while url:
        page = client.get(url).context["page"]
        met += [card.story.pk for card in page.cards]
        last, url = page, page.older_url
    assert met == [pks[2], pks[1], pks[0], pks[3], pks[4]]
    back = client.get(last.newer_url).context["page"]
    assert [card.story.pk for card in back.cards] == [pks[0], pks[3]]
    assert back.older_url


def test_canonical_addresses_keep_what_narrows_alone(client, tell):
    story = tell()
    page = asked(client, utm="x", apres=str(story.pk), reponse="", q=" carte ").context["page"]
    assert page.canonical.endswith("/experiences/?q=carte")


def test_counts_stop_at_a_thousand(client, tell, monkeypatch):
    monkeypatch.setattr(listing, "COUNTED_TO", 2)
    monkeypatch.setattr("guichet.experiences.reading.list_page.COUNTED_TO", 2)
    for _ in range(3):
        tell()
    assert asked(client).context["page"].count == "Plus de 2 récits"
    assert asked(client, q="récit 1").context["page"].count != "Plus de 2 récits"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({}, "Aucun récit n'est encore publié"),
        ({"q": "introuvable"}, "Aucun récit ne répond"),
        ({"q": "le de"}, "Ajoutez un mot à chercher"),
    ],
)
def test_nothing_found_says_what_to_do(client, db, query, words):
    assert words in asked(client, **query).content.decode()


def test_the_number_of_queries_does_not_grow(client, tell, django_assert_num_queries):
    tell(StructureFactory(), StructureFactory())
    asked(client)
    with django_assert_num_queries(5):
        asked(client)
    for _ in range(5):
        tell(StructureFactory(), StructureFactory())
    with django_assert_num_queries(5):
        asked(client)
    with django_assert_num_queries(10):
        asked(client, q="attente", ou="59")


def test_a_deep_page_costs_the_same(tell, rf, django_assert_num_queries):
    stories = [tell(published_at=NOW() - timedelta(hours=n)) for n in range(30)]
    wish = wish_of(rf.get("/", {"apres": str(stories[9].pk)}).GET)
    with django_assert_num_queries(4):
        page = listed(wish)
    assert [one.pk for one in page.items] == [one.pk for one in stories[10:]]


def test_the_dearest_page_of_the_list_takes_seven_queries(
    tell, rf, monkeypatch, django_assert_num_queries
):
    """Many stories found, none near the position; each gathering by words is in a transaction."""
    monkeypatch.setattr(listing, "COUNTED_TO", 2)
    monkeypatch.setattr(listing, "READ_THROUGH", 1)
    stories = [tell(published_at=NOW() - timedelta(hours=n), title="Guichet") for n in range(5)]
    wish = wish_of(rf.get("/", {"apres": str(stories[0].pk), "q": "guichet"}).GET)
    transactions = 2 * 3
    with django_assert_num_queries(7 + transactions):
        assert len(listed(wish).items) == 4


def test_a_search_leads_to_what_it_finds(client, tell):
    tell()
    page = asked(client).content.decode()
    assert 'action="/experiences/#resultats"' in page
    assert page.index('id="resultats"') < page.index("1\u00a0récit</h2>")


def test_the_filters_that_people_use_most_are_one_press_away(client, tell):
    tell(title="Sans réponse")
    answered = tell(title="Répondue", first_reply_at=NOW(), feeling="positive")
    page = asked(client, q="", ressenti="positive", apres="99").content.decode()
    chosen = 'href="/experiences/?ressenti=positive&amp;reponse=oui">Avec une réponse<'
    assert chosen in page
    assert 'href="/experiences/" aria-current="true">Ressenti positif<' in page
    assert titles(client, ressenti="positive", reponse="oui") == {answered.title}


def text_of(client, **query):
    return unescape(asked(client, **query).content.decode()).replace("\u00a0", " ")


def test_an_unknown_service_is_said_beside_its_field_too(client, tell):
    tell(title="Ailleurs")
    page = text_of(client, service="inconnu")
    assert "nous ne connaissons pas « inconnu »" in page
    assert "Ce service n'est pas connu" in page
    assert "Ailleurs" not in page


def test_a_service_is_found_by_the_name_that_is_typed(client, tell):
    service = StructureFactory(code="caf-lille", name="CAF de Lille")
    tell(service, title="Là")
    tell(title="Ailleurs")
    assert titles(client, service="caf de lille") == {"Là"}
    assert 'name="service"' in text_of(client)


def test_a_name_of_several_services_offers_them(client, tell):
    for code in ("caf-lille", "caf-roubaix"):
        StructureFactory(code=code, name=f"CAF {code}")
    page = text_of(client, service="caf")
    assert "Plusieurs services portent ce nom" in page
    assert "nous ne connaissons pas" not in page
    assert "/experiences/?service=caf-roubaix" in page


def test_an_old_code_leads_to_the_place_that_took_over(client, tell):
    today = StructureFactory(code="nouveau")
    StructureFactory(code="ancien", merged_into=today, closed_on=NOW().date())
    tell(today, title="Là")
    tell(title="Ailleurs")
    assert titles(client, service="ancien") == {"Là"}
