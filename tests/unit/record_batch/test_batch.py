import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from aws_events.envelope import Record, UnknownEvent, read_event
from aws_events.message_attributes import SIZE_LIMIT
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
from outcomes.outcome_log import log_outcome
from record_batch.batch import Batch, BatchResources, BatchResponse, Step, Undelivered, run_batch
from record_batch.overflow import Overflow
from record_batch.parking import Parking
from retry_policies import Deadline
from shared_state.memory_rows import MemoryRows
from shared_state.rows import Rows
from tests.support.handlers.lambda_context import FixedContext
from tests.support.samples.events import sns_event, sqs_event, sqs_record
from tests.support.steps.clock import FakeClock
from tests.support.steps.tables import MemoryTable
from tests.unit.record_batch.test_redelivery import FakeQueue, standard

UNREACHABLE = Later(LaterReason.UNREACHABLE)
PARKED = Park(ParkReason.MESSAGE_REFUSED)


def run(event: object, step: Step, *, queue: FakeQueue | None = None, seconds: float = 60.0) -> BatchResponse:
    return run_batch(event, FixedContext(seconds), step, resources(queue))


@dataclass
class ParkingLot:
    """A parking queue that remembers the bodies it got, and refuses when told."""

    error: Exception | None = None
    parked: list[str] = field(default_factory=list)

    def send_message(self, *, MessageBody: str, **_: object) -> object:
        if self.error is not None:
            raise self.error
        self.parked.append(MessageBody)
        return {}


def resources(
    queue: FakeQueue | None = None, lot: ParkingLot | None = None, rows: Rows | None = None
) -> BatchResources:
    parking = Parking(lot or ParkingLot(), "parking", Overflow(rows or MemoryRows()))
    return BatchResources(standard(queue), parking, reserve=5.0)


def failed(response: BatchResponse) -> list[str]:
    return [item["itemIdentifier"] for item in response["batchItemFailures"]]


def each(judge: Callable[[Record], Outcome]) -> Step:
    def step(records: Iterable[Record], _deadline: Deadline) -> Iterator[tuple[Record, Outcome]]:
        for record in records:
            yield record, judge(record)

    return step


def delivered(_record: Record) -> Outcome:
    return Delivered()


def test_an_event_without_records_answers_with_no_failures() -> None:
    assert run({"Records": []}, each(delivered)) == {"batchItemFailures": []}


def test_an_event_nobody_understands_raises() -> None:
    with pytest.raises(UnknownEvent):
        run({"detail": {}}, each(delivered))


def test_a_record_whose_facts_cannot_be_read_stays_and_its_neighbours_are_worked() -> None:
    seen: list[str] = []

    def judge(record: Record) -> Outcome:
        seen.append(record.text)
        return Delivered()

    table = MemoryTable(is_down=True)
    event = sqs_event("x" * (SIZE_LIMIT - 10), "b")
    assert failed(run_batch(event, FixedContext(60.0), each(judge), resources(rows=table))) == ["m1"]
    assert seen == ["b"]
    table.is_down = False
    assert failed(run_batch(event, FixedContext(60.0), each(judge), resources(rows=table))) == []


def test_what_is_for_later_is_reported_and_hidden_and_nothing_else() -> None:
    queue = FakeQueue()
    step = each(lambda record: Later(LaterReason.THROTTLED, 70.0) if record.text == "b" else Delivered())
    assert failed(run(sqs_event("a", "b", "c"), step, queue=queue)) == ["m2"]
    assert set(queue.hidden) == {"r2"}
    assert queue.hidden["r2"] >= 70


def test_one_bad_record_does_not_sink_the_batch() -> None:
    event = {"Records": [sqs_record(None if number == 4 else "x", number) for number in range(1, 11)]}
    seen: list[str] = []

    def judge(record: Record) -> Outcome:
        seen.append(record.message_id)
        return Delivered()

    assert failed(run(event, each(judge))) == ["m4"]
    assert seen == [f"m{number}" for number in range(1, 11) if number != 4]


@pytest.mark.parametrize("error", [ValueError, RecursionError, MemoryError, SystemExit, GeneratorExit])
def test_a_record_that_raises_is_tried_alone_and_only_it_fails(error: type[BaseException]) -> None:
    def judge(record: Record) -> Outcome:
        if record.text == "bad":
            raise error
        return Delivered()

    assert failed(run(sqs_event("a", "bad", "c", "d"), each(judge))) == ["m2"]


