"""Where the design system's files and ours are; the gallery served to a browser."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import dsfr
import pytest
from django.conf import settings
from django.test import override_settings
from pytest_django.live_server_helper import LiveServer

from guichet.ui.tests.browser import browser, page_at  # noqa: F401

UI = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def design_system() -> Path:
    return Path(dsfr.__file__).parent / "static" / "dsfr" / "dist"


@pytest.fixture(scope="session")
def icon_rules() -> str:
    return (UI / "static" / "ui" / "icons.css").read_text()


class ForbiddenAbsence(str):
    """Django's `string_if_invalid`: writing an undefined variable fails."""

    def __new__(cls) -> ForbiddenAbsence:
        return super().__new__(cls, "%s")

    def __mod__(self, name: object) -> str:
        raise AssertionError(f"variable de gabarit non définie : {name}")


def gallery_templates() -> list[dict[str, Any]]:
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [*templates[0]["DIRS"], UI / "tests" / "templates"]
    templates[0]["OPTIONS"]["string_if_invalid"] = ForbiddenAbsence()
    templates[0]["OPTIONS"]["context_processors"] = [
        name
        for name in templates[0]["OPTIONS"]["context_processors"]
        if not name.startswith("guichet.web.") and "auth" not in name
    ]
    return templates


@pytest.fixture
def gallery_urls() -> Iterator[None]:
    """The gallery as the site, without the pages of the higher apps."""
    with override_settings(
        ROOT_URLCONF="guichet.ui.tests.gallery",
        TEMPLATES=gallery_templates(),
        DEMONSTRATION=True,
        MESSAGE_STORAGE="django.contrib.messages.storage.cookie.CookieStorage",
        SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
        MIDDLEWARE=[name for name in settings.MIDDLEWARE if "allauth" not in name],
    ):
        yield


@pytest.fixture
def gallery_site(gallery_urls: None) -> Iterator[str]:
    """The gallery's address; unlike `live_server` it needs no database."""
    server = LiveServer("127.0.0.1")
    yield str(server.url)
    server.stop()
