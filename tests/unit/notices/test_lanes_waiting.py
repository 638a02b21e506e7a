"""The metric of LaneWaitingAlarm."""

import json

import boto3
import pytest
from botocore.exceptions import ClientError

from notices.lanes_waiting import HELD_FOR
from tests.support.handlers.notices import NoticesStack
from tests.support.steps.scripted_store import refusal


def wait(stack: NoticesStack, alerts: int) -> None:
    """Let alerts wait in LanesQueue."""
    for number in range(alerts):
        boto3.client("sqs").send_message(
            QueueUrl=stack.steps.lanes.url, MessageBody="x", MessageGroupId="a", MessageDeduplicationId=str(number)
        )


def measured(stack: NoticesStack, capsys: pytest.CaptureFixture[str]) -> list[float]:
    """Return the values of the metric in one run."""
    capsys.readouterr()
    stack.run()
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"LanesWaiting"' in line]
    assert all('"Unit": "Count"' in json.dumps(line) for line in lines)
    return [value for line in lines for value in line["LanesWaiting"]]


@pytest.mark.parametrize("alerts", [0, 3])
def test_each_run_measures_how_many_alerts_wait(
    stack: NoticesStack, capsys: pytest.CaptureFixture[str], alerts: int
) -> None:
    wait(stack, alerts)
    assert measured(stack, capsys) == [float(alerts)]


@pytest.mark.parametrize(("ago", "waiting"), [(0.0, 0.0), (HELD_FOR - 301.0, 0.0), (HELD_FOR, 3.0)])
def test_alerts_of_muted_routes_are_no_waiting_ones(
    stack: NoticesStack, capsys: pytest.CaptureFixture[str], ago: float, waiting: float
) -> None:
    wait(stack, 3)
    stack.steps.lanes.last_hold.record()
    stack.time.now += ago
    assert measured(stack, capsys) == [waiting]


def test_a_depth_that_cannot_be_read_fails_the_run_after_its_notice(stack: NoticesStack) -> None:
    stack.queues.put("parking", "text")
    stack.sqs.failing["get_queue_attributes lanes.fifo"] = refusal("AccessDenied")
    with pytest.raises(ClientError):
        stack.run()
    assert stack.sns.calls["publish"] == 1
