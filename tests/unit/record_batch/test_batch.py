from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws_events.envelope import Record, UnknownEvent, read_event
from record_batch.batch import BatchResponse, Step, Undelivered, run_batch, settle
from record_batch.outcome import Delivered, Later, LaterReason, Outcome
from retry_policies import Deadline
from tests.support.clock import FakeClock
from tests.support.events import sns_event, sqs_event, sqs_record
from tests.support.lambda_context import FixedContext
from tests.unit.record_batch.test_handoff import FakeQueue, standard

UNREACHABLE = Later(LaterReason.UNREACHABLE)


def run(event: object, step: Step, *, queue: FakeQueue | None = None, seconds: float = 60.0) -> BatchResponse:
    return run_batch(event, FixedContext(seconds), step, handoff=standard(queue), reserve=5.0)


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

    settled = settle(each(judge), list(_records("a", "b", "c", "d")), Deadline.after(7, clock=clock))
    assert pulled == ["a", "b"]
    assert [outcome for _, outcome in settled] == [Delivered(), Delivered(), *[Later(LaterReason.NOT_ATTEMPTED)] * 2]


def test_without_time_nothing_is_started() -> None:
    assert failed(run(sqs_event("a", "b"), each(delivered), seconds=5.0)) == ["m1", "m2"]


def test_two_copies_of_one_message_are_settled_apart() -> None:
    event = {"Records": [sqs_record("x", 1), sqs_record("y", 1)]}
    step = each(lambda record: Delivered() if record.text == "x" else UNREACHABLE)
    assert failed(run(event, step)) == ["m1"]


def test_a_failed_sns_record_raises_so_that_lambda_tries_again() -> None:
    queue = FakeQueue()
    with pytest.raises(Undelivered):
        run(sns_event("x"), each(lambda _: UNREACHABLE), queue=queue)
    assert queue.hidden == {}
    assert run(sns_event("x"), each(delivered)) == {"batchItemFailures": []}


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
