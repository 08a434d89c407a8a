"""The API as a whole: errors, headers, its description, and what a stranger throws at it."""

from __future__ import annotations

import json

import pytest
from django.conf import settings
from django.test import Client

from guichet.directory.models import StructureKind
from guichet.directory.reference_tables import load_reference
from guichet.directory.tests.factories import StructureFactory
from guichet.web.problems import PROBLEM_TYPE

STRUCTURES = "/api/v1/structures"
pytestmark = pytest.mark.django_db


@pytest.fixture
def town_hall(db):
    load_reference()
    return StructureFactory(code="mairie-1", kind=StructureKind.objects.get(code="mairie"))


def problem_of(response, status):
    assert response.status_code == status
    assert response.headers["Content-Type"] == PROBLEM_TYPE
    content = json.loads(response.content)
    assert (content["status"], content["type"]) == (status, "about:blank")
    assert content["title"]
    assert content["detail"].endswith(".")
    return content


@pytest.mark.parametrize(
    "url",
    [
        "/api/",
        "/api/v1/nothing",
        "/api/v2/structures",
        f"{STRUCTURES}/absent",
        f"{STRUCTURES}/a%00b",
        f"{STRUCTURES}/%ff%fe",
        f"{STRUCTURES}/{'x' * 10_000}",
        f"{STRUCTURES}/",
    ],
)
def test_what_is_not_there_is_a_problem_in_json(client, url):
    problem_of(client.get(url), 404)


def test_a_thousand_parameters_are_a_problem_in_json(client):
    problem_of(client.get(STRUCTURES + "?" + "&".join(f"a{n}=1" for n in range(1_001))), 400)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize(
    "url",
    [
        STRUCTURES,
        f"{STRUCTURES}/mairie-1",
        "/api/v1/communes",
        "/api/v1/results",
        "/api/v1/indicators",
        "/api/v1/releases",
    ],
)
def test_other_methods_are_refused_and_the_right_ones_named(client, town_hall, method, url):
    response = getattr(client, method)(url)
    problem_of(response, 405)
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_options_says_what_is_allowed(client):
    response = client.options(STRUCTURES)
    assert (response.status_code, response.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")


def test_head_answers_like_get_without_the_body(client, town_hall):
    got, head = client.get(STRUCTURES), client.head(STRUCTURES)
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["ETag"] == got.headers["ETag"]


def test_a_failure_of_ours_is_a_problem_in_json(monkeypatch):
    monkeypatch.setattr("guichet.directory.api.narrowed", lambda *given: 1 / 0)
    client = Client(raise_request_exception=False)
    content = problem_of(client.get(STRUCTURES), 500)
    assert "ZeroDivision" not in json.dumps(content)


def test_what_has_not_changed_is_not_sent_again(client, town_hall):
    etag = client.get(STRUCTURES).headers["ETag"]
    again = client.get(STRUCTURES, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    town_hall.name = "Mairie rebaptisée"
    town_hall.save()
    assert client.get(STRUCTURES, headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize(
    "url",
    [
        STRUCTURES,
        "/api/v1/communes?q=x",
        "/api/v1/results",
        "/api/v1/indicators",
        "/api/v1/releases",
        "/api/v1/openapi.json",
    ],
)
def test_any_site_may_read(client, url):
    response = client.get(url, headers={"Origin": "https://ailleurs.example"})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in response.headers["Access-Control-Expose-Headers"]


def test_no_site_may_write_or_read_the_rest(client):
    asked = {"Origin": "https://ailleurs.example", "Access-Control-Request-Method": "DELETE"}
    preflight = client.options(STRUCTURES, headers=asked)
    assert "DELETE" not in preflight.headers["Access-Control-Allow-Methods"]
    page = client.get("/services/", headers={"Origin": "https://ailleurs.example"})
    assert "Access-Control-Allow-Origin" not in page.headers


def test_the_root_leads_to_what_there_is(client):
    content = client.get("/api/v1/").json()
    for url in (content["documentation"], content["openapi"], *content["resources"]):
        needs_token = url.endswith("/batches")
        assert client.get(url).status_code == (401 if needs_token else 200), url


def test_every_part_is_described_with_its_errors(client):
    document = client.get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    for methods in document["paths"].values():
        for operation in methods.values():
            assert operation["summary"]
            assert operation["description"]
            sends = "requestBody" in operation
            expected = {"201", "404", "422"} if sends else {"200", "304", "404"}
            assert expected <= set(operation["responses"])
            assert PROBLEM_TYPE in operation["responses"]["404"]["content"]
            for parameter in operation["parameters"]:
                assert parameter["description"], parameter["name"]
    for name, schema in document["components"]["schemas"].items():
        if name != "Problem":
            for part, details in schema["properties"].items():
                assert details["description"], f"{name}.{part}"


def test_the_documentation_is_a_page_of_the_site_that_asks_nothing_elsewhere(client, town_hall):
    response = client.get("/api/v1/docs")
    html = response.content.decode()
    assert '<html lang="fr"' in html
    assert "<script" not in html.replace('<script src="/static/', "")
    for name in ("structures", "communes", "open_now", "next_change", "within", "offset"):
        assert name in html
    assert settings.INSTITUTION in html


def test_each_example_of_the_documentation_answers(client, town_hall):
    from guichet.web.api_document import operations_of

    document = client.get("/api/v1/openapi.json").json()
    town_hall.code = "mairie-59350-01"
    town_hall.save()
    urls = [operation.example_url for operation in operations_of(document)]
    urls = [url for url in urls if url]
    assert len(urls) >= 5
    for url in urls:
        assert client.get(url).status_code == 200, url
