"""France services sends people to the CAF of Lille; the house, the CAF and a stranger."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from guichet.directory.models import Network, Role, StructureKind
from guichet.directory.tests.agents.conftest import (  # noqa: F401
    _undefined_template_variables_fail,
    signed_in_at,
)
from guichet.directory.tests.factories import NetworkFactory, StructureFactory, lille, someone
from guichet.orientation.tests.factories import HandoverFactory
from guichet.ui.tests.browser import browser, page_at  # noqa: F401

HOUSE = "/agents/structures/maison-lille/"
CAF = "/agents/structures/caf-lille/"
NUMBER = {"number": "+33320001234", "display": "03 20 00 12 34", "label": "", "cost": "normal"}


@pytest.fixture(autouse=True)
def _no_earlier_guess(request):
    """Counters of wrong references live in a table that no test's end empties by itself."""
    if "transactional_db" in request.fixturenames or "live_server" in request.fixturenames:
        cache.clear()


def site(code, kind, **fields):
    kind = StructureKind.objects.get(code=kind)
    network = kind.network or NetworkFactory()
    return StructureFactory(
        **{"code": code, "kind": kind, "network": network, "commune": lille(), **fields}
    )


@pytest.fixture
def house(no_territories):
    """Who sends."""
    return site("maison-lille", "france_services", name="France services de Lille-Fives")


@pytest.fixture
def head(no_territories):
    """What the CAF's site hangs under."""
    return site("caf-nord", "caf", name="CAF du Nord", level="departement")


@pytest.fixture
def caf(head):
    """Who receives."""
    return site(
        "caf-lille",
        "caf",
        name="CAF de Lille",
        parent=head,
        with_hours=True,
        phones=[NUMBER],
        accessibility="ACC",
    )


@pytest.fixture
def cpam(no_territories):
    return site("cpam-lille", "cpam", name="CPAM de Lille")


@pytest.fixture
def sender(house):
    return someone(Role.RESPONDER, house, email="sam@maison.example", full_name="Sam Leroy")


@pytest.fixture
def receiver(caf):
    return someone(Role.RESPONDER, caf, email="nour@caf.example", full_name="Nour Diallo")


@pytest.fixture
def stranger(cpam):
    return someone(Role.MANAGER, cpam, email="luc@cpam.example", full_name="Luc Petit")


@pytest.fixture
def lead(caf):
    return someone(Role.LEAD, Network.objects.get(code="caf"), email="lea@caf.example")


@pytest.fixture
def sheet(house, caf, sender):
    """Made now by the house for somebody who goes to the CAF."""
    return HandoverFactory(
        reference="K7M4Q2XT",
        sender=house,
        receiver=caf,
        created_by=sender,
        documents=["Une pièce d'identité", "Un relevé d'identité bancaire (RIB)"],
    )
