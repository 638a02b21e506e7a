"""What operators type, as they type it, against the local AWS: make secret, make verify, make parked."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from demo.clients import local_environment
from demo.platform import LocalAws
from demo.slack.standin import SlackStandin
from holdfast_cli.sam import ROOT
from holdfast_cli.stack import Stack

TEST_ALERT = "Holdfast test alert"


def run(aws: LocalAws, command: str, *arguments: str, typed: str = "", **told: str) -> tuple[int, str]:
    """One command of ours with the local AWS around it -> (exit code, all that it printed)."""
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", f"holdfast_cli.{command}", *arguments],
        env=local_environment(os.environ, aws.endpoint) | told,
        cwd=ROOT,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


def stored(aws: LocalAws, name: str) -> str:
    return aws.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]


def test_a_webhook_is_stored_where_the_stack_looks_for_it(aws: LocalAws, stack: Stack, slack: SlackStandin) -> None:
    webhook = slack.webhook_url("operators")
    code, printed = run(aws, "secret", typed=f"{webhook}\n", STACK=stack.name, DESTINATION="operators")
    name = f"{stack.destinations_path}/operators"
    assert (code, stored(aws, name)) == (0, webhook), printed
    assert f"stored as {name} in ssm" in printed
    assert webhook.rpartition("/")[2] not in printed


def test_a_token_is_stored_with_its_channel(aws: LocalAws, stack: Stack, slack: SlackStandin) -> None:
    token, channel = slack.bot_token(), slack.channel_id("operators")
    code, printed = run(aws, "secret", typed=f"{token}\n{channel}\n", STACK=stack.name, DESTINATION="bot")
    assert code == 0, printed
    assert json.loads(stored(aws, f"{stack.destinations_path}/bot")) == {"token": token, "channel": channel}
    assert token not in printed


def test_what_the_function_would_refuse_is_not_stored(aws: LocalAws, stack: Stack) -> None:
    code, printed = run(aws, "secret", typed="https://example.com/c4n4ry\n", STACK=stack.name, DESTINATION="bad")
    assert code == 1
    assert "destination bad: the webhook must name one of the allowed hosts" in printed
    assert "c4n4ry" not in printed


def test_a_road_that_delivers_is_verified(aws: LocalAws, stack: Stack, slack: SlackStandin) -> None:
    code, printed = run(aws, "verify", stack.name)
    assert code == 0, printed
    (posted,) = [one for one in slack.messages(accepted=True) if f"OK {TEST_ALERT}" in one.text]
    assert printed.strip().splitlines()[-1].startswith(f"delivered: {TEST_ALERT}")
    assert printed.strip()[-6:] in posted.text


def test_a_refused_alert_is_no_success_and_stands_in_the_list_with_its_reason(
    aws: LocalAws, stack: Stack, slack: SlackStandin
) -> None:
    slack.script([{"body": "channel_not_found"}], match=TEST_ALERT)
    code, printed = run(aws, "verify", stack.name)
    assert code == 1
    assert "not delivered but parked: destination_refused (channel_not_found), receive 1" in printed
    assert f"make secret STACK={stack.name}" in printed
    name = printed.partition("published: ")[2].partition(" (")[0]

    (listed,) = parked(aws, stack, name)
    assert (listed["what"], listed["reason"], listed["hop"]) == (f"OK {name}", "destination_refused", 0)
    assert parked(aws, stack, name) == [listed]
    assert all(one.is_visible for one in aws.peek(stack.parking_queue_url))
    code, printed = run(aws, "parked", stack.name)
    assert (code, name in printed, "approximately" in printed) == (0, True, True)


def parked(aws: LocalAws, stack: Stack, name: str) -> list[dict[str, object]]:
    """What `make parked` lists of that name."""
    code, printed = run(aws, "parked", stack.name, "--json")
    assert code == 0, printed
    return [one for one in json.loads(printed)["parked"] if name in one["what"]]


@pytest.fixture
def nobody_told(aws: LocalAws, stack: Stack) -> Iterator[None]:
    """The topic of operations without a subscription: the local AWS lists one that is pending like a confirmed one."""
    sns = aws.client("sns")
    before = sns.list_subscriptions_by_topic(TopicArn=stack.ops_topic_arn)["Subscriptions"]
    for one in before:
        sns.unsubscribe(SubscriptionArn=one["SubscriptionArn"])
    yield
    for one in before:
        sns.subscribe(TopicArn=stack.ops_topic_arn, Protocol=one["Protocol"], Endpoint=one["Endpoint"])


@pytest.mark.usefixtures("nobody_told", "slack")
def test_a_road_that_delivers_fails_all_the_same_while_nobody_is_told(aws: LocalAws, stack: Stack) -> None:
    code, printed = run(aws, "verify", stack.name)
    assert code == 1
    assert f"failed: delivered: {TEST_ALERT}" in printed
    assert f"{stack.ops_topic_arn} has no subscription" in printed


def test_a_stack_that_is_not_there_is_said(aws: LocalAws) -> None:
    for command in ("verify", "parked"):
        code, printed = run(aws, command, "nowhere")
        assert code == 1
        assert "there is no stack nowhere" in printed
        assert "Traceback" not in printed
