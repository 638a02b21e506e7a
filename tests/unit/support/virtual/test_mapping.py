from typing import Any

import pytest

from aws_events.envelope import Record, read_event
from tests.support.virtual.fifo_queue import VirtualFifoQueue
from tests.support.virtual.function import Handler, VirtualContext, VirtualFunction
from tests.support.virtual.mapping import VirtualMapping
from tests.support.virtual.operations import Moment
from tests.support.virtual.queue import VirtualQueue
from tests.support.virtual.road import Road
from tests.support.virtual.world import World
from tests.unit.support.virtual.roads import failing, knock, road

EVERYTHING_DONE: list[object] = [None, {}, [], {"batchItemFailures": []}, {"batchItemFailures": None}]
NO_SENSE: list[object] = [
    failing(""),
    failing(None),
    failing("alerts-1", "nobody"),
    failing(7),
    {"batchItemFailures": [{"id": "alerts-1"}]},
    {"batchItemFailures": ["alerts-1"]},
    {"batchItemFailures": "alerts-1"},
    "alerts-1",
]


def answering(world: World, *responses: object, **numbers: Any) -> Road:  # noqa: ANN401 - each number has its own type
    """A road whose handler returns or raises these, and the last one for ever."""
    remaining = list(responses)

    def handler(_event: object, _context: VirtualContext) -> object:
        response = remaining.pop(0) if len(remaining) > 1 else remaining[0]
        if isinstance(response, BaseException):
            raise response
        return response

    return road(world, handler, **numbers)


def received(road: Road) -> list[list[str]]:
    """The ids of each invocation's records."""
    return [[record["messageId"] for record in one.event["Records"]] for one in road.function.invocations]


@pytest.mark.parametrize("response", EVERYTHING_DONE)
def test_an_empty_answer_deletes_the_whole_batch(response: object) -> None:
    with World() as world:
        stack = answering(world, response)
        for number in range(3):
            stack.alerts.send(str(number))
        world.run()
        assert received(stack) == [["alerts-1", "alerts-2", "alerts-3"]]
        assert stack.alerts.messages() == []


@pytest.mark.parametrize("response", NO_SENSE)
def test_an_answer_that_makes_no_sense_fails_the_whole_batch(response: object) -> None:
    with World() as world:
        stack = answering(world, response, None)
        stack.alerts.send("a")
        stack.alerts.send("b")
        world.run()
        assert received(stack) == [["alerts-1", "alerts-2"]] * 2
        assert [one.started for one in stack.function.invocations] == [0.0, 360.0]


def test_only_what_is_named_comes_back() -> None:
    with World() as world:
        stack = answering(world, failing("alerts-2"), None)
        for number in range(3):
            stack.alerts.send(str(number))
        world.run()
        assert received(stack) == [["alerts-1", "alerts-2", "alerts-3"], ["alerts-2"]]


@pytest.mark.parametrize("error", [ValueError("no"), SystemExit(1), MemoryError()])
def test_a_handler_that_raises_gets_the_whole_batch_again(error: BaseException) -> None:
    with World() as world:
        stack = answering(world, error, None)
        stack.alerts.send("a")
        world.run()
        first, second = stack.function.invocations
        assert first.error is error
        assert (first.started, second.started) == (0.0, 360.0)
        assert stack.alerts.messages() == []


def test_an_answer_that_is_no_json_counts_as_raised() -> None:
    with World() as world:
        stack = answering(world, {1, 2}, None)
        stack.alerts.send("a")
        world.run()
        assert len(stack.function.invocations) == 2


def test_a_failed_message_comes_back_when_the_function_said_so() -> None:
    with World() as world:

        def handler(event: Any, _: VirtualContext) -> object:  # noqa: ANN401 - JSON
            [record] = event["Records"]
            if record["attributes"]["ApproximateReceiveCount"] == "2":
                return None
            stack.sqs.change_message_visibility(
                QueueUrl=stack.alerts_url, ReceiptHandle=record["receiptHandle"], VisibilityTimeout=45
            )
            return failing(record["messageId"])

        stack = road(world, handler)
        stack.alerts.send("a")
        world.run()
        assert [one.started for one in stack.function.invocations] == [0.0, 45.01]


def test_batches_of_ten_run_two_at_a_time() -> None:
    with World() as world:
        stack = road(world, lambda _event, _context: world.sleep(10.0))
        for number in range(35):
            stack.alerts.send(str(number))
        world.run()
        assert [(one.started, len(one.event["Records"])) for one in stack.function.invocations] == [
            (0.0, 10),
            (0.0, 10),
            (10.0, 10),
            (10.0, 5),
        ]


