import random
from dataclasses import dataclass, field

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.parsers import ResponseParserError
from hypothesis import given
from hypothesis import strategies as st

from aws_events.envelope import Record, Source
from outcomes.outcome import LONGEST_WAIT, Later, LaterReason
from record_batch.redelivery import Redelivery
from retry_policies import Deadline
from retry_policies.backoff import Uniform
from tests.support.steps.clock import FakeClock

UNREACHABLE = Later(LaterReason.UNREACHABLE)


@dataclass
class FakeQueue:
    """An SQS that remembers the visibility timeout of each handle, and fails or takes its time when told."""

    error: Exception | None = None
    hidden: dict[str, int] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    sent: list[tuple[str, int]] = field(default_factory=list)
    clock: FakeClock = field(default_factory=FakeClock)
    takes: float = 0.0

    def change_message_visibility(self, *, QueueUrl: str, ReceiptHandle: str, VisibilityTimeout: int) -> object:
        assert QueueUrl == "queue"
        self.hidden[ReceiptHandle] = VisibilityTimeout
        self.clock.now += self.takes
        if self.error is not None:
            raise self.error
        return {}

    def delete_message(self, *, QueueUrl: str, ReceiptHandle: str) -> object:
        assert QueueUrl == "queue"
        self.deleted.append(ReceiptHandle)
        if self.error is not None:
            raise self.error
        return {}

    def send_message(self, *, QueueUrl: str, MessageBody: str, DelaySeconds: int) -> object:
        assert QueueUrl == "queue"
        if self.error is not None:
            raise self.error
        self.sent.append((MessageBody, DelaySeconds))
        return {}


def standard(queue: FakeQueue | None = None, uniform: Uniform = random.uniform) -> Redelivery:
    return Redelivery(
        queue=queue or FakeQueue(),
        queue_url="queue",
        first_delay=30,
        delay_cap=900,
        time_for_call=2.5,
        uniform=uniform,
    )


def record(number: int, receive_count: int = 1) -> Record:
    return Record(
        source=Source.SQS,
        message_id=f"m{number}",
        text="",
        body="",
        receipt_handle=f"r{number}",
        receive_count=receive_count,
    )


def hide(queue: FakeQueue, count: int, seconds: float = 60.0) -> None:
    standard(queue).hide(
        [(record(number), UNREACHABLE) for number in range(count)],
        Deadline.after(seconds, clock=queue.clock),
        is_moving=True,
    )


@pytest.mark.parametrize(
    ("receive", "seconds"), [(1, 30), (2, 60), (3, 120), (5, 480), (6, 900), (20, 900), (10_000, 900)]
)
def test_the_delay_doubles_with_each_receive_up_to_the_cap(receive: int, seconds: float) -> None:
    assert standard(uniform=lambda low, _high: low).delay(UNREACHABLE, receive, is_moving=True) == seconds


@given(receive=st.integers(1, 1000), asked=st.floats(0, 1e9), seed=st.integers())
def test_what_was_asked_is_a_lower_bound_up_to_an_hour(receive: int, asked: float, seed: int) -> None:
    uniform = random.Random(seed).uniform  # noqa: S311 - a test's dice
    delay = standard(uniform=uniform).delay(Later(LaterReason.THROTTLED, asked), receive, is_moving=True)
    assert min(asked, LONGEST_WAIT) <= delay <= max(min(asked, LONGEST_WAIT), 900) * 1.25


@pytest.mark.parametrize(
    ("receive", "is_moving", "seconds"),
    [(1, True, (5, 15)), (3, True, (5, 15)), (4, True, (240, 300)), (1, False, (30, 37.5)), (3, False, (120, 150))],
)
def test_what_was_not_attempted_comes_back_soon_while_things_move(
    receive: int, *, is_moving: bool, seconds: tuple[float, float]
) -> None:
    for bound, expected in zip((min, max), seconds, strict=True):
        redelivery = standard(uniform=lambda low, high, bound=bound: bound(low, high))  # type: ignore[misc] # bound now
        assert redelivery.delay(Later(LaterReason.NOT_ATTEMPTED), receive, is_moving=is_moving) == expected


