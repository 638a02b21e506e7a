"""Debian's chromium, driven by Playwright."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--force-color-profile=srgb")


@contextmanager
def chromium() -> Iterator[Any]:
    """Run a headless browser during the block."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - in the environment of make test-browser only

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()
