"""Run each code block of docs/howto, of the pages of the reference, and of the wheel's README."""

import asyncio
import re
import subprocess
import sys
import traceback
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests
from botocore.stub import Stubber
from moto import mock_aws

from retry_policies import Deadline, ErrorKind, StopReason, testing
from retry_policies.presets import SLACK_WEBHOOK
from retry_policies.testing import FakeTime, Script
from tests.support.fault_server.behaviours import ask
from tests.support.fault_server.server import FaultServer
from tests.support.handlers.lambda_context import FixedContext
from tests.support.steps.failing import info_of

ROOT = Path(__file__).parents[3]
PAGES = sorted((ROOT / "docs" / "howto").glob("*.md"))
SESSION = boto3.Session("a", "b", region_name="eu-west-1")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def names_of(page: Path) -> dict[str, Any]:
    """Return the names that the page's code defines."""
    names: dict[str, Any] = {}
    for block in blocks(page.read_text(), "python"):
        exec(block, names)  # noqa: S102 - our own page
    return names


def howto(name: str) -> dict[str, Any]:
    return names_of(ROOT / "docs" / "howto" / f"{name}.md")


def test_every_page_is_tested_here() -> None:
    source = Path(__file__).read_text()
    assert [page.stem for page in PAGES if f'howto("{page.stem}")' not in source] == []


def test_the_first_screen_of_the_reference_runs() -> None:
    assert "retry_info" in names_of(ROOT / "docs" / "retry-policies.md")


def test_the_readme_of_the_wheel_repeats_what_it_says(retry_time: FakeTime, caplog: pytest.LogCaptureFixture) -> None:
    readme = names_of(ROOT / "wheel" / "README.md")
    prices = readme["prices"]
    retry_time.control(readme["POLICY"])
    with FaultServer() as server:
        server.script("/prices", ["/503", "/429", "/500"], then=ask("/200", body='{"a": 1.5}'))
        assert prices(server.url("/prices")) == {"a": 1.5}
        assert caplog.messages[0].startswith("prices: attempt 1 of 4 failed: 503; next in 0.5 s, deadline in ")
        server.requests.clear()
        with pytest.raises(requests.HTTPError):
            prices(server.url("/404"))
        assert len(server.requests) == 1
        gone = server.url("/200")
    with pytest.raises(requests.ConnectionError) as raised:
        prices(gone)
    info = info_of(raised.value)
    assert (info.attempts, info.reason) == (4, StopReason.ATTEMPTS)


SHOP_IS_DOWN = """
from random import Random
from types import SimpleNamespace
from retry_policies.testing import FakeTime, Script

error = OSError()
error.response = SimpleNamespace(status_code=503, headers={})
time = FakeTime()
time.control(SHOP, uniform=Random(1).uniform)
try:
    SHOP.call(None, Script(time, *[error] * 4, takes=0.5))
except OSError:
    pass
"""


def test_the_page_of_events_shows_what_is_logged() -> None:
    page = (ROOT / "docs" / "reference" / "events.md").read_text()
    (code,), (lines,) = blocks(page, "python"), blocks(page, "text")
    run = subprocess.run([sys.executable, "-c", code + SHOP_IS_DOWN], check=True, capture_output=True, text=True)  # noqa: S603 - our own page
    assert run.stderr == lines


def test_the_example_of_the_fake_clock_runs() -> None:
    (code,) = blocks(testing.__doc__ or "", "python")
    names: dict[str, Any] = vars(testing) | {"SLACK_WEBHOOK": SLACK_WEBHOOK}
    exec(code, names)  # noqa: S102 - our own docstring
    assert names["time"].slept == [0.5]


def test_http_posts_or_says_when_to_try_again(retry_time: FakeTime) -> None:
    page = howto("http")
    announce, time = page["announce"], retry_time
    with FaultServer() as server:
        assert announce(server.url("/200"), "hello", time.deadline(5)) == 0.0
        assert announce(server.url("/429", ra=60), "hello", time.deadline(5)) == 60.0
        with pytest.raises(page["Refused"], match=r"^404$") as raised:
            announce(server.url("/404"), "hello", time.deadline(5))
        assert server.url("") not in "".join(traceback.format_exception(raised.value))
        assert announce(server.url("/200"), "hello", time.deadline(0.1)) == 30.0
        assert page["prices"](server.url("/200", body='{"a": 1.5}')) == {"a": 1.5}


