import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError
from botocore.parsers import ResponseParserError

from observability.ops import LINE_LIMIT, PUBLISH_TIME, QUIET, QUIET_AFTER_FAILURE, OpsTopic
from retry_policies import Deadline
from retry_policies.presets import AWS_WRITE
from retry_policies.testing import FakeTime
from tests.support.steps.scripted_store import refusal


class Sns:
    """An SNS client that records notices, and raises these errors first."""

    def __init__(self, *errors: Exception, seconds: float = 0.0) -> None:
        self.errors = list(errors)
        self.seconds = seconds
        self.calls = 0
        self.published: list[tuple[str, str]] = []
        self.time = FakeTime(1000.0)
        self.ops = OpsTopic(
            lambda: self, "ops", AWS_WRITE.with_(clock=self.time.clock, sleep=self.time.sleep), self.time.clock
        )

    def publish(self, *, TopicArn: str, Subject: str, Message: str) -> object:
        assert TopicArn == "ops"
        self.calls += 1
        self.time.now += self.seconds
        if self.errors:
            raise self.errors.pop(0)
        self.published.append((Subject, Message))
        return {}

    def send(self, *subjects: str, line: str = "x") -> list[str]:
        """Publish a notice for each subject; return the subjects that arrived."""
        self.published.clear()
        for subject in subjects:
            self.ops.publish(subject, line, self.time.deadline(60))
        return [subject for subject, _ in self.published]


def test_a_notice_is_one_line() -> None:
    sns = Sns()
    sns.send("team", line="Destination team:\nrefused.")
    assert sns.published == [("Holdfast: team", "Destination team: refused.")]


def test_a_notice_is_published_once_in_fifteen_minutes() -> None:
    sns = Sns()
    assert sns.send("team", "team", "other") == ["Holdfast: team", "Holdfast: other"]
    sns.time.now += QUIET
    assert sns.send("team") == ["Holdfast: team"]


def test_a_secret_in_the_line_is_redacted_and_a_long_line_is_cut() -> None:
    sns = Sns()
    sns.send("team", line=f"see https://hooks.slack.com/services/T0001/B0001/{'k' * 24} {'x' * 1000}")
    ((_, message),) = sns.published
    assert "kkkk" not in message
    assert len(message) <= LINE_LIMIT


def test_a_throttled_publish_is_repeated() -> None:
    assert Sns(refusal("ThrottlingException")).send("team") == ["Holdfast: team"]


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "AuthorizationError", "Message": ""}}, "Publish"),
        EndpointConnectionError(endpoint_url="http://127.0.0.1"),
        ResponseParserError("quotes the response"),
    ],
)
def test_after_a_failure_no_subject_is_published_for_a_while(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    sns = Sns(*[error] * 4)
    assert sns.send("team", "team", "other") == []
    assert caplog.text.count("operations not notified") == 3
    sns.errors.clear()
    sns.time.now += QUIET_AFTER_FAILURE
    assert sns.send("team") == ["Holdfast: team"]


def test_a_topic_that_hangs_takes_little_of_the_alerts_time_and_only_once() -> None:
    sns = Sns(*[ConnectTimeoutError(endpoint_url="https://sns.example.com")] * 99, seconds=1.0)
    began = sns.time.now
    assert sns.send(*(f"team {number}" for number in range(10))) == []
    assert sns.calls <= 3
    assert sns.time.now - began <= PUBLISH_TIME + 1.0


def test_the_client_is_made_at_the_first_notice() -> None:
    made: list[str] = []

    class Topic:
        def publish(self, *, TopicArn: str, Subject: str, Message: str) -> None:
            made.append(f"{TopicArn} {Subject} {Message}")

    def make() -> Topic:
        made.append("a client")
        return Topic()

    ops = OpsTopic(make, "ops", AWS_WRITE)
    assert made == []
    ops.publish("parking", "one alert", Deadline.after(60))
    assert made == ["a client", "ops Holdfast: parking one alert"]
