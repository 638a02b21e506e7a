import random

import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.parsers import ResponseParserError
from hypothesis import given
from hypothesis import strategies as st

from aws_events.record import Record, Source
from outcomes.outcome import LONGEST_WAIT, Later, LaterReason
from tests.support.samples.notifications import record as sample
from tests.support.steps.batch_loops import DENIED, FakeQueue

UNREACHABLE = Later(LaterReason.UNREACHABLE)
DIRECT = Record(source=Source.SNS, message_id="sns-1", text="x", body='{"Message": "x"}')


def lowest(low: float, _high: float) -> float:
    return low


def highest(_low: float, high: float) -> float:
    return high


def record(number: int, receive_count: int = 1) -> Record:
    return sample(message_id=f"m{number}", receipt_handle=f"r{number}", receive_count=receive_count)


def hide(queue: FakeQueue, count: int, seconds: float = 60.0) -> None:
    queue.redelivery().hide(
        [(record(number), UNREACHABLE) for number in range(count)], queue.time.deadline(seconds), is_moving=True
    )


@pytest.mark.parametrize(
    ("receive", "seconds"), [(1, 30), (2, 60), (3, 120), (5, 480), (6, 900), (20, 900), (10_000, 900)]
)
def test_the_delay_doubles_with_each_receive_up_to_the_cap(queue: FakeQueue, receive: int, seconds: float) -> None:
    assert queue.redelivery(lowest).delay(UNREACHABLE, receive, is_moving=True) == seconds


@given(receive=st.integers(1, 1000), retry_after=st.floats(0, 1e9), seed=st.integers())
def test_a_retry_after_is_a_lower_bound_up_to_an_hour(receive: int, retry_after: float, seed: int) -> None:
    redelivery = FakeQueue().redelivery(random.Random(seed).uniform)  # noqa: S311 - a seed makes it repeatable
    delay = redelivery.delay(Later(LaterReason.THROTTLED, retry_after), receive, is_moving=True)
    assert min(retry_after, LONGEST_WAIT) <= delay <= max(min(retry_after, LONGEST_WAIT), 900) * 1.25


@pytest.mark.parametrize(
    ("receive", "is_moving", "seconds"),
    [(1, True, (5, 15)), (3, True, (5, 15)), (4, True, (240, 300)), (1, False, (30, 37.5)), (3, False, (120, 150))],
)
def test_a_record_that_was_not_attempted_returns_soon_while_others_are_delivered(
    queue: FakeQueue, receive: int, *, is_moving: bool, seconds: tuple[float, float]
) -> None:
    not_attempted = Later(LaterReason.NOT_ATTEMPTED)
    delays = [queue.redelivery(bound).delay(not_attempted, receive, is_moving=is_moving) for bound in (lowest, highest)]
    assert tuple(delays) == seconds


def test_equal_delays_are_spread_out(queue: FakeQueue) -> None:
    redelivery = queue.redelivery()
    assert len({redelivery.delay(UNREACHABLE, 20, is_moving=False) for _ in range(100)}) == 100


@given(retry_after=st.floats(0, 1e12), receive=st.integers(1, 10_000))
def test_sqs_gets_whole_seconds_that_it_accepts(retry_after: float, receive: int) -> None:
    queue = FakeQueue()
    returning = [(record(1, receive), Later(LaterReason.THROTTLED, retry_after))]
    queue.redelivery(highest).hide(returning, queue.time.deadline(60), is_moving=True)
    timeout = queue.hidden["r1"]
    assert isinstance(timeout, int)
    assert min(retry_after, LONGEST_WAIT) <= timeout <= 43_200


def test_each_record_is_hidden_by_its_own_handle_in_one_call() -> None:
    queue = FakeQueue(seconds=2.0)
    hide(queue, 10, seconds=2.5)
    assert set(queue.hidden) == {f"r{number}" for number in range(10)}
    assert all(timeout >= 30 for timeout in queue.hidden.values())
    assert queue.time.now == 1002.0


def test_an_entry_that_sqs_refuses_is_logged_by_its_code(queue: FakeQueue, caplog: pytest.LogCaptureFixture) -> None:
    queue.refused = {"r1": "ReceiptHandleIsInvalid"}
    hide(queue, 3)
    [line] = caplog.records
    assert (line.getMessage(), vars(line)["record"], vars(line)["error"]) == (
        *("visibility not changed", "m1"),
        "ReceiptHandleIsInvalid",
    )


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (DENIED, "AccessDenied"),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1"), "EndpointConnectionError"),
        (ResponseParserError("quotes the response"), "ResponseParserError"),
    ],
)
def test_a_call_that_fails_is_logged_by_its_code_and_the_others_are_made(
    error: Exception, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    queue = FakeQueue(error)
    hide(queue, 2)
    queue.redelivery().delete(record(3), queue.time.deadline(60))
    assert not queue.redelivery().enqueue(DIRECT, UNREACHABLE, queue.time.deadline(60), is_moving=True)
    assert (set(queue.hidden), queue.deleted) == ({"r0", "r1"}, ["r3"])
    assert [vars(line)["error"] for line in caplog.records] == [code] * 4


def test_without_time_no_call_is_made(queue: FakeQueue, caplog: pytest.LogCaptureFixture) -> None:
    hide(queue, 1, seconds=1)
    hide(queue, 0)
    queue.redelivery().delete(record(3), queue.time.deadline(1))
    assert not queue.redelivery().enqueue(DIRECT, UNREACHABLE, queue.time.deadline(1), is_moving=True)
    assert (queue.hidden, queue.deleted, queue.sent) == ({}, [], [])
    assert [vars(line)["error"] for line in caplog.records] == ["no time"] * 3


@pytest.mark.parametrize(("retry_after", "seconds"), [(0, 30), (70, 70), (900, 900), (1e9, 900)])
def test_an_sns_record_is_queued_unchanged_with_a_delay(queue: FakeQueue, retry_after: float, seconds: int) -> None:
    later = Later(LaterReason.THROTTLED, retry_after)
    assert queue.redelivery(lowest).enqueue(DIRECT, later, queue.time.deadline(60), is_moving=False)
    assert queue.sent == [(DIRECT.body, seconds)]
