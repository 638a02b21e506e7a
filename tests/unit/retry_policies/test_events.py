import logging

import pytest

from retry_policies import ErrorKind, GiveUpEvent, RecoveryEvent, RetryEvent, RetryPolicy, StopReason
from retry_policies.events import log_giveup, log_retry
from retry_policies.testing import FakeTime, Script
from tests.support.steps.failing import FOUR, Failure

KIND_AND_CODE = (ErrorKind.TRANSIENT, "scripted")


def events_of(policy: RetryPolicy, *outcomes: object, seconds: float = 30.0) -> list[object]:
    """Return the events of one call, and its error."""
    time, events = FakeTime(now=512.0), list[object]()
    hooks = (events.append,)
    hooked = time.policy(policy).with_(on_retry=hooks, on_recovery=hooks, on_giveup=hooks)
    try:
        hooked.call(time.deadline(seconds), Script(time, *outcomes, takes=0.125))
    except Exception as error:  # noqa: BLE001 - scripted
        events.append(error)
    return events


def test_retries_and_recovery_are_events_and_a_plain_success_is_none() -> None:
    assert events_of(FOUR, Failure(), Failure(ErrorKind.THROTTLED), "done") == [
        RetryEvent("four", 1, 0.5, *KIND_AND_CODE, 29.875),
        RetryEvent("four", 2, 2.0, ErrorKind.THROTTLED, "scripted", 29.25),
        RecoveryEvent("four", 3, 27.125),
    ]
    assert events_of(FOUR, "done") == []


def test_a_give_up_is_an_event() -> None:
    permanent, transient = Failure(ErrorKind.PERMANENT), Failure()
    assert events_of(FOUR, permanent) == [
        GiveUpEvent("four", 1, StopReason.PERMANENT, ErrorKind.PERMANENT, "scripted", 29.875),
        permanent,
    ]
    assert events_of(FOUR.with_(max_attempts=1), transient) == [
        GiveUpEvent("four", 1, StopReason.ATTEMPTS, *KIND_AND_CODE, 29.875),
        transient,
    ]
    event, _ = events_of(FOUR, seconds=0.375)
    assert event == GiveUpEvent("four", 0, StopReason.DEADLINE, ErrorKind.TRANSIENT, "deadline", 0.375)


def test_a_hook_that_raises_is_logged_without_its_text(caplog: pytest.LogCaptureFixture) -> None:
    def broken(_event: object) -> None:
        raise RuntimeError("https://secret")

    time = FakeTime()
    policy = time.policy(FOUR).with_(on_retry=(broken, log_retry))
    assert policy.call(None, Script(time, Failure(), "done")) == "done"
    assert [record.getMessage() for record in caplog.records] == ["a hook raised", "attempt failed"]
    assert caplog.records[0].__dict__["error"] == "RuntimeError"
    assert "secret" not in caplog.text


def test_the_log_hooks_write_constant_messages_with_facts(caplog: pytest.LogCaptureFixture) -> None:
    time = FakeTime()
    policy = time.policy(FOUR).with_(max_attempts=2, on_retry=(log_retry,), on_giveup=(log_giveup,))
    with pytest.raises(Failure):
        policy.call(None, Script(time, Failure(retry_after=1 / 3), Failure()))
    names = ("policy", "attempt", "wait", "reason", "kind", "code")
    facts = [[record.__dict__.get(name) for name in names] for record in caplog.records]
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (logging.WARNING, "attempt failed"),
        (logging.ERROR, "gave up"),
    ]
    assert facts == [
        ["four", 1, 0.833, None, "TRANSIENT", "scripted"],
        ["four", 2, None, "ATTEMPTS", "TRANSIENT", "scripted"],
    ]
