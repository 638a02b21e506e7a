"""The commands of operators on the local AWS: secret, verify, parked."""

import json
from collections.abc import Iterator

import pytest

from tests.support.local_aws.pipeline import LocalPipeline

TEST_ALERT = "Holdfast test alert"


def stored(pipeline: LocalPipeline, destination: str) -> str:
    name = f"{pipeline.stack.destinations_path}/{destination}"
    return pipeline.aws.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]


def store(pipeline: LocalPipeline, destination: str, *lines: str) -> tuple[int, str]:
    return pipeline.run_command(
        "secret", stdin="\n".join([*lines, ""]), STACK=pipeline.stack.name, DESTINATION=destination
    )


def test_a_webhook_is_stored_where_the_stack_reads_it(pipeline: LocalPipeline) -> None:
    webhook = pipeline.slack.webhook_url("operators")
    code, output = store(pipeline, "operators", webhook)
    assert (code, stored(pipeline, "operators")) == (0, webhook), output
    assert f"stored as {pipeline.stack.destinations_path}/operators in ssm" in output
    assert webhook.rpartition("/")[2] not in output


def test_a_token_is_stored_with_its_channel(pipeline: LocalPipeline) -> None:
    token, channel = pipeline.slack.bot_token(), pipeline.slack.channel_id("operators")
    code, output = store(pipeline, "bot", token, channel)
    assert code == 0, output
    assert json.loads(stored(pipeline, "bot")) == {"token": token, "channel": channel}
    assert token not in output


def test_a_secret_that_the_function_would_refuse_is_not_stored(pipeline: LocalPipeline) -> None:
    code, output = store(pipeline, "bad", "https://example.com/c4n4ry")
    assert code == 1
    assert "destination bad: the webhook must name one of the allowed hosts" in output
    assert "c4n4ry" not in output


def test_a_pipeline_that_delivers_is_verified(pipeline: LocalPipeline) -> None:
    code, output = pipeline.run_command("verify", pipeline.stack.name)
    assert code == 0, output
    assert output.strip().splitlines()[-1].startswith(f"delivered: {TEST_ALERT}")
    [post] = pipeline.posts(output.strip()[-6:])
    assert f"OK {TEST_ALERT}" in post.text


def test_a_refused_test_alert_fails_and_is_listed_with_its_reason(pipeline: LocalPipeline) -> None:
    stack = pipeline.stack
    pipeline.slack.script([{"body": "channel_not_found"}], match=TEST_ALERT)
    code, output = pipeline.run_command("verify", stack.name)
    assert code == 1
    assert "not delivered but parked: destination_refused (channel_not_found), receive 1" in output
    assert f"make secret STACK={stack.name}" in output
    name = output.partition("published: ")[2].partition(" (")[0]

    code, output = pipeline.run_command("parked", stack.name, "--json")
    assert code == 0, output
    [listed] = [one for one in json.loads(output)["parked"] if name in one["what"]]
    assert (listed["what"], listed["reason"], listed["hop"]) == (f"OK {name}", "destination_refused", 0)
    assert all(one.is_visible for one in pipeline.queued(stack.parking_queue_url))
    code, output = pipeline.run_command("parked", stack.name)
    assert (code, name in output, "approximate count" in output) == (0, True, True)


@pytest.fixture
def _no_subscription(pipeline: LocalPipeline) -> Iterator[None]:
    """Remove the subscriptions of operations: the local AWS lists a pending one like a confirmed one."""
    sns, topic = pipeline.aws.client("sns"), pipeline.stack.ops_topic_arn
    before = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    for one in before:
        sns.unsubscribe(SubscriptionArn=one["SubscriptionArn"])
    yield
    for one in before:
        sns.subscribe(TopicArn=topic, Protocol=one["Protocol"], Endpoint=one["Endpoint"])


@pytest.mark.usefixtures("_no_subscription")
def test_a_pipeline_without_a_subscription_of_operations_is_not_verified(pipeline: LocalPipeline) -> None:
    code, output = pipeline.run_command("verify", pipeline.stack.name)
    assert code == 1
    assert f"failed: delivered: {TEST_ALERT}" in output
    assert f"{pipeline.stack.ops_topic_arn} has no subscription" in output


def test_an_unknown_stack_is_named_without_a_traceback(pipeline: LocalPipeline) -> None:
    code, output = pipeline.run_command("verify", "nowhere")
    assert code == 1
    assert "there is no stack nowhere" in output
    assert "Traceback" not in output
