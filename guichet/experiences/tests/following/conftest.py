"""Mail goes to the outbox, as on a site; and the browser."""

from __future__ import annotations

import pytest

from guichet.ui.tests.browser import browser, page_at  # noqa: F401


@pytest.fixture(autouse=True)
def outbox(settings):
    settings.EMAIL_BACKEND = "guichet.core.mail.OutboxBackend"
