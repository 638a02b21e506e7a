from dataclasses import replace

import pytest
from botocore.exceptions import EndpointConnectionError

from aws_events.sqs_attributes import SIZE_LIMIT
from record_batch.lane_message import routed_message
from record_batch.lane_queue import LONGEST_HIDDEN
from record_batch.overflow import Overflow
from retry_policies import Deadline
from tests.support.samples.notifications import record
from tests.support.steps.batch_loops import DENIED
from tests.support.steps.tables import MemoryTable
from tests.support.steps.virtual_lanes import VirtualLanes, message, messages

ALERT = record("disk full", message_id="m1", sns_message_id="sns-1")
SOON = Deadline.after(3600)


@pytest.fixture
def lanes() -> VirtualLanes:
    return VirtualLanes()


def calls(lanes: VirtualLanes) -> list[int]:
    return [len(names) for _, names in lanes.sqs.calls]


def test_messages_are_sent_in_order_and_ten_in_one_call(lanes: VirtualLanes) -> None:
    bodies = [f"a{number}" for number in range(25)]
    assert lanes.send(*messages(*bodies)) == [True] * 25
    assert calls(lanes) == [10, 10, 5]
    assert lanes.stored() == bodies


def test_no_call_is_made_without_messages_or_without_time(lanes: VirtualLanes) -> None:
    assert lanes.send() == []
    lanes.lanes.delete([], SOON)
    assert lanes.send(*messages("a1"), seconds=0.0) == [False]
    assert calls(lanes) == []


@pytest.mark.parametrize(
    ("sizes", "pages"),
    [
        ([SIZE_LIMIT], [1]),
        ([SIZE_LIMIT, 1], [1, 1]),
        ([SIZE_LIMIT - 1, 1, 1], [2, 1]),
        ([400_000] * 5, [2, 2, 1]),
        ([1] * 3 + [SIZE_LIMIT], [3, 1]),
    ],
)
def test_one_call_holds_one_mib_at_most(lanes: VirtualLanes, sizes: list[int], pages: list[int]) -> None:
    assert lanes.send(*(message(chr(97 + number) * size) for number, size in enumerate(sizes))) == [True] * len(sizes)
    assert calls(lanes) == pages


def test_only_the_entries_that_failed_are_sent_again(lanes: VirtualLanes) -> None:
    lanes.sqs.failing = {"b1": ["InternalError", "InternalError"]}
    assert lanes.send(*messages("a1", "b1", "c1")) == [True, True, True]
    assert [names for _, names in lanes.sqs.calls] == [["a1", "b1", "c1"], ["b1"], ["b1"]]
    assert len(lanes.slept) == 2
    lanes.sqs.failing = {"a2": ["InternalError"] * 99}
    assert lanes.send(*messages("a2", "b2")) == [False, True]
    assert lanes.stored() == ["a1", "c1", "b1", "b2"]


def test_a_lane_stops_at_its_first_failure_and_the_others_continue(
    lanes: VirtualLanes, caplog: pytest.LogCaptureFixture
) -> None:
    lanes.sqs.failing = {"a3": ["AccessDenied"]}
    bodies = [f"{lane}{number}" for number in range(9) for lane in "ab"]
    taken = dict(zip(bodies, lanes.send(*messages(*bodies)), strict=True))
    assert [body for body in bodies if not taken[body]] == ["a3", "a5", "a6", "a7", "a8"]
    assert lanes.stored() == [body for body in bodies if taken[body]]
    errors = [vars(one)["error"] for one in caplog.records if one.getMessage() == "lane message not sent"]
    assert errors == ["AccessDenied"]


@pytest.mark.parametrize("error", [DENIED, EndpointConnectionError(endpoint_url="https://sqs.example.com")])
def test_a_call_that_fails_takes_no_message_and_raises_nothing(lanes: VirtualLanes, error: Exception) -> None:
    lanes.sqs.errors["send_message_batch"] = error
    assert lanes.send(*messages("a1", "b1")) == [False, False]
    assert lanes.stored() == []


def test_a_message_whose_facts_cannot_be_kept_is_not_sent(lanes: VirtualLanes) -> None:
    down = replace(lanes.lanes, overflow=Overflow(MemoryTable(is_down=True)))
    full = routed_message(replace(ALERT, body="x" * (SIZE_LIMIT - 10)), "a", identity="alarm-1")
    assert down.send([full, *messages("a1", "b1")], SOON) == [False, False, True]
    assert lanes.stored() == ["b1"]


def test_finished_records_are_deleted_and_failed_entries_again(lanes: VirtualLanes) -> None:
    lanes.send(*messages("a1", "b1", "c1"))
    records = lanes.receive()
    lanes.sqs.calls.clear()
    lanes.sqs.failing = {records[0].receipt_handle: ["InternalError"]}
    lanes.lanes.delete(records, SOON)
    assert calls(lanes) == [3, 1]
    assert lanes.stored() == []


@pytest.mark.parametrize(
    ("seconds", "hidden"), [(29.3, [30.0, 0.0, 0.0]), (0.0, [0.0] * 3), (1e9, [LONGEST_HIDDEN, 0.0, 0.0])]
)
@pytest.mark.parametrize("fails", [True, False])
def test_a_pause_hides_the_head_and_shows_the_rest(
    lanes: VirtualLanes, seconds: float, hidden: list[float], *, fails: bool
) -> None:
    lanes.send(*messages("a1", "a2", "a3"))
    records = lanes.receive()
    lanes.sqs.calls.clear()
    failing = {records[number].receipt_handle: ["InternalError"] for number in (0, 2) if fails}
    lanes.sqs.failing = failing
    lanes.lanes.pause(records, seconds, SOON)
    assert [operation for operation, _ in lanes.sqs.calls] == ["change_message_visibility_batch"] * (1 + fails)
    assert [one.visible_at for one in lanes.fifo.messages()] == hidden


def test_a_paused_lane_is_received_in_order_after_its_pause(lanes: VirtualLanes) -> None:
    lanes.send(*messages("a1", "a2", "a3"))
    lanes.lanes.pause(lanes.receive(), 29.3, SOON)
    assert [lanes.bodies(seconds) for seconds in (0.0, 29.9, 0.1)] == [[], [], ["a1", "a2", "a3"]]


@pytest.mark.parametrize("operation", ["delete", "pause"])
def test_if_sqs_denies_a_call_the_queues_own_visibility_timeout_applies(
    lanes: VirtualLanes, operation: str, caplog: pytest.LogCaptureFixture
) -> None:
    lanes.send(*messages("a1", "a2"))
    records = lanes.receive()
    lanes.sqs.errors = {"delete_message_batch": DENIED, "change_message_visibility_batch": DENIED}
    if operation == "delete":
        lanes.lanes.delete(records, SOON)
    else:
        lanes.lanes.pause(records, 5.0, SOON)
    assert vars(caplog.records[-1])["error"] == "AccessDenied"
    assert [lanes.bodies(seconds) for seconds in (89.0, 1.0)] == [[], ["a1", "a2"]]
