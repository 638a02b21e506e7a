import logging
import subprocess
import sys

import pytest

from retry_policies import ErrorKind, GiveUpEvent, RecoveryEvent, RetryEvent, RetryPolicy, StopReason
from retry_policies.events import hooks_of, log_giveup, log_retry
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
        RetryEvent("four", 1, 0.5, *KIND_AND_CODE, 29.875, 4),
        RetryEvent("four", 2, 2.0, ErrorKind.THROTTLED, "scripted", 29.25, 4),
        RecoveryEvent("four", 3, 27.125),
    ]
    assert events_of(FOUR, "done") == []


def test_a_give_up_is_an_event() -> None:
    permanent, transient = Failure(ErrorKind.PERMANENT), Failure()
    assert events_of(FOUR, permanent) == [
        GiveUpEvent("four", 1, StopReason.PERMANENT, ErrorKind.PERMANENT, "scripted", 29.875, 4),
        permanent,
    ]
    assert events_of(FOUR.with_(max_attempts=1), transient) == [
        GiveUpEvent("four", 1, StopReason.ATTEMPTS, *KIND_AND_CODE, 29.875, 1),
        transient,
    ]
    event, _ = events_of(FOUR, seconds=0.375)
    assert event == GiveUpEvent("four", 0, StopReason.DEADLINE, ErrorKind.TRANSIENT, "deadline", 0.375, 4)


RETRY_LINE = "four: attempt 1 of 4 failed: scripted; next in 0.5 s, deadline in 10 s"


def test_a_hook_that_raises_is_logged_without_its_text(caplog: pytest.LogCaptureFixture) -> None:
    def broken(_event: object) -> None:
        raise RuntimeError("https://secret")

    time = FakeTime()
    policy = time.policy(FOUR).with_(on_retry=(broken, log_retry))
    assert policy.call(None, Script(time, Failure(), "done")) == "done"
    assert [record.getMessage() for record in caplog.records] == ["a hook raised", RETRY_LINE]
    assert caplog.records[0].__dict__["error"] == "RuntimeError"
    assert "secret" not in caplog.text


def test_the_log_hooks_write_the_facts_as_fields_too(caplog: pytest.LogCaptureFixture) -> None:
    time = FakeTime()
    policy = time.policy(FOUR).with_(max_attempts=2, on_giveup=log_giveup)
    with pytest.raises(Failure):
        policy.call(None, Script(time, Failure(retry_after=1 / 3), Failure()))
    names = ("policy", "attempt", "wait", "reason", "kind", "code")
    facts = [[record.__dict__.get(name) for name in names] for record in caplog.records]
    assert [record.levelno for record in caplog.records] == [logging.WARNING, logging.ERROR]
    assert facts == [
        ["four", 1, 0.833, None, "TRANSIENT", "scripted"],
        ["four", 2, None, "ATTEMPTS", "TRANSIENT", "scripted"],
    ]


def test_the_lines_round_their_seconds_and_name_the_kind_without_a_code(caplog: pytest.LogCaptureFixture) -> None:
    log_retry(RetryEvent("", 1, 0.8346, ErrorKind.TRANSIENT, "503", 10.46, 4))
    log_giveup(GiveUpEvent("shop", 2, StopReason.ATTEMPTS, ErrorKind.TRANSIENT, "", 9.6267, 2))
    assert [record.getMessage() for record in caplog.records] == [
        "attempt 1 of 4 failed: 503; next in 0.83 s, deadline in 10.5 s",
        "shop: attempt 2 of 2 failed: TRANSIENT; gave up: ATTEMPTS, deadline in 9.6 s",
    ]


LOGGING = """
import logging
from retry_policies import Classification, ErrorKind, RetryPolicy
from retry_policies.events import log_giveup
from retry_policies.testing import FakeTime, Script

def classify(error):
    return Classification(ErrorKind.TRANSIENT, code=str(error))

logging.basicConfig()
time = FakeTime()
time.policy(RetryPolicy(classifier=classify)).call(None, Script(time, OSError("503"), OSError(), "done", takes=0.25))
try:
    hooked = time.policy(RetryPolicy(name="shop", classifier=classify, max_attempts=1, on_giveup=(log_giveup,)))
    hooked.call(time.deadline(2 / 3), Script(time, OSError("503")))
except OSError:
    pass
"""


def test_a_plain_formatter_shows_attempt_code_wait_and_deadline_without_any_hook() -> None:
    run = subprocess.run([sys.executable, "-c", LOGGING], check=True, capture_output=True, text=True)  # noqa: S603 - our own code
    assert run.stderr.splitlines() == [
        "WARNING:retry_policies:attempt 1 of 4 failed: 503; next in 0.5 s, deadline in 9.8 s",
        "WARNING:retry_policies:attempt 2 of 4 failed: TRANSIENT; next in 1 s, deadline in 9 s",
        "ERROR:retry_policies:shop: attempt 1 of 1 failed: 503; gave up: ATTEMPTS, deadline in 0.7 s",
    ]


def test_one_hook_needs_no_tuple() -> None:
    one, many = list[object](), list[object]()
    time = FakeTime()
    policy = time.policy(FOUR).with_(on_retry=one.append, on_recovery=one.append)
    policy = policy.with_(on_retry=(*hooks_of(policy.on_retry), many.append))
    policy.call(None, Script(time, Failure(), "done"))
    assert [type(event) for event in one] == [RetryEvent, RecoveryEvent]
    assert many == one[:1]


class FalseHook(list[object]):
    """A function of a class that is false while it has seen no event."""

    def __call__(self, event: object) -> None:
        self.append(event)


def test_a_hook_that_is_false_is_called() -> None:
    hook = FalseHook()
    with pytest.raises(Failure):
        FOUR.with_(on_giveup=hook).call(None, Script(FakeTime(), Failure(ErrorKind.PERMANENT)))
    assert len(hook) == 1
