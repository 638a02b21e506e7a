"""Pictures of the console during an outage of one channel, on the deployed stack."""

from pathlib import Path
from typing import Any

from demo.channels import TEAM
from holdfast_cli.failures import CommandFailed
from tests.browser.live import Live, live_console
from tests.browser.pictures import keep, new_page

SAMPLES = ("alarm-metric.json", "ecs-task-stopped.json")
PATIENCE = 120_000.0
LOOK_EVERY = 200.0
"""Milliseconds, as PATIENCE."""
LAPTOP, PHONE = (1440, 900), (360, 780)
SCALE = 1
"""The README shows the picture at less than half of its size."""
WAITING = 5


def console_pictures(browser: Any, folder: Path) -> None:  # noqa: ANN401 - playwright's
    """Send a storm during an outage, then samples; take pictures on a laptop, in dark colours and on a phone."""
    with live_console() as live:
        page = new_page(browser, live.url, LAPTOP, SCALE)
        _fill(page, live)
        pages: tuple[tuple[str, Any, dict[str, bool]], ...] = (
            ("console.png", page, {}),
            ("console-dark.png", new_page(browser, live.url, LAPTOP, SCALE, "dark"), {}),
            ("console-phone.png", new_page(browser, live.url, PHONE, SCALE), {"full_page": True}),
        )
        for name, one, options in pages:
            one.locator(".message").first.wait_for()
            keep(one, folder / name, **options)


def _fill(page: Any, live: Live) -> None:  # noqa: ANN401 - playwright's
    page.set_default_timeout(PATIENCE)
    page.locator("#channel").select_option(TEAM)
    page.locator("[data-fault=outage] [role=switch]").click()
    page.locator("[data-fault=outage] [role=switch][aria-checked=true]").wait_for()
    page.locator("#storm [name=alerts]").fill(str(3 * WAITING))
    page.locator("#storm button[type=submit]").click()
    _wait_for_alerts(page, live, 3 * WAITING)
    for name in SAMPLES:
        page.locator(f'[data-sample="kinds/{name}"]').click()
        page.wait_for_timeout(1_000)
    _wait_for_alerts(page, live, 3 * WAITING + len(SAMPLES))
    page.wait_for_timeout(1_000)  # for the marks and the counters of the page
    page.mouse.move(0, 0)
    page.locator(".samples").evaluate("(samples) => samples.scrollTo(0, 0)")
    page.locator(".cards").evaluate("(cards) => cards.scrollTo(0, 0)")


def _wait_for_alerts(page: Any, live: Live, published: int) -> None:  # noqa: ANN401 - playwright's
    """Wait until that many alerts are published and only those of the outage wait."""
    for _ in range(round(PATIENCE / LOOK_EVERY)):
        found = live.totals()
        if found["published"] == published and found["in_flight"] == WAITING:
            return
        page.wait_for_timeout(LOOK_EVERY)
    raise CommandFailed(f"the alerts of the picture are elsewhere: {live.totals()}", "run again: make screenshots")
