"""Atom feeds: valid, of one scope, without what was taken back."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from guichet.directory.tests.factories import NetworkFactory, StructureFactory
from guichet.experiences.models import State
from guichet.experiences.reading.search import index

ATOM = "{http://www.w3.org/2005/Atom}"


def entries(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    root = ElementTree.fromstring(answer.content)
    assert root.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated"):
        assert root.find(f"{ATOM}{name}").text
    return root.findall(f"{ATOM}entry")


@pytest.mark.parametrize(
    "address",
    [
        "/experiences/flux.atom",
        "/experiences/services/caf-lille/flux.atom",
        "/experiences/reseaux/caf/flux.atom",
        "/experiences/territoires/59/flux.atom",
    ],
)
def test_a_feed_has_the_stories_of_its_scope(client, tell, address):
    tell(StructureFactory(code="caf-lille", network=NetworkFactory(code="caf")), title="Ici & là")
    (entry,) = entries(client, address)
    assert entry.find(f"{ATOM}title").text == "Ici & là"
    assert "/experiences/" in entry.find(f"{ATOM}link").get("href")


def test_a_feed_leaves_out_other_scopes(client, tell):
    StructureFactory(code="caf-lille")
    tell(StructureFactory())
    assert entries(client, "/experiences/services/caf-lille/flux.atom") == []


def test_a_story_taken_back_leaves_the_feed(client, tell):
    story = tell()
    story.state = State.WITHDRAWN
    story.save()
    index(story)
    assert entries(client, "/experiences/flux.atom") == []


def test_a_feed_holds_fifty_stories_at_most(client, tell):
    for _ in range(51):
        tell()
    assert len(entries(client, "/experiences/flux.atom")) == 50


def test_marks_that_xml_forbids_do_not_break_a_feed(client, tell):
    tell(title="Un \x0b titre", description="Et \x1f un texte")
    assert len(entries(client, "/experiences/flux.atom")) == 1
