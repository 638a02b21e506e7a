import io
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from threading import Barrier, Event
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from aws_events.envelope import Record, UnknownEvent
from aws_events.message_attributes import SIZE_LIMIT, read_facts
from observability import telemetry
from outcomes.outcome import (
    Delivered,
    Duplicate,
    Later,
    LaterReason,
    Move,
    Outcome,
    Park,
    ParkReason,
    Skipped,
    SkipReason,
)
from record_batch.batch import BatchResponse, Undelivered
from record_batch.lane_batch import ContinueAlone, LaneResources, LaneStep, LaneSteps
from record_batch.lanes import run_lanes
from record_batch.overflow import Overflow
from record_batch.parking import Parking
from retry_policies import Deadline
from retry_policies.deadline import Clock
from shared_state.memory_rows import MemoryRows
from tests.support.handlers.lambda_context import FixedContext
from tests.support.samples.events import LANES_ARN, lane_record, sns_event, sqs_event, sqs_record
from tests.support.steps.clock import FakeClock
from tests.support.steps.tables import MemoryTable
from tests.support.steps.virtual_lanes import VirtualLanes, messages
from tests.support.virtual.batch_answer import to_delete

DENIED = ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, "SendMessage")
CRASH_PAUSE = 45.0
ERRORS: list[type[BaseException]] = [ValueError, RecursionError, MemoryError, SystemExit, GeneratorExit]


class Stack:
    """LanesQueue, the parking queue, and the loop over them; `history` has every call and every end of a claim."""

    def __init__(self) -> None:
        self.queue = VirtualLanes()
        self.history = self.queue.sqs.calls
        self.parking_error: Exception | None = None

    def send_message(self, *, MessageBody: str, **_: object) -> object:
        """Take a message for the parking queue."""
        if self.parking_error is not None:
            raise self.parking_error
        self.history.append(("park", [MessageBody]))
        return {}

    def resources(self) -> LaneResources:
        return LaneResources(
            lanes=self.queue.lanes,
            parking=Parking(self, "parking", Overflow(MemoryRows())),
            reserve=5.0,
            lane_time=10.0,
            crash_pause=CRASH_PAUSE,
            default_lane="default",
        )

    def run(self, event: object, step: LaneStep, clock: Clock = time.monotonic) -> list[str]:
        """Return the message ids that the response names."""
        self.history.clear()
        return failed(run_lanes(event, FixedContext(30.0), step, self.resources(), clock=clock))

    def work(self, step: LaneStep, *bodies: str) -> list[str]:
        """Send these, work one batch; return the bodies of the messages that the response names."""
        self.queue.send(*messages(*bodies))
        event = self.queue.event()
        ids = {one["messageId"]: one["body"] for one in event["Records"]}
        return [ids[one] for one in self.run(event, step)]

    def deleted(self) -> list[str]:
        return [name for operation, names in self.history if operation == "delete_message_batch" for name in names]

    def calls(self) -> list[str]:
        return [operation for operation, _ in self.history]

    def visible_at(self) -> dict[str, float]:
        return {one.body: one.visible_at for one in self.queue.fifo.messages()}


@pytest.fixture
def stack() -> Stack:
    return Stack()


def failed(response: BatchResponse) -> list[str]:
    return [item["itemIdentifier"] for item in response["batchItemFailures"]]


def each(judge: Callable[[Record], Outcome]) -> LaneStep:
    def step(_lane: str, records: Sequence[Record], _deadline: Deadline) -> LaneSteps:
        for record in records:
            yield record, judge(record)

    return step


def delivered(_record: Record) -> Outcome:
    return Delivered()


def test_finished_records_are_deleted_and_not_named(stack: Stack) -> None:
    assert stack.work(each(delivered), "a1", "a2", "b1") == []
    assert stack.queue.stored() == []


def test_an_event_that_is_neither_sns_nor_sqs_raises(stack: Stack) -> None:
    with pytest.raises(UnknownEvent):
        stack.run({"detail": {}}, each(delivered))


def test_an_event_without_records_has_no_failures(stack: Stack) -> None:
    assert stack.run({"Records": []}, each(delivered)) == []


