"""sam local invoke with a delivery by each kind of destination."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.platform import LocalAws
from demo.slack.standin import SlackStandin
from tests.support.local_aws.sam_local import SamLocal, container_url, reachable_from_containers, store_default
from tests.support.samples.events import EVENTS
from tests.support.stack.deliveries import create_table

FUNCTION = "SlackAlertsFunction"
TABLE = "DeliveriesTable"
"""The table's name in `sam local`, which resolves a reference to the resource's logical id."""
DELIVERED: dict[str, list[object]] = {"batchItemFailures": []}


@pytest.fixture
def slack(aws: LocalAws) -> Iterator[SlackStandin]:
    """Start a Slack that containers can reach, like the local AWS."""
    with SlackStandin() as standin, reachable_from_containers(aws.endpoint, standin.url):
        yield standin


@pytest.fixture(autouse=True)
def _table(aws: LocalAws) -> Iterator[None]:
    """Create a table: without one the lane is in doubt, and posts no digest at first."""
    dynamodb = aws.client("dynamodb")
    create_table(dynamodb, TABLE)
    yield
    dynamodb.delete_table(TableName=TABLE)


@pytest.fixture
def sam_local(aws: LocalAws, folder: Path) -> SamLocal:
    return SamLocal.beside(aws, folder)


def test_three_alarms_of_a_lane_are_one_message_to_a_webhook(
    aws: LocalAws, slack: SlackStandin, sam_local: SamLocal
) -> None:
    webhook = container_url(slack.webhook_url("ops"))
    store_default(aws, webhook)
    answer = sam_local.invoke(FUNCTION, EVENTS / "lane-alarms.json")
    assert answer.value == DELIVERED, answer.log
    (posted,) = slack.messages(accepted=True)
    assert (posted.webhook, posted.text.count("checkout-errors")) == ("ops", 2)
    assert webhook.rpartition("/")[2] not in answer.log


def test_they_are_posted_by_a_bot_to_its_channel(aws: LocalAws, slack: SlackStandin, sam_local: SamLocal) -> None:
    store_default(aws, json.dumps({"token": slack.bot_token(), "channel": slack.channel_id("ops")}))
    answer = sam_local.invoke(FUNCTION, EVENTS / "lane-alarms.json", SlackApiUrl=container_url(slack.api_url))
    assert answer.value == DELIVERED, answer.log
    (posted,) = slack.messages(accepted=True)
    assert (posted.webhook, posted.text.count("checkout-errors")) == ("#ops", 2)
    assert slack.bot_token() not in answer.log
