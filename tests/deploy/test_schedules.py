"""The schedule of redrive at work, on a stack that runs it every minute."""

from collections.abc import Iterator

import pytest

from holdfast_cli.stack import Stack
from tests.support.local_aws.deployments import Deployments
from tests.support.local_aws.waiting import wait_for

NAME = "holdfast-scheduled"


@pytest.fixture
def stack(deployments: Deployments) -> Iterator[Stack]:
    stack = deployments.deploy("redrive every minute", NAME, RedriveRate="rate(1 minute)")
    deployments.aws.store_destination(stack, deployments.slack.webhook_url("ops"))
    yield stack
    deployments.slack.outage(0)
    deployments.delete("redrive every minute: deleted", NAME)


def test_a_dead_letter_of_an_outage_is_delivered_once_by_the_schedule(deployments: Deployments, stack: Stack) -> None:
    def is_dead() -> bool:
        return any(name in one.body for one in deployments.aws.peek(stack.lanes_dead_letter_queue_url))

    deployments.slack.outage()
    name = deployments.publish(stack)
    assert wait_for(is_dead, 120)
    deployments.slack.outage(0)
    assert wait_for(lambda: deployments.delivered(name), 180), deployments.aws.log()[-2000:]
    assert wait_for(lambda: not is_dead())
    assert len([one for one in deployments.slack.messages(accepted=True) if name in one.body]) == 1
