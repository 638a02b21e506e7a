"""The page as a whole: for every reader, on every screen."""

from typing import Any

import pytest

from tests.browser.conftest import Open
from tests.browser.fed import DEPTHS, TOTALS, Fed, empty_state
from tests.browser.sample_posts import post_of_sample

SERIOUS = {"serious", "critical"}
BUSY = empty_state(
    totals=dict(zip(TOTALS, (1_128, 1_120, 5, 2, 1, 0, 3, 0, 1, 0), strict=True)),
    depths=dict(zip(DEPTHS, (0, 5, 2, 0, 1), strict=True)),
    faults=[{"fault": "outage", "channel": "team"}],
)
SCREENS = {"phone": (360, 740), "tablet": (820, 1100), "laptop": (1440, 900), "wide": (1600, 1000)}


def fill(fed: Fed) -> None:
    """Show a busy pipeline and messages of each colour."""
    for number, name in enumerate(("alarm-metric", "guardduty-finding", "alarm-ok", "alarm-no-data"), start=1):
        fed.show(post_of_sample(f"{name}.json", number))
    fed.hub.add_lines(
        [
            {"at": "2026-01-31T02:14:41.000Z", "kind": kind, "word": kind, "text": "ALARM shop-cpu"}
            for kind in ("good", "wait", "fail", "bad")
        ]
    )
    fed.hub.show(BUSY)


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_no_serious_issue(fed: Fed, open_page: Open, screen: str, colours: str) -> None:
    from axe_playwright_python.sync_playwright import Axe  # noqa: PLC0415 - in the environment of make test-browser only

    fill(fed)
    page = open_page(fed.url, SCREENS[screen], color_scheme=colours, reduced_motion="reduce")
    page.locator(".message").first.wait_for()
    page.locator(".message summary").first.click()
    page.locator(".command summary").first.click()
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    serious = [(one["id"], [node["html"] for node in one["nodes"]]) for one in found if one["impact"] in SERIOUS]
    assert serious == []


@pytest.mark.parametrize("screen", SCREENS)
def test_the_page_is_never_wider_than_the_screen(fed: Fed, open_page: Open, screen: str) -> None:
    fill(fed)
    page = open_page(fed.url, SCREENS[screen])
    page.locator(".message").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= SCREENS[screen][0]


def test_the_counters_add_up_on_the_page_and_a_loss_is_loud(fed: Fed, open_page: Open) -> None:
    page = open_page(fed.url, locale="en-GB")
    fed.hub.show(BUSY)
    page.locator("[data-total=published]", has_text="1,128").first.wait_for()
    shown = {name: page.locator(f"[data-total={name}]").first.inner_text() for name in TOTALS}
    numbers = {name: int(text.replace(",", "")) for name, text in shown.items()}
    assert numbers["published"] == sum(numbers[name] for name in ("delivered", "in_line", "parked", "dead", "lost"))
    quiet = page.locator(".lost").evaluate("(one) => getComputedStyle(one).backgroundColor")
    fed.hub.show(BUSY | {"totals": BUSY["totals"] | {"lost": 1}})
    page.locator(".lost.some").wait_for()
    assert page.locator(".lost").evaluate("(one) => getComputedStyle(one).backgroundColor") != quiet


def test_a_mark_moves_for_each_alert_unless_the_reader_wants_no_motion(fed: Fed, open_page: Open) -> None:
    moving, still = open_page(fed.url), open_page(fed.url, reduced_motion="reduce")
    fed.hub.move([{"from": "topic", "to": "lanes"}, {"from": "lanes", "to": "slack"}])
    moving.locator(".marks i").nth(1).wait_for(state="attached")
    moving.locator(".marks i").first.wait_for(state="detached")
    fed.hub.add_lines([{"at": "2026-01-31T02:14:41.000Z", "kind": "good", "word": "", "text": "after the moves"}])
    still.get_by_text("after the moves").wait_for()
    assert still.locator(".marks i").count() == 0


def test_samples_are_found_by_words_and_sent_by_keyboard(fed: Fed, open_page: Open) -> None:
    page = open_page(fed.url)
    page.get_by_role("searchbox").fill("guardduty ssh")
    assert page.locator("[data-sample]:visible").all_inner_texts()[0].startswith("guardduty-finding.json")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.locator("#log li", has_text="send done").wait_for()
    assert page.locator("#said").inner_text() == "send done"
    page.get_by_role("searchbox").fill("no such words")
    page.get_by_text("No sample has these words.").wait_for()


def test_each_control_has_its_command_line(fed: Fed, open_page: Open) -> None:
    page = open_page(fed.url)
    fed.hub.show(BUSY | {"environment": "AWS_REGION=eu-west-1"})
    page.locator("[data-fault=outage] .where", has_text="#team").wait_for()
    lines = page.locator(".command code").all_text_contents()
    assert len(lines) == 14
    assert all(one.startswith(("curl -H 'Content-Type: application/json' -d '", "AWS_REGION")) for one in lines)
    assert f'-d \'{{"alerts":60,"channels":3}}\' {fed.url}/console/storm' in lines[1]
    assert lines[2].endswith(f'{{"fault":"outage","on":false,"channel":"","seconds":5}}\' {fed.url}/_control/switch')
    assert "AWS_REGION=eu-west-1 make redrive QUEUE=parking STACK=holdfast-local RUN=1" in lines


def test_controls_wait_until_the_stack_is_ready(fed: Fed, open_page: Open) -> None:
    fed.hub.show(empty_state(is_ready=False))
    page = open_page(fed.url)
    assert page.locator("#controls button:not(.copy):enabled").count() == 0
    fed.hub.show(empty_state())
    page.locator("#storm button[type=submit]:enabled").wait_for()


def test_a_reloaded_page_shows_what_was_posted_before(fed: Fed, open_page: Open) -> None:
    fed.show(post_of_sample("alarm-metric.json"))
    page = open_page(fed.url)
    page.locator(".message").wait_for()
    page.reload()
    page.locator(".message").wait_for()
    assert page.locator(".message").count() == 1
