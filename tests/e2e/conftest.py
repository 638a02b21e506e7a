"""One local AWS, and one deployed stack on it, for all end-to-end tests of a run."""

import json
from collections.abc import Iterator

import pytest

from demo.platform import LocalAws
from demo.slack.standin import SlackStandin
from holdfast_cli.stack import Stack


@pytest.hookimpl(tryfirst=True)  # before the marks are selected by
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/e2e" in item.nodeid:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def aws() -> Iterator[LocalAws]:
    with LocalAws() as platform:
        yield platform


@pytest.fixture(scope="session")
def standin() -> Iterator[SlackStandin]:
    with SlackStandin() as standin:
        yield standin


@pytest.fixture(scope="session")
def stack(aws: LocalAws, standin: SlackStandin) -> Stack:
    """Its bot posts to the stand-in, too."""
    return aws.deploy(SlackApiUrl=standin.api_url)


@pytest.fixture(scope="session")
def slack(aws: LocalAws, stack: Stack, standin: SlackStandin) -> SlackStandin:
    """Its webhook is the default destination, its bot that of a route; the function keeps both for minutes."""
    aws.store_destination(stack, standin.webhook_url("ops"))
    bot = {"token": standin.bot_token(), "channel": standin.channel_id("chat")}
    aws.store_destination(stack, json.dumps(bot), "chat")
    aws.store_routes(stack, json.dumps({"routes": [{"match": {"alarm": "bot-*"}, "destination": "chat"}]}))
    return standin
