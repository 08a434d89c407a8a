"""A machine of a network sends batches with its token."""

from __future__ import annotations

import io
import json
from contextlib import nullcontext

import pytest

from guichet.accounts.models import AuditEvent
from guichet.directory.tests.factories import NetworkFactory
from guichet.indicators.actions.tokens import create_token, digest_of, revoke_token
from guichet.indicators.batches import sending
from guichet.indicators.batches.sending import keep_waiting
from guichet.indicators.file_limits import TooLarge
from guichet.indicators.forms.batches import SendForm
from guichet.indicators.models import Batch, SendingToken
from guichet.indicators.tests.factories import BatchFactory, GrainFactory, VersionFactory
from guichet.indicators.tests.sendings import accepted, csv_of, upload

URL = "/api/v1/batches"
PROBLEM = "application/problem+json"
GOOD = [("caf-lille", "2026-01", 80, 100), ("caf-roubaix", "2026-01", 75, 100)]


@pytest.fixture
def grain(network, site, sibling, lake):
    return GrainFactory(network=network, version=VersionFactory())


@pytest.fixture
def token(network, lead):
    """The secret of a token of the whole network."""
    return create_token(network=network, label="entrepôt", by=lead)[1]


def bearer(secret):
    return {"Authorization": f"Bearer {secret}"}


def send(client, secret, content, query="", content_type="text/csv", **headers):
    return client.post(
        f"{URL}{query}",
        content,
        content_type=content_type,
        headers={**bearer(secret), **headers},
    )


def test_a_good_file_is_accepted_at_once(client, grain, token, network):
    response = send(client, token, csv_of(GOOD), "?file_name=2026-01.csv")
    content = response.json()
    assert response.status_code == 201
    assert (content["outcome"], content["rows"], content["file_name"]) == (
        "accepted",
        2,
        "2026-01.csv",
    )
    batch = Batch.objects.get(number=content["number"])
    assert content["url"].endswith(f"/agents/reseaux/caf/lots/{content['number']}/")
    assert (batch.network, batch.token.label, batch.sender) == (network, "entrepôt", None)
    assert content["changes"] == {"new": 2, "replaced": 0, "same": 0}


def test_a_file_of_a_form_is_taken_too(client, grain, token):
    response = client.post(URL, {"file": upload(csv_of(GOOD))}, headers=bearer(token))
    assert response.status_code == 201
    assert response.json()["file_name"] == "janvier.csv"


def test_the_name_may_stand_in_the_header(client, grain, token):
    headers = {"Content-Disposition": 'attachment; filename="fevrier.csv"'}
    assert send(client, token, csv_of(GOOD), **headers).json()["file_name"] == "fevrier.csv"


def test_a_faulty_file_is_refused_with_each_fault(client, grain, token):
    response = send(client, token, csv_of([*GOOD, ("caf-lille", "2026-02", 9, 5)]))
    content = json.loads(response.content)
    assert (response.status_code, response.headers["Content-Type"]) == (422, PROBLEM)
    assert content["batch"]["outcome"] == "refused"
    (fault,) = content["faults"]
    assert (content["fault_count"], fault["line"]) == (1, 4)
    assert fault["message"].endswith(".")


def test_while_two_large_files_are_checked_a_third_waits_and_small_ones_do_not(
    client, grain, token, monkeypatch
):
    with sending.two_large_files, sending.two_large_files:
        assert send(client, token, csv_of(GOOD[:1])).status_code == 201
        monkeypatch.setattr("guichet.indicators.files.apart.SMALL_TEXT_BYTES", 10)
        response = send(client, token, csv_of(GOOD), "?file_name=a.csv")
    assert (response.status_code, response.headers["Retry-After"]) == (429, "60")
    assert "dans une minute" in response.json()["detail"]
    assert Batch.objects.count() == 1
    assert send(client, token, csv_of(GOOD), "?file_name=a.csv").status_code == 201


def test_jumps_are_to_be_confirmed(client, grain, token, network, tmp_path):
    accepted(network, GOOD, tmp_path)
    jump = csv_of([("caf-lille", "2026-02", 10, 100)])
    response = send(client, token, jump)
    content = json.loads(response.content)
    assert response.status_code == 409
    assert {one["kind"] for one in content["batch"]["warnings"]} >= {"jump"}
    assert content["batch"]["number"] is None
    assert send(client, token, jump, "?confirm=true").status_code == 201
    assert not Batch.objects.filter(outcome="to_confirm").exists()


def test_the_token_is_asked_for_and_a_wrong_one_told(client, grain, token, lead):
    for headers in ({}, {"Authorization": "Basic abc"}, {"Authorization": "Bearer "}):
        response = client.post(URL, csv_of(GOOD), content_type="text/csv", headers=headers)
        assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert send(client, "guichet_inconnu", csv_of(GOOD)).status_code == 401
    revoke_token(token=SendingToken.objects.get(), by=lead)
    assert send(client, token, csv_of(GOOD)).status_code == 401
    assert not Batch.objects.exists()


