"""The whole slack_alerts handler, wired to a moto SSM and SQS in process and to a Slack of this machine."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import boto3
import pytest
from moto import mock_aws

from record_batch.batch import BatchResponse, run_batch
from retry_policies import RetryPolicy
from slack_alerts import app
from tests.support.lambda_context import FixedContext

PATH = "/holdfast/destinations"


@contextmanager
def deployed(monkeypatch: pytest.MonkeyPatch, webhook: str) -> Iterator[None]:
    """Settings, a queue and the default destination's secret, as the template and `make secret` leave them."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        boto3.client("ssm").put_parameter(Name=f"{PATH}/default", Value=webhook, Type="SecureString")
        settings = {
            "DESTINATIONS_PATH": PATH,
            "DEFAULT_DESTINATION": "default",
            "ALERTS_QUEUE_URL": boto3.client("sqs").create_queue(QueueName="alerts")["QueueUrl"],
            "RESERVE_SECONDS": "5",
            "FIRST_DELAY_SECONDS": "30",
            "DELAY_CAP_SECONDS": "900",
        }
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        app.wire.cache_clear()
        try:
            yield
        finally:
            app.wire.cache_clear()


def handle(event: object, change: Callable[[RetryPolicy], RetryPolicy] = lambda policy: policy) -> BatchResponse:
    """The handler's own words, with its delivery policy changed: a recorded sleep, fixed randomness."""
    steps = app.wire()
    steps = replace(steps, delivery=replace(steps.delivery, policy=change(steps.delivery.policy)))
    return run_batch(event, FixedContext(), partial(app.alert, steps), handoff=steps.handoff, reserve=steps.reserve)
