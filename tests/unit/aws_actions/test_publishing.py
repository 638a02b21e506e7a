from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from hypothesis import given
from hypothesis import strategies as st

from aws_actions.parsing import parse
from aws_actions.publishing import AlertsTopic
from aws_events.strict_json import Invalid
from notifications.models import Kind
from notifications.parsing import parse as parse_for_slack
from retry_policies import Deadline
from retry_policies.presets import AWS_WRITE
from tests.support.samples.notifications import record
from tests.unit.aws_actions.builders import CANARY, NOON, request

REQUEST = replace(request("ecs", "UpdateService", {"service": CANARY}), alarm="checkout-errors")


@dataclass
class Topic:
    error: Exception | None = None
    published: list[dict[str, str]] = field(default_factory=list)

    def publish(self, **message: Any) -> None:  # noqa: ANN401 - as boto3 has it
        if self.error is not None:
            raise self.error
        self.published.append(message)


def published(outcome: str = "done", **changes: Any) -> dict[str, str]:  # noqa: ANN401 - each field has its own type
    codes = {name: changes.pop(name) for name in ("code", "request_id") if name in changes}
    topic = Topic()
    publisher = AlertsTopic(lambda: topic, "arn:alerts", AWS_WRITE)
    publisher.publish_outcome(replace(REQUEST, **changes), outcome, Deadline.after(60), **codes)
    [message] = topic.published
    assert CANARY not in str(message)
    return message


def test_a_message_has_the_call_its_alarm_and_its_outcome() -> None:
    assert published(request_id="99999999-8888") == {
        "TopicArn": "arn:alerts",
        "Subject": "AWS call done: ecs UpdateService",
        "Message": "ecs UpdateService: done\nAlarm: checkout-errors\nRequest id: 99999999-8888",
    }
    refused = published("message_refused", alarm="", code="ServiceNotFoundException")["Message"]
    assert refused == "ecs UpdateService: message_refused\nAsked for by a message\nCode: ServiceNotFoundException"


def test_a_subject_is_short_enough_for_sns() -> None:
    assert len(published(call=request("s" * 63, "O" * 128, {}).call)["Subject"]) == 99


@pytest.mark.parametrize("alarm", ['{"service": "ecs"}', "a\n{}", "\ud800", "x" * 999, "Code: done"])
def test_an_alarms_name_stays_on_its_line(alarm: str) -> None:
    _, line = published(alarm=alarm)["Message"].splitlines()
    assert line.startswith("Alarm: ")
    assert line.isprintable()


@given(st.text(), st.sampled_from(["done", "expired", "refused"]), st.text(alphabet="abcXYZ._-"))
def test_an_outcome_is_shown_as_text_and_never_read_as_a_request(alarm: str, outcome: str, code: str) -> None:
    message = published(outcome, alarm=alarm, code=code)
    received = record(message["Message"], subject=message["Subject"])
    with pytest.raises(Invalid, match="must be JSON"):
        parse(received, key="k", sent_at=NOON)
    shown = parse_for_slack(received)
    assert (shown.kind, shown.title, shown.reason) == (Kind.TEXT, message["Subject"], message["Message"])


@pytest.mark.parametrize("seconds", [60, -1])
def test_a_failure_is_logged_only(seconds: float, caplog: pytest.LogCaptureFixture) -> None:
    topic = Topic(EndpointConnectionError(endpoint_url="https://secret"))
    policy = AWS_WRITE.with_(sleep=lambda _: None)
    AlertsTopic(lambda: topic, "arn:alerts", policy).publish_outcome(REQUEST, "done", Deadline.after(seconds))
    assert "outcome not published" in caplog.text
    assert "secret" not in caplog.text