def test_the_event_is_as_lambda_writes_it() -> None:
    with World() as world:
        stack = answering(world, None)
        text = {"DataType": "String", "StringValue": "{}"}
        stack.alerts.send("a", {"holdfast": text, "raw": {"DataType": "Binary", "BinaryValue": b"\0"}})
        world.run()
        [record] = stack.function.invocations[0].event["Records"]
        [read] = read_event({"Records": [record]})
        assert isinstance(read, Record)
        assert (read.message_id, read.queue_arn, read.receive_count) == ("alerts-1", stack.alerts.arn, 1)
        assert read.attributes["holdfast"] == {"dataType": "String", "stringValue": "{}"}
        assert read.attributes["raw"] == {"dataType": "Binary", "binaryValue": "AA=="}
        assert set(record["attributes"]) > {"SentTimestamp", "SenderId", "ApproximateFirstReceiveTimestamp"}
        assert record["awsRegion"] == "eu-west-1"


def test_a_throttled_batch_runs_nothing_and_counts_as_received() -> None:
    with World() as world:
        stack = answering(world, None)
        stack.mapping.throttled.add(1)
        stack.mapping.throttle(360.0, 400.0)
        stack.alerts.send("a")
        world.run()
        [invocation] = stack.function.invocations
        assert invocation.started == 720.0
        assert invocation.event["Records"][0]["attributes"]["ApproximateReceiveCount"] == "3"


def test_throttling_alone_can_bring_a_message_to_the_dead_letters() -> None:
    with World() as world:
        stack = answering(world, None, receives=3)
        stack.mapping.throttle(0.0, 10_000.0)
        stack.publish(1)
        world.run()
        assert stack.function.invocations == []
        assert len(stack.dead.messages()) == 1


def test_a_lost_answer_deletes_nothing() -> None:
    with World() as world:
        stack = answering(world, None)
        stack.mapping.lost.add(1)
        stack.alerts.send("a")
        world.run()
        assert received(stack) == [["alerts-1"]] * 2


def test_a_mapping_that_is_switched_off_receives_nothing() -> None:
    with World() as world:
        stack = answering(world, None)
        stack.mapping.disable()
        stack.alerts.send("a")
        world.at(500.0, stack.mapping.enable)
        world.run()
        assert [one.started for one in stack.function.invocations] == [500.0]


def test_a_slow_invocation_does_not_delete_what_another_has_received_by_then() -> None:
    with World() as world:

        def handler(event: Any, _: VirtualContext) -> object:  # noqa: ANN401 - JSON
            first = event["Records"][0]["attributes"]["ApproximateReceiveCount"] == "1"
            world.sleep(50.0 if first else 30.0)
            return None if first else failing("alerts-1")

        stack = road(world, handler, visibility=40.0)
        stack.alerts.send("a")
        world.run(until=60.0)
        assert received(stack) == [["alerts-1"]] * 2
        assert len(stack.alerts.messages()) == 1


@pytest.mark.parametrize(("moment", "posts"), [(Moment.BEFORE, 9), (Moment.AFTER, 10)])
def test_a_crash_keeps_the_neighbours_of_the_batch_waiting(moment: Moment, posts: int) -> None:
    with World() as world:
        stack = Road(world, knock)
        world.operations.crash(5, moment, "slack.post")
        for number in range(5):
            stack.publish(number)
        world.run(until=359.0)
        assert len(stack.slack.posts) == posts - 5
        assert len(stack.alerts.messages()) == 5
        world.run()
        assert len(stack.slack.posts) == posts
        assert [one.started for one in stack.function.invocations] == [0.0, 360.0]


def concurrency(function: VirtualFunction, instant: float) -> int:
    """The number of invocations that run at this instant."""
    return sum(one.started <= instant < one.ended for one in function.invocations)


def backlog(world: World, seconds: float, messages: int, max_concurrency: int) -> VirtualFunction:
    """A standard queue full of messages, one to a batch, whose function takes so long for each."""
    queue = VirtualQueue("alerts", world.scheduler, 1000.0)
    function = VirtualFunction(world.scheduler, world.wall, lambda: lambda *_: world.sleep(seconds), 900.0)
    VirtualMapping(world.scheduler, queue, function, batch_size=1, max_concurrency=max_concurrency)
    for number in range(messages):
        queue.send(str(number))
    return function


def test_a_standard_queue_starts_with_five_batches_and_five_more_each_second() -> None:
    with World() as world:
        function = backlog(world, seconds=600.0, messages=400, max_concurrency=1000)
        world.run()
        assert [concurrency(function, instant) for instant in (0.0, 0.1, 0.2, 1.0, 60.0)] == [5, 5, 6, 10, 305]


