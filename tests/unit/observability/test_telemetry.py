import io
import json
import logging
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from observability import telemetry
from observability.telemetry import with_telemetry
from retry_policies import RetryPolicy, StopReason
from retry_policies.presets import SLACK_WEBHOOK
from retry_policies.testing import FakeTime, Script

CANARY = "https://hooks.slack.com/services/T000/B000/canary"


class Written:
    """What came out: log lines of the logger, metric lines of standard output."""

    def __init__(self, log: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
        self._log = log
        self._capsys = capsys

    def log(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._log.getvalue().splitlines()]

    def metrics(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._capsys.readouterr().out.splitlines()]

    def text(self) -> str:
        return self._log.getvalue() + self._capsys.readouterr().out


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Written]:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "slack_alerts")
    log = io.StringIO()
    handler = telemetry.logger.registered_handler
    assert isinstance(handler, logging.StreamHandler)
    before = handler.setStream(log)
    yield Written(log, capsys)
    handler.setStream(before)


def refused(status: int, **headers: str) -> requests.HTTPError:
    response = requests.Response()
    response.status_code = status
    response._content = b"a body that is nobody's business"  # noqa: SLF001 - as requests does when it has read it
    response.url = CANARY
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return requests.HTTPError(f"{status} for url: {CANARY}", response=response)


def call(*outcomes: object, policy: RetryPolicy = SLACK_WEBHOOK) -> None:
    time = FakeTime()
    script = Script(time, *outcomes)
    try:
        with_telemetry(time.policy(policy)).call(time.deadline(30), script)
    except requests.HTTPError:
        return


def counted(metrics: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each line without the frame that EMF puts round it."""
    return [{key: value for key, value in line.items() if key != "_aws"} for line in metrics]


def test_a_success_writes_nothing(written: Written) -> None:
    call("ok")
    assert written.text() == ""


def test_a_retry_is_a_line_and_a_counter_and_a_recovery_a_counter(written: Written) -> None:
    call(refused(503), "ok")
    (retry,) = written.log()
    assert retry["level"] == "WARNING"
    assert retry["message"] == "attempt failed"
    facts = {"policy": "slack_webhook", "attempt": 1, "wait": 0.5, "kind": "TRANSIENT", "code": "503 unknown_body"}
    assert facts.items() <= retry.items()
    ours = {"service": "slack_alerts", "policy": "slack_webhook"}
    assert counted(written.metrics()) == [{**ours, "Retries": [1.0]}, {**ours, "Recovered": [1.0]}]


def test_a_give_up_is_a_line_and_a_counter_by_reason(written: Written) -> None:
    call(refused(404))
    (line,) = written.log()
    assert line["level"] == "ERROR"
    assert line["message"] == "gave up"
    facts = {"attempt": 1, "reason": "PERMANENT", "kind": "PERMANENT", "code": "404 unknown_body"}
    assert facts.items() <= line.items()
    ours = {"service": "slack_alerts", "policy": "slack_webhook"}
    assert counted(written.metrics()) == [{**ours, "reason": "PERMANENT", "GivenUp": [1.0]}]


def test_throttling_is_counted_for_retries_and_give_ups(written: Written) -> None:
    call(refused(429, Retry_After="3"), refused(429, Retry_After="3600"))
    ours = {"service": "slack_alerts", "policy": "slack_webhook"}
    assert counted(written.metrics()) == [
        {**ours, "Retries": [1.0], "Throttled": [1.0]},
        {**ours, "reason": "RETRY_AFTER", "GivenUp": [1.0]},
        {**ours, "Throttled": [1.0]},
    ]


def test_throttling_is_counted_once_where_policies_nest(written: Written) -> None:
    time = FakeTime()

    @with_telemetry(time.policy(SLACK_WEBHOOK.with_(name="outer")))
    @with_telemetry(time.policy(SLACK_WEBHOOK.with_(name="inner")))
    def post() -> None:
        raise refused(429, Retry_After="3600")

    with pytest.raises(requests.HTTPError):
        post()
    service = {"service": "slack_alerts"}
    assert counted(written.metrics()) == [
        {**service, "policy": "inner", "reason": "RETRY_AFTER", "GivenUp": [1.0]},
        {**service, "policy": "inner", "Throttled": [1.0]},
        {**service, "policy": "outer", "reason": "NESTED", "GivenUp": [1.0]},
    ]


def test_dimensions_are_bounded_and_the_metrics_are_in_our_namespace(written: Written) -> None:
    call(refused(404), policy=SLACK_WEBHOOK.with_(name=""))
    (line,) = written.metrics()
    (metrics,) = line["_aws"]["CloudWatchMetrics"]
    assert metrics["Namespace"] == "Holdfast"
    assert sorted(metrics["Dimensions"][0]) == ["policy", "reason", "service"]
    assert (line["policy"], line["reason"]) == ("unnamed", StopReason.PERMANENT.value)


@pytest.mark.parametrize("status", [400, 404, 429, 500, 503])
def test_no_url_and_no_body_is_ever_written(status: int, written: Written) -> None:
    call(*[refused(status)] * 4)
    text = written.text()
    assert text
    assert "canary" not in text
    assert "business" not in text


def test_hooks_that_were_there_before_are_kept(written: Written) -> None:
    heard: list[object] = []
    hooks = (heard.append,)
    call(refused(503), "ok", policy=SLACK_WEBHOOK.with_(on_retry=hooks, on_recovery=hooks))
    call(refused(404), policy=SLACK_WEBHOOK.with_(on_giveup=hooks))
    assert len(heard) == 3
    assert len(written.log()) == 2


def test_metrics_that_cannot_be_written_change_nothing(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telemetry, "NAMESPACE", "")
    monkeypatch.delenv("POWERTOOLS_METRICS_NAMESPACE", raising=False)
    call(refused(503), "ok")
    assert [line["message"] for line in written.log() if line["level"] != "ERROR"] == ["attempt failed"]


class Pieces(io.StringIO):
    """A standard output that keeps each write apart."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[str] = []

    def write(self, text: str) -> int:
        self.writes.append(text)
        return len(text)


def test_a_counter_is_one_write_so_that_lanes_in_threads_do_not_mix_their_lines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdout", out := Pieces())
    telemetry.count("Delivered")
    telemetry.measure("DeliveryLatency", 1.5)
    assert [json.loads(line.removesuffix("\n"))["_aws"]["Timestamp"] > 0 for line in out.writes if line] == [True, True]
    assert all(line.endswith("\n") for line in out.writes if line)


def test_keys_of_the_log_belong_to_one_thread(written: Written) -> None:
    meeting = threading.Barrier(2, timeout=10)

    def work(lane: str) -> None:
        with telemetry.log_keys(lane=lane):
            meeting.wait()
            with telemetry.log_keys(record="m1"):
                telemetry.logger.info(f"inside {lane}")
            meeting.wait()
            telemetry.logger.info(f"behind {lane}")
        telemetry.logger.info(f"after {lane}")

    threads = [threading.Thread(target=work, args=(lane,)) for lane in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seen = {line["message"]: (line.get("lane"), line.get("record")) for line in written.log()}
    assert seen == {
        f"{where} {lane}": (key, record)
        for lane in "ab"
        for where, key, record in (("inside", lane, "m1"), ("behind", lane, None), ("after", None, None))
    }
