import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from aws_events.alarm import AlarmState
from aws_events.alarm_parsing import parse_alarm
from holdfast_cli.failures import CommandFailed
from holdfast_cli.function_log import READ_EVERY, FunctionLog
from holdfast_cli.picture_check import DELIVERED_WITHIN, POSTED_WITHIN, check_picture
from holdfast_cli.stack import Stack
from tests.unit.holdfast_cli.stacks import OUTPUTS


@dataclass
class Aws:
    """SNS, Lambda and CloudWatch Logs; the log has these lines from the third read on."""

    lines: list[dict[str, object]]
    published: list[str] = field(default_factory=list)
    reads: int = 0

    def publish(self, *, TopicArn: str, Message: str) -> dict[str, str]:
        assert TopicArn.endswith(":alerts") or TopicArn
        self.published.append(Message)
        return {"MessageId": "sns-1"}

    def get_function_configuration(self, **_: object) -> dict[str, object]:
        return {"LoggingConfig": {"LogGroup": "group"}}

    def get_paginator(self, _name: str) -> "Aws":
        return self

    def paginate(self, **_: object) -> Iterator[dict[str, Any]]:
        self.reads += 1
        lines = self.lines if self.reads > 2 else []
        yield {"events": [{"message": json.dumps({"sns_message_id": "sns-1", **line})} for line in lines]}


def check(aws: Any) -> tuple[list[str], list[float]]:  # noqa: ANN401 - three clients in one
    stack = Stack.from_outputs("holdfast", {**OUTPUTS, "AlertsTopicArn": "arn:aws:sns:eu-west-1:123456789012:alerts"})
    said: list[str] = []
    slept: list[float] = []
    check_picture(aws, FunctionLog(aws, aws, "slack-alerts"), stack, say=said.append, sleep=slept.append)
    return said, slept


def test_the_picture_of_an_alarm_is_awaited_and_the_alarm_ends() -> None:
    aws = Aws([{"message": "delivered"}, {"message": "picture posted"}])
    said, slept = check(aws)
    assert said[-1].startswith("picture posted: Holdfast test picture ")
    assert len(slept) == 3
    alarm, over = map(parse_alarm, aws.published)
    assert (alarm.state, over.state, alarm.name) == (AlarmState.ALARM, AlarmState.OK, over.name)
    assert alarm.trigger is not None
    assert alarm.trigger.watched.dimensions == (("FunctionName", "slack-alerts"),)
    assert (alarm.account, alarm.region) == ("123456789012", "eu-west-1")


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("missing_scope", "files:write"),
        ("not_in_channel", "/invite"),
        ("AccessDenied", "Pictures=on"),
        ("other", "aws logs tail group"),
    ],
)
def test_a_missing_picture_is_a_failure_with_advice(code: str, advice: str) -> None:
    aws = Aws([{"message": "no picture", "reason": "not_uploaded", "code": code}])
    with pytest.raises(CommandFailed) as failed:
        check(aws)
    assert f"not_uploaded ({code})" in failed.value.problem
    assert advice in failed.value.advice
    assert len(aws.published) == 2


def test_a_destination_without_pictures_is_no_failure() -> None:
    said, slept = check(Aws([{"message": "delivered"}]))
    assert said[-1].endswith("a webhook, which gets none")
    assert sum(slept) == 3 * READ_EVERY + POSTED_WITHIN


def test_an_alarm_that_is_not_delivered_is_not_awaited_for_ever() -> None:
    _, slept = check(Aws([]))
    assert sum(slept) == DELIVERED_WITHIN