def test_a_step_that_raises_once_fails_nobody() -> None:
    errors = [RuntimeError()]

    def judge(_record: Record) -> Outcome:
        if errors:
            raise errors.pop()
        return Delivered()

    assert failed(run(sqs_event("a", "b"), each(judge))) == []


def test_an_interrupt_from_the_keyboard_is_no_failed_record() -> None:
    def judge(_record: Record) -> Outcome:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(sqs_event("a"), each(judge))


def test_a_failure_of_the_code_is_logged_without_its_text(caplog: pytest.LogCaptureFixture) -> None:
    def judge(_record: Record) -> Outcome:
        raise ValueError("https://hooks.slack.com/services/canary")

    run(sqs_event("a"), each(judge))
    assert "the step raised" in caplog.text
    assert not any("canary" in str(vars(record)) for record in caplog.records)


def test_what_is_parked_stands_there_and_is_acknowledged() -> None:
    lot = ParkingLot()
    step = each(lambda record: PARKED if record.text == "b" else Delivered())
    assert failed(run_batch(sqs_event("a", "b"), FixedContext(), step, resources(lot=lot))) == []
    assert lot.parked == ["b"]


def test_what_could_not_be_parked_is_never_acknowledged() -> None:
    lot = ParkingLot(ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, "SendMessage"))
    assert failed(run_batch(sqs_event("a", "b"), FixedContext(), each(lambda _: PARKED), resources(lot=lot))) == [
        "m1",
        "m2",
    ]


def test_what_is_skipped_is_acknowledged() -> None:
    assert failed(run(sqs_event("a"), each(lambda _: Skipped(SkipReason.SUBSCRIPTION)))) == []


def test_what_was_parked_before_the_step_raised_is_parked_once() -> None:
    lot = ParkingLot()

    def judge(record: Record) -> Outcome:
        if record.text == "bad":
            raise ValueError
        return PARKED

    assert failed(run_batch(sqs_event("a", "bad", "c"), FixedContext(), each(judge), resources(lot=lot))) == ["m2"]
    assert lot.parked == ["a", "c"]


@dataclass
class Claim:
    """Writes down how it ended, after what the parking queue held at that moment."""

    lot: ParkingLot
    ended: list[str] = field(default_factory=list)
    hop: int = 0

    def park(self) -> None:
        self.ended.append(f"parked after {self.lot.parked}")

    def release(self) -> None:
        self.ended.append("released")


def test_a_claim_is_parked_only_once_its_record_stands_in_the_parking_queue() -> None:
    lot = ParkingLot()
    claim = Claim(lot)
    park = Park(ParkReason.MESSAGE_REFUSED, claims=(claim,), on_parked=lambda: claim.ended.append("on_parked"))
    step = each(lambda _: park)
    run_batch(sqs_event("a"), FixedContext(), step, resources(lot=lot))
    assert claim.ended == ["parked after ['a']", "on_parked"]


def test_a_claim_whose_record_could_not_be_parked_is_released() -> None:
    lot = ParkingLot(ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, "SendMessage"))
    claim = Claim(lot)
    park = Park(ParkReason.MESSAGE_REFUSED, claims=(claim,), on_parked=lambda: claim.ended.append("on_parked"))
    step = each(lambda _: park)
    assert failed(run_batch(sqs_event("a"), FixedContext(), step, resources(lot=lot))) == ["m1"]
    assert claim.ended == ["released"]


def mixed(*receives: int) -> dict[str, Any]:
    return {"Records": [sqs_record(f"n{count}", number, count) for number, count in enumerate(receives, 1)]}


def test_c5_what_was_received_often_works_alone_and_last_the_lowest_count_first() -> None:
    visits: list[list[str]] = []

    def step(records: Iterable[Record], _deadline: Deadline) -> Iterator[tuple[Record, Outcome]]:
        together = list(records)
        visits.append([record.text for record in together])
        yield from ((record, Delivered()) for record in together)

    run(mixed(7, 1, 3, 2, 12), step)
    assert visits == [["n1", "n2"], ["n3"], ["n7"], ["n12"]]


def test_c5_beside_a_suspect_what_has_ended_leaves_the_queue_at_once() -> None:
    queue = FakeQueue()
    seen: list[list[str]] = []

    def judge(record: Record) -> Outcome:
        seen.append(list(queue.deleted))
        return UNREACHABLE if record.text == "n2" else Delivered()

    assert failed(run(mixed(1, 2, 5), each(judge), queue=queue)) == ["m2"]
    assert seen == [[], ["r1"], ["r1"]]
    assert queue.deleted == ["r1", "r3"]


