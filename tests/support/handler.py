"""The whole slack_alerts handler: SSM, SQS and SNS of moto's in process, Slack on this machine, all of it watched."""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import boto3
import pytest
from moto.sqs.models import sqs_backends

from record_batch.batch import BatchResponse, run_batch
from retry_policies import RetryPolicy
from slack_alerts import app
from slack_alerts.models import Credentials, SlackMessage
from slack_alerts.slack_http import SlackHttp
from tests.support.aws_in_process import REGION, aws_in_process
from tests.support.events import QUEUE_ARN, TOPIC_ARN
from tests.support.lambda_context import FixedContext
from tests.support.overhearing import Overheard, Step, overhear

QUICK = 0.5
"""Seconds that a post may start with, here: a slow answer of the fault server's is soon cut off."""
PATH = "/holdfast/destinations"
ROUTES = "/holdfast/routes"


@dataclass
class Hidden:
    """In place of SQS's visibility: moto knows no receipt handle of ours."""

    seconds: dict[str, int] = field(default_factory=dict)
    error: Exception | None = None
    deleted: list[str] = field(default_factory=list)

    def send_message(self, *, QueueUrl: str, MessageBody: str, DelaySeconds: int) -> object:  # noqa: N803
        """For moto: this needs no handle."""
        return boto3.client("sqs").send_message(QueueUrl=QueueUrl, MessageBody=MessageBody, DelaySeconds=DelaySeconds)

    def change_message_visibility(self, *, QueueUrl: str, ReceiptHandle: str, VisibilityTimeout: int) -> object:  # noqa: N803
        assert QueueUrl
        if self.error is not None:
            raise self.error
        self.seconds[ReceiptHandle] = VisibilityTimeout
        return {}

    def delete_message(self, *, QueueUrl: str, ReceiptHandle: str) -> object:  # noqa: N803
        assert QueueUrl
        self.deleted.append(ReceiptHandle)
        return {}


@dataclass
class Refusing:
    """A queue that takes nothing."""

    error: Exception

    def send_message(self, **_: object) -> object:
        raise self.error


@dataclass
class Deployed:
    """What stands around the handler."""

    parking_url: str
    ops_url: str
    hidden: Hidden = field(default_factory=Hidden)
    slept: list[float] = field(default_factory=list)
    passed: float = 0.0
    parking_error: Exception | None = None
    """What the parking queue answers instead of taking anything."""
    ca_file: str | None = None
    overheard: Overheard = field(default_factory=Overheard, repr=False)
    post: Callable[[Credentials, SlackMessage, float], None] | None = None
    """In place of a post over the network."""

    def handle(
        self,
        event: object,
        *,
        seconds: float = 60.0,
        change: Callable[[RetryPolicy], RetryPolicy] = lambda policy: policy,
    ) -> BatchResponse:
        """The handler's own words. Pauses are noted and not slept, unless `change` says otherwise."""
        steps = app.wire()
        post = self.post or SlackHttp(os.environ["SLACK_API_URL"], self.ca_file).post
        delivery = replace(
            steps.delivery,
            policy=change(steps.delivery.policy.with_(sleep=self.slept.append, min_attempt_time=QUICK)),
            post=overhear(post, self.overheard),
            keyring=Step(steps.delivery.keyring, self.overheard),
            claims=replace(steps.delivery.claims, clock=self.wall),
            circuits=replace(steps.delivery.circuits, clock=self.wall),
        )
        exits = replace(steps.exits, handoff=replace(steps.exits.handoff, queue=self.hidden))
        if self.parking_error is not None:
            exits = replace(exits, parking=replace(exits.parking, queue=Refusing(self.parking_error)))
        steps = replace(steps, delivery=delivery, exits=exits)
        run = overhear(run_batch, self.overheard)
        return run(event, FixedContext(seconds), partial(app.alert, steps, delivery.visit()), steps.exits)

    @contextmanager
    def thawed(self, seconds: float) -> Iterator[None]:
        """As if the environment had been frozen for so long: what it keeps counts as so much older."""
        keyring: Any = app.wire().delivery.keyring
        with self._with_keyring(clock=lambda: keyring.clock() + seconds):
            yield

    @contextmanager
    def reading(self, store: object, policy: RetryPolicy) -> Iterator[None]:
        """Secrets are read there, by that policy."""
        with self._with_keyring(store=store, policy=policy):
            yield

    @contextmanager
    def _with_keyring(self, **changes: object) -> Iterator[None]:
        steps = app.wire()
        keyring: Any = replace(steps.delivery.keyring, **changes)  # type: ignore[type-var] # a Keyring, behind its protocol
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(app, "wire", lambda: replace(steps, delivery=replace(steps.delivery, keyring=keyring)))
            yield

    def forget(self) -> None:
        """Empty the table of claims and circuits."""
        table = boto3.client("dynamodb")
        for row in table.scan(TableName="deliveries")["Items"]:
            table.delete_item(TableName="deliveries", Key={"id": row["id"]})

    def wall(self) -> float:
        """The time that claims and circuits go by: `passed` seconds from now."""
        return time.time() + self.passed

    def parked(self) -> list[dict[str, Any]]:
        """What the parking queue holds."""
        return _messages(self.parking_url)

    def take_parked(self) -> list[str]:
        """All bodies, however many, and they are gone: the more moto holds, the slower it gets."""
        held = _all("parking")
        bodies = [message.body for message in held]
        held.clear()
        return bodies

    def handed_on(self) -> list[str]:
        """Bodies and attributes of all that is parked, and of all that operations were told."""
        return [f"{one.body} {one.message_attributes}" for name in ("parking", "ops") for one in _all(name)]

    def told(self) -> list[dict[str, Any]]:
        """What operations were told."""
        return _messages(self.ops_url)


@contextmanager
def deployed(
    monkeypatch: pytest.MonkeyPatch, secret: str | None, *, api_url: str = "https://slack.com/api", **destinations: str
) -> Iterator[Deployed]:
    """Settings, queues, topic and secrets, as the template and `make secret` leave them; None: no secret yet."""
    with aws_in_process():
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
        for name, value in (settings(urls, ops) | {"SLACK_API_URL": api_url}).items():
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


def _all(queue: str) -> list[Any]:
    found: list[Any] = sqs_backends["123456789012"][REGION].queues[queue]._messages  # noqa: SLF001 - moto has no reading without receiving
    return found


def _messages(url: str) -> list[dict[str, Any]]:
    answer = boto3.client("sqs").receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"], VisibilityTimeout=0
    )
    found: list[dict[str, Any]] = json.loads(json.dumps(answer.get("Messages", []), default=str))
    return found