def test_the_number_of_batches_grows_up_to_the_maximum_concurrency() -> None:
    with World() as world:
        function = backlog(world, seconds=10.0, messages=200, max_concurrency=8)
        world.run()
        assert [concurrency(function, instant) for instant in (0.0, 0.6, 5.0, 50.0)] == [5, 8, 8, 8]
        assert len(function.invocations) == 200


def test_the_number_of_batches_falls_back_when_there_is_no_work() -> None:
    with World() as world:
        queue = VirtualQueue("alerts", world.scheduler, 1000.0)
        function = VirtualFunction(world.scheduler, world.wall, lambda: lambda *_: world.sleep(5.0))
        VirtualMapping(world.scheduler, queue, function, batch_size=1, max_concurrency=1000)

        def send() -> None:
            for number in range(50):
                queue.send(str(number))

        send()
        world.at(100.0, send)
        world.run()
        assert [concurrency(function, instant) for instant in (0.0, 4.0, 100.0, 104.0)] == [5, 25, 5, 25]


def lanes(world: World, handler: Handler, *groups: str, **numbers: Any) -> tuple[VirtualFifoQueue, VirtualFunction]:  # noqa: ANN401 - each number has its own type
    """A FIFO queue with one message for each letter, its group, behind a mapping."""
    queue = VirtualFifoQueue("lanes.fifo", world.scheduler, 90.0)
    function = VirtualFunction(world.scheduler, world.wall, lambda: handler)
    VirtualMapping(world.scheduler, queue, function, **numbers)
    for number, group in enumerate("".join(groups)):
        queue.send(f"{group}{number}", group=group, deduplication_id=str(number))
    return queue, function


def batches(function: VirtualFunction) -> list[tuple[float, str]]:
    """When each invocation began, and its records' bodies."""
    return [(one.started, " ".join(record["body"] for record in one.event["Records"])) for one in function.invocations]


def test_a_batch_of_a_fifo_queue_may_span_groups() -> None:
    with World() as world:
        _, function = lanes(world, lambda *_: None, "abab")
        world.run()
        assert batches(function) == [(0.0, "a0 a2 b1 b3")]


def test_a_batch_of_a_fifo_queue_can_be_limited_to_one_group() -> None:
    with World() as world:
        _, function = lanes(world, lambda *_: world.sleep(1.0), "abab", one_group_per_batch=True)
        world.run()
        assert batches(function) == [(0.0, "a0 a2"), (0.0, "b1 b3")]


def test_a_group_is_in_one_batch_at_a_time() -> None:
    with World() as world:
        _, function = lanes(world, lambda *_: world.sleep(1.0), "aaaaa", batch_size=2, max_concurrency=10)
        world.run()
        assert batches(function) == [(0.0, "a0 a1"), (1.0, "a2 a3"), (2.0, "a4")]


def test_a_fifo_queue_runs_as_many_batches_as_the_maximum_at_once() -> None:
    with World() as world:
        groups = "abcdefghijklmnopqrstuvwxy"
        _, function = lanes(world, lambda *_: world.sleep(1.0), groups, batch_size=1, max_concurrency=20)
        world.run()
        assert [concurrency(function, instant) for instant in (0.0, 1.0)] == [20, 5]


def test_messages_of_a_fifo_queue_that_the_answer_does_not_name_are_deleted_one_by_one() -> None:
    with World() as world:
        answers = [failing("lanes.fifo-2"), None, None]
        queue, function = lanes(world, lambda *_: answers.pop(0), "aaa")
        world.at(10.0, lambda: queue.send("a3", group="a", deduplication_id="3"))
        world.run()
        assert batches(function) == [(0.0, "a0 a1 a2"), (90.0, "a1 a3")]
        assert queue.messages() == []


def test_the_record_of_a_fifo_queue_has_the_attributes_of_its_group() -> None:
    with World() as world:
        queue, function = lanes(world, lambda *_: None, "a")
        world.run()
        [record] = function.invocations[0].event["Records"]
        assert record["eventSourceARN"] == queue.arn
        assert record["attributes"]["MessageGroupId"] == "a"
        assert record["attributes"]["MessageDeduplicationId"] == "0"
        assert record["attributes"]["SequenceNumber"] == f"{1:020}"


def test_an_answer_after_the_visibility_timeout_deletes_nothing_from_a_fifo_queue() -> None:
    with World() as world:
        seconds = [60.0, 1.0]
        queue, function = lanes(world, lambda *_: world.sleep(seconds.pop(0)), "a", max_concurrency=1)
        queue.visibility = 45.0
        queue.send("b", group="b", deduplication_id="b")
        world.run()
        assert [one.started for one in function.invocations] == [0.0, 60.0]
        assert queue.messages() == []
