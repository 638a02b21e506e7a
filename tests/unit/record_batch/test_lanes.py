from collections.abc import Sequence
from threading import Barrier, Event
from typing import Any

import pytest

from aws_events.message_attributes import read_facts
from aws_events.record import Record
from outcomes.outcome import Delivered, Later, LaterReason, Outcome
from record_batch.batch_response import Undelivered
from record_batch.lane_step import ContinueAlone, Outcomes
from retry_policies import Deadline
from tests.support.samples.events import lane_record, sns_event
from tests.support.steps.batch_loops import DENIED, LaneLoop, each
from tests.support.steps.virtual_lanes import messages

UNREACHABLE = Later(LaterReason.UNREACHABLE, 5.0)


def test_lanes_are_worked_at_the_same_time_in_threads(loop: LaneLoop) -> None:
    together = Barrier(3, timeout=10)

    def judge(_record: Record) -> Outcome:
        together.wait()
        return Delivered()

    assert loop.work(each(judge), "a1", "b1", "c1") == []


def test_g5_a_lane_deletes_or_pauses_while_another_still_works(loop: LaneLoop) -> None:
    is_deleted, is_paused = Event(), Event()
    loop.queue.sqs.on_call = lambda operation, _: (is_deleted if "delete" in operation else is_paused).set()

    def judge(record: Record) -> Outcome:
        if record.lane == "s":
            assert is_deleted.wait(10)
            assert is_paused.wait(10)
            assert loop.queue.stored() == ["p1", "p2", "s1"]
        return Later(LaterReason.THROTTLED, 30.0) if record.lane == "p" else Delivered()

    assert loop.work(each(judge), "p1", "p2", "q1", "q2", "s1") == ["p1", "p2"]
    assert loop.visible_at() == {"p1": 30.0, "p2": 0.0}


def test_the_response_names_in_each_lane_the_first_record_that_stays_and_all_behind_it(loop: LaneLoop) -> None:
    step = each({"a2": UNREACHABLE, "b1": UNREACHABLE})
    assert loop.work(step, "a1", "a2", "a3", "b1", "b2", "c1") == ["a2", "a3", "b1", "b2"]
    assert loop.visible_at() == {"a2": 5.0, "a3": 0.0, "b1": 5.0, "b2": 0.0}


def test_c5_steps_continue_alone_after_the_other_lanes_the_fewest_crashes_first(loop: LaneLoop) -> None:
    is_suspended, order = Event(), list[str]()

    def step(lane: str, records: Sequence[Record], _deadline: Deadline) -> Outcomes[None]:
        if lane == "s":
            assert is_suspended.wait(10)
        else:
            yield records[0], Delivered()
            if lane == "b":
                is_suspended.set()
            yield ContinueAlone({"a": 2, "b": 1, "c": 3}[lane])
            order.append(f"{lane}: {loop.queue.stored()}")
        yield records[-1], Delivered()

    assert loop.work(step, "a1", "a2", "b1", "b2", "c1", "c2", "s1") == []
    assert order == ["b: ['a2', 'b2', 'c2']", "a: ['a2', 'c2']", "c: ['c2']"]


def test_an_sns_record_is_sent_to_the_default_lane(loop: LaneLoop) -> None:
    assert loop.run(sns_event("direct"), each({})) == []
    [arrived] = loop.queue.receive()
    assert (arrived.text, arrived.lane, read_facts(arrived).identity) == ("direct", "default", "sns-1")


def test_an_sns_record_that_the_default_lane_does_not_take_fails_the_invocation(loop: LaneLoop) -> None:
    loop.queue.sqs.errors["send_message_batch"] = DENIED
    with pytest.raises(Undelivered):
        loop.run(sns_event("direct"), each({}))


def test_an_unreadable_record_is_named_and_the_others_are_worked(loop: LaneLoop) -> None:
    seen: list[str] = []

    def judge(record: Record) -> Outcome:
        seen.append(record.body)
        return Delivered()

    event = {"Records": [lane_record(None, 1, "a"), lane_record("x", 2, "a"), lane_record("y", 3, "b")]}
    assert loop.run(event, each(judge)) == ["m1"]
    assert sorted(seen) == ["x", "y"]


UNNAMED = [lane_record("x", 1) | {"messageId": ""}, {"EventSource": "aws:sns", "Sns": {"MessageId": "sns-1"}}]


@pytest.mark.parametrize("record", UNNAMED)
def test_a_record_that_no_response_can_name_fails_the_invocation_after_the_others_are_worked(
    loop: LaneLoop, record: dict[str, Any]
) -> None:
    loop.queue.send(*messages("a1"))
    with pytest.raises(Undelivered):
        loop.run({"Records": [record, *loop.queue.event()["Records"]]}, each({}))
    assert loop.queue.stored() == []
