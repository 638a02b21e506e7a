"""The local AWS, which outlives every invocation, and on it one stack's queues, table and secrets for each test."""

import json
from collections.abc import Iterator
from itertools import count

import pytest
from local.clients import Clients, local_environment
from local.ministack import ministack

from tests.support.handler import PATH, ROUTES, settings
from tests.support.kill_road import LEASE, KillRoad
from tests.support.loopback_slack import LoopbackSlack

RECEIVES = 6
TEAM_ROUTE = {"routes": [{"match": {"alarm": "team-*"}, "destination": "team"}]}
NUMBERS = count(1)


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clients]:
    with ministack(tmp_path_factory.mktemp("ministack")) as endpoint:
        yield Clients(endpoint)


@pytest.fixture
def slack() -> Iterator[LoopbackSlack]:
    with LoopbackSlack() as server:
        yield server


@pytest.fixture
def road(cloud: Clients, slack: LoopbackSlack) -> KillRoad:
    """Names of their own in every test: nothing of another one's is there."""
    number = next(NUMBERS)
    sqs, ssm = cloud.client("sqs"), cloud.client("ssm")
    urls = {name: sqs.create_queue(QueueName=f"{name}-{number}")["QueueUrl"] for name in ("dead", "alerts", "parking")}
    dead = sqs.get_queue_attributes(QueueUrl=urls["dead"], AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    redrive = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": str(RECEIVES)})
    sqs.set_queue_attributes(QueueUrl=urls["alerts"], Attributes={"RedrivePolicy": redrive})
    told = {
        **settings(urls, cloud.client("sns").create_topic(Name=f"ops-{number}")["TopicArn"]),
        "DELIVERIES_TABLE": f"deliveries-{number}",
        "DESTINATIONS_PATH": f"{PATH}-{number}",
        "ROUTES_PARAMETER": f"{ROUTES}-{number}",
        "LEASE_SECONDS": str(LEASE),
        "RESERVE_SECONDS": "30",  # a fifth of it is how long an AWS call may take: the machine may be busy
    }
    cloud.client("dynamodb").create_table(
        TableName=told["DELIVERIES_TABLE"],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    for name in ("default", "team"):
        ssm.put_parameter(Name=f"{told['DESTINATIONS_PATH']}/{name}", Value=slack.webhook(name), Type="SecureString")
    ssm.put_parameter(Name=told["ROUTES_PARAMETER"], Value=json.dumps(TEAM_ROUTE), Type="String")
    python = {"PYTHONPATH": ".", "POWERTOOLS_SERVICE_NAME": "slack_alerts"}
    return KillRoad(sqs, urls, local_environment({}, cloud.endpoint) | told | python, slack)