def test_c5_a_suspect_is_hidden_before_it_is_tried_so_that_it_comes_back_without_its_neighbours() -> None:
    queue = FakeQueue()
    seen: list[set[str]] = []

    def judge(_record: Record) -> Outcome:
        seen.append(set(queue.hidden))
        return Delivered()

    run(mixed(1, 5, 3), each(judge), queue=queue)
    run(mixed(9), each(judge), queue=queue)
    assert seen == [set(), {"r3"}, {"r3", "r2"}, {"r3", "r2"}]


def test_without_a_suspect_the_answer_is_enough() -> None:
    queue = FakeQueue()
    run(mixed(1, 2, 2), each(delivered), queue=queue)
    assert queue.deleted == []


def test_c6_a_suspect_that_raises_fails_alone() -> None:
    def judge(record: Record) -> Outcome:
        if record.text == "n9":
            raise MemoryError
        return Delivered()

    assert failed(run(mixed(9, 1, 3), each(judge))) == ["m1"]


def test_records_the_step_never_yields_are_reported() -> None:
    def nothing(_records: Iterable[Record], _deadline: Deadline) -> Iterator[tuple[Record, Outcome]]:
        yield from ()

    assert failed(run(sqs_event("a", "b"), nothing)) == ["m1", "m2"]


def test_after_the_deadline_nothing_more_is_pulled() -> None:
    clock = FakeClock()
    pulled: list[str] = []

    def judge(record: Record) -> Outcome:
        pulled.append(record.text)
        clock.now += 4
        return Delivered()

    results = Batch(each(judge), Deadline.after(7, clock=clock), resources()).work(list(_records("a", "b", "c", "d")))
    assert pulled == ["a", "b"]
    assert [outcome for _, outcome in results] == [Delivered(), Delivered(), *[Later(LaterReason.NOT_ATTEMPTED)] * 2]


def test_without_time_nothing_is_started() -> None:
    assert failed(run(sqs_event("a", "b"), each(delivered), seconds=5.0)) == ["m1", "m2"]


def test_two_copies_of_one_message_are_settled_apart() -> None:
    event = {"Records": [sqs_record("x", 1), sqs_record("y", 1)]}
    step = each(lambda record: Delivered() if record.text == "x" else UNREACHABLE)
    assert failed(run(event, step)) == ["m1"]


def test_what_sns_brought_itself_and_is_for_later_goes_to_the_queue() -> None:
    queue = FakeQueue()
    assert run(sns_event("x"), each(lambda _: UNREACHABLE), queue=queue) == {"batchItemFailures": []}
    [(body, seconds)] = queue.sent
    assert json.loads(body) == sns_event("x")["Records"][0]["Sns"]
    assert 30 <= seconds <= 38
    assert queue.hidden == {}


def test_what_sns_brought_itself_goes_to_the_queue_even_where_nothing_was_attempted() -> None:
    queue = FakeQueue()
    run(sns_event("x"), each(delivered), queue=queue, seconds=5.0)
    assert len(queue.sent) == 1


def test_what_sns_brought_itself_and_was_delivered_stays_out_of_the_queue() -> None:
    queue = FakeQueue()
    assert run(sns_event("x"), each(delivered), queue=queue) == {"batchItemFailures": []}
    assert queue.sent == []


def test_where_the_queue_does_not_take_it_lambda_tries_again() -> None:
    queue = FakeQueue(ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, "SendMessage"))
    with pytest.raises(Undelivered):
        run(sns_event("x"), each(lambda _: UNREACHABLE), queue=queue)


def test_a_record_without_an_id_raises_after_the_others_were_handed_off() -> None:
    event: dict[str, Any] = {"Records": [sqs_record("x") | {"messageId": ""}, sqs_record("y", 2), sqs_record("z", 3)]}
    queue = FakeQueue()
    with pytest.raises(Undelivered):
        run(event, each(lambda record: Delivered() if record.text == "y" else UNREACHABLE), queue=queue)
    assert set(queue.hidden) == {"r3"}


