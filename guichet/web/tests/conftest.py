"""A real browser for the journeys that cross the apps."""

from guichet.ui.tests.browser import browser, page_at  # noqa: F401
