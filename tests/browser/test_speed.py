"""The page and the stand-in under many messages."""

import json
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
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
    with showing_new(fed):
        median = statistics.median(seconds_of_posts(fed.slack.webhook_url("alerts"))) * 1000
    with capsys.disabled():
        print(f"\n{POSTS} webhooks while the page is open: median {median:.1f} ms")
    assert median < ANSWER_MS
    page.locator(f'[data-number="{POSTS}"]').wait_for()


@contextmanager
def showing_new(fed: Fed) -> Iterator[None]:
    """Show new posts ten times a second during the block, as the console does."""
    ended = threading.Event()

    def show() -> None:
        shown, is_last = 0, False
        while not is_last:
            is_last = ended.wait(0.1)
            new = fed.slack.since(shown)
            shown += len(new)
            fed.show(*new)

    thread = threading.Thread(target=show)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def seconds_of_posts(url: str) -> list[float]:
    """Post a sample again and again; return the seconds until each answer."""
    body, seconds = json.dumps(message_of(SAMPLES / "alarm-metric.json")), []
    with requests.Session() as session:
        for _ in range(POSTS):
            began = time.perf_counter()
            answer = session.post(url, data=body, timeout=5)
            seconds.append(time.perf_counter() - began)
            assert answer.status_code == 200, answer.text
    return seconds
