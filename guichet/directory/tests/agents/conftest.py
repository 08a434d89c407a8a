"""A small network: a head office with two sites, a stranger's site, and the people around."""

from __future__ import annotations

from html import unescape

import pytest
from django.template import engines

from guichet.accounts.tests.factories import UserFactory
from guichet.directory.models import Role
from guichet.directory.tests.factories import NetworkFactory, StructureFactory, someone
from guichet.ui.tests.browser import browser, page_at  # noqa: F401


class ForbiddenAbsence(str):
    """Django's `string_if_invalid`: writing an undefined variable fails."""

    def __new__(cls):
        return super().__new__(cls, "%s")

    def __mod__(self, name):
        raise AssertionError(f"variable de gabarit non définie : {name}")


@pytest.fixture(scope="package", autouse=True)
def _undefined_template_variables_fail():
    engine = engines["django"].engine
    before, engine.string_if_invalid = engine.string_if_invalid, ForbiddenAbsence()
    yield
    engine.string_if_invalid = before


def text_of(response):
    """The words of a page on one line, entities and insecable spaces read."""
    return " ".join(unescape(response.content.decode()).split())


@pytest.fixture
def network(db):
    return NetworkFactory(code="caf", name="CAF")


@pytest.fixture
def head(network):
    return StructureFactory(
        code="caf-nord", name="CAF du Nord", network=network, level="departement"
    )


@pytest.fixture
def site(network, head):
    return StructureFactory(
        code="caf-lille", name="CAF de Lille", network=network, parent=head, with_hours=True
    )


@pytest.fixture
def sibling(network, head):
    return StructureFactory(code="caf-roubaix", name="CAF de Roubaix", network=network, parent=head)


@pytest.fixture
def elsewhere(db):
    return StructureFactory(code="cpam-lille", name="CPAM de Lille")


@pytest.fixture
def manager(site):
    return someone(Role.MANAGER, site, email="claude@caf.example", full_name="Claude Mercier")


@pytest.fixture
def lead(network):
    return someone(Role.LEAD, network, email="dominique@caf.example", full_name="Dominique Vasseur")


@pytest.fixture
def administrator(db):
    return someone(Role.ADMINISTRATOR, email="alix@etat.example", full_name="Alix Demonet")


@pytest.fixture
def stranger(db):
    return UserFactory(email="luc@mairie.example", full_name="Luc Petit")


@pytest.fixture
def as_manager(client, manager):
    """A client of Django's, signed in as the manager of the site."""
    client.force_login(manager)
    return client


@pytest.fixture
def signed_in_at(live_server, page_at, client):  # noqa: F811
    """`signed_in_at(user, width)`: a browser page where `user` is signed in already."""

    def open_page(user, width=360, **options):
        client.force_login(user)
        page = page_at(width, **options)
        page.context.add_cookies(
            [
                {
                    "name": "sessionid",
                    "value": client.cookies["sessionid"].value,
                    "url": live_server.url,
                }
            ]
        )
        return page

    return open_page
