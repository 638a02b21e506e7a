"""What the dashboard and the alarms read."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from aws_events.envelope import Record
from outcomes.metrics import report_end, report_latency, report_oldest, report_pause, report_retry_after
from outcomes.outcome import (
    Delivered,
    Duplicate,
    Later,
    LaterReason,
    Move,
    Moved,
    Outcome,
    Park,
    ParkReason,
    Skipped,
    SkipReason,
)
from record_batch.batch import run_batch
from retry_policies import Deadline, ErrorKind, RetryEvent
from tests.support.handlers.lambda_context import FixedContext
from tests.support.samples.events import sqs_event
from tests.support.samples.notifications import record
from tests.unit.record_batch.test_batch import resources

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "holdfast.slack_alerts")


def counted(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Each metric line, without the frame of EMF and the service, which is held here."""
    lines: list[dict[str, Any]] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    for line in lines:
        (frame,) = line["_aws"]["CloudWatchMetrics"]
        assert frame["Namespace"] == "Holdfast"
        assert set(frame["Dimensions"][0]) <= {"service", "reason"}
        assert line["service"] == "holdfast.slack_alerts"
    return [{key: one for key, one in line.items() if key not in {"_aws", "service"}} for line in lines]


ENDS: list[tuple[Outcome, list[dict[str, Any]]]] = [
    (Delivered(), [{"Delivered": [1.0]}]),
    (Duplicate(), [{"Duplicates": [1.0]}]),
    (Skipped(SkipReason.HEARTBEAT), [{"Skipped": [1.0], "reason": "heartbeat"}]),
    (Later(LaterReason.THROTTLED, 70.0), [{"Deferred": [1.0], "reason": "throttled"}]),
    (Later(LaterReason.NOT_SENT), [{"Deferred": [1.0], "reason": "not_sent"}, {"OwnFaults": [1.0]}]),
    (Move("team", "a note"), [{"Moved": [1.0]}]),
    (Moved("team"), [{"Moved": [1.0]}]),
    (Later(LaterReason.TLS), [{"Deferred": [1.0], "reason": "tls"}, {"OwnFaults": [1.0]}]),
    (
        Skipped(SkipReason.SELF_TEST_FAILED),
        [{"Skipped": [1.0], "reason": "self_test_failed"}, {"OwnFaults": [1.0]}],
    ),
    (Park(ParkReason.MESSAGE_REFUSED, "400 from outside"), [{"Parked": [1.0], "reason": "message_refused"}]),
]


@pytest.mark.parametrize(("outcome", "lines"), ENDS, ids=[str(outcome) for outcome, _ in ENDS])
def test_each_end_is_counted_by_its_reason_and_by_nothing_from_outside(
    outcome: Outcome, lines: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    report_end(outcome)
    assert counted(capsys) == lines


def test_an_end_is_counted_before_the_next_record_is_begun(capsys: pytest.CaptureFixture[str]) -> None:
    seen: list[list[dict[str, Any]]] = []

    def step(records: Iterable[Record], _deadline: Deadline) -> Iterator[tuple[Record, Outcome]]:
        for one in records:
            seen.append(counted(capsys))
            yield one, Delivered()

    run_batch(sqs_event("a", "b"), FixedContext(), step, resources())
    assert seen == [[], [{"Delivered": [1.0]}]]  # a crash over the second costs the first nothing


@pytest.mark.parametrize(("fails", "reason"), [(True, "unexpected"), (False, "not_attempted")])
def test_what_the_step_does_not_end_is_counted_too(
    capsys: pytest.CaptureFixture[str], reason: str, *, fails: bool
) -> None:
    def step(records: Iterable[Record], _deadline: Deadline) -> Iterator[tuple[Record, Outcome]]:
        if fails:
            raise ValueError
        yield from ((one, Delivered()) for one in list(records)[:0])

    run_batch(sqs_event("a"), FixedContext(), step, resources())
    assert {"Deferred": [1.0], "reason": reason} in counted(capsys)


def test_the_oldest_of_a_batch_tells_its_age(capsys: pytest.CaptureFixture[str]) -> None:
    waiting = [record(published_at=moment) for moment in (900.0, 400.0, None)]
    report_oldest(waiting, clock=lambda: 1000.0)
    assert counted(capsys) == [{"OldestUndelivered": [600.0]}]


@pytest.mark.parametrize("published_at", [[], [None]])
def test_where_nothing_waits_or_nobody_knows_since_when_there_is_no_age(
    capsys: pytest.CaptureFixture[str], published_at: list[float | None]
) -> None:
    report_oldest([record(published_at=one) for one in published_at])
    assert counted(capsys) == []


def test_a_batch_reports_the_age_of_what_it_hands_back(capsys: pytest.CaptureFixture[str]) -> None:
    event = sqs_event("gone", "waits")
    for one, sent in zip(event["Records"], ("1000", "2000"), strict=True):
        one["attributes"]["SentTimestamp"] = sent

    def step(records: Iterable[Record], _deadline: Deadline) -> Iterator[tuple[Record, Outcome]]:
        for one in records:
            yield one, Later(LaterReason.THROTTLED) if one.text == "waits" else Delivered()

    run_batch(event, FixedContext(), step, resources())
    [age] = [line["OldestUndelivered"][0] for line in counted(capsys) if "OldestUndelivered" in line]
    now = datetime.now(UTC).timestamp()
    assert now - 60 < age + 2.0 <= now  # of the second, not of the first


@pytest.mark.parametrize(("now", "seconds"), [(NOON.timestamp() + 2.5, 2.5), (NOON.timestamp() - 9, 0.0)])
def test_latency_is_counted_from_the_alarms_own_time(
    capsys: pytest.CaptureFixture[str], now: float, seconds: float
) -> None:
    report_latency(NOON, now)
    report_latency(None, now)
    assert counted(capsys) == [{"DeliveryLatency": [seconds]}]


def test_pauses_and_what_was_asked_are_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    report_pause(RetryEvent("slack_webhook", 1, 1.5, ErrorKind.TRANSIENT, "503", 50.0))
    for asked in (None, 70.0, 1e9, -1.0):
        report_retry_after(asked)
    assert counted(capsys) == [
        {"SecondsWaited": [1.5]},
        {"SecondsAsked": [70.0]},
        {"SecondsAsked": [3600.0]},
        {"SecondsAsked": [0.0]},
    ]