def test_what_is_acknowledged_leaves_the_queue_and_a_refusal_changes_nothing() -> None:
    queue = FakeQueue()
    standard(queue).delete(record(1), Deadline.after(60, clock=queue.clock))
    assert queue.deleted == ["r1"]
    queue.error = ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, "DeleteMessage")
    standard(queue).delete(record(2), Deadline.after(60, clock=queue.clock))
    standard(queue).delete(record(3), Deadline.after(1, clock=queue.clock))
    assert queue.deleted == ["r1", "r2"]


def test_equal_delays_are_spread_out() -> None:
    redelivery = standard()
    assert len({redelivery.delay(UNREACHABLE, 20, is_moving=False) for _ in range(100)}) == 100


@given(asked=st.floats(0, 1e12), receive=st.integers(1, 10_000))
def test_sqs_is_given_whole_seconds_it_accepts(asked: float, receive: int) -> None:
    queue = FakeQueue()
    later = Later(LaterReason.THROTTLED, asked)
    standard(queue, uniform=lambda _low, high: high).hide(
        [(record(1, receive), later)], Deadline.after(60), is_moving=True
    )
    timeout = queue.hidden["r1"]
    assert isinstance(timeout, int)
    assert min(asked, LONGEST_WAIT) <= timeout <= 43_200


def test_each_record_is_hidden_by_its_own_handle() -> None:
    queue = FakeQueue()
    hide(queue, 3)
    assert set(queue.hidden) == {"r0", "r1", "r2"}
    assert all(timeout >= 30 for timeout in queue.hidden.values())


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, "ChangeMessageVisibility"), "AccessDenied"),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1"), "EndpointConnectionError"),
        (ResponseParserError("quotes what it could not parse"), "ResponseParserError"),
    ],
)
def test_where_sqs_refuses_the_others_are_hidden_and_the_code_is_logged(
    error: Exception, problem: str, caplog: pytest.LogCaptureFixture
) -> None:
    queue = FakeQueue(error)
    hide(queue, 2)
    assert set(queue.hidden) == {"r0", "r1"}
    assert [vars(line)["error"] for line in caplog.records] == [problem, problem]


def test_a_slow_sqs_does_not_cost_the_answer() -> None:
    queue = FakeQueue(takes=2.0)
    hide(queue, 10, seconds=5.0)
    assert set(queue.hidden) == {"r0", "r1"}  # 5 s and 3 s left were enough to begin, 1 s was not


DIRECT = Record(source=Source.SNS, message_id="sns-1", text="x", body='{"Message": "x"}')


@pytest.mark.parametrize(("asked", "seconds"), [(0, 30), (70, 70), (900, 900), (1e9, 900)])
def test_what_never_was_in_the_queue_is_put_there_as_it_came_and_held_back(asked: float, seconds: int) -> None:
    queue = FakeQueue()
    later = Later(LaterReason.THROTTLED, asked)
    redelivery = standard(queue, uniform=lambda low, _high: low)
    assert redelivery.enqueue(DIRECT, later, Deadline.after(60, clock=queue.clock), is_moving=False)
    assert queue.sent == [(DIRECT.body, seconds)]


def test_what_the_queue_does_not_take_is_not_handed_on(caplog: pytest.LogCaptureFixture) -> None:
    queue = FakeQueue(ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, "SendMessage"))
    for seconds in (60.0, 1.0):  # refused; no time for a call
        end = Deadline.after(seconds, clock=queue.clock)
        assert not standard(queue).enqueue(DIRECT, UNREACHABLE, end, is_moving=True)
    assert [vars(line)["error"] for line in caplog.records] == ["AccessDenied", "no time"]
