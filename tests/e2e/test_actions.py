"""Actions on the deployed stack, with IAM enforced: what is allowed is done, what is not is not even tried."""

from collections.abc import Callable
from typing import Any

import pytest

from demo.metric_alarm import MetricAlarm
from demo.platform import LocalAws
from demo.sample_calls import ask
from demo.slack.standin import SlackStandin
from holdfast_cli.stack import Stack
from tests.e2e.deeds import mailbox
from tests.e2e.ends import ended, log_of, parked, said
from tests.e2e.recipes import RECIPES, RUN, rules
from tests.support.local_aws.pipeline import unique
from tests.support.local_aws.waiting import wait_for
from tests.support.samples.events import alarm_message


@pytest.fixture(scope="module", autouse=True)
def mails(aws: LocalAws, stack: Stack) -> str:
    """A queue that a rule sends to. The function keeps the rules for minutes, so all alarms of this module share them.

    The first event of a worker pays for its imports: what is measured in seconds comes after it.
    """
    url = mailbox(aws, "mend-mails")
    name = stack.outputs["ActionRulesParameter"]
    aws.client("ssm").put_parameter(Name=name, Value=rules(url), Type="String", Overwrite=True)
    assert ended(aws, stack, ask(aws, stack, "sqs", "ListQueues", {})) == "parked"
    return url


def test_an_alarm_makes_the_call_of_its_rule_and_slack_hears_of_it(
    aws: LocalAws, stack: Stack, slack: SlackStandin, mails: str
) -> None:
    alarm = MetricAlarm(aws.client("cloudwatch"), unique())
    alarm.create(stack.outputs["ActionsTopicArn"], "Orders wait.", says_recovery=True)

    def made() -> list[str]:
        return [one.body for one in aws.peek(mails) if alarm.name in one.body]

    alarm.ring()
    assert wait_for(made) == [f"{alarm.name} is ALARM"]
    assert wait_for(lambda: [one for one in slack.messages() if f"Alarm: {alarm.name}" in one.text])
    assert "sqs SendMessage: done" in next(one.text for one in slack.messages() if f"Alarm: {alarm.name}" in one.text)
    alarm.recover()
    assert wait_for(lambda: "no_rule" in log_of(aws, stack))
    assert len(made()) == 1


def test_an_operation_off_the_list_is_parked_and_no_call_is_made(aws: LocalAws, stack: Stack) -> None:
    url = aws.client("sqs").create_queue(QueueName=f"mend-{unique()}")["QueueUrl"]
    facts = parked(aws, stack, ask(aws, stack, "sqs", "DeleteQueue", {"QueueUrl": url}))
    assert (facts["reason"], facts["detail"]) == ("not_allowed", "sqs:DeleteQueue")
    assert aws.peek(url) == []
    assert aws.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])


def test_a_resource_that_is_not_allowed_is_tried_once_per_receive_until_the_request_expires(
    aws: LocalAws, stack: Stack, slack: SlackStandin
) -> None:
    table = aws.client("dynamodb").create_table(
        TableName=f"other-{unique()}",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )["TableDescription"]["TableName"]
    item = {"TableName": table, "Item": {"id": {"S": "1"}}}
    sns_id = ask(aws, stack, "dynamodb", "PutItem", item, expires_after=5)
    assert parked(aws, stack, sns_id)["reason"] == "expired"
    lines = said(aws, stack, sns_id)
    denied = [one for one in lines if one["message"] == "later"]
    assert {one["reason"] for one in denied} == {"denied"}
    calls = [one["attempt"] for one in lines if one["message"] == "gave up" and one["policy"] == "aws_write"]
    assert calls == [1] * len(denied)
    assert aws.client("dynamodb").scan(TableName=table)["Items"] == []
    assert wait_for(lambda: [one for one in slack.messages() if "dynamodb PutItem: expired" in one.text])


@pytest.mark.parametrize(
    "what",
    [
        ("sqs", "SendMessage", lambda stack: {"QueueUrl": stack.alerts_queue_url, "MessageBody": "x"}),
        ("sqs", "SendMessage", lambda stack: {"QueueUrl": stack.outputs["ActionsQueueUrl"], "MessageBody": "x"}),
        (
            "ssm",
            "PutParameter",
            lambda stack: {"Name": f"{stack.destinations_path}/x", "Value": "x", "Type": "String"},
        ),
        (
            "ssm",
            "PutParameter",
            lambda stack: {"Name": stack.outputs["ActionRulesParameter"], "Value": "x", "Overwrite": True},
        ),
    ],
    ids=["the alerts' queue", "its own queue", "a destination", "its own rules"],
)
def test_a_resource_of_the_stack_itself_is_denied_though_the_list_would_allow_it(
    aws: LocalAws, stack: Stack, what: tuple[str, str, Callable[[Stack], dict[str, Any]]]
) -> None:
    service, operation, parameters = what
    sns_id = ask(aws, stack, service, operation, parameters(stack), expires_after=5)
    assert parked(aws, stack, sns_id)["reason"] == "expired"
    reasons = {one["reason"] for one in said(aws, stack, sns_id) if one["message"] == "later"}
    assert reasons == {"denied"}


@pytest.mark.parametrize("recipe", RUN)
def test_a_recipe_does_what_it_says(aws: LocalAws, stack: Stack, recipe: str) -> None:
    prepare, done = RUN[recipe]
    dimensions = [{"name": name, "value": value} for name, value in prepare(aws).items()]
    trigger = {"MetricName": "x", "Dimensions": dimensions}
    now = "2500-01-01T00:00:00.000+0000"  # the request's time is that of the message, where the alarm's is later
    alarm = alarm_message(AlarmName=recipe, Trigger=trigger, StateChangeTime=now)
    sns_id = aws.client("sns").publish(TopicArn=stack.outputs["ActionsTopicArn"], Message=alarm)["MessageId"]
    assert ended(aws, stack, sns_id) == "delivered"
    assert done(aws)


def test_the_page_says_which_recipes_are_run() -> None:
    assert list(RUN) == list(RECIPES)[:5]
