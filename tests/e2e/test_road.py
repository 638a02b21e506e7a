"""sam deploy of the real template on the local AWS: from an alarm to a message, and to a dead-letter queue."""

import json

from demo.metric_alarm import MetricAlarm
from demo.platform import LocalAws
from demo.slack.memory import Request
from demo.slack.standin import SlackStandin
from holdfast_cli.stack import Stack
from tests.support.local_aws.pipeline import unique
from tests.support.local_aws.waiting import wait_for
from tests.support.samples.events import alarm_message


def test_an_alarm_and_its_end_reach_slack(aws: LocalAws, stack: Stack, slack: SlackStandin) -> None:
    alarm = MetricAlarm(aws.client("cloudwatch"), unique())
    alarm.create(stack.alerts_topic_arn, "Orders wait.", says_recovery=True)

    def arrived(state: str) -> list[str]:
        return [one.text for one in slack.messages() if alarm.name in one.text and f" {state} " in one.text]

    alarm.ring()
    assert len(wait_for(lambda: arrived("ALARM"))) == 1
    alarm.recover()
    assert len(wait_for(lambda: arrived("OK"))) == 1


def test_a_bot_posts_to_its_channel_and_its_token_is_in_no_log(
    aws: LocalAws, stack: Stack, slack: SlackStandin
) -> None:
    name = f"bot-{unique()}"
    slack.script([{"body": "rate_limited", "status": 429, "retry_after": 1}, {"body": "invalid_blocks"}], match=name)
    publish(aws, stack, name)

    def posted() -> list[Request]:
        return [request for request in slack.messages() if name in request.body]

    requests = wait_for(lambda: posted() if len(posted()) > 2 else [])
    assert {request.webhook for request in requests} == {"#chat"}
    assert [request.is_accepted for request in requests] == [False, False, True]
    assert "plain text" in requests[-1].text
    assert wait_for(lambda: "delivered" in function_log(aws, stack))
    assert slack.bot_token() not in function_log(aws, stack) + aws.log()


def test_what_keeps_failing_ends_in_the_dead_letter_queue_of_the_lanes(
    aws: LocalAws, stack: Stack, slack: SlackStandin
) -> None:
    name = unique()
    slack.script([{"status": 503, "retry_after": 3}], match=name, repeat=True)
    publish(aws, stack, name)
    (dead,) = wait_for(lambda: [one for one in aws.peek(stack.lanes_dead_letter_queue_url) if name in one.body])
    assert name in json.loads(dead.body)["Message"]
    for url in (stack.alerts_queue_url, stack.lanes_queue_url):
        assert not [one for one in aws.peek(url) if name in one.body]


def test_the_webhook_is_in_no_output_no_variable_and_no_log(aws: LocalAws, stack: Stack, slack: SlackStandin) -> None:
    token = slack.webhook_url("ops").rpartition("/")[2]
    name = unique()
    publish(aws, stack, name)
    wait_for(lambda: [request for request in slack.messages() if name in request.body])
    deployed = aws.client("cloudformation").describe_stacks(StackName=stack.name)["Stacks"]
    assert token not in str(deployed) + aws.log()
    for output, path, said in (("SlackAlerts", True, "delivered"), ("Intake", False, "moved")):
        function = aws.client("lambda").get_function_configuration(FunctionName=stack.outputs[f"{output}FunctionName"])
        assert ("DESTINATIONS_PATH" in function["Environment"]["Variables"]) is path
        log = function_log(aws, stack, f"{output}FunctionName")
        assert said in log
        assert token not in str(function) + log


def publish(aws: LocalAws, stack: Stack, name: str) -> None:
    """An alarm of that name, as CloudWatch would publish it."""
    aws.client("sns").publish(TopicArn=stack.alerts_topic_arn, Message=alarm_message(AlarmName=name))


def function_log(aws: LocalAws, stack: Stack, output: str = "SlackAlertsFunctionName") -> str:
    function = aws.client("lambda").get_function_configuration(FunctionName=stack.outputs[output])
    group = function["LoggingConfig"]["LogGroup"]
    events = aws.client("logs").filter_log_events(logGroupName=group)["events"]
    return "\n".join(event["message"] for event in events)
