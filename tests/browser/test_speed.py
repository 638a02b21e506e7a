"""The page and the stand-in under many messages."""

import json
import statistics
import threading
import time
from typing import Any

import pytest
import requests

from holdfast_cli.kinds import SAMPLES
from tests.browser.conftest import Open
from tests.browser.fed import Fed
from tests.browser.sample_posts import post_of_sample
from tests.support.samples.golden import message_of

MESSAGES = 1_000
SCRIPTING_MS, WORK_MS = 1.0, 5.0
"""CPU time of the page for each message at most: in its scripts, and in all with style, layout and paint."""
ANSWER_MS = 5.0
POSTS = 200


def spent(session: Any) -> tuple[float, float]:  # noqa: ANN401 - playwright's
    """Return the milliseconds of CPU time that the page has spent in scripts, and in all."""
    metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return metrics["ScriptDuration"] * 1000, metrics["TaskDuration"] * 1000


def test_a_thousand_messages_come_without_lag(fed: Fed, open_page: Open, capsys: pytest.CaptureFixture[str]) -> None:
    page = open_page(fed.url)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = spent(session)
    for number in range(1, MESSAGES + 1):
        fed.show(post_of_sample("alarm-metric.json", number))
    page.locator(f'[data-number="{MESSAGES}"]').wait_for()
    scripting, work = ((now - then) / MESSAGES for now, then in zip(spent(session), before, strict=True))
    with capsys.disabled():
        print(f"\n{MESSAGES} messages: {scripting:.2f} ms of scripting each, {work:.2f} ms of work in all")
    assert scripting < SCRIPTING_MS
    assert work < WORK_MS
    assert page.locator(".message").count() <= 500, "the page keeps the newest"


def test_a_webhook_is_answered_at_once_while_the_page_is_open(
    fed: Fed, open_page: Open, capsys: pytest.CaptureFixture[str]
) -> None:
    page = open_page(fed.url)
    content = message_of(SAMPLES / "alarm-metric.json")
    url, ended = fed.slack.webhook_url("alerts"), threading.Event()

    def show_new() -> None:
        shown = 0
        while not ended.wait(0.1):
            new = fed.slack.since(shown)
            shown += len(new)
            fed.show(*new)

    thread = threading.Thread(target=show_new)
    thread.start()
    seconds = []
    with requests.Session() as session:
        for _ in range(POSTS):
            began = time.perf_counter()
            session.post(url, data=json.dumps(content), timeout=5)
            seconds.append(time.perf_counter() - began)
            time.sleep(0.005)  # the next post of a busy channel: the page shows messages in between
    ended.set()
    thread.join()
    median = statistics.median(seconds) * 1000
    with capsys.disabled():
        print(f"\n{POSTS} webhooks while the page is open: median {median:.1f} ms")
    assert median < ANSWER_MS
    page.locator(".message").last.wait_for()