def test_a_session_is_no_token(client, grain, administrator):
    client.force_login(administrator)
    assert client.get(URL).status_code == 401


def test_tokens_are_not_tried_one_after_the_other(client, grain):
    answers = [client.get(URL, headers=bearer(f"guichet_{n}")).status_code for n in range(25)]
    assert answers[0] == 401
    assert answers[-1] == 429


def test_every_use_of_a_token_is_kept(client, grain, token):
    send(client, token, csv_of(GOOD))
    client.get(URL, headers=bearer(token))
    client.get(URL, headers=bearer("guichet_autre"))
    used = AuditEvent.objects.filter(action="token.used").order_by("pk")
    assert [event.after["request"] for event in used] == [f"POST {URL}", f"GET {URL}"]
    assert SendingToken.objects.get().last_used_at is not None


def test_only_a_digest_of_the_secret_is_kept(token):
    stored = SendingToken.objects.values().get()
    assert stored["digest"] == digest_of(token)
    assert not any(token in str(value) for value in stored.values())
    for event in AuditEvent.objects.all():
        assert token not in f"{event.before} {event.after} {event.subject_label}"


def test_a_token_of_a_subtree_sends_and_reads_for_it_alone(
    client, grain, network, site, lead, tmp_path
):
    _, secret = create_token(network=network, label="site", by=lead, scope=site)
    whole = accepted(network, GOOD, tmp_path)
    refused = send(client, secret, csv_of(GOOD))
    assert refused.status_code == 422
    assert send(client, secret, csv_of(GOOD[:1])).status_code == 201
    listed = client.get(URL, headers=bearer(secret)).json()
    assert [one["outcome"] for one in listed["items"]] == ["accepted", "refused"]
    assert client.get(f"{URL}/{whole.number}", headers=bearer(secret)).status_code == 404


def test_a_network_reads_its_own_batches_only(client, grain, token, network):
    own, other = BatchFactory(network=network), BatchFactory(network=NetworkFactory())
    listed = client.get(URL, headers=bearer(token)).json()
    assert (listed["count"], listed["items"][0]["number"]) == (1, own.number)
    assert client.get(f"{URL}/{own.number}", headers=bearer(token)).status_code == 200
    for number in (other.number, 999_999, 2**70):
        assert client.get(f"{URL}/{number}", headers=bearer(token)).status_code == 404


def test_lists_cost_the_same_whatever_their_length(
    client, grain, token, network, django_assert_max_num_queries
):
    for _ in range(30):
        BatchFactory(network=network)
    with django_assert_max_num_queries(18):
        page = client.get(f"{URL}?limit=30", headers=bearer(token)).json()
    assert len(page["items"]) == 30


@pytest.mark.parametrize(
    ("content_type", "content", "words"),
    [
        ("application/x-www-form-urlencoded", b"a=b", "Content-Type"),
        ("multipart/form-data; boundary=x", b"--x--\r\n", "« file »"),
        ("text/csv", b"", "vide"),
        ("text/csv", b"\xff\xfe\x00", "."),
        ("application/octet-stream", b"PK\x03\x04", "."),
    ],
)
def test_what_is_no_file_of_figures_says_how_to_mend_it(
    client, grain, token, content_type, content, words
):
    response = send(client, token, content, content_type=content_type)
    assert (response.status_code, response.headers["Content-Type"]) == (422, PROBLEM)
    assert words in response.content.decode()


def test_a_file_over_the_limit_is_not_read(client, grain, token, settings):
    settings.LARGEST_REQUEST_BYTES = 20
    response = send(client, token, csv_of(GOOD))
    assert (response.status_code, response.headers["Content-Type"]) == (413, PROBLEM)
    assert response.json()["detail"].startswith("Cet envoi dépasse")
    assert not Batch.objects.exists()


@pytest.mark.parametrize("size", [2_000_000, 2_000_001])
def test_a_page_tells_the_limit_that_it_keeps(settings, lake, size):
    settings.LARGEST_REQUEST_BYTES = 2 * 1024 * 1024
    expected = pytest.raises(TooLarge, match="dépasse 2 Mo") if size > 2_000_000 else nullcontext()
    with expected:
        assert keep_waiting(io.BytesIO(b"x" * size)).stat().st_size == size
    assert "2 Mo au plus" in SendForm(scopes=None).fields["file"].help_text


def test_nothing_is_left_waiting_in_the_lake(client, grain, token, lake):
    send(client, token, csv_of(GOOD))
    send(client, token, b"rien")
    assert list((lake / "batches" / "waiting").iterdir()) == []


def test_the_schema_of_a_file_needs_no_token(client, db):
    content = client.get(f"{URL}/schema.json").json()
    names = [one["name"] for one in content["fields"]]
    assert names[:5] == ["indicateur", "version", "structure", "periode", "coupe"]
    assert content["primaryKey"] == names[:5]