def test_http_gathers_and_knows_the_errors_of_another_library(retry_time: FakeTime) -> None:
    page = howto("http")

    async def read(name: str) -> str:
        if name == "endless":
            await asyncio.Event().wait()
        return name.upper()

    assert asyncio.run(page["read_all"](read, ["a", "b"], retry_time.deadline(20))) == ["A", "B"]
    readings = chain([0.0], repeat(0.49))  # no more than 10 ms are left when the attempt begins
    with pytest.raises(TimeoutError) as raised:
        asyncio.run(page["read_all"](read, ["endless"], Deadline(0.5, readings.__next__)))
    info = info_of(raised.value)
    assert (info.kind, info.reason) == (ErrorKind.AMBIGUOUS, StopReason.DEADLINE)
    retry_time.control(page["SHOP"])
    page["SHOP"].call(None, Script(retry_time, page["OutOfStock"](), "done"))
    assert retry_time.slept == [2.5]
    assert page["LIMITED"].budget.tokens == 10


def test_slack_posts_to_a_webhook(retry_time: FakeTime) -> None:
    page = howto("slack")
    retry_time.control(page["SLACK_WEBHOOK"])
    with FaultServer() as server:
        server.script("/hook", ["/429"], then=ask("/200", body="ok"))
        page["alert"](server.url("/hook"), "hello")
        assert len(server.requests) == 2
        for body, attempts in (("no_service", 1), ("a proxy", 4)):  # AMBIGUOUS, and it may be repeated
            server.requests.clear()
            with pytest.raises(requests.HTTPError):
                page["alert"](server.url("/200", body=body), "hello")
            assert len(server.requests) == attempts


def test_slack_posts_by_the_web_api(retry_time: FakeTime) -> None:
    page = howto("slack")
    retry_time.control(page["SLACK_API"])
    with FaultServer() as server:
        server.script("/chat.postMessage", ["/503"], then=ask("/200", body='{"ok": true, "ts": "1.2"}'))
        assert page["say"](page["client"]("xoxb-1", server.url("/")), "C1", "hello") == "1.2"
        assert len(server.requests) == 2


@mock_aws
def test_boto3_reads_a_parameter(monkeypatch: pytest.MonkeyPatch) -> None:
    page = howto("boto3")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", SESSION)
    SESSION.client("ssm").put_parameter(Name="n", Value="v", Type="String")
    assert page["parameter"]("n", FakeTime().deadline(5)) == "v"
    assert page["handler"]({"name": "n"}, FixedContext(30.0)) == {"value": "v"}


@mock_aws
def test_boto3_sends_a_message() -> None:
    sqs = SESSION.client("sqs")
    url = sqs.create_queue(QueueName="q.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    assert howto("boto3")["enqueue"](sqs, url, "body", "1", FakeTime().deadline(5))


def test_batches_name_the_messages_that_were_not_sent() -> None:
    sqs = SESSION.client("sqs")
    failed = {"Id": "1", "SenderFault": True, "Code": "InvalidMessageContents"}
    sent = {"Id": "0", "MessageId": "m", "MD5OfMessageBody": "x"}
    with Stubber(sqs) as stubber:
        stubber.add_response("send_message_batch", {"Successful": [sent], "Failed": [failed]})
        assert howto("batches")["send"](sqs, "https://sqs.invalid/q", ["a", "b"], FakeTime().deadline(5)) == ["1"]


def test_the_tests_of_the_page_pass(retry_time: FakeTime) -> None:
    page = howto("testing")
    page["test_an_order_waits_for_stock"]()
    page["test_an_order_is_repeated"](retry_time)
    retry_time.release()
    page["test_an_order_is_given_up_after_four_attempts"](FakeTime())
    page["test_a_reservation_is_repeated"](FakeTime())
