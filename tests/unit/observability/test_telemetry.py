import io
import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import requests

from observability import telemetry
from observability.telemetry import with_telemetry
from retry_policies import RetryPolicy
from retry_policies.events import log_giveup
from retry_policies.presets import SLACK_WEBHOOK
from retry_policies.testing import FakeTime, Script

CANARY = "https://hooks.slack.com/services/T000/B000/canary"
SERVICE = {"service": "slack_alerts"}


class Written:
    """The lines of the logger, and the metrics on standard output."""

    def __init__(self, log: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
        self._log = log
        self._capsys = capsys

    def log(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._log.getvalue().splitlines()]

    def metrics(self) -> list[dict[str, Any]]:
        """Return the metric lines without EMF's frame, whose namespace and dimensions are asserted."""
        lines = [json.loads(line) for line in self._capsys.readouterr().out.splitlines()]
        for line in lines:
            [metrics] = line.pop("_aws")["CloudWatchMetrics"]
            assert metrics["Namespace"] == "Holdfast"
            assert set(metrics["Dimensions"][0]) == {name for name, value in line.items() if isinstance(value, str)}
        return lines

    def text(self) -> str:
        return self._log.getvalue() + self._capsys.readouterr().out


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Written]:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "slack_alerts")
    handler = telemetry.logger.registered_handler
    assert isinstance(handler, logging.StreamHandler)
    before = handler.setStream(log := io.StringIO())
    yield Written(log, capsys)
    handler.setStream(before)


def http_error(status: int, **headers: str) -> requests.HTTPError:
    response = requests.Response()
    response.status_code = status
    response._content = b"a private body"  # noqa: SLF001 - requests sets it when it reads the body
    response.url = CANARY
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return requests.HTTPError(f"{status} for url: {CANARY}", response=response)


def call(*outcomes: object, policy: RetryPolicy = SLACK_WEBHOOK) -> None:
    time = FakeTime()
    try:
        with_telemetry(time.policy(policy)).call(time.deadline(30), Script(time, *outcomes))
    except requests.HTTPError:
        return


RETRY = {"level": "WARNING", "message": "attempt failed", "policy": "slack_webhook", "attempt": 1}
TRANSIENT = {**RETRY, "wait": 0.5, "kind": "TRANSIENT", "code": "503 unknown_body"}
GIVE_UP = {"level": "ERROR", "message": "gave up"}
PERMANENT = {**GIVE_UP, "attempt": 1, "reason": "PERMANENT", "kind": "PERMANENT", "code": "404 unknown_body"}


@pytest.mark.parametrize(
    ("outcomes", "lines", "metrics"),
    [
        (["ok"], [], []),
        ([http_error(503), "ok"], [TRANSIENT], [{"Retries": [1.0]}, {"Recovered": [1.0]}]),
        ([http_error(404)], [PERMANENT], [{"reason": "PERMANENT", "GivenUp": [1.0]}]),
        (
            [http_error(429, Retry_After="3"), http_error(429, Retry_After="3600")],
            [RETRY, GIVE_UP],
            [{"Retries": [1.0], "Throttled": [1.0]}, {"reason": "RETRY_AFTER", "GivenUp": [1.0]}, {"Throttled": [1.0]}],
        ),
    ],
    ids=["success", "recovery", "give-up", "throttling"],
)
def test_retries_and_give_ups_are_logged_and_counted_and_recoveries_are_counted(
    written: Written, outcomes: list[object], lines: list[dict[str, object]], metrics: list[dict[str, object]]
) -> None:
    call(*outcomes)
    logged = written.log()
    assert [expected.items() <= line.items() for expected, line in zip(lines, logged, strict=True)] == [True] * len(
        lines
    )
    assert written.metrics() == [{**SERVICE, "policy": "slack_webhook", **one} for one in metrics]


