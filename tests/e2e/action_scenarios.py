"""The same of the function aws_actions, and of the role that its calls are made under."""

import json
import time
from typing import Any

from demo.sample_calls import ask
from demo.slack.memory import Request
from holdfast_cli.function_log import FunctionLog
from tests.e2e.scenarios import DELIVERED, SOON, expect
from tests.support.local_aws.pipeline import LocalRoad, unique
from tests.support.local_aws.waiting import wait_for
from tests.support.samples.events import alarm_message

DENIED = "later: denied, receive 1"


def is_called(road: LocalRoad) -> None:
    """Under its claim, by the role of the calls."""
    url, since = mailbox(road), time.time()
    expect("outcomes", outcomes(road, send(road, url)), [DELIVERED])
    expect("messages", len(road.aws.peek(url)), 1)
    expect("claims not ended", len(said(road, "claim not ended", since)), 0)


def slack_hears_of_it(road: LocalRoad) -> None:
    def told() -> list[Request]:
        return [one for one in road.slack.messages() if "sqs SendMessage: done" in one.text]

    before = len(told())
    outcomes(road, send(road, mailbox(road), notify=True))
    expect("messages in Slack", len(wait_for(lambda: told()[before:], SOON)), 1)


def comes_back_when_asked(road: LocalRoad) -> None:
    """A call that IAM denies."""
    item = {"TableName": "not-allowed", "Item": {"id": {"S": unique()}}}
    denied = ask(road.aws, road.stack, "dynamodb", "PutItem", item)
    expect("outcomes", outcomes(road, denied), [DENIED])
    wait_for(lambda: len(outcomes(road, denied)) > 1, SOON)
    expect("outcomes in time", outcomes(road, denied)[:2], [DENIED, "later: denied, receive 2"])


def is_parked(road: LocalRoad) -> None:
    name = unique()
    off_list = ask(road.aws, road.stack, "sqs", "DeleteQueue", {"QueueUrl": name})
    expect("outcomes", outcomes(road, off_list), ["parked: not_allowed (sqs:DeleteQueue), receive 1"])
    expect("copies in ParkingQueue", len(road.queued(road.stack.parking_queue_url, name)), 1)


def leaves_the_queue_beside_a_suspect(road: LocalRoad) -> None:
    url, queue, since = mailbox(road), road.stack.outputs["ActionsQueueUrl"], time.time()
    with road.aws.paused(road.stack, "ActionsFunctionName"):
        asked = send(road, url)
        for receives in (1, 2):
            assert wait_for(lambda: road.queued(queue, asked))
            road.aws.client("sqs").receive_message(QueueUrl=queue, VisibilityTimeout=0, MaxNumberOfMessages=10)
            assert wait_for(lambda receives=receives: [one.receives for one in road.queued(queue, asked)] == [receives])  # type: ignore[misc] # bound now
    expect("outcomes", outcomes(road, asked), ["delivered, receive 3"])
    expect("warnings", len(said(road, "not deleted", since)), 0)


def goes_by_its_rule(road: LocalRoad) -> None:
    name, url = unique("rule"), mailbox(road)
    request = {"service": "sqs", "operation": "SendMessage", "parameters": {"QueueUrl": url, "MessageBody": name}}
    rules = {"rules": [{"match": {"alarm": "rule-*", "state": "ALARM"}, "request": request}]}
    parameter = road.stack.outputs["ActionRulesParameter"]
    road.aws.client("ssm").put_parameter(Name=parameter, Value=json.dumps(rules), Type="String", Overwrite=True)
    road.start_cold("ActionsFunctionName")  # it keeps what it has read
    alarm = alarm_message(AlarmName=name, StateChangeTime="2500-01-01T00:00:00.000+0000")
    rung = road.aws.client("sns").publish(TopicArn=road.stack.outputs["ActionsTopicArn"], Message=alarm)["MessageId"]
    expect("outcomes", outcomes(road, rung), [DELIVERED])
    expect("messages", [one.body for one in road.aws.peek(url)], [name])


def alerts_queue_is_kept_off(road: LocalRoad) -> None:
    _is_kept_off(road, road.stack.alerts_queue_url)


