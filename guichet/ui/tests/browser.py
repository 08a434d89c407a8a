"""Real-browser fixtures for the tests of every app.

An app imports them in its `tests/conftest.py`:

    from guichet.ui.tests.browser import browser, page_at  # noqa: F401

and a test, marked `@pytest.mark.browser`, writes:

    def test_a_town_is_found(live_server, page_at):
        page = page_at(PHONE)  # page_at(DESK, "dark"), page_at(PHONE, javascript=False)
        page.goto(f"{live_server.url}/services/")
        assert_accessible(page)

Playwright's synchronous interface keeps an asyncio loop in the test's thread; Django then refuses
its ORM there, so `DJANGO_ALLOW_ASYNC_UNSAFE` is set while the browser lives. Pages reach
127.0.0.1 only, and an error in a page's console fails the test.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal
from weakref import WeakSet

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Pages must not need the rest of the Internet. (A route would turn the browser's cache off.)
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
PHONE, DESK = 360, 1280
Scheme = Literal["light", "dark"]
OpenPage = Callable[..., Page]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TABLES_THAT_SCROLL = """() => [...document.querySelectorAll(".ui-table [role=region]")]
    .filter(one => one.scrollWidth > one.clientWidth)
    .map(one => one.getAttribute("aria-label"))"""
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)
_without_scripts: WeakSet[Page] = WeakSet()


def chromium_path() -> str:
    """The browser of the machine; skips the test, with a word, where there is none."""
    path = CHROMIUM if Path(CHROMIUM).exists() else shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium est absent de cette machine")
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium a file of tests: Playwright's event loop must not outlive it, or the tests of
    other files could not run theirs."""
    path = chromium_path()
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=path, args=CHROMIUM_OPTIONS, timeout=3 * PATIENCE_MS
        )
        yield chromium
        chromium.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture
def page_at(browser: Browser) -> Iterator[OpenPage]:
    """`page_at(width, scheme="light", javascript=True)`: a page in a session of its own."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_page(width: int = DESK, scheme: Scheme = "light", *, javascript: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 780 if width < 600 else 900},
            color_scheme=scheme,
            java_script_enabled=javascript,
            locale="fr-FR",
            timezone_id="Europe/Paris",
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        if not javascript:
            _without_scripts.add(page)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda message: note_refused_by_policy(message.text, problems))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not problems, problems


def note_refused_by_policy(text: str, problems: list[str]) -> None:
    """Keeps what the content security policy refused: the page is then broken in production."""
    if "Content Security Policy" in text:
        problems.append(text)


def assert_accessible(page: Page) -> None:
    """No violation of axe's rules (WCAG and good practices) at the page's width, and no sideways
    scroll at either width: what axe finds in one is in the other, but for what only one shows."""
    assert page not in _without_scripts, "axe est un script : ouvrez une page avec JavaScript"
    page.wait_for_load_state()
    violations = Axe().run(page).response["violations"]
    told = [
        f"{violation['id']} ({violation['impact']}): {violation['help']}\n    "
        + "\n    ".join(node["html"][:300] for node in violation["nodes"][:5])
        for violation in violations
    ]
    assert not told, f"{page.url}\n" + "\n".join(told)
    for width, overflow in at_both_widths(page, OVERFLOW):
        assert overflow <= 0, f"{page.url} déborde de {overflow} pixels à {width}"


def assert_no_table_scrolls(page: Page) -> None:
    """Each table fits its page at both widths: its last column is seen without a sideways
    scroll."""
    for width, hidden in at_both_widths(page, TABLES_THAT_SCROLL):
        assert not hidden, f"{page.url} : tableaux trop larges à {width} : {hidden}"


def at_both_widths(page: Page, measure: str) -> list[tuple[int, Any]]:
    """What a script measures at the page's width, then at the other one; the page is left as it
    was."""
    size = page.viewport_size
    assert size
    other = DESK if size["width"] == PHONE else PHONE
    here = page.evaluate(measure)
    page.set_viewport_size({"width": other, "height": size["height"]})
    there = page.evaluate(measure)
    page.set_viewport_size(size)
    return [(size["width"], here), (other, there)]
