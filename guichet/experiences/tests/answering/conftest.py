"""A second network, a story told of a site of the first, and the agents around it."""

# A fixture asks for another by its name: that redefines nothing.
# ruff: noqa: F811
from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from guichet.directory.models import Role
from guichet.directory.tests.agents.conftest import (  # noqa: F401
    _undefined_template_variables_fail,
    head,
    lead,
    network,
    sibling,
    signed_in_at,
    site,
    stranger,
)
from guichet.directory.tests.factories import NetworkFactory, StructureFactory, someone
from guichet.experiences.answering import actions
from guichet.experiences.tests.factories import AddresseeFactory, AuthorFactory
from guichet.ui.tests.browser import browser, page_at  # noqa: F401

TEXT = "Vous avez raison : deux heures, ce n'est pas normal. Un second guichet ouvre le matin."
SIGNATURE = "La responsable de l'accueil"


@pytest.fixture
def elsewhere(db):
    health = NetworkFactory(code="cpam", name="Assurance maladie")
    return StructureFactory(code="cpam-lille", name="CPAM de Lille", network=health)


@pytest.fixture
def agent(site):
    return someone(Role.RESPONDER, site, email="camille@caf.example", full_name="Camille Roux")


@pytest.fixture
def colleague(site):
    return someone(Role.RESPONDER, site, email="sacha@caf.example", full_name="Sacha Lenoir")


@pytest.fixture
def neighbour(elsewhere):
    return someone(Role.RESPONDER, elsewhere, email="nour@cpam.example", full_name="Nour Haddad")


@pytest.fixture
def manager(head):
    return someone(Role.MANAGER, head, email="claude@caf.example", full_name="Claude Mercier")


@pytest.fixture
def moderator(db):
    return someone(Role.MODERATOR, email="alix@etat.example", full_name="Alix Demonet")


@pytest.fixture
def story(site):
    """An addressee: the site's answer is awaited in thirteen days, its author has an address."""
    made = AddresseeFactory(
        structure=site,
        due_on=timezone.localdate() + timedelta(days=13),
        experience__title="Attente",
    )
    AuthorFactory(experience=made.experience, email="personne@exemple.fr")
    return made


@pytest.fixture
def answered(story, agent):
    return actions.publish_reply(
        addressee=story, by=agent, text=TEXT, signature=SIGNATURE, version=0
    )


@pytest.fixture
def as_agent(client, agent):
    client.force_login(agent)
    return client