@given(
    bodies=st.lists(st.sampled_from(["ok", "later", "raise", "silent"]), max_size=12),
    extra=st.integers(0, 3),
)
def test_every_record_is_delivered_or_reported(bodies: list[str], extra: int) -> None:
    def step(records: Iterable[Record], _deadline: Deadline) -> Iterator[tuple[Record, Outcome]]:
        for record in records:
            match record.text:
                case "ok":
                    yield record, Delivered()
                case "later":
                    yield record, UNREACHABLE
                case "raise":
                    raise ValueError

    event = sqs_event(*bodies)
    event["Records"] += [sqs_record(None, 100 + number) for number in range(extra)]
    expected = [f"m{number}" for number, body in enumerate(bodies, 1) if body != "ok"]
    assert failed(run(event, step)) == expected + [f"m{100 + number}" for number in range(extra)]


def _records(*bodies: str) -> Iterator[Record]:
    for record in read_event(sqs_event(*bodies)):
        assert isinstance(record, Record)
        yield record


def test_the_reserve_is_there_to_hide_what_a_whole_invocation_left() -> None:
    queue = FakeQueue()

    def slow(records: Iterable[Record], _deadline: Deadline) -> Iterator[tuple[Record, Outcome]]:
        for record in records:
            queue.clock.now += 27.4
            yield record, UNREACHABLE

    run_batch(sqs_event("a", "b"), FixedContext(60.0), slow, resources(queue), clock=queue.clock)
    assert set(queue.hidden) == {"r1", "r2"}


def test_c5_near_the_end_too_a_suspect_is_set_apart_and_what_has_ended_leaves_at_once() -> None:
    queue = FakeQueue()

    def slow(records: Iterable[Record], _deadline: Deadline) -> Iterator[tuple[Record, Outcome]]:
        for record in records:
            queue.clock.now += 53.0
            yield record, Delivered()

    run_batch(mixed(1, 5), FixedContext(60.0), slow, resources(queue), clock=queue.clock)
    assert queue.deleted == ["r1"]
    assert set(queue.hidden) == {"r2"}


def test_an_error_of_our_own_after_the_claim_is_called_unexpected(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tries: list[str] = []

    def judge(record: Record) -> Outcome:
        tries.append(record.text)
        if len(tries) == 1:
            raise ValueError
        return Later(LaterReason.IN_PROGRESS)  # the claim that it held when it raised

    assert failed(run(sqs_event("a"), each(judge))) == ["m1"]
    assert [vars(line)["reason"] for line in caplog.records if line.getMessage() == "later"] == ["unexpected"]


def test_what_moved_is_acknowledged_and_what_was_not_attempted_beside_it_comes_back_soon() -> None:
    queue = FakeQueue()
    step = each(lambda record: Moved("team") if record.text == "a" else Later(LaterReason.NOT_ATTEMPTED))
    assert failed(run(sqs_event("a", "b"), step, queue=queue)) == ["m2"]
    assert 5 <= queue.hidden["r2"] <= 15


def test_c5_what_moved_beside_a_suspect_leaves_the_queue_at_once() -> None:
    queue = FakeQueue()
    run(mixed(1, 5), each(lambda _: Moved("team")), queue=queue)
    assert queue.deleted == ["r1", "r2"]


ENDS: list[tuple[Outcome, str, dict[str, object]]] = [
    (Delivered(), "INFO delivered", {}),
    (Duplicate(), "INFO duplicate", {}),
    (Duplicate(is_parked=True), "WARNING duplicate", {"parked": True}),
    (Skipped(SkipReason.HEARTBEAT), "INFO skipped", {"reason": "heartbeat"}),
    (Moved("team"), "INFO moved", {"lane": "team"}),
    (Move("team", "a note"), "INFO moved", {"lane": "team"}),
    (Later(LaterReason.THROTTLED, 7.0), "WARNING later", {"reason": "throttled", "asked": 7.0}),
    (Park(ParkReason.EXPIRED, "12 days old"), "ERROR parked", {"reason": "expired", "detail": "12 days old"}),
]


@pytest.mark.parametrize(("outcome", "said", "facts"), ENDS, ids=[said for _, said, _ in ENDS])
def test_each_end_is_one_line_of_the_log(
    outcome: Outcome, said: str, facts: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    [record] = _records("x")
    log_outcome(record, outcome)
    [line] = caplog.records
    assert f"{line.levelname} {line.getMessage()}" == said
    assert {name: vars(line)[name] for name in facts} == facts
    assert (vars(line)["record"], vars(line)["receive"]) == ("m1", 1)
