import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from hypothesis import given
from hypothesis import strategies as st

from aws_events.envelope import Record, Source
from record_batch.handoff import LONGEST_ASKED, Entry, Handoff
from record_batch.outcome import Later, LaterReason
from retry_policies.backoff import Uniform


@dataclass
class FakeQueue:
    error: Exception | None = None
    calls: list[list[Entry]] = field(default_factory=list)
    stale: tuple[str, ...] = ()

    def change_message_visibility_batch(self, *, QueueUrl: str, Entries: Sequence[Entry]) -> dict[str, Any]:  # noqa: N803
        assert QueueUrl == "queue"
        self.calls.append(list(Entries))
        if self.error is not None:
            raise self.error
        return {"Failed": [{"Id": one, "Code": "ReceiptHandleIsInvalid", "SenderFault": True} for one in self.stale]}


def record(number: int, receive_count: int = 1) -> Record:
    return Record(
        source=Source.SQS,
        message_id=f"m{number}",
        text="",
        body="",
        receipt_handle=f"r{number}",
        receive_count=receive_count,
    )


def standard(queue: FakeQueue | None = None, uniform: Uniform = random.uniform) -> Handoff:
    return Handoff(queue=queue or FakeQueue(), queue_url="queue", first_delay=30, delay_cap=900, uniform=uniform)


def least(low: float, _high: float) -> float:
    return low


def most(_low: float, high: float) -> float:
    return high


@pytest.mark.parametrize(
    ("receive", "seconds"), [(1, 30), (2, 60), (3, 120), (5, 480), (6, 900), (20, 900), (10_000, 900)]
)
def test_the_delay_doubles_with_each_receive_up_to_the_cap(receive: int, seconds: float) -> None:
    handoff = standard(uniform=least)
    assert handoff.delay(receive, asked=0.0) == seconds


@given(receive=st.integers(1, 1000), asked=st.floats(0, 1e9), seed=st.integers())
def test_what_was_asked_is_a_lower_bound_up_to_an_hour(receive: int, asked: float, seed: int) -> None:
    uniform = random.Random(seed).uniform  # noqa: S311 - a test's dice
    delay = standard(uniform=uniform).delay(receive, asked)
    assert min(asked, LONGEST_ASKED) <= delay <= max(min(asked, LONGEST_ASKED), 900) * 1.25


@given(asked=st.floats(0, 1e12), receive=st.integers(1, 10_000))
def test_sqs_is_given_whole_seconds_it_accepts(asked: float, receive: int) -> None:
    queue = FakeQueue()
    handoff = standard(queue, uniform=most)
    handoff.hide([(record(1, receive), Later(LaterReason.THROTTLED, asked))])
    ((entry,),) = queue.calls
    timeout = entry["VisibilityTimeout"]
    assert isinstance(timeout, int)
    assert min(asked, LONGEST_ASKED) <= timeout <= 43_200


def test_ten_records_at_most_go_into_one_call() -> None:
    queue = FakeQueue()
    handoff = standard(queue)
    handoff.hide([(record(number), Later(LaterReason.UNREACHABLE)) for number in range(23)])
    assert [len(call) for call in queue.calls] == [10, 10, 3]
    assert {entry["ReceiptHandle"] for call in queue.calls for entry in call} == {f"r{number}" for number in range(23)}
    assert all(len({entry["Id"] for entry in call}) == len(call) for call in queue.calls)


def test_nothing_to_hide_is_no_call() -> None:
    queue = FakeQueue()
    standard(queue).hide([])
    assert queue.calls == []


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, "ChangeMessageVisibilityBatch"),
        EndpointConnectionError(endpoint_url="http://127.0.0.1"),
    ],
)
def test_where_sqs_refuses_the_queues_own_timeout_applies(error: Exception) -> None:
    queue = FakeQueue(error)
    handoff = standard(queue)
    handoff.hide([(record(1), Later(LaterReason.UNREACHABLE))])
    assert len(queue.calls) == 1


def test_an_entry_that_sqs_refuses_is_logged_by_its_code(caplog: pytest.LogCaptureFixture) -> None:
    handoff = standard(FakeQueue(stale=("1",)))
    handoff.hide([(record(number), Later(LaterReason.UNREACHABLE)) for number in range(3)])
    (line,) = caplog.records
    assert vars(line)["error"] == "ReceiptHandleIsInvalid"
