"""The console on the deployed stack: alerts arrive, faults grow a lane, and nothing is lost."""

import time
from typing import Any

import pytest

from tests.browser.conftest import Open
from tests.browser.live import Live

SECONDS = 60.0
PROMPT = 20.0
FAILING, OTHER = "team", "billing"


@pytest.fixture
def page(live: Live, open_page: Open) -> Any:  # noqa: ANN401 - playwright's
    page = open_page(live.url)
    page.locator("#recover button", has_text="Reset").click()
    page.locator("#log li", has_text="all faults are off").first.wait_for()
    return page


def lane(page: Any, name: str) -> dict[str, int]:  # noqa: ANN401 - playwright's
    """Return the waiting alerts and the posts of a lane, as the page shows them."""
    words = page.locator(".lanes li", has_text=f"#{name}").locator(".says").inner_text().replace("none", "0").split()
    return {"waiting": int(words[0]), "posts": int(words[words.index("·") + 1])}


def until(page: Any, holds: Any) -> float:  # noqa: ANN401 - playwright's
    """Wait for something that the page shows; return the seconds."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < SECONDS, page.locator(".lanes").inner_text()
        page.wait_for_timeout(100)
    return time.monotonic() - began


def totals(page: Any) -> dict[str, int]:  # noqa: ANN401 - playwright's
    """Return the counters, read at one instant: they may change between two calls of the browser."""
    read = "(all) => Object.fromEntries(all.map((one) => [one.dataset.total, Number(one.textContent)]))"
    found: dict[str, int] = page.locator(".totals dd").evaluate_all(read)
    return found


def assert_adds_up(found: dict[str, int]) -> None:
    assert found["published"] == sum(found[name] for name in ("delivered", "in_line", "parked", "dead"))
    assert found["lost"] == 0


def storm(page: Any, alerts: int, channels: int) -> None:  # noqa: ANN401 - playwright's
    page.locator("#storm [name=alerts]").fill(str(alerts))
    page.locator("#storm [name=channels]").fill(str(channels))
    page.locator("#storm button[type=submit]").click()
    page.locator("#log li", has_text=f"published {alerts} alarms").first.wait_for()


def test_an_alarm_that_is_sent_from_the_page_appears_rendered(page: Any) -> None:  # noqa: ANN401 - playwright's
    page.get_by_role("searchbox").fill("alarm-metric")
    page.locator('[data-sample="kinds/alarm-metric.json"]').click()
    message = page.locator(".message", has_text="ALARM shop-cpu")
    message.wait_for(timeout=SECONDS * 1000)
    assert message.locator("h3").text_content() == "🟠 ALARM shop-cpu"
    assert "delayed" not in message.text_content(), "a sample happens when it is sent"
    assert message.locator("summary").text_content().strip().endswith("1 attempt")
    assert_adds_up(totals(page))


def test_an_outage_grows_its_lane_and_no_other_waits(page: Any) -> None:  # noqa: ANN401 - playwright's
    page.locator("#channel").select_option(FAILING)
    page.locator("[data-fault=outage] [role=switch]").click()
    page.locator("[data-fault=outage] [role=switch][aria-checked=true]").wait_for()
    before = lane(page, OTHER)["posts"]
    storm(page, 30, 3)
    until(page, lambda: lane(page, FAILING)["waiting"] == 10)
    waited = until(page, lambda: lane(page, OTHER)["posts"] > before and totals(page)["in_line"] == 10)
    assert waited < PROMPT, "another channel does not wait"
    failing = lane(page, FAILING)
    assert failing["waiting"] == 10, "its alerts wait while the others are delivered"
    assert "outage" in page.locator(".lanes li", has_text=f"#{FAILING}").inner_text()
    assert_adds_up(totals(page))

    page.locator("[data-fault=outage] [role=switch]").click()
    until(page, lambda: totals(page)["in_line"] == 0)
    found = totals(page)
    assert_adds_up(found)
    assert found["delivered"] == found["published"]
    page.get_by_role("tab", name=f"#{FAILING}").click()
    assert page.locator(".panel:visible .message").count() >= 1


def test_a_refused_alert_is_parked_and_its_redrive_delivers_it(page: Any, live: Live) -> None:  # noqa: ANN401 - playwright's
    live.stage.slack.script([{"body": "invalid_blocks"}, {"body": "invalid_payload"}])
    storm(page, 1, 1)
    until(page, lambda: totals(page)["parked"] == 1)
    assert_adds_up(totals(page))
    page.locator("#recover button", has_text="Redrive parked").click()
    until(page, lambda: totals(page)["delivered"] == totals(page)["published"])
    assert_adds_up(totals(page))


def test_a_killed_function_leaves_a_marked_copy_and_loses_nothing(page: Any) -> None:  # noqa: ANN401 - playwright's
    page.locator("#faults button", has_text="Kill the function").click()
    page.locator("#log li", has_text="the function dies").first.wait_for()
    storm(page, 1, 1)
    page.locator("#log li", has_text="killed the function").first.wait_for(timeout=SECONDS * 1000)
    page.locator(".message .tag", has_text="possible duplicate").wait_for(timeout=SECONDS * 1000)
    until(page, lambda: totals(page)["in_line"] == 0)
    assert_adds_up(totals(page))


def test_a_table_that_is_down_stops_no_alert(page: Any, live: Live) -> None:  # noqa: ANN401 - playwright's
    page.locator("[data-fault=table] [role=switch]").click()
    page.locator("[data-fault=table] [role=switch][aria-checked=true]").wait_for()
    storm(page, 3, 3)
    until(page, lambda: "deliveries table not used" in live.stage.aws.log())
    until(page, lambda: totals(page)["delivered"] == totals(page)["published"])
    page.locator("[data-fault=table] [role=switch]").click()
    page.locator("#log li", has_text="the claims table is back").first.wait_for()
    assert_adds_up(totals(page))


def test_at_the_end_every_alert_and_each_heartbeat_of_the_schedule_is_accounted_for(page: Any, live: Live) -> None:  # noqa: ANN401 - playwright's
    until(page, lambda: totals(page)["in_line"] == 0)
    until(page, lambda: int(page.locator("[data-total=self_tests]").inner_text()) > 0)
    found = live.totals()
    assert (found["lost"], found["parked"], found["dead_lettered"]) == (0, 0, 0)
    assert found["published"] == found["delivered"] == totals(page)["published"]
