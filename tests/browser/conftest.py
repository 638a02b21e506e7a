"""A page in a real browser, which must neither report an error nor ask another site for anything."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.chromium import chromium
from tests.browser.fed import Fed, fed_console
from tests.browser.live import Live, live_console, send_heartbeats_each_minute

type Open = Callable[..., Any]
SIZE = (1440, 900)


@pytest.hookimpl(tryfirst=True)  # before pytest selects by marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    with chromium() as running:
        yield running


@pytest.fixture
def open_page(browser: Any) -> Iterator[Open]:  # noqa: ANN401 - playwright's, which make check does not install
    """Return a function that opens a page of the console; its errors and outside requests fail the test."""
    problems: list[str] = []
    contexts: list[Any] = []

    def open_page(url: str, size: tuple[int, int] = SIZE, **options: object) -> Any:  # noqa: ANN401 - as above
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("console", lambda one: problems.append(one.text) if one.type in {"error", "warning"} else None)
        page.on("pageerror", lambda one: problems.append(str(one)))
        page.on("request", lambda one: problems.append(one.url) if not one.url.startswith(url) else None)
        page.goto(url)
        page.wait_for_selector(".connection.live")
        page.wait_for_selector("[role=tab]")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def fed() -> Iterator[Fed]:
    with fed_console() as running:
        yield running


@pytest.fixture(scope="module")  # it ends before the tests of speed, which its watch would disturb
def live() -> Iterator[Live]:
    with live_console() as running:
        send_heartbeats_each_minute(running.stage)
        yield running
