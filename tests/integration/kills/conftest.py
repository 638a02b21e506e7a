"""The local AWS, and on it the queues, the table and the secrets of each test."""

from collections.abc import Iterator
from itertools import count

import pytest

from demo.clients import Clients, local_environment
from demo.ministack import ministack
from tests.support.handlers.aws_in_process import FIFO
from tests.support.handlers.slack_alerts import PATH
from tests.support.local_aws.process_pipeline import LEASE, ProcessPipeline
from tests.support.slack.loopback import LoopbackSlack
from tests.support.stack.deliveries import create_table
from tests.support.stack.environment import environment

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
def pipeline(cloud: Clients, slack: LoopbackSlack) -> ProcessPipeline:
    """Create queues, a table and secrets with unique names."""
    number = next(NUMBERS)
    sqs, ssm = cloud.client("sqs"), cloud.client("ssm")
    lanes = sqs.create_queue(QueueName=f"lanes-{number}.fifo", Attributes=FIFO)["QueueUrl"]
    urls = {"lanes": lanes, "parking": sqs.create_queue(QueueName=f"parking-{number}")["QueueUrl"]}
    names = {"OpsTopic": cloud.client("sns").create_topic(Name=f"ops-{number}")["TopicArn"]}
    names["DeliveriesTable"] = f"deliveries-{number}"
    variables = {
        **environment("SlackAlerts", {"LanesQueue": lanes, "ParkingQueue": urls["parking"], **names}),
        "DESTINATIONS_PATH": f"{PATH}-{number}",
        "LEASE_SECONDS": str(LEASE),
        "LANE_SECONDS": "60",
        "RESERVE_SECONDS": "30",  # an AWS call may take a fifth of it: the machine may be busy
    }
    create_table(cloud.client("dynamodb"), variables["DELIVERIES_TABLE"])
    for name in ("default", "team"):
        ssm.put_parameter(
            Name=f"{variables['DESTINATIONS_PATH']}/{name}", Value=slack.webhook(name), Type="SecureString"
        )
    return ProcessPipeline(sqs, urls, local_environment({}, cloud.endpoint) | variables | {"PYTHONPATH": "."}, slack)
