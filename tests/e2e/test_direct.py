"""A stack with all that a parameter can enable: a topic that invokes intake directly, and a key of its own."""

import pytest

from tests.e2e.scenarios import is_queued_by_intake
from tests.support.local_aws.pipeline import INTAKE, LocalPipeline, unique
from tests.support.local_aws.waiting import wait_for


@pytest.fixture(scope="module", autouse=True)
def _secret(direct: LocalPipeline) -> None:
    direct.aws.store_destination(direct.stack, direct.slack.webhook_url("ops"))


def test_an_alert_is_delivered_without_the_queue(direct: LocalPipeline) -> None:
    name = unique()
    with direct.aws.paused(direct.stack, INTAKE):
        direct.publish(name, direct.stack.parameters["DirectTopicArn"])
        assert len(wait_for(lambda: direct.posts(name))) == 1


def test_a_direct_alert_that_cannot_be_sent_to_its_lane_is_queued_and_delivered_once(direct: LocalPipeline) -> None:
    name = is_queued_by_intake(direct)
    assert len(wait_for(lambda: direct.posts(name))) == 1
    assert wait_for(lambda: not direct.queued(direct.stack.alerts_queue_url))


def test_its_queues_are_encrypted_with_its_key(direct: LocalPipeline) -> None:
    sqs, attribute = direct.aws.client("sqs"), "KmsMasterKeyId"
    queues = [url for name, url in direct.stack.outputs.items() if name.endswith("QueueUrl")]
    answers = [sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[attribute]) for url in queues]  # type: ignore[list-item] # a constant
    (arn,) = {one["Attributes"][attribute] for one in answers}  # type: ignore[index] # a constant
    assert ":key/" in arn
