"""The home, the emergency numbers and the site map."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from guichet.core.access import PUBLIC, policy_of, walk
from guichet.directory.reference_tables import load_reference
from guichet.directory.tests.factories import StructureFactory
from guichet.web.views.errors import failed, malformed

pytestmark = pytest.mark.django_db
ARGUMENTS = {"code": "caf-lille", "key": "x", "token": "x", "path": "x"}


def links_of(client, url):
    html = client.get(url).content.decode()
    found = re.findall(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', html, re.S)
    return {" ".join(re.sub("<[^>]+>", "", label).split()): unescape(url) for url, label in found}


def test_the_home_searches_and_offers_the_common_kinds(client):
    load_reference()
    html = client.get("/").content.decode()
    assert 'name="quoi"' in html
    assert 'name="ou"' in html
    assert links_of(client, "/")["Mairie"] == "/services/?type=mairie"
    assert links_of(client, "/")["France services"] == "/services/?type=france_services"


def test_the_home_leads_to_stories_results_and_open_data(client):
    links = links_of(client, "/")
    assert links["Récits des usagers"] == "/experiences/"
    assert links["Résultats"] == "/resultats/"
    assert links["Données ouvertes"] == "/donnees/"


def test_every_link_of_the_public_pages_leads_somewhere(client):
    load_reference()
    StructureFactory(code="caf-lille", with_hours=True)
    pages = ["/", "/services/", "/services/caf-lille/", "/plan-du-site/", "/urgences/", "/aide/"]
    links = {url for page in pages for url in links_of(client, page).values()}
    ours = {url.split("#")[0] for url in links if url.startswith("/")} - {""}
    assert len(ours) > 20
    broken = {url: client.get(url).status_code for url in ours}
    assert {url: status for url, status in broken.items() if status not in (200, 302)} == {}


@pytest.mark.parametrize("number", ["15", "17", "18", "112", "3919", "115", "3114", "119"])
def test_emergency_numbers_can_be_called(client, number):
    assert f'href="tel:{number}"' in client.get("/urgences/").content.decode()


def test_the_map_of_the_site_lists_pages_kinds_and_texts(client):
    load_reference()
    links = links_of(client, "/plan-du-site/")
    for label in ("Accueil", "Trouver un service", "Mairie", "Mentions légales"):
        assert label in links


def public_urls():
    """Every address of the site that anybody may open, with a made-up code."""
    found = []
    for pattern, route in leaves(get_resolver().url_patterns):
        if policy_of(pattern) is PUBLIC:
            names = re.findall(r"<(?:\w+:)?(\w+)>", route)
            if set(names) <= set(ARGUMENTS):
                found.append(
                    "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda one: ARGUMENTS[one[1]], route)
                )
    return found


def leaves(patterns, prefix=""):
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from leaves(pattern.url_patterns, route)
        else:
            yield pattern, route


def test_no_public_page_writes_when_it_is_read():
    load_reference()
    StructureFactory(code="caf-lille", with_hours=True)
    urls = public_urls()
    assert {"/", "/services/", "/services/caf-lille/", "/api/v1/structures"} <= set(urls)
    for url in urls:
        with CaptureQueriesContext(connection) as captured:
            Client().get(url)
        written = [q["sql"] for q in captured if re.match(r"(INSERT|UPDATE|DELETE)", q["sql"])]
        assert written == [], url


def test_every_public_page_has_one_title_and_no_handler_in_its_markup(client):
    load_reference()
    StructureFactory(code="caf-lille", with_hours=True)
    for url in public_urls():
        response = client.get(url)
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            continue
        html = response.content.decode()
        if response.status_code == 200 and "<html" in html:
            assert html.count("<h1") == 1, url
            assert re.search(r"<title>[^<]+ – [^<]+</title>", html), url
        assert not re.search(r"<[^>]+\son\w+=", html), url
        assert "javascript:" not in html, url


def test_walking_the_tree_meets_every_leaf():
    patterns = get_resolver().url_patterns
    assert len(list(walk(patterns))) == len(list(leaves(patterns)))


def test_a_malformed_request_is_answered_in_words(rf):
    response = malformed(rf.get("/services/"), ValueError())
    assert response.status_code == 400
    assert "Page introuvable" in response.content.decode()


def test_a_failure_is_answered_without_the_database(rf, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = failed(rf.get("/services/"))
    assert response.status_code == 500
    assert "Le site a rencontré une erreur" in response.content.decode()