def test_lanes_are_worked_side_by_side_in_threads(stack: Stack) -> None:
    together = Barrier(3, timeout=10)

    def judge(_record: Record) -> Outcome:
        together.wait()
        return Delivered()

    assert stack.work(each(judge), "a1", "b1", "c1") == []


def test_a_single_lane_needs_no_thread(stack: Stack) -> None:
    seen: list[threading.Thread] = []

    def judge(_record: Record) -> Outcome:
        seen.append(threading.current_thread())
        return Delivered()

    stack.work(each(judge), "a1", "a2")
    assert seen == [threading.current_thread()] * 2


def test_g5_each_lane_deletes_its_finished_records_while_another_still_works(stack: Stack) -> None:
    is_deleted = Event()
    stack.queue.sqs.on_call = lambda operation, _: is_deleted.set() if operation == "delete_message_batch" else None

    def judge(record: Record) -> Outcome:
        if record.lane == "s":
            assert is_deleted.wait(10)
            assert stack.queue.stored() == ["s1"]
        return Delivered()

    assert stack.work(each(judge), "q1", "q2", "s1") == []


def test_a_lane_pauses_while_another_still_works(stack: Stack) -> None:
    is_paused = Event()
    stack.queue.sqs.on_call = lambda operation, _: is_paused.set() if "visibility" in operation else None

    def judge(record: Record) -> Outcome:
        if record.lane == "s":
            assert is_paused.wait(10)
            return Delivered()
        return Later(LaterReason.THROTTLED, 30.0)

    assert stack.work(each(judge), "q1", "q2", "s1") == ["q1", "q2"]
    assert stack.visible_at() == {"q1": 30.0, "q2": 0.0}


def test_the_response_names_per_lane_the_first_record_that_stays_and_all_behind_it(stack: Stack) -> None:
    def judge(record: Record) -> Outcome:
        return Later(LaterReason.UNREACHABLE, 5.0) if record.body in {"a2", "b1"} else Delivered()

    assert stack.work(each(judge), "a1", "a2", "a3", "b1", "b2", "c1") == ["a2", "a3", "b1", "b2"]
    assert stack.visible_at() == {"a2": 5.0, "a3": 0.0, "b1": 5.0, "b2": 0.0}


def test_a_later_stops_the_lane_and_closes_its_step(stack: Stack) -> None:
    seen: list[str] = []

    def step(_lane: str, records: Sequence[Record], _deadline: Deadline) -> LaneSteps:
        try:
            for record in records:
                seen.append(record.body)
                yield record, Later(LaterReason.THROTTLED, 30.0)
        finally:
            seen.append(f"closed before {stack.calls()}")

    assert stack.work(step, "a1", "a2") == ["a1", "a2"]
    assert seen == ["a1", "closed before []"]


def test_what_is_finished_behind_the_head_is_deleted_and_what_has_no_outcome_stays(stack: Stack) -> None:
    def step(_lane: str, records: Sequence[Record], _deadline: Deadline) -> LaneSteps:
        yield records[1], Delivered()

    assert stack.work(step, "a1", "a2", "a3") == ["a1", "a3"]
    assert stack.visible_at() == {"a1": 0.0, "a3": 0.0}


def test_settle_deletes_what_has_ended_before_the_step_goes_on(stack: Stack) -> None:
    seen: list[list[str]] = []

    def step(_lane: str, records: Sequence[Record], _deadline: Deadline) -> LaneSteps:
        for record in records:
            yield record, Delivered()
            seen.append(stack.queue.stored())
            yield ContinueAlone()
            seen.append(stack.queue.stored())

    stack.work(step, "a1", "a2")
    assert seen == [["a1", "a2"], ["a2"], ["a2"], []]
    assert stack.calls() == ["delete_message_batch"] * 2


