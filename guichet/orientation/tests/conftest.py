"""The browser for this folder's tests."""

from __future__ import annotations

from guichet.ui.tests.browser import browser, page_at  # noqa: F401