def dead_letter_queue_is_kept_off(road: LocalRoad) -> None:
    _is_kept_off(road, road.stack.dead_letter_queue_url)


def lanes_queue_is_kept_off(road: LocalRoad) -> None:
    _is_kept_off(road, road.stack.lanes_queue_url)


def lanes_dead_letter_queue_is_kept_off(road: LocalRoad) -> None:
    _is_kept_off(road, road.stack.lanes_dead_letter_queue_url)


def parking_queue_is_kept_off(road: LocalRoad) -> None:
    _is_kept_off(road, road.stack.parking_queue_url)


def own_queue_is_kept_off(road: LocalRoad) -> None:
    _is_kept_off(road, road.stack.outputs["ActionsQueueUrl"])


def own_dead_letter_queue_is_kept_off(road: LocalRoad) -> None:
    _is_kept_off(road, road.stack.outputs["ActionsDeadLetterQueueUrl"])


def _is_kept_off(road: LocalRoad, queue_url: str) -> None:
    expect("outcomes", outcomes(road, send(road, queue_url))[:1], [DENIED])


def destinations_are_kept_off(road: LocalRoad) -> None:
    _cannot_be_put(road, f"{road.stack.destinations_path}/{unique()}")


def routes_are_kept_off(road: LocalRoad) -> None:
    _cannot_be_put(road, road.stack.routes_parameter)


def rules_are_kept_off(road: LocalRoad) -> None:
    _cannot_be_put(road, road.stack.outputs["ActionRulesParameter"])


def parameters_of_the_stack_are_kept_off(road: LocalRoad) -> None:
    _cannot_be_put(road, f"/holdfast/{road.stack.name}/{unique()}")


def _cannot_be_put(road: LocalRoad, name: str) -> None:
    """Not for want of Overwrite: who may not write is not told that it is there."""
    value = {"Name": name, "Value": "x", "Type": "String"}
    put = ask(road.aws, road.stack, "ssm", "PutParameter", value)
    expect("outcomes", outcomes(road, put)[:1], [DENIED])


def alerts_function_is_kept_off(road: LocalRoad) -> None:
    _cannot_be_invoked(road, "SlackAlertsFunctionName")


def intake_function_is_kept_off(road: LocalRoad) -> None:
    _cannot_be_invoked(road, "IntakeFunctionName")


def notices_function_is_kept_off(road: LocalRoad) -> None:
    _cannot_be_invoked(road, "NoticesFunctionName")


def redrive_function_is_kept_off(road: LocalRoad) -> None:
    _cannot_be_invoked(road, "RedriveFunctionName")


def own_function_is_kept_off(road: LocalRoad) -> None:
    _cannot_be_invoked(road, "ActionsFunctionName")


def _cannot_be_invoked(road: LocalRoad, output: str) -> None:
    """By its name, nor by that of its newest version: IAM tells the two apart."""
    for qualifier in ("", ":$LATEST"):
        function = {"FunctionName": road.stack.outputs[output] + qualifier, "InvocationType": "DryRun"}
        invoked = ask(road.aws, road.stack, "lambda", "Invoke", function)
        expect(f"outcomes{qualifier}", outcomes(road, invoked)[:1], [DENIED])


def mailbox(road: LocalRoad) -> str:
    return road.aws.client("sqs").create_queue(QueueName=unique("mend"))["QueueUrl"]


def send(road: LocalRoad, url: str, **more: Any) -> str:  # noqa: ANN401 - each field has its own type
    """Ask for a message to be sent there -> the request's SNS id."""
    message = {"QueueUrl": url, "MessageBody": "mend"}
    return ask(road.aws, road.stack, "sqs", "SendMessage", message, **more)


def outcomes(road: LocalRoad, sns_id: str) -> list[str]:
    """What the log says became of a request, receive by receive, once it says anything."""
    log = FunctionLog(road.aws.client("lambda"), road.aws.client("logs"), road.stack.outputs["ActionsFunctionName"])
    return wait_for(lambda: [str(line) for line in log.about(sns_id, road.began)])


def said(road: LocalRoad, words: str, since: float) -> list[str]:
    """Lines of the function's log with these words."""
    return road.said(words, since, "ActionsFunctionName")
