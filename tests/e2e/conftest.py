"""The local AWS, the Slack stand-in, and the two deployed stacks that the end-to-end tests share."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.graphs.server import GraphServer
from demo.platform import LocalAws
from demo.slack.standin import SlackStandin
from tests.e2e.routed_events import ROUTED
from tests.support.local_aws.pipeline import LocalPipeline
from tests.support.samples.twins import ALARM_ARNS


@pytest.fixture(scope="session")
def builds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of `sam build`, which the workers of a run share."""
    folder = tmp_path_factory.getbasetemp()
    return (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "sam"


@pytest.fixture(scope="session")
def aws(builds: Path) -> Iterator[LocalAws]:
    with LocalAws(builds=builds) as platform:
        yield platform


@pytest.fixture(scope="session")
def slack() -> Iterator[SlackStandin]:
    with SlackStandin() as standin:
        yield standin


@pytest.fixture(scope="session")
def cloudwatch() -> Iterator[GraphServer]:
    """Draw graphs, which the local AWS cannot."""
    with GraphServer() as server:
        yield server


@pytest.fixture(scope="session")
def pipeline(aws: LocalAws, slack: SlackStandin, cloudwatch: GraphServer) -> LocalPipeline:
    """Deploy a stack with the routes of routed_events.py; alarms bot-* are posted by a bot. It caches its secrets."""
    stack = aws.deploy(SlackApiUrl=slack.api_url, Pictures="on")
    aws.draw_by(stack, cloudwatch.url)
    aws.store_destination(stack, slack.webhook_url("ops"))
    bot = {"token": slack.bot_token(), "channel": slack.channel_id("chat")}
    aws.store_destination(stack, json.dumps(bot), "chat")
    for event in ROUTED:
        aws.store_destination(stack, slack.webhook_url(event.destination), event.destination)
    routes = [{"match": {"alarm": "bot-*"}, "destination": "chat"}, *(event.route for event in ROUTED)]
    aws.store_routes(stack, json.dumps({"routes": routes}))
    return LocalPipeline(aws, stack, slack)


@pytest.fixture(scope="session")
def direct(builds: Path, slack: SlackStandin) -> Iterator[LocalPipeline]:
    """Deploy a stack with direct topic and alarms and a key, without a secret; its documents may become invalid."""
    with LocalAws(builds=builds) as aws:
        topic = aws.client("sns").create_topic(Name="direct")["TopicArn"]
        stack = aws.deploy(DirectTopicArn=topic, DirectAlarmArn=ALARM_ARNS, Encryption="customer-key")
        yield LocalPipeline(aws, stack, slack)