def test_c5_a_step_that_settles_goes_on_alone_after_the_other_lanes_and_the_fewest_crashes_first(stack: Stack) -> None:
    is_settled, order = Event(), list[str]()

    def step(lane: str, records: Sequence[Record], _deadline: Deadline) -> LaneSteps:
        if lane == "s":
            assert is_settled.wait(10)
        else:
            yield records[0], Delivered()
            if lane == "b":
                is_settled.set()
            yield ContinueAlone({"a": 2, "b": 1, "c": 3}[lane])
            order.append(f"on with {lane}: {stack.queue.stored()}")
        yield records[-1], Delivered()

    assert stack.work(step, "a1", "a2", "b1", "b2", "c1", "c2", "s1") == []
    assert order == [
        "on with b: ['a2', 'b2', 'c2']",
        "on with a: ['a2', 'c2']",
        "on with c: ['c2']",
    ]


def test_a_lane_that_goes_on_is_sent_a_new_deadline_within_the_invocation(stack: Stack) -> None:
    clock, left = FakeClock(), list[float]()

    def step(_lane: str, records: Sequence[Record], deadline: Deadline) -> LaneSteps:
        for record in records:
            clock.now += 9.0
            deadline = (yield ContinueAlone()) or deadline
            left.append(deadline.remaining())
            yield record, Delivered()

    stack.queue.send(*messages("a1", "a2"))
    stack.run(stack.queue.event(), step, clock=clock)
    assert left == [10.0, 7.0]  # of 30, 5 of which are kept


def test_a_lane_pauses_once_after_it_went_on(stack: Stack) -> None:
    def step(_lane: str, records: Sequence[Record], _deadline: Deadline) -> LaneSteps:
        yield ContinueAlone(1)
        yield records[0], Later(LaterReason.THROTTLED, 30.0)

    assert stack.work(step, "a1", "a2") == ["a1", "a2"]
    assert stack.calls() == ["change_message_visibility_batch"]
    assert stack.visible_at() == {"a1": 30.0, "a2": 0.0}


@pytest.mark.parametrize("error", ERRORS)
def test_c6_a_lane_that_raises_once_it_goes_on_pauses_past_its_leases(stack: Stack, error: type[BaseException]) -> None:
    def step(lane: str, records: Sequence[Record], _deadline: Deadline) -> LaneSteps:
        yield ContinueAlone(1)
        if lane == "a":
            raise error
        yield records[0], Delivered()

    assert stack.work(step, "a1", "a2", "b1") == ["a1", "a2"]
    assert stack.visible_at() == {"a1": CRASH_PAUSE, "a2": 0.0}


def test_a_lane_whose_facts_cannot_be_read_waits_and_the_others_are_worked(stack: Stack) -> None:
    stack.queue.send(*messages("a" + "x" * (SIZE_LIMIT - 10), "b1"))
    event = stack.queue.event()
    resources = stack.resources()
    down = replace(resources, lanes=replace(resources.lanes, overflow=Overflow(MemoryTable(is_down=True))))
    [big] = failed(run_lanes(event, FixedContext(30.0), each(delivered), down))
    assert stack.queue.stored() == [one["body"] for one in event["Records"] if one["messageId"] == big]
    assert list(stack.visible_at().values()) == [CRASH_PAUSE]
    assert stack.run(event, each(delivered)) == []


@pytest.mark.parametrize("error", ERRORS)
def test_c6_a_lane_that_raises_pauses_past_its_leases_and_takes_no_other_lane_down(
    stack: Stack, error: type[BaseException]
) -> None:
    def judge(record: Record) -> Outcome:
        if record.body == "a2":
            raise error
        return Delivered()

    assert stack.work(each(judge), "a1", "a2", "a3", "b1", "b2") == ["a2", "a3"]
    assert stack.visible_at() == {"a2": CRASH_PAUSE, "a3": 0.0}


@pytest.mark.parametrize("error", ERRORS)
def test_c6_a_step_that_raises_after_its_last_record_loses_none_and_fails_none(
    stack: Stack, error: type[BaseException]
) -> None:
    def step(lane: str, records: Sequence[Record], _deadline: Deadline) -> LaneSteps:
        for record in records:
            yield record, Delivered()
        if lane == "a":
            raise error

    assert stack.work(step, "a1", "a2", "b1") == []
    assert stack.queue.stored() == []


