import json
from datetime import UTC, datetime
from typing import Any

import pytest

from aws_events.message_attributes import ATTRIBUTE
from outcomes.metrics import OUR_OWN, report_end, report_latency, report_oldest, report_pause, report_retry_after
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
from retry_policies import ErrorKind, RetryEvent
from tests.support.samples.notifications import record

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "holdfast.slack_alerts")


def counted(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Return the metric lines without EMF's frame and the service, whose values are asserted."""
    lines: list[dict[str, Any]] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    for line in lines:
        (frame,) = line["_aws"]["CloudWatchMetrics"]
        assert frame["Namespace"] == "Holdfast"
        assert set(frame["Dimensions"][0]) <= {"service", "reason"}
        assert line["service"] == "holdfast.slack_alerts"
    return [{key: one for key, one in line.items() if key not in {"_aws", "service"}} for line in lines]


FAULT = {"OwnFaults": [1.0]}
OUTCOMES: list[tuple[Outcome, list[dict[str, Any]]]] = [
    (Delivered(), [{"Delivered": [1.0]}]),
    (Duplicate(), [{"Duplicates": [1.0]}]),
    (Skipped(SkipReason.HEARTBEAT), [{"Skipped": [1.0], "reason": "heartbeat"}]),
    (Skipped(SkipReason.SELF_TEST_FAILED), [{"Skipped": [1.0], "reason": "self_test_failed"}, FAULT]),
    (Later(LaterReason.THROTTLED, 70.0), [{"Later": [1.0], "reason": "throttled"}]),
    (Later(LaterReason.TLS), [{"Later": [1.0], "reason": "tls"}, FAULT]),
    (Move("team", "a note"), [{"Moved": [1.0]}]),
    (Moved("team"), [{"Moved": [1.0]}]),
    (Park(ParkReason.MESSAGE_REFUSED, "400 from outside"), [{"Parked": [1.0], "reason": "message_refused"}]),
]


@pytest.mark.parametrize(("outcome", "lines"), OUTCOMES)
def test_each_outcome_is_counted_by_its_reason_and_no_text_from_outside(
    outcome: Outcome, lines: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    report_end(outcome)
    assert counted(capsys) == lines


@pytest.mark.parametrize(
    ("published_at", "ages"), [([900.0, 400.0, None], [600.0]), ([2000.0], [0.0]), ([None], []), ([], [])]
)
def test_the_age_of_the_oldest_record_is_measured_if_known(
    capsys: pytest.CaptureFixture[str], published_at: list[float | None], ages: list[float]
) -> None:
    report_oldest([record(published_at=one) for one in published_at], clock=lambda: 1000.0)
    assert counted(capsys) == [{"OldestUndelivered": [age]} for age in ages]


def test_the_age_of_an_alert_counts_anew_after_its_mute(capsys: pytest.CaptureFixture[str]) -> None:
    facts = {"dataType": "String", "stringValue": json.dumps({"renewed_at": 29_000.0})}
    report_oldest([record(published_at=200.0, attributes={ATTRIBUTE: facts})], clock=lambda: 29_060.0)
    assert counted(capsys) == [{"OldestUndelivered": [60.0]}]


def test_durations_are_measured_in_seconds_from_0_on(capsys: pytest.CaptureFixture[str]) -> None:
    report_latency(None, 0.0)
    for seconds in (2.5, -9.0):
        report_latency(NOON, NOON.timestamp() + seconds)
    report_pause(RetryEvent("slack_webhook", 1, 1.5, ErrorKind.TRANSIENT, "503", 50.0, 4))
    for retry_after in (None, 70.0, 1e9, -1.0):
        report_retry_after(retry_after)
    assert counted(capsys) == [
        {"DeliveryLatency": [2.5]},
        {"DeliveryLatency": [0.0]},
        {"SecondsWaited": [1.5]},
        {"SecondsAsked": [70.0]},
        {"SecondsAsked": [3600.0]},
        {"SecondsAsked": [0.0]},
    ]


def test_our_own_faults_are_all_but_slacks_and_transient_states() -> None:
    slack = {LaterReason.THROTTLED, LaterReason.UNREACHABLE, LaterReason.UNANSWERED, LaterReason.UNEXPECTED_ANSWER}
    transient = {LaterReason.NOT_ATTEMPTED, LaterReason.IN_PROGRESS, LaterReason.UNREADABLE, LaterReason.MUTED}
    assert set(LaterReason) - OUR_OWN == slack | transient
    assert OUR_OWN & set(SkipReason) == {SkipReason.SELF_TEST_FAILED}
