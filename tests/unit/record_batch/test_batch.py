import json
import time
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws_events.alarm_action import read_invocation
from aws_events.record import Record, UnknownEvent
from aws_events.sqs_attributes import SIZE_LIMIT
from outcomes.outcome import Delivered, Later, LaterReason, Moved, Outcome, Park, ParkReason, Skipped, SkipReason
from record_batch.batch_response import Undelivered
from record_batch.overflow import Overflow
from retry_policies import Deadline
from tests.support.samples.events import alarm_action, sns_event, sqs_event, sqs_record
from tests.support.steps.batch_loops import DENIED, ERRORS, Claim, FakeQueue
from tests.support.steps.tables import MemoryTable

UNREACHABLE = Later(LaterReason.UNREACHABLE)
NOT_ATTEMPTED = Later(LaterReason.NOT_ATTEMPTED)
PARKED = Park(ParkReason.MESSAGE_REFUSED)

type Results = Iterator[tuple[Record, Outcome]]


def received(*counts: int) -> dict[str, Any]:
    """Return an event whose records n… were received so many times."""
    return {"Records": [sqs_record(f"n{count}", number, count) for number, count in enumerate(counts, 1)]}


def test_an_alarm_is_unknown_to_a_queue_without_direct_invocations(queue: FakeQueue) -> None:
    with pytest.raises(UnknownEvent):
        queue.run(alarm_action())


def test_a_record_whose_facts_cannot_be_read_stays_and_the_others_are_worked(
    queue: FakeQueue, capsys: pytest.CaptureFixture[str]
) -> None:
    event = sqs_event("x" * (SIZE_LIMIT - 10), "b")
    table = MemoryTable(is_down=True)
    queue.overflow = Overflow(table)
    assert queue.run(event) == ["m1"]
    assert '"OwnFaults":[1.0]' in capsys.readouterr().out
    table.is_down = False
    assert queue.run(event) == []