@pytest.mark.parametrize("error", ERRORS)
def test_c6_a_step_that_raises_while_it_is_closed_still_pauses_its_lane(
    stack: Stack, error: type[BaseException]
) -> None:
    def step(_lane: str, records: Sequence[Record], _deadline: Deadline) -> LaneSteps:
        try:
            for record in records:
                yield record, Later(LaterReason.THROTTLED, 30.0) if record.body == "a2" else Delivered()
        finally:
            if records[0].lane == "a":
                raise error

    assert stack.work(step, "a1", "a2", "a3", "b1") == ["a2", "a3"]
    assert stack.visible_at()["a2"] >= 30.0
    assert stack.visible_at()["a3"] == 0.0


def test_a_failure_of_the_code_is_logged_without_its_text(stack: Stack, caplog: pytest.LogCaptureFixture) -> None:
    def judge(_record: Record) -> Outcome:
        raise ValueError("https://hooks.slack.com/services/canary")

    stack.work(each(judge), "a1")
    [line] = [one for one in caplog.records if one.getMessage() == "the step raised"]
    assert vars(line)["error"] == "ValueError"
    assert not any("canary" in str(vars(one)) for one in caplog.records)


def test_an_interrupt_from_the_keyboard_ends_the_invocation(stack: Stack) -> None:
    def judge(_record: Record) -> Outcome:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stack.work(each(judge), "a1")


@dataclass
class Claim:
    """Writes its end into the history."""

    history: list[tuple[str, list[str]]]
    hop: int = 0
    name: str = "claim"

    def park(self) -> None:
        self._end("parked")

    def release(self) -> None:
        self._end("released")

    def move(self) -> None:
        self._end("moved")

    def _end(self, how: str) -> None:
        self.history.append((f"{self.name} {how}", []))


def test_a_move_is_sent_then_its_claims_end_then_it_is_deleted(stack: Stack) -> None:
    held = (Claim(stack.history, name="first"), Claim(stack.history, name="second"))
    step = each(lambda _: Move("default", "meant for a: refused", 2, held))
    assert stack.work(step, "a1") == []
    assert stack.calls() == ["send_message_batch", "first moved", "second moved", "delete_message_batch"]
    [arrived] = stack.queue.receive()
    assert (arrived.body, arrived.lane) == ("a1", "default")
    assert (read_facts(arrived).note, read_facts(arrived).hop) == ("meant for a: refused", 2)


def test_a_move_that_the_lane_does_not_take_stays_and_its_claim_is_free(stack: Stack) -> None:
    stack.queue.send(*messages("a1", "a2"))
    event = stack.queue.event()
    stack.queue.sqs.errors["send_message_batch"] = DENIED
    step = each(lambda _: Move("default", claims=(Claim(stack.history),)))
    assert len(stack.run(event, step)) == 2
    assert stack.calls() == ["send_message_batch", "claim released", "change_message_visibility_batch"]
    assert stack.visible_at() == {"a1": CRASH_PAUSE, "a2": 0.0}


def test_a_turn_puts_the_head_behind_its_lane(stack: Stack) -> None:
    step = each(lambda record: Move("a", hop=1) if record.body == "a1" else Later(LaterReason.NOT_ATTEMPTED))
    assert stack.work(step, "a1", "a2", "a3") == ["a2", "a3"]
    assert stack.queue.bodies() == ["a2", "a3", "a1"]


def test_a_record_is_parked_then_its_claims_end_then_it_is_deleted(stack: Stack) -> None:
    step = each(lambda _: Park(ParkReason.MESSAGE_REFUSED, claims=(Claim(stack.history),)))
    assert stack.work(step, "a1") == []
    assert stack.calls() == ["park", "claim parked", "delete_message_batch"]


def test_a_record_that_cannot_be_parked_stays_and_its_claim_is_free(stack: Stack) -> None:
    stack.parking_error = DENIED
    step = each(lambda _: Park(ParkReason.MESSAGE_REFUSED, claims=(Claim(stack.history),)))
    assert stack.work(step, "a1", "a2") == ["a1", "a2"]
    assert stack.calls() == ["claim released", "change_message_visibility_batch"]
    assert stack.visible_at() == {"a1": CRASH_PAUSE, "a2": 0.0}


