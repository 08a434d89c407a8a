"""Lille with its services, and those who answer the telephone, or not."""

from __future__ import annotations

import pytest

from guichet.accounts.tests.factories import UserFactory
from guichet.directory.models import Role, StructureKind
from guichet.directory.tests.agents.conftest import (  # noqa: F401
    _undefined_template_variables_fail,
    signed_in_at,
)
from guichet.directory.tests.factories import NetworkFactory, StructureFactory, lille, someone
from guichet.orientation.tests.factories import NeedFactory
from guichet.territories.tests.factories import CommuneFactory, DepartementFactory
from guichet.ui.tests.browser import browser, page_at  # noqa: F401

DESK = "/agents/orientation/standard/"
PHONE = {"number": "+33353010001", "display": "03 53 01 00 01", "cost": "normal", "label": ""}


def site(code, kind, **fields):
    kind = StructureKind.objects.get(code=kind)
    return StructureFactory(code=code, kind=kind, commune=lille(), **fields)


@pytest.fixture
def services(no_territories):
    """A CAF with its number, a town hall, the France services house; two towns of one name."""
    nord = lille().departement
    CommuneFactory(insee_code="59001", name="Wavrin", departement=nord, postal_codes=["59136"])
    aude = DepartementFactory(code="11", name="Aude")
    gard = DepartementFactory(code="30", name="Gard")
    CommuneFactory(insee_code="11339", name="Saint-Denis", departement=aude, population=500)
    CommuneFactory(insee_code="30247", name="Saint-Denis", departement=gard, population=900)
    return {
        "caf": site(
            "caf-lille",
            "caf",
            name="CAF de Lille",
            with_hours=True,
            phones=[PHONE],
            relay_phone="Relais au 114",
        ),
        "hall": site("mairie-lille", "mairie", name="Mairie de Lille"),
        "house": site("fs-lille", "france_services", name="France services Lille"),
    }


@pytest.fixture
def doubt(services):
    """Words that may mean two needs as well."""
    first = NeedFactory(title="Faire un frouzbi", phrases=["mon frouzbi"], kinds=["caf"])
    second = NeedFactory(title="Perdre un frouzbi", phrases=["mon frouzbi"], kinds=["mairie"])
    return first, second


@pytest.fixture
def network(services):
    return NetworkFactory(code="caf", name="CAF")


@pytest.fixture
def adviser(services):
    return someone(Role.READER, services["house"], email="andrea@fs.example")


@pytest.fixture
def colleague(services):
    return someone(Role.MANAGER, services["house"], email="noa@fs.example")


@pytest.fixture
def stranger(db):
    """Has an account, and no role."""
    return UserFactory(email="luc@mairie.example")


@pytest.fixture
def lead(network):
    return someone(Role.LEAD, network)


@pytest.fixture
def as_adviser(client, adviser):
    client.force_login(adviser)
    return client
