import io
import json
import logging
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from threading import Barrier

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aws_events.message_attributes import read_facts
from aws_events.record import Record
from aws_events.sqs_attributes import SIZE_LIMIT
from observability import telemetry
from outcomes.metrics import report_oldest
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
from record_batch.lane_step import ContinueAlone, Outcomes
from record_batch.lanes import run_lanes
from record_batch.overflow import Overflow
from retry_policies import Deadline
from retry_policies.testing import FakeTime
from tests.support.handlers.lambda_context import FixedContext
from tests.support.samples.events import LANES_ARN
from tests.support.steps.batch_loops import CRASH_PAUSE, DENIED, ERRORS, Claim, LaneLoop, each, failed
from tests.support.steps.tables import MemoryTable
from tests.support.steps.virtual_lanes import messages
from tests.support.virtual.batch_answer import to_delete

THROTTLED = Later(LaterReason.THROTTLED, 30.0)


def test_a_later_stops_the_lane_and_closes_its_step(loop: LaneLoop) -> None:
    seen: list[str] = []

    def step(_lane: str, records: Sequence[Record], _deadline: Deadline) -> Outcomes[None]:
        try:
            for record in records:
                seen.append(record.body)
                yield record, THROTTLED
        finally:
            seen.append(f"closed before {loop.calls()}")

    assert loop.work(step, "a1", "a2") == ["a1", "a2"]
    assert seen == ["a1", "closed before []"]


def test_a_finished_record_behind_the_head_is_deleted_and_one_without_an_outcome_stays(loop: LaneLoop) -> None:
    def step(_lane: str, records: Sequence[Record], _deadline: Deadline) -> Outcomes[None]:
        yield records[1], Delivered()

    assert loop.work(step, "a1", "a2", "a3") == ["a1", "a3"]
    assert loop.visible_at() == {"a1": 0.0, "a3": 0.0}


def test_finished_records_are_deleted_before_a_step_continues_alone(loop: LaneLoop) -> None:
    seen: list[list[str]] = []

    def step(_lane: str, records: Sequence[Record], _deadline: Deadline) -> Outcomes[None]:
        for record in records:
            yield record, Delivered()
            seen.append(loop.queue.stored())
            yield ContinueAlone()
            seen.append(loop.queue.stored())

    assert loop.work(step, "a1", "a2") == []
    assert seen == [["a1", "a2"], ["a2"], ["a2"], []]
    assert loop.calls() == ["delete_message_batch"] * 2


def test_a_step_that_continues_alone_has_a_new_deadline_within_the_invocation(loop: LaneLoop) -> None:
    time, left = FakeTime(1000.0), list[float]()

    def step(_lane: str, records: Sequence[Record], deadline: Deadline) -> Outcomes[None]:
        for record in records:
            left.append(deadline.remaining())
            time.now += 9.0
            deadline = (yield ContinueAlone()) or deadline
            yield record, Delivered()
        left.append(deadline.remaining())
        time.now += 9.0

    loop.queue.send(*messages("a1", "a2"))
    loop.run(loop.queue.event(), step, clock=time.clock)
    assert left == [10.0, 10.0, 7.0]  # of 30 seconds, 5 of which are the reserve


def test_a_lane_never_has_more_time_than_the_invocation_and_is_paused_within_the_reserve(loop: LaneLoop) -> None:
    time, left = FakeTime(1000.0), list[float]()

    def step(_lane: str, records: Sequence[Record], deadline: Deadline) -> Outcomes[None]:
        left.append(deadline.remaining())
        time.now += 5.0
        yield records[0], Later(LaterReason.NOT_ATTEMPTED, 3.0)

    loop.queue.send(*messages("a1"))
    loop.run(loop.queue.event(), step, clock=time.clock, left=8.0)
    assert left == [3.0]
    assert loop.visible_at() == {"a1": 3.0}


def test_a_lane_whose_facts_cannot_be_read_waits_and_the_others_are_worked(loop: LaneLoop) -> None:
    loop.queue.send(*messages("a" + "x" * (SIZE_LIMIT - 10), "b1"))
    event = loop.queue.event()
    resources = loop.resources()
    down = replace(resources, lanes=replace(resources.lanes, overflow=Overflow(MemoryTable(is_down=True))))
    [big] = failed(run_lanes(event, FixedContext(30.0), each({}), down))
    assert loop.queue.stored() == [one["body"] for one in event["Records"] if one["messageId"] == big]
    assert list(loop.visible_at().values()) == [CRASH_PAUSE]
    assert loop.run(event, each({})) == []


