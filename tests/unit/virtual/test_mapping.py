from typing import Any

import pytest

from aws_events.envelope import Record, read_event
from tests.support.virtual.function import VirtualContext
from tests.support.virtual.operations import Moment
from tests.support.virtual.road import Road
from tests.support.virtual.world import World
from tests.unit.virtual.roads import failing, knock, road

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
