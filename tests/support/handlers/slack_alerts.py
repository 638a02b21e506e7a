"""The whole slack_alerts handler: SSM, SQS, SNS and DynamoDB by moto in this process, Slack on this machine."""

import json
import os
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import boto3
import pytest
from moto.sqs.models import sqs_backends

from record_batch.batch import BatchResponse
from record_batch.lanes import run_lanes
from retry_policies import RetryPolicy
from retry_policies.backoff import Uniform
from slack_alerts import app
from slack_alerts.models import Credentials, SlackMessage
from slack_alerts.slack.http import SlackHttp
from tests.support.handlers.aws_in_process import REGION, aws_in_process
from tests.support.handlers.lambda_context import FixedContext
from tests.support.samples.events import LANES_ARN
from tests.support.text.leaks import Overheard, Step, overhear

QUICK = 0.5
"""Seconds that a post may start with, here: a slow answer of the fault server's is soon cut off."""
PATH = "/holdfast/destinations"
FIFO: Any = {"FifoQueue": "true", "DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"}
"""The attributes of LanesQueue."""


@dataclass
class Hidden:
    """In place of SQS's visibility: moto knows no receipt handle of ours."""

    seconds: dict[str, int] = field(default_factory=dict)
    error: Exception | None = None
    deleted: list[str] = field(default_factory=list)

    def send_message(self, *, QueueUrl: str, MessageBody: str, DelaySeconds: int) -> object:
        """For moto: this needs no handle."""
        return boto3.client("sqs").send_message(QueueUrl=QueueUrl, MessageBody=MessageBody, DelaySeconds=DelaySeconds)

    def change_message_visibility(self, *, QueueUrl: str, ReceiptHandle: str, VisibilityTimeout: int) -> object:
        assert QueueUrl
        if self.error is not None:
            raise self.error
        self.seconds[ReceiptHandle] = VisibilityTimeout
        return {}

    def delete_message(self, *, QueueUrl: str, ReceiptHandle: str) -> object:
        assert QueueUrl
        self.deleted.append(ReceiptHandle)
        return {}

    def send_message_batch(self, *, QueueUrl: str, Entries: Sequence[Mapping[str, Any]]) -> object:
        make: Any = boto3.client
        return make("sqs").send_message_batch(QueueUrl=QueueUrl, Entries=Entries)

    def change_message_visibility_batch(self, *, QueueUrl: str, Entries: Sequence[Mapping[str, Any]]) -> object:
        assert QueueUrl
        if self.error is not None:
            raise self.error
        self.seconds |= {entry["ReceiptHandle"]: entry["VisibilityTimeout"] for entry in Entries}
        return {"Successful": [{"Id": entry["Id"]} for entry in Entries]}

    def delete_message_batch(self, *, QueueUrl: str, Entries: Sequence[Mapping[str, Any]]) -> object:
        assert QueueUrl
        self.deleted += [entry["ReceiptHandle"] for entry in Entries]
        return {"Successful": [{"Id": entry["Id"]} for entry in Entries]}


@dataclass
class Refusing:
    """A queue that takes nothing."""

    error: Exception

    def send_message(self, **_: object) -> object:
        raise self.error


