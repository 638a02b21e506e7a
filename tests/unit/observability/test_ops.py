import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError
from botocore.parsers import ResponseParserError

from observability.ops import LINE_LIMIT, QUIET, QUIET_AFTER_FAILURE, TELL_TIME, OpsTopic
from retry_policies import Deadline
from retry_policies.presets import AWS_WRITE
from tests.support.steps.clock import FakeClock


class Topic:
    """An SNS that remembers what was published, and fails when told."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.published: list[tuple[str, str]] = []

    def publish(self, *, TopicArn: str, Subject: str, Message: str) -> object:
        assert TopicArn == "ops"
        if self.errors:
            raise self.errors.pop(0)
        self.published.append((Subject, Message))
        return {}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def ops(topic: Topic, clock: FakeClock) -> OpsTopic:
    return OpsTopic(topic, "ops", AWS_WRITE.with_(clock=clock, sleep=clock.sleep), clock)


def test_operations_get_one_line(clock: FakeClock) -> None:
    topic = Topic()
    ops(topic, clock).tell("team", "Destination team:\nrefused.", Deadline.after(60, clock=clock))
    assert topic.published == [("Holdfast: team", "Destination team: refused.")]


def test_the_same_thing_is_told_once_in_fifteen_minutes(clock: FakeClock) -> None:
    topic = Topic()
    told = ops(topic, clock)
    for about in ("team", "team", "other"):
        told.tell(about, "x", Deadline.after(60, clock=clock))
    clock.now += QUIET
    told.tell("team", "x", Deadline.after(60, clock=clock))
    assert [subject for subject, _ in topic.published] == ["Holdfast: team", "Holdfast: other", "Holdfast: team"]


def test_a_secret_in_the_line_is_taken_out_and_a_long_one_cut(clock: FakeClock) -> None:
    topic = Topic()
    line = f"see https://hooks.slack.com/services/T0001/B0001/{'k' * 24} {'x' * 1000}"
    ops(topic, clock).tell("team", line, Deadline.after(60, clock=clock))
    ((_, message),) = topic.published
    assert "kkkk" not in message
    assert len(message) <= LINE_LIMIT


def test_a_throttled_publish_is_repeated(clock: FakeClock) -> None:
    topic = Topic(ClientError({"Error": {"Code": "ThrottlingException", "Message": ""}}, "Publish"))
    ops(topic, clock).tell("team", "x", Deadline.after(60, clock=clock))
    assert len(topic.published) == 1


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "AuthorizationError", "Message": ""}}, "Publish"),
        EndpointConnectionError(endpoint_url="http://127.0.0.1"),
        ResponseParserError("quotes what it could not parse"),
    ],
)
def test_a_topic_that_cannot_be_reached_costs_nothing_but_a_log_line(
    error: Exception, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    topic = Topic(*[error] * 4)
    told = ops(topic, clock)
    told.tell("team", "x", Deadline.after(60, clock=clock))
    assert "operations not told" in caplog.text
    topic.errors.clear()
    clock.now += QUIET_AFTER_FAILURE
    told.tell("team", "x", Deadline.after(60, clock=clock))
    assert len(topic.published) == 1


def test_a_topic_that_failed_is_left_alone_for_a_while_whatever_it_is_about(
    clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    topic = Topic(ClientError({"Error": {"Code": "AuthorizationError", "Message": ""}}, "Publish"))
    told = ops(topic, clock)
    for about in ("team", "team", "other"):
        told.tell(about, "x", Deadline.after(60, clock=clock))
    assert topic.published == []
    assert caplog.text.count("operations not told") == 3


def test_a_topic_that_hangs_takes_little_of_the_alerts_time_and_that_once(clock: FakeClock) -> None:
    calls: list[float] = []

    class Hanging:
        def publish(self, **_: str) -> object:
            calls.append(clock.now)
            clock.now += 1.0  # as long as connecting may take
            raise ConnectTimeoutError(endpoint_url="https://sns.example.com")

    told = OpsTopic(Hanging(), "ops", AWS_WRITE.with_(clock=clock, sleep=clock.sleep), clock)
    began = clock.now
    for number in range(10):
        told.tell(f"team {number}", "x", Deadline.after(60, clock=clock))
    assert len(calls) <= 3
    assert clock.now - began <= TELL_TIME + 1.0
