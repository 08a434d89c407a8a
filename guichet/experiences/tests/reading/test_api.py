"""`GET /api/v1/experiences`: the list of the page, for programs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from guichet.directory.tests.factories import NetworkFactory, StructureFactory
from guichet.experiences.models import Addressee
from guichet.experiences.tests.factories import PromiseFactory, ReplyFactory

LIST = "/api/v1/experiences"


def test_a_story_is_given_with_its_answers(client, tell):
    place = StructureFactory(code="caf-lille", network=NetworkFactory(code="caf"))
    story = tell(place, title="Carte grise", feeling="negative")
    reply = ReplyFactory(addressee=Addressee.objects.get(experience=story))
    PromiseFactory(reply=reply, outcome="kept")
    (item,) = client.get(LIST).json()["items"]
    assert item["title"] == "Carte grise"
    assert item["aspects"] == {"information": "negative"}
    assert item["departement"] == "59"
    assert item["url"].endswith(f"/experiences/{story.pk}-carte-grise/")
    (service,) = item["services"]
    assert (service["structure"], service["network"]) == ("caf-lille", "caf")
    assert service["replies"][0]["promise_outcome"] == "kept"
    assert client.get(f"{LIST}/{story.pk}").json() == item


def test_pages_follow_each_other(client, tell):
    pks = [tell(published_at=timezone.now() - timedelta(days=n)).pk for n in range(5)]
    url, met = f"{LIST}?limit=2&reponse=non", []
    while url:
        page = client.get(url.replace("http://testserver", "")).json()
        assert (page["count"], page["count_is_exact"]) == (5, True)
        met += [one["id"] for one in page["items"]]
        url = page["next"] or ""
    assert met == pks


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"service": "x"}, 404),
        ({"reseau": "x"}, 404),
        ({"ou": "Zzyzx"}, 404),
        ({"ressenti": "furieux"}, 422),
        ({"periode": "0000"}, 422),
        ({"limit": "1000"}, 422),
        ({"apres": "0"}, 422),
        ({"apres": str(2**64)}, 422),
    ],
)
def test_what_names_nothing_is_told(client, tell, query, status):
    tell()
    assert client.get(LIST, query).status_code == status


def test_a_year_without_stories_gives_none(client, tell):
    tell()
    assert client.get(LIST, {"periode": "1990"}).json()["items"] == []


def test_a_story_taken_back_is_given_no_more(client, tell):
    story = tell(state="withdrawn")
    assert client.get(LIST).json()["items"] == []
    answer = client.get(f"{LIST}/{story.pk}")
    assert answer.status_code == 404
    assert "retiré" in answer.content.decode()
    assert client.get(f"{LIST}/{2**70}").status_code == 404


def test_a_page_takes_as_many_queries_as_a_story(client, tell, django_assert_max_num_queries):
    for _ in range(4):
        ReplyFactory(addressee=tell(StructureFactory()).addressees.get())
    with django_assert_max_num_queries(8):
        client.get(LIST)
