"""Schemathesis: requests drawn from the API's own description, to the WSGI application."""

from __future__ import annotations

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from guichet.directory.models import Role, SourceIdentifier, StructureKind
from guichet.directory.reference_tables import load_reference
from guichet.directory.tests.factories import NetworkFactory, StructureFactory, someone
from guichet.indicators.actions.tokens import create_token
from guichet.publication.tests.factories import example_release
from guichet.territories.tests.factories import CommuneFactory
from guichet.wsgi import application


@pytest.fixture
def kept_connection(db):
    """The application closes connections between requests, and the test's transaction with it."""
    between = (request_started, request_finished)
    for signal in between:
        signal.disconnect(close_old_connections)
    yield
    for signal in between:
        signal.connect(close_old_connections)


@pytest.fixture
def described_api(kept_connection):
    """What there is to find: a kind, a commune, open, closed and renamed structures."""
    load_reference()
    lille = CommuneFactory(insee_code="59350", name="Lille", latitude=50.63, longitude=3.06)
    kind = StructureKind.objects.get(code="mairie")
    kept = StructureFactory(code="mairie-59350-01", kind=kind, commune=lille, with_hours=True)
    StructureFactory(code="close", kind=kind, commune=None, gone=True)
    lost = {"latitude": None, "longitude": None, "position_source": "", "commune": None}
    StructureFactory(code="lost", kind=kind, old=True, **lost)
    SourceIdentifier.objects.create(scheme="dila", value="uuid-1", structure=kept)
    example_release()
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.fixture
def token(described_api):
    """The header of a token of some network, which batches ask for."""
    network = NetworkFactory()
    _, secret = create_token(network=network, label="essai", by=someone(Role.LEAD, network))
    return {"Authorization": f"Bearer {secret}"}


@pytest.mark.parametrize(
    ("path", "mode"),
    [
        ("/api/v1/batches", GenerationMode.POSITIVE),
        ("/api/v1/batches/schema.json", GenerationMode.POSITIVE),
        ("/api/v1/batches/{number}", GenerationMode.POSITIVE),
        ("/api/v1/structures", GenerationMode.POSITIVE),
        ("/api/v1/structures", GenerationMode.NEGATIVE),
        ("/api/v1/structures/{code}", GenerationMode.POSITIVE),
        ("/api/v1/communes", GenerationMode.POSITIVE),
        ("/api/v1/communes", GenerationMode.NEGATIVE),
        ("/api/v1/results", GenerationMode.POSITIVE),
        ("/api/v1/results", GenerationMode.NEGATIVE),
        ("/api/v1/indicators", GenerationMode.POSITIVE),
        ("/api/v1/releases", GenerationMode.POSITIVE),
    ],
)
def test_the_api_keeps_to_its_description(described_api, token, path, mode):
    """Requests that the description allows, and (any code is allowed) requests that it forbids."""

    @given(case=described_api[path]["GET"].as_strategy(generation_mode=mode))
    @hypothesis_settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        database=None,
    )
    def answers(case):
        # Schemathesis does not read compressed answers of a WSGI application.
        case.call_and_validate(headers={"Accept-Encoding": "identity", **token})

    answers()


def test_what_is_sent_is_answered_as_described(described_api, token, settings, tmp_path):
    """Files of any content: refused with their faults, never an error of ours."""
    settings.LAKE = tmp_path

    @given(case=described_api["/api/v1/batches"]["POST"].as_strategy())
    @hypothesis_settings(
        max_examples=25,
        deadline=None,
        derandomize=True,
        database=None,
    )
    def answers(case):
        # A file that the description allows is refused (422) when a figure in it is wrong.
        case.call_and_validate(
            headers={"Accept-Encoding": "identity", **token},
            excluded_checks=[positive_data_acceptance],
        )

    answers()


def test_every_operation_is_tried(described_api):
    labels = {result.ok().label for result in described_api.get_all_operations()}
    assert labels == {
        "GET /api/v1/structures",
        "GET /api/v1/structures/{code}",
        "GET /api/v1/communes",
        "GET /api/v1/orientation",
        "GET /api/v1/results",
        "GET /api/v1/indicators",
        "GET /api/v1/releases",
        "GET /api/v1/experiences",
        "GET /api/v1/experiences/{pk}",
        "GET /api/v1/batches",
        "POST /api/v1/batches",
        "GET /api/v1/batches/schema.json",
        "GET /api/v1/batches/{number}",
    }