def test_where_sqs_denies_the_deletion_the_response_lets_lambda_delete(stack: Stack) -> None:
    stack.queue.sqs.errors = {"delete_message_batch": DENIED}
    assert stack.work(each(delivered), "a1") == []


def test_a_record_of_sqs_without_a_lane_goes_back_to_its_queue_beside_lanes_that_are_worked(stack: Stack) -> None:
    seen: list[str] = []

    def judge(record: Record) -> Outcome:
        seen.append(record.message_id)
        return Delivered()

    event = {"Records": [sqs_record("old", 7), lane_record("new", 8, "a")]}
    assert stack.run(event, each(judge)) == ["m7"]
    assert seen == ["m8"]
    assert stack.run(sqs_event("x", "y"), each(judge)) == ["m1", "m2"]


def test_a_record_of_sns_goes_to_the_default_lane(stack: Stack) -> None:
    assert stack.run(sns_event("direct"), each(delivered)) == []
    [arrived] = stack.queue.receive()
    assert (arrived.text, arrived.lane, read_facts(arrived).identity) == ("direct", "default", "sns-1")


def test_sns_tries_again_what_the_default_lane_does_not_take(stack: Stack) -> None:
    stack.queue.sqs.errors["send_message_batch"] = DENIED
    with pytest.raises(Undelivered):
        stack.run(sns_event("direct"), each(delivered))


def test_an_unreadable_record_is_named_and_its_neighbours_are_worked(stack: Stack) -> None:
    event = {"Records": [lane_record(None, 1, "a"), lane_record("x", 2, "a"), lane_record("y", 3, "b")]}
    seen: list[str] = []

    def judge(record: Record) -> Outcome:
        seen.append(record.body)
        return Delivered()

    assert stack.run(event, each(judge)) == ["m1"]
    assert sorted(seen) == ["x", "y"]


UNNAMED = [lane_record("x", 1) | {"messageId": ""}, {"EventSource": "aws:sns", "Sns": {"MessageId": "sns-1"}}]


@pytest.mark.parametrize("record", UNNAMED)
def test_a_record_that_no_response_can_name_fails_the_invocation_after_the_others_are_worked(
    stack: Stack, record: dict[str, Any]
) -> None:
    stack.queue.send(*messages("a1"))
    with pytest.raises(Undelivered):
        stack.run({"Records": [record, *stack.queue.event()["Records"]]}, each(delivered))
    assert stack.queue.stored() == []


def test_a_lane_has_ten_seconds_and_the_reserve_is_left_to_pause_it(stack: Stack) -> None:
    clock, left = FakeClock(), list[float]()

    def step(_lane: str, records: Sequence[Record], deadline: Deadline) -> LaneSteps:
        left.append(deadline.remaining())
        clock.now += 27.0  # of 30, 5 of which are kept
        yield records[0], Later(LaterReason.NOT_ATTEMPTED, 3.0)

    stack.queue.send(*messages("a1"))
    stack.run(stack.queue.event(), step, clock=clock)
    assert left == [10.0]
    assert stack.visible_at() == {"a1": 3.0}


def test_a_lane_never_has_more_time_than_the_invocation(stack: Stack) -> None:
    left: list[float] = []

    def step(_lane: str, _records: Sequence[Record], deadline: Deadline) -> LaneSteps:
        left.append(deadline.remaining())
        yield from ()

    clock = FakeClock()
    run_lanes({"Records": [lane_record("x", 1, "a")]}, FixedContext(8.0), step, stack.resources(), clock=clock)
    assert left == [3.0]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    handler = telemetry.logger.registered_handler
    assert isinstance(handler, logging.StreamHandler)
    before = handler.setStream(written := io.StringIO())
    yield written
    handler.setStream(before)


def test_each_line_of_the_log_names_its_lane(stack: Stack, log: io.StringIO) -> None:
    together = Barrier(2, timeout=10)

    def judge(record: Record) -> Outcome:
        together.wait()
        return Skipped(SkipReason.HEARTBEAT) if record.lane == "a" else Delivered()

    stack.work(each(judge), "a1", "b1")
    telemetry.logger.info("after")
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert {line["message"]: line.get("lane") for line in lines} == {"skipped": "a", "delivered": "b", "after": None}