def test_only_a_record_for_later_is_named_and_hidden(queue: FakeQueue) -> None:
    later = Later(LaterReason.THROTTLED, 70.0)
    assert queue.run(sqs_event("a", "b", "c"), {"b": later, "c": Skipped(SkipReason.SUBSCRIPTION)}) == ["m2"]
    assert set(queue.hidden) == {"r2"}
    assert queue.hidden["r2"] >= 70


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("event", [sqs_event("a", "n9", "c"), received(1, 9, 3)])
def test_c6_a_record_that_raises_is_tried_alone_and_only_it_fails(
    queue: FakeQueue, event: dict[str, Any], error: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    def judge(record: Record) -> Outcome:
        if record.text == "n9":
            raise error("https://hooks.slack.com/services/canary")
        return PARKED

    assert queue.run(event, judge) == ["m2"]
    assert len(queue.parked) == 2
    assert "the step raised" in caplog.text
    assert not any("canary" in str(vars(line)) for line in caplog.records)


def test_a_step_that_raises_once_fails_no_record(queue: FakeQueue) -> None:
    errors = [RuntimeError()]

    def judge(_record: Record) -> Outcome:
        if errors:
            raise errors.pop()
        return Delivered()

    assert queue.run(sqs_event("a", "b"), judge) == []


def test_an_interrupt_ends_the_invocation(queue: FakeQueue) -> None:
    def judge(_record: Record) -> Outcome:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        queue.run(sqs_event("a"), judge)


def test_a_record_whose_claim_is_held_since_the_step_raised_is_unexpected(
    queue: FakeQueue, caplog: pytest.LogCaptureFixture
) -> None:
    errors = [ValueError()]

    def judge(_record: Record) -> Outcome:
        if errors:
            raise errors.pop()
        return Later(LaterReason.IN_PROGRESS)

    assert queue.run(sqs_event("a"), judge) == ["m1"]
    assert [vars(line)["reason"] for line in caplog.records if line.getMessage() == "later"] == ["unexpected"]


def test_a_record_is_parked_then_its_claims_end_then_on_parked_is_called(queue: FakeQueue) -> None:
    claim = Claim()
    park = Park(PARKED.reason, claims=(claim,), on_parked=lambda: claim.history.append(("on_parked", queue.parked)))
    assert queue.run(sqs_event("a", "b"), {"b": park}) == []
    assert claim.history == [("claim parked", []), ("on_parked", ["b"])]


def test_a_record_that_cannot_be_parked_stays_and_its_claim_is_released(queue: FakeQueue) -> None:
    claim = Claim()
    queue.parking_error = DENIED
    park = Park(PARKED.reason, claims=(claim,), on_parked=lambda: claim.history.append(("on_parked", [])))
    assert queue.run(sqs_event("a"), {"a": park}) == ["m1"]
    assert claim.history == [("claim released", [])]


def test_c5_suspects_are_worked_alone_and_last_the_lowest_count_first(queue: FakeQueue) -> None:
    groups: list[list[str]] = []

    def step(records: Iterable[Record], _deadline: Deadline) -> Results:
        group = list(records)
        groups.append([record.text for record in group])
        yield from ((record, Delivered()) for record in group)

    queue.run(received(7, 1, 3, 2, 12), step=step)
    assert groups == [["n1", "n2"], ["n3"], ["n7"], ["n12"]]


def test_c5_beside_a_suspect_a_finished_record_is_deleted_at_once(queue: FakeQueue) -> None:
    seen: list[list[str]] = []
    outcomes: dict[str, Outcome] = {"n2": UNREACHABLE, "n4": Moved("team")}

    def judge(record: Record) -> Outcome:
        seen.append(list(queue.deleted))
        return outcomes.get(record.text, Delivered())

    assert queue.run(received(1, 2, 4, 5), judge) == ["m2"]
    assert seen == [[], ["r1"], ["r1"], ["r1", "r3"]]
    assert queue.deleted == ["r1", "r3", "r4"]
    queue.run(received(1, 2, 2))
    assert queue.deleted == ["r1", "r3", "r4"]  # without a suspect the response deletes


def test_c5_a_suspect_is_hidden_before_it_is_tried_unless_it_is_alone(queue: FakeQueue) -> None:
    seen: list[set[str]] = []

    def judge(_record: Record) -> Outcome:
        seen.append(set(queue.hidden))
        return Delivered()

    queue.run(received(1, 5, 3), judge)
    queue.run(received(9), judge)
    assert seen == [set(), {"r3"}, {"r3", "r2"}, {"r3", "r2"}]


def test_after_the_deadline_no_record_is_started(queue: FakeQueue) -> None:
    started: list[str] = []

    def judge(record: Record) -> Outcome:
        started.append(record.text)
        queue.time.now += 4
        return Delivered()

    assert queue.run(sqs_event("a", "b", "c", "d"), judge, left=12.0) == ["m3", "m4"]
    assert queue.run(sqs_event("e"), judge, left=5.0) == ["m1"]
    assert started == ["a", "b"]


def test_the_reserve_is_left_to_hide_records_and_to_delete_those_beside_a_suspect(queue: FakeQueue) -> None:
    def slow(record: Record) -> Outcome:
        queue.time.now += 53.0
        return Delivered() if record.receive_count == 1 else UNREACHABLE

    assert queue.run(received(1, 5), slow) == ["m2"]
    assert queue.deleted == ["r1"]
    assert set(queue.hidden) == {"r2"}
    queue.run(received(2), slow)
    assert set(queue.hidden) == {"r2", "r1"}


def test_two_copies_of_one_message_have_their_own_outcomes(queue: FakeQueue) -> None:
    event = {"Records": [sqs_record("x", 1), sqs_record("y", 1)]}
    assert queue.run(event, {"y": UNREACHABLE}) == ["m1"]


def test_a_direct_alarm_for_later_is_queued(queue: FakeQueue) -> None:
    read = partial(read_invocation, request_id="request-1")
    assert queue.run(alarm_action(), lambda _: UNREACHABLE, read=read) == []
    assert [json.loads(body) for body, _ in queue.sent] == [alarm_action()]


@pytest.mark.parametrize("left", [60.0, 5.0])  # 5 s: nothing is attempted
def test_an_sns_record_for_later_is_queued(queue: FakeQueue, left: float) -> None:
    assert queue.run(sns_event("x"), lambda _: UNREACHABLE, left=left) == []
    [(body, seconds)] = queue.sent
    assert json.loads(body) == sns_event("x")["Records"][0]["Sns"]
    assert 30 <= seconds <= 38
    assert queue.hidden == {}
    assert queue.run(sns_event("delivered")) == []
    assert len(queue.sent) == 1


def test_a_record_without_an_id_fails_the_invocation_after_the_others_are_worked(queue: FakeQueue) -> None:
    event = {"Records": [sqs_record("x") | {"messageId": ""}, sqs_record("y", 2), sqs_record("z", 3)]}
    with pytest.raises(Undelivered):
        queue.run(event, {"z": UNREACHABLE})
    assert set(queue.hidden) == {"r3"}


def test_a_record_that_was_not_attempted_beside_a_moved_one_returns_soon(queue: FakeQueue) -> None:
    assert queue.run(sqs_event("a", "b"), {"a": Moved("team"), "b": NOT_ATTEMPTED}) == ["m2"]
    assert 5 <= queue.hidden["r2"] <= 15


def test_an_outcome_is_counted_before_the_next_record_starts(
    queue: FakeQueue, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: list[bool] = []

    def judge(_record: Record) -> Outcome:
        seen.append('"Delivered":[1.0]' in capsys.readouterr().out)
        return Delivered()

    queue.run(sqs_event("a", "b"), judge)
    assert seen == [False, True]  # a crash at the second record does not lose the metric of the first


def test_records_without_an_outcome_and_the_age_of_the_oldest_are_measured(
    queue: FakeQueue, capsys: pytest.CaptureFixture[str]
) -> None:
    event = sqs_event("a", "b")
    for record, sent in zip(event["Records"], ("1000", "2000"), strict=True):
        record["attributes"]["SentTimestamp"] = sent

    def step(records: Iterable[Record], _deadline: Deadline) -> Results:
        yield next(iter(records)), Delivered()

    queue.run(event, step=step)
    metrics = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["reason"] for line in metrics if "Later" in line] == ["not_attempted"]
    [age] = [line["OldestUndelivered"][0] for line in metrics if "OldestUndelivered" in line]
    assert time.time() - 60 < age + 2.0 <= time.time()  # of the second record, not of the first


@given(bodies=st.lists(st.sampled_from(["ok", "later", "raise", "silent"]), max_size=12), extra=st.integers(0, 3))
def test_every_record_is_delivered_or_named(bodies: list[str], extra: int) -> None:
    def step(records: Iterable[Record], _deadline: Deadline) -> Results:
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
    assert FakeQueue().run(event, step=step) == expected + [f"m{100 + number}" for number in range(extra)]