def test_the_sentence_of_the_standard_log_is_not_written_too(
    written: Written, caplog: pytest.LogCaptureFixture
) -> None:
    both = SLACK_WEBHOOK.with_(on_giveup=log_giveup)
    call(http_error(503), http_error(404), policy=both)
    assert [line["message"] for line in written.log()] == ["attempt failed", "gave up"]
    assert [record for record in caplog.records if record.name == "retry_policies"] == []


def test_a_policy_without_a_name_is_counted_as_unnamed(written: Written) -> None:
    call(http_error(404), policy=SLACK_WEBHOOK.with_(name=""))
    assert [line["policy"] for line in written.metrics()] == ["unnamed"]


def test_throttling_is_counted_once_by_nested_policies(written: Written) -> None:
    time = FakeTime()

    @with_telemetry(time.policy(SLACK_WEBHOOK.with_(name="outer")))
    @with_telemetry(time.policy(SLACK_WEBHOOK.with_(name="inner")))
    def post() -> None:
        raise http_error(429, Retry_After="3600")

    with pytest.raises(requests.HTTPError):
        post()
    assert written.metrics() == [
        {**SERVICE, "policy": "inner", "reason": "RETRY_AFTER", "GivenUp": [1.0]},
        {**SERVICE, "policy": "inner", "Throttled": [1.0]},
        {**SERVICE, "policy": "outer", "reason": "NESTED", "GivenUp": [1.0]},
    ]


@pytest.mark.parametrize("status", [400, 404, 429, 500, 503])
def test_no_url_and_no_body_is_ever_written(status: int, written: Written) -> None:
    call(*[http_error(status)] * 4)
    text = written.text()
    assert text
    assert "canary" not in text
    assert "private" not in text


def test_the_policys_own_hooks_are_kept(written: Written) -> None:
    events: list[object] = []
    hooks = (events.append,)
    call(http_error(503), "ok", policy=SLACK_WEBHOOK.with_(on_retry=hooks, on_recovery=hooks))
    call(http_error(404), policy=SLACK_WEBHOOK.with_(on_giveup=hooks))
    assert (len(events), len(written.log())) == (3, 2)


@pytest.mark.parametrize("variables", [{"POWERTOOLS_METRICS_DISABLED": "true"}, {"POWERTOOLS_METRICS_NAMESPACE": ""}])
def test_metrics_that_cannot_be_written_change_nothing(
    written: Written, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]
) -> None:
    monkeypatch.setattr(telemetry, "NAMESPACE", "")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    call(http_error(503), "ok")
    assert [line["message"] for line in written.log() if line["level"] != "ERROR"] == ["attempt failed"]


class Writes(io.StringIO):
    """A standard output that keeps each write, and fails at the last one."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[str] = []

    def write(self, text: str) -> int:
        self.writes.append(text)
        if len(self.writes) > 2:
            raise OSError
        return len(text)


def test_a_metric_is_one_write_so_that_lines_of_threads_do_not_mix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", out := Writes())
    telemetry.count("Delivered")
    telemetry.measure("DeliveryLatency", 1.5)
    telemetry.count("Delivered")  # a failing write is ignored
    assert [line.endswith("\n") and json.loads(line)["_aws"]["Timestamp"] > 0 for line in out.writes] == [True] * 3


def test_log_keys_belong_to_one_thread(written: Written) -> None:
    meeting = Barrier(2, timeout=10)

    def work(lane: str) -> None:
        with telemetry.log_keys(lane=lane):
            meeting.wait()
            with telemetry.log_keys(record="m1"):
                telemetry.logger.info(f"inner {lane}")
            meeting.wait()
            telemetry.logger.info(f"outer {lane}")
        telemetry.logger.info(f"after {lane}")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, "ab"))
    assert {line["message"]: (line.get("lane"), line.get("record")) for line in written.log()} == {
        f"{where} {lane}": (key, record)
        for lane in "ab"
        for where, key, record in (("inner", lane, "m1"), ("outer", lane, None), ("after", None, None))
    }