@dataclass
class Deployed:
    """What stands around the handler."""

    lanes_url: str
    parking_url: str
    ops_url: str
    hidden: Hidden = field(default_factory=Hidden)
    slept: list[float] = field(default_factory=list)
    """Pauses between attempts."""
    held: list[float] = field(default_factory=list)
    """Pauses between the posts of a lane."""
    passed: float = 0.0
    parking_error: Exception | None = None
    """What the parking queue answers instead of taking anything."""
    ca_file: str | None = None
    digest_from: int = 3
    uniform: Uniform = random.uniform
    """Draws the jitter of a lane's pause."""
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
        """Run the handler's own steps. Pauses are noted and not slept, unless `change` says otherwise."""
        steps = app.wire()
        post = self.post or SlackHttp(os.environ["SLACK_API_URL"], self.ca_file).post
        delivery = replace(
            steps.delivery,
            policy=change(steps.delivery.policy.with_(sleep=self.slept.append, min_attempt_time=QUICK)),
            post=overhear(post, self.overheard),
            destinations=replace(
                steps.delivery.destinations,
                credential_store=Step(steps.delivery.destinations.credential_store, self.overheard),
            ),
            lanes=replace(steps.delivery.lanes, clock=self.wall, uniform=self.uniform),
            claims=replace(steps.delivery.claims, clock=self.wall),
            digest_from=self.digest_from,
            clock=self.wall,
            sleep=self.held.append,
        )
        policy = steps.resources.lanes.policy.with_(sleep=self.slept.append)
        resources = replace(steps.resources, lanes=replace(steps.resources.lanes, sqs=self.hidden, policy=policy))
        if self.parking_error is not None:
            resources = replace(resources, parking=replace(resources.parking, queue=Refusing(self.parking_error)))
        steps = replace(steps, delivery=delivery, resources=resources)
        run = overhear(run_lanes, self.overheard)
        return run(event, FixedContext(seconds), partial(app.alert, steps), steps.resources)

    @contextmanager
    def thawed(self, seconds: float) -> Iterator[None]:
        """As if the environment had been frozen for so long: what it keeps counts as so much older."""
        credential_store: Any = app.wire().delivery.destinations.credential_store
        with self._with_credential_store(clock=lambda: credential_store.clock() + seconds):
            yield

    @contextmanager
    def reading(self, store: object, policy: RetryPolicy) -> Iterator[None]:
        """Secrets are read there, by that policy."""
        with self._with_credential_store(store=store, policy=policy):
            yield

    @contextmanager
    def _with_credential_store(self, **changes: object) -> Iterator[None]:
        steps = app.wire()
        changed = with_credential_store(steps, **changes)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(app, "wire", lambda: changed)
            yield

    def forget(self) -> None:
        """Empty the table of claims and lanes."""
        table = boto3.client("dynamodb")
        for row in table.scan(TableName="deliveries")["Items"]:
            table.delete_item(TableName="deliveries", Key={"id": row["id"]})

    def wall(self) -> float:
        """The time of claims and lanes: `passed` seconds from now."""
        return time.time() + self.passed

    def sent(self) -> list[Any]:
        """The messages that LanesQueue was sent."""
        return _all("lanes.fifo")

    def parked(self) -> list[dict[str, Any]]:
        """What the parking queue holds."""
        return _messages(self.parking_url)

    def take_parked(self) -> list[str]:
        """All bodies, however many, and they are gone: the more moto holds, the slower it gets."""
        held = _all("parking")
        bodies = [message.body for message in held]
        held.clear()
        return bodies

    def with_facts(self) -> list[str]:
        """Return body and attributes of each message that was sent to a lane, to parking or to operations."""
        queues = ("lanes.fifo", "parking", "ops")
        return [f"{one.body} {one.message_attributes}" for name in queues for one in _all(name)]

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
        urls = {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("parking", "ops")}
        urls["lanes"] = sqs.create_queue(QueueName="lanes.fifo", Attributes=FIFO)["QueueUrl"]
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
            yield Deployed(urls["lanes"], urls["parking"], urls["ops"])
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
        "SECRET_STORE": "ssm",
        "SLACK_API_URL": "https://slack.com/api",
        "ALLOWED_HOSTS": "hooks.slack.com,slack.com",
        "LANES_QUEUE_URL": urls["lanes"],
        "LANES_QUEUE_ARN": LANES_ARN,
        "PARKING_QUEUE_URL": urls["parking"],
        "OPS_TOPIC_ARN": ops,
        "DELIVERIES_TABLE": "deliveries",
        "UNANSWERED_POSTS": "repeat",
        "DIGEST_FROM": "3",
        "RESERVE_SECONDS": "5",
        "LEASE_SECONDS": "45",
        "LANE_SECONDS": "10",
        "POST_INTERVAL_SECONDS": "1",
        "FIRST_PAUSE_SECONDS": "5",
        "PAUSE_CAP_SECONDS": "60",
        "DOUBT_PAUSE_CAP_SECONDS": "900",
        "PACE": "standard",
    }


def with_credential_store(steps: app.Steps, **changes: object) -> app.Steps:
    """Return these steps with a credential store that has these changes."""
    credential_store: Any = replace(steps.delivery.destinations.credential_store, **changes)  # type: ignore[type-var] # a CredentialStore, behind its protocol
    destinations = replace(steps.delivery.destinations, credential_store=credential_store)
    return replace(
        steps,
        delivery=replace(steps.delivery, destinations=destinations),
        self_tests=replace(steps.self_tests, credential_store=credential_store),
    )


def _all(queue: str) -> list[Any]:
    found: list[Any] = sqs_backends["123456789012"][REGION].queues[queue]._messages  # noqa: SLF001 - moto has no reading without receiving
    return found


def _messages(url: str) -> list[dict[str, Any]]:
    answer = boto3.client("sqs").receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"], VisibilityTimeout=0
    )
    found: list[dict[str, Any]] = json.loads(json.dumps(answer.get("Messages", []), default=str))
    return found
