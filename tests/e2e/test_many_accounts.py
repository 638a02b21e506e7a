"""The commands of docs/many-accounts.md on the local AWS with two accounts."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import boto3
import pytest

from demo.clients import REGION, local_environment
from demo.metric_alarm import MetricAlarm
from demo.platform import PARAMETERS, LocalAws
from demo.slack.standin import SlackStandin
from holdfast_cli.sam import ROOT
from holdfast_cli.stack import Stack, find_stack
from tests.support.local_aws.waiting import wait_for
from tests.support.samples.events import alarm_message

CENTRAL, MEMBER = "000000000000", "222233334444"
TOPIC = f"arn:aws:sns:{REGION}:{MEMBER}:holdfast-alerts"
BLOCKS = re.findall(r"^```sh\n(.*?)^```", (ROOT / "docs/many-accounts.md").read_text(), re.MULTILINE | re.DOTALL)
PROFILES = f"""
[central]
aws_access_key_id = test
aws_secret_access_key = test
[member]
aws_access_key_id = {MEMBER}
aws_secret_access_key = test
"""


def member(aws: LocalAws, service: str) -> Any:  # noqa: ANN401 - boto3's clients
    """Return a client of the other account, whose number the local AWS takes from the key."""
    session: Any = boto3.Session(aws_access_key_id=MEMBER, aws_secret_access_key="test", region_name=REGION)  # noqa: S106 - no secret
    return session.client(service, endpoint_url=aws.endpoint)


@pytest.fixture(scope="module")
def central(aws: LocalAws, slack: SlackStandin, tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """Run the page's commands in its order, on an AWS without a stack of this name."""
    credentials = tmp_path_factory.mktemp("profiles") / "credentials"
    credentials.write_text(PROFILES)
    script = "".join(BLOCKS).replace("111122223333", CENTRAL).replace("444455556666", MEMBER)
    local = " ".join(f"-p {name}={PARAMETERS[name]}" for name in ("Pace", "Architecture"))
    script = script.replace("--stack-name holdfast ", "--stack-name central ").replace("--yes ", f"--yes {local} ")
    run(aws, script, credentials)
    stack = find_stack(aws.client("cloudformation"), "central")
    aws.store_destination(stack, slack.webhook_url("ops"))
    return stack


def run(aws: LocalAws, script: str, credentials: Path) -> None:
    environment = local_environment(os.environ, aws.endpoint) | {"AWS_SHARED_CREDENTIALS_FILE": str(credentials)}
    environment |= {"STACK": "central", "OPS_EMAIL": "ops@example.com"}
    environment["PATH"] = f"{ROOT}/.tools/awscli/bin:{ROOT}/.venv/bin:{environment['PATH']}"
    local = 'aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }\n'  # the CLI 1 ignores the variable for SQS
    command = ["/bin/bash", "-euo", "pipefail", "-c", local + script]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own page
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.usefixtures("central")
def test_alarms_of_the_other_account_are_posted_with_its_number(aws: LocalAws, slack: SlackStandin) -> None:
    cloudwatch = member(aws, "cloudwatch")
    MetricAlarm(cloudwatch, "member-alarm").create(TOPIC, "of the member")
    cloudwatch.set_alarm_state(AlarmName="member-alarm", StateValue="ALARM", StateReason="as a test")
    [post] = wait_for(lambda: [one for one in slack.messages(accepted=True) if "member-alarm" in one.body])
    assert MEMBER in post.body


@pytest.mark.usefixtures("central")
def test_the_subscription_has_a_dead_letter_queue(aws: LocalAws) -> None:
    sns: Any = member(aws, "sns")
    [one] = sns.list_subscriptions_by_topic(TopicArn=TOPIC)["Subscriptions"]
    attributes = aws.client("sns").get_subscription_attributes(SubscriptionArn=one["SubscriptionArn"])["Attributes"]
    assert "AlertsDeadLetterQueue" in attributes["RedrivePolicy"]


def test_a_topic_that_is_not_admitted_reaches_nothing(aws: LocalAws, slack: SlackStandin, central: Stack) -> None:
    sqs, sns = aws.client("sqs"), member(aws, "sns")
    queue = sqs.get_queue_attributes(QueueUrl=central.alerts_queue_url, AttributeNames=["QueueArn"])["Attributes"]
    other = sns.create_topic(Name="not-admitted")["TopicArn"]
    sns.add_permission(TopicArn=other, Label="all", AWSAccountId=[CENTRAL], ActionName=["Subscribe"])
    aws.client("sns").subscribe(TopicArn=other, Protocol="sqs", Endpoint=queue["QueueArn"])
    sns.publish(TopicArn=other, Message=alarm_message(AlarmName="not-admitted"))
    sns.publish(TopicArn=TOPIC, Message=alarm_message(AlarmName="admitted-later"))
    assert wait_for(lambda: any("admitted-later" in one.body for one in slack.messages(accepted=True)))
    assert not any("not-admitted" in one.body for one in slack.messages())
