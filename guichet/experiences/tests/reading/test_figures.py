"""Figures of a scope: counted by hand here, never told from fewer than ten cases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from guichet.directory.tests.factories import NetworkFactory, StructureFactory
from guichet.experiences.models import Addressee, Promise
from guichet.experiences.reading.figure_words import INSUFFICIENT, shown_figures
from guichet.experiences.reading.figures import Figures, count_all, figures_of
from guichet.experiences.reading.scopes import EVERYTHING, Scope, territory_of_code
from guichet.experiences.tests.factories import PromiseFactory, ReplyFactory
from guichet.territories.tests.factories import DepartementFactory


def answer(story, after_days, **fields):
    addressee = Addressee.objects.filter(experience=story).first()
    addressee.first_reply_at = story.published_at + timedelta(days=after_days)
    addressee.save()
    return ReplyFactory(addressee=addressee, published_at=addressee.first_reply_at, **fields)


@pytest.fixture
def told(tell):
    """Twelve stories of one CAF: eleven answered, after 1, 2 … 11 days; one withdrawn, one old."""
    caf = StructureFactory(code="caf-lille", network=NetworkFactory(code="caf"))
    at = timezone.now() - timedelta(days=100)
    stories = [tell(caf, published_at=at, feeling="negative") for _ in range(11)]
    stories.append(tell(caf, published_at=at, feeling="positive"))
    tell(caf, published_at=at, state="withdrawn")
    tell(caf, published_at=at - timedelta(days=300))
    for days, story in enumerate(stories[:11], start=1):
        reply = answer(story, days, was_useful=days <= 8)
        if days <= 10:
            kept = Promise.Outcome.KEPT if days <= 4 else Promise.Outcome.BROKEN
            PromiseFactory(reply=reply, outcome=kept)
    return caf


HAND = Figures(
    stories=12,
    addressed=12,
    answered=11,
    median_days=6,
    judged=11,
    useful=8,
    promises_judged=10,
    promises_kept=4,
    concerns_answered=11,
    concerns_changed=4,
)


@pytest.mark.parametrize(
    ("outcome", "is_done", "changed"),
    [
        ("pending", False, 0),
        ("pending", True, 1),
        ("broken", True, 0),
        ("partly", False, 1),
        ("kept", True, 1),
    ],
)
def test_the_authors_word_on_a_change_wins_over_the_services(tell, outcome, is_done, changed):
    place = StructureFactory()
    reply = answer(tell(place, feeling="negative"), 1)
    done_on = timezone.localdate() if is_done else None
    PromiseFactory(reply=reply, outcome=outcome, done_on=done_on)
    found = figures_of(Scope(structure=place))
    assert (found.concerns_answered, found.concerns_changed) == (1, changed)


def test_a_structure_is_counted_when_read(told):
    assert figures_of(Scope(structure=told)) == HAND


@pytest.mark.parametrize("scope", ["nation", "network", "departement", "region"])
def test_large_scopes_are_counted_ahead(told, scope):
    count_all()
    wanted = {
        "nation": EVERYTHING,
        "network": Scope(network=told.network),
        "departement": Scope(territory=territory_of_code("59")),
        "region": Scope(territory=territory_of_code("R32")),
    }[scope]
    assert figures_of(wanted) == HAND


def test_what_is_gone_is_counted_no_more(told):
    count_all()
    Addressee.objects.all().delete()
    count_all()
    assert figures_of(EVERYTHING) == Figures()


def test_a_story_for_two_services_counts_once_as_a_story(tell):
    story = tell(StructureFactory(), StructureFactory())
    answer(story, 0)
    count_all()
    found = figures_of(EVERYTHING)
    assert (found.stories, found.addressed, found.answered) == (1, 2, 1)


def test_values_are_told_with_their_numbers(told):
    shown = {one.title: one for one in shown_figures(HAND, HAND)}
    assert [one.value for one in shown.values()] == [
        "92\u00a0%",
        "en 6\u00a0jours",
        "73\u00a0%",
        "40\u00a0%",
        "36\u00a0%",
    ]
    answered = shown["Récits qui ont reçu une réponse"]
    assert answered.counts == "11 sur 12 récits adressés"
    assert answered.nation == "En France\u00a0: 92\u00a0%."


def test_fewer_than_ten_cases_are_not_told():
    nine = Figures(addressed=9, answered=9, median_days=2)
    shown = shown_figures(nine, nine)
    assert {one.value for one in shown} == {INSUFFICIENT}
    assert {one.nation for one in shown} == {""}
    assert "9" not in "".join(one.counts for one in shown)


@pytest.mark.parametrize(
    "address",
    ["services/caf-lille/", "reseaux/caf/", "territoires/59/", "territoires/R32/"],
)
def test_each_scope_has_its_page(client, told, address):
    count_all()
    text = client.get(f"/experiences/{address}").content.decode()
    assert "92\u00a0%" in text
    assert "La moitié des réponses arrivent" in text
    assert "En France" in text
    assert f'type="application/atom+xml" title="Récits' in text  # noqa: F541
    assert "flux.atom" in text


def test_a_scope_without_stories_says_so(client, db):
    StructureFactory(code="vide")
    text = client.get("/experiences/services/vide/").content.decode()
    assert "<strong>Trop peu de récits pour le dire</strong> (moins de 10)" in text
    assert "Aucun récit publié" in text


def test_figures_that_say_nothing_come_after_the_stories(client, told):
    StructureFactory(code="vide")
    count_all()
    for address, figures_first in (("vide", False), ("caf-lille", True)):
        text = client.get(f"/experiences/services/{address}/").content.decode()
        assert (text.index('id="chiffres"') < text.index('id="recits"')) is figures_first


def test_unknown_scopes_are_not_found(client, db):
    for address in ("services/x/", "reseaux/x/", "territoires/99/", "territoires/R00/"):
        assert client.get(f"/experiences/{address}").status_code == 404


def test_a_merged_service_leads_to_the_one_that_took_over(client, db):
    new = StructureFactory(code="nouvelle")
    StructureFactory(code="ancienne", merged_into=new, gone=True)
    answer = client.get("/experiences/services/ancienne/flux.atom")
    assert answer.status_code == 301
    assert answer.headers["Location"] == "/experiences/services/nouvelle/flux.atom"


def test_a_territory_has_one_address(client, db):
    DepartementFactory(code="2A", name="Corse-du-Sud")
    answer = client.get("/experiences/territoires/2a/")
    assert (answer.status_code, answer.headers["Location"]) == (
        301,
        "/experiences/territoires/2A/",
    )


def test_a_page_of_figures_takes_few_queries(client, told, django_assert_max_num_queries):
    count_all()
    for address in ("services/caf-lille/", "reseaux/caf/", "territoires/59/"):
        client.get(f"/experiences/{address}")
        with django_assert_max_num_queries(11):
            client.get(f"/experiences/{address}")


def test_figures_are_said_in_plain_words(told):
    """The block of a structure's page says them as sentences; the words hold for a median of zero
    too."""
    some = {"addressed": 12, "answered": 11, "concerns_answered": 12, "concerns_changed": 3}
    said = [one.sentence for one in shown_figures(Figures(**some, median_days=9))]
    assert said[:2] == [
        "92\u00a0% des récits ont reçu une réponse.",
        "La moitié des réponses arrivent en 9\u00a0jours ou moins.",
    ]
    assert said[2:4] == ["", ""]
    assert said[4].startswith("25\u00a0% des réponses à un récit négatif")
    at_once = shown_figures(Figures(**some, median_days=0))[1]
    assert at_once.sentence == "La moitié des réponses arrivent le jour même."
    assert at_once.counts == "sur 11\u00a0premières réponses"