class Raising:
    """A step whose lane a raises in one place; other records are delivered."""

    def __init__(self, place: str, error: type[BaseException]) -> None:
        self.place = place
        self.error = error

    def __call__(self, lane: str, records: Sequence[Record], _deadline: Deadline) -> Outcomes[None]:
        place = self.place if lane == "a" else ""
        try:
            for record in records:
                if place == "at a record" and record.body == "a2":
                    raise self.error("canary")
                yield record, THROTTLED if place == "closing" and record.body == "a2" else Delivered()
                if place == "continuing":
                    yield ContinueAlone(1)
                    raise self.error
            if place == "after the last":
                raise self.error
        finally:
            if place == "closing":
                raise self.error


PLACES: dict[str, dict[str, float]] = {
    "at a record": {"a2": CRASH_PAUSE, "a3": 0.0},
    "continuing": {"a2": CRASH_PAUSE, "a3": 0.0},
    "closing": {"a2": 30.0, "a3": 0.0},
    "after the last": {},
}


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("place", PLACES)
def test_c6_a_step_that_raises_pauses_its_lane_past_its_leases_and_fails_no_other_lane(
    loop: LaneLoop, place: str, error: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    assert loop.work(Raising(place, error), "a1", "a2", "a3", "b1", "b2") == [*PLACES[place]]
    logged = {vars(line)["error"] for line in caplog.records if line.getMessage() == "the step raised"}
    assert logged == {error.__name__} or error is GeneratorExit
    assert "canary" not in str([vars(line) for line in caplog.records])
    pauses = loop.visible_at()
    assert pauses.pop("a2", 0.0) >= PLACES[place].get("a2", 0.0)
    assert pauses == ({"a3": 0.0} if PLACES[place] else {})
    assert loop.calls().count("change_message_visibility_batch") == bool(PLACES[place])


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_step_is_closed_if_its_outcome_raises_and_only_an_interrupt_ends_the_invocation(
    loop: LaneLoop, error: type[BaseException]
) -> None:
    closed, steps = [], []

    def moving(records: Sequence[Record]) -> Outcomes[None]:
        try:
            yield records[0], Move("b", "", 0, (Claim(error=error),))
        finally:
            closed.append(records[0].body)

    def step(_lane: str, records: Sequence[Record], _deadline: Deadline) -> Outcomes[None]:
        steps.append(moving(records))  # kept, so that no garbage collection closes it
        return steps[-1]

    with pytest.raises(error) if error is KeyboardInterrupt else nullcontext():
        assert loop.work(step, "a1", "a2") == ["a1", "a2"]
    assert closed == ["a1"]


def test_a_move_is_sent_then_its_claims_end_then_it_is_deleted(loop: LaneLoop) -> None:
    claims = (Claim(loop.history, name="first"), Claim(loop.history, name="second"))
    assert loop.work(each({"a1": Move("default", "meant for a: refused", 2, claims)}), "a1") == []
    assert loop.calls() == ["send_message_batch", "first moved", "second moved", "delete_message_batch"]
    [arrived] = loop.queue.receive()
    assert (arrived.body, arrived.lane) == ("a1", "default")
    assert (read_facts(arrived).note, read_facts(arrived).hop) == ("meant for a: refused", 2)


def test_a_move_to_its_own_lane_puts_the_head_at_the_end(loop: LaneLoop) -> None:
    step = each({"a1": Move("a", hop=1), "a2": Later(LaterReason.NOT_ATTEMPTED)})
    assert loop.work(step, "a1", "a2", "a3") == ["a2", "a3"]
    assert loop.queue.bodies() == ["a2", "a3", "a1"]


def test_a_record_is_parked_then_its_claims_end_then_it_is_deleted(loop: LaneLoop) -> None:
    assert loop.work(each({"a1": Park(ParkReason.MESSAGE_REFUSED, claims=(Claim(loop.history),))}), "a1") == []
    assert loop.calls() == ["park", "claim parked", "delete_message_batch"]


@pytest.mark.parametrize("is_move", [True, False])
def test_a_record_that_cannot_be_moved_or_parked_stays_and_its_claim_is_released(
    loop: LaneLoop, *, is_move: bool
) -> None:
    claims = (Claim(loop.history),)
    outcome: Outcome = Move("default", claims=claims) if is_move else Park(ParkReason.MESSAGE_REFUSED, claims=claims)
    loop.queue.send(*messages("a1", "a2"))
    event = loop.queue.event()
    loop.queue.sqs.errors["send_message_batch"] = loop.parking_error = DENIED
    assert len(loop.run(event, each({"a1": outcome}))) == 2
    sent = ["send_message_batch"] if is_move else []
    assert loop.calls() == [*sent, "claim released", "change_message_visibility_batch"]
    assert loop.visible_at() == {"a1": CRASH_PAUSE, "a2": 0.0}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    handler = telemetry.logger.registered_handler
    assert isinstance(handler, logging.StreamHandler)
    before = handler.setStream(written := io.StringIO())
    yield written
    handler.setStream(before)


def test_each_line_of_the_log_names_its_lane(loop: LaneLoop, log: io.StringIO) -> None:
    together = Barrier(2, timeout=10)

    def judge(record: Record) -> Outcome:
        together.wait()
        return Skipped(SkipReason.HEARTBEAT) if record.lane == "a" else Delivered()

    loop.work(each(judge), "a1", "b1")
    telemetry.logger.info("after")
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert {line["message"]: line.get("lane") for line in lines} == {"skipped": "a", "delivered": "b", "after": None}


def test_each_outcome_is_counted_and_the_age_of_the_oldest_record_that_stays(
    loop: LaneLoop, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes: dict[str, Outcome] = {
        "a1": Delivered(),
        "a2": Duplicate(),
        "a3": Skipped(SkipReason.HEARTBEAT),
        "a4": Move("default"),
        "a5": Park(ParkReason.EXPIRED),
        "a6": THROTTLED,
    }
    loop.work(each(outcomes), *outcomes, "a7")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    names = [next(name for name in line if name[0].isupper()) for line in lines]
    assert names == ["Delivered", "Duplicates", "Skipped", "Moved", "Parked", "Later", "OldestUndelivered"]


def test_after_a_mute_the_age_of_an_alert_counts_anew(loop: LaneLoop, capsys: pytest.CaptureFixture[str]) -> None:
    ends = time.time()
    loop.work(each({"a1": Move("b", renewed_at=ends)}), "a1")
    [arrived] = loop.queue.receive()
    report_oldest([replace(arrived, published_at=ends - 8 * 3_600.0)])
    [age] = re.findall(r'"OldestUndelivered":\s*\[([0-9.]+)', capsys.readouterr().out)
    assert float(age) < 3_600.0


def test_muted_records_are_not_the_oldest_undelivered(loop: LaneLoop, capsys: pytest.CaptureFixture[str]) -> None:
    loop.work(each({"a1": Later(LaterReason.MUTED, 900.0)}), "a1", "a2")
    printed = capsys.readouterr().out
    assert ("OldestUndelivered" in printed, '"muted"' in printed.replace(" ", "")) == (False, True)
    assert loop.visible_at() == {"a1": 900.0, "a2": 0.0}


ACTIONS: dict[str, Outcome] = {
    "done": Delivered(),
    "later": Later(LaterReason.UNREACHABLE, 5.0),
    "move": Move("z"),
    "park": Park(ParkReason.MESSAGE_REFUSED),
}


@settings(deadline=None)
@given(
    plan=st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([*ACTIONS, "raise", "silent"])), max_size=10),
    denied=st.sets(st.sampled_from(["delete_message_batch", "change_message_visibility_batch", "send_message_batch"])),
    cannot_park=st.booleans(),
)
def test_every_record_ends_or_stays_in_its_lane_in_order(
    plan: list[tuple[str, str]], denied: set[str], *, cannot_park: bool
) -> None:
    loop, ended = LaneLoop(), list[str]()
    sent = [f"{lane}{number}-{action}" for number, (lane, action) in enumerate(plan)]
    loop.queue.send(*messages(*sent))
    batch = loop.queue.fifo.receive()
    loop.queue.sqs.errors = dict.fromkeys(denied, DENIED)
    loop.parking_error = DENIED if cannot_park else None

    def step(_lane: str, records: Sequence[Record], _deadline: Deadline) -> Outcomes[None]:
        for record in records:
            action = record.body.partition("-")[2]
            if action == "silent":
                return
            outcome = ACTIONS[action]  # KeyError for "raise"
            if isinstance(outcome, Delivered):
                ended.append(record.body)
            yield record, outcome

    event = {"Records": [one.record(LANES_ARN) for one in batch]}
    response = run_lanes(event, FixedContext(30.0), step, loop.resources())
    for handle in to_delete(batch, response):
        if handle not in loop.deleted() or "delete_message_batch" in denied:
            loop.queue.fifo.delete(handle)
    parked = [name for operation, names in loop.history if operation == "park" for name in names]
    moved = [one.body for one in loop.queue.fifo.messages() if one.group == "z"]
    left = [one.body for one in loop.queue.fifo.messages() if one.group != "z"]
    assert sorted([*ended, *parked, *moved, *left]) == sorted(sent)
    assert sorted(one.body for one in batch if one.message_id in failed(response)) == sorted(left)
    for lane in "abc":
        mine, staying = [[body for body in bodies if body[0] == lane] for bodies in (sent, left)]
        assert staying == mine[len(mine) - len(staying) :]