def test_each_end_is_counted_and_the_age_of_the_oldest_record_that_stays(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    ends: dict[str, Outcome] = {
        "a1": Delivered(),
        "a2": Duplicate(),
        "a3": Skipped(SkipReason.HEARTBEAT),
        "a4": Move("default"),
        "a5": Park(ParkReason.EXPIRED),
        "a6": Later(LaterReason.THROTTLED, 1.0),
    }
    stack.work(each(lambda record: ends[record.body]), *ends, "a7")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    names = [next(name for name in line if name[0].isupper()) for line in lines]
    assert names == ["Delivered", "Duplicates", "Skipped", "Moved", "Parked", "Deferred", "OldestUndelivered"]


DEEDS: dict[str, Outcome] = {
    "done": Delivered(),
    "later": Later(LaterReason.UNREACHABLE, 5.0),
    "move": Move("z"),
    "park": Park(ParkReason.MESSAGE_REFUSED),
}


@settings(deadline=None)
@given(
    plan=st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([*DEEDS, "raise", "silent"])), max_size=10),
    denied=st.sets(st.sampled_from(["delete_message_batch", "change_message_visibility_batch", "send_message_batch"])),
    cannot_park=st.booleans(),
)
def test_every_record_has_an_end_or_stays_in_its_lane_in_order(
    plan: list[tuple[str, str]], denied: set[str], *, cannot_park: bool
) -> None:
    stack, ended = Stack(), list[str]()
    sent = [f"{lane}{number}-{deed}" for number, (lane, deed) in enumerate(plan)]
    stack.queue.send(*messages(*sent))
    batch = stack.queue.fifo.receive()
    stack.queue.sqs.errors = dict.fromkeys(denied, DENIED)
    stack.parking_error = DENIED if cannot_park else None

    def step(_lane: str, records: Sequence[Record], _deadline: Deadline) -> LaneSteps:
        for record in records:
            deed = record.body.partition("-")[2]
            if deed == "silent":
                return
            outcome = DEEDS[deed]  # raises KeyError where it is to raise
            if isinstance(outcome, Delivered):
                ended.append(record.body)
            yield record, outcome

    response = run_lanes(
        {"Records": [one.record(LANES_ARN) for one in batch]}, FixedContext(30.0), step, stack.resources()
    )
    for handle in to_delete(batch, response):
        if handle not in stack.deleted() or "delete_message_batch" in denied:
            stack.queue.fifo.delete(handle)
    parked = [name for operation, names in stack.history if operation == "park" for name in names]
    moved = [one.body for one in stack.queue.fifo.messages() if one.group == "z"]
    left = [one.body for one in stack.queue.fifo.messages() if one.group != "z"]
    assert sorted([*ended, *parked, *moved, *left]) == sorted(sent)
    assert sorted(one.body for one in batch if one.message_id in failed(response)) == sorted(left)
    for lane in "abc":
        mine, staying = [[body for body in bodies if body[0] == lane] for bodies in (sent, left)]
        assert staying == mine[len(mine) - len(staying) :]


@dataclass
class BrokenClaim(Claim):
    """A claim whose end raises an error."""

    error: type[BaseException] = ValueError

    def move(self) -> None:
        raise self.error(self.name)


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_step_is_closed_if_its_outcome_raises(stack: Stack, error: type[BaseException]) -> None:
    closed, steps = [], []

    def ends_badly(records: Sequence[Record]) -> LaneSteps:
        try:
            yield records[0], Move("b", "", 0, (BrokenClaim([], error=error),))
        finally:
            closed.append(records[0].body)

    def step(_lane: str, records: Sequence[Record], _deadline: Deadline) -> LaneSteps:
        steps.append(ends_badly(records))  # held, so that no garbage collection closes it
        return steps[-1]

    with pytest.raises(error) if error is KeyboardInterrupt else nullcontext():
        assert stack.work(step, "a1", "a2") == ["a1", "a2"]
    assert closed == ["a1"]
