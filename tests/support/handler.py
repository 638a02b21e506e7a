"""The whole slack_alerts handler: SSM, SQS and SNS of moto's in process, Slack on this machine, all of it watched."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.sqs.models import sqs_backends

from record_batch.batch import BatchResponse, run_batch
from retry_policies import RetryPolicy
from slack_alerts import app
from slack_alerts.slack_http import SlackHttp
from tests.support.events import QUEUE_ARN, TOPIC_ARN
from tests.support.lambda_context import FixedContext

PATH = "/holdfast/destinations"
ROUTES = "/holdfast/routes"


@dataclass
class Hidden:
    """In place of SQS's visibility: moto knows no receipt handle of ours."""

    seconds: dict[str, int] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)

    def change_message_visibility(self, *, QueueUrl: str, ReceiptHandle: str, VisibilityTimeout: int) -> object:  # noqa: N803
        assert QueueUrl
        self.seconds[ReceiptHandle] = VisibilityTimeout
        return {}

    def delete_message(self, *, QueueUrl: str, ReceiptHandle: str) -> object:  # noqa: N803
        assert QueueUrl
        self.deleted.append(ReceiptHandle)
        return {}


@dataclass
class Deployed:
    """What stands around the handler."""

    parking_url: str
    ops_url: str
    hidden: Hidden = field(default_factory=Hidden)
    slept: list[float] = field(default_factory=list)
    ca_file: str | None = None

    def handle(
        self,
        event: object,
        *,
        seconds: float = 60.0,
        change: Callable[[RetryPolicy], RetryPolicy] = lambda policy: policy,
    ) -> BatchResponse:
        """The handler's own words. Pauses are noted and not slept, unless `change` says otherwise."""
        steps = app.wire()
        policy = change(steps.delivery.policy.with_(sleep=self.slept.append))
        post = replace(steps.delivery, policy=policy)
        if self.ca_file:
            post = replace(post, post=SlackHttp(ca_file=self.ca_file).post)
        exits = replace(steps.exits, handoff=replace(steps.exits.handoff, queue=self.hidden))
        steps = replace(steps, delivery=post, exits=exits)
        return run_batch(event, FixedContext(seconds), partial(app.alert, steps, post.visit()), steps.exits)

    def parked(self) -> list[dict[str, Any]]:
        """What the parking queue holds."""
        return _messages(self.parking_url)

    def parked_bodies(self) -> list[str]:
        """All of them, however many: read past moto's ten."""
        queues = sqs_backends["123456789012"]["eu-west-1"].queues
        return [message.body for message in queues["parking"]._messages]  # noqa: SLF001 - moto has no reading without receiving

    def told(self) -> list[dict[str, Any]]:
        """What operations were told."""
        return _messages(self.ops_url)


@contextmanager
def deployed(monkeypatch: pytest.MonkeyPatch, secret: str | None, **destinations: str) -> Iterator[Deployed]:
    """Settings, queues, topic and secrets, as the template and `make secret` leave them; None: no secret yet."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        sqs, sns = boto3.client("sqs"), boto3.client("sns")
        urls = {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("alerts", "parking", "ops")}
        boto3.client("dynamodb").create_table(
            TableName="deliveries",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
        ops = sns.create_topic(Name="ops")["TopicArn"]
        arn = sqs.get_queue_attributes(QueueUrl=urls["ops"], AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        sns.subscribe(TopicArn=ops, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
        for name, value in ({"default": secret} | destinations).items():
            if value is not None:
                store(value, name)
        for name, value in settings(urls, ops).items():
            monkeypatch.setenv(name, value)
        app.wire.cache_clear()
        try:
            yield Deployed(urls["parking"], urls["ops"])
        finally:
            app.wire.cache_clear()


def store(value: str, destination: str = "default") -> None:
    """What `make secret` does."""
    name = f"{PATH}/{destination}"
    boto3.client("ssm").put_parameter(Name=name, Value=value, Type="SecureString", Overwrite=True)


def settings(urls: dict[str, str], ops: str) -> dict[str, str]:
    return {
        "DESTINATIONS_PATH": PATH,
        "DEFAULT_DESTINATION": "default",
        "ROUTES_PARAMETER": ROUTES,
        "SECRET_STORE": "ssm",
        "SLACK_API_URL": "https://slack.com/api",
        "ALLOWED_HOSTS": "hooks.slack.com,slack.com",
        "ALERTS_QUEUE_URL": urls["alerts"],
        "ALERTS_QUEUE_ARN": QUEUE_ARN,
        "ALLOWED_TOPIC_ARNS": TOPIC_ARN,
        "PARKING_QUEUE_URL": urls["parking"],
        "OPS_TOPIC_ARN": ops,
        "DELIVERIES_TABLE": "deliveries",
        "UNANSWERED_POSTS": "repeat",
        "RESERVE_SECONDS": "5",
        "LEASE_SECONDS": "90",
        "FIRST_DELAY_SECONDS": "30",
        "DELAY_CAP_SECONDS": "900",
        "FIRST_PAUSE_SECONDS": "30",
        "PAUSE_CAP_SECONDS": "900",
        "PACE": "standard",
    }


def _messages(url: str) -> list[dict[str, Any]]:
    answer = boto3.client("sqs").receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"], VisibilityTimeout=0
    )
    found: list[dict[str, Any]] = json.loads(json.dumps(answer.get("Messages", []), default=str))
    return found
