"""Check that an alarm gets its picture: publish one that watches the stack's own function, and its OK afterwards."""

import secrets
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from holdfast_cli.failures import CommandFailed
from holdfast_cli.function_log import OUTCOMES, PICTURES, READ_EVERY, FunctionLog, Line
from holdfast_cli.stack import Stack
from holdfast_cli.verification_alarm import build_test_alarm

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

DELIVERED_WITHIN, POSTED_WITHIN = 60.0, 14.0
"""Seconds for the delivery, and after it for the picture, which the same invocation posts."""
ADVICE: Mapping[str, str] = {
    "missing_scope": "add the scope files:write to the Slack app and install it again (docs/slack-app.md)",
    "not_in_channel": "invite the bot to the channel: /invite @holdfast",
    "AccessDenied": "the role of slack_alerts may not draw: deploy again with Pictures=on",
}
"""Advice by the code in the log."""


def check_picture(
    sns: "SNSClient",
    log: FunctionLog,
    stack: Stack,
    *,
    say: Callable[[str], None] = print,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Publish an ALARM and wait for its picture. Raise CommandFailed if there is a reason why it has none."""
    name, since, topic = f"Holdfast test picture {secrets.token_hex(3)}", time.time(), stack.alerts_topic_arn
    alarm = build_test_alarm(name, topic, state="ALARM", function=stack.slack_alerts_function_name)
    message_id = sns.publish(TopicArn=topic, Message=alarm)["MessageId"]
    say(f"published: {name} (SNS MessageId {message_id})")
    try:
        line = _wait(log, message_id, since, sleep)
    finally:
        sns.publish(TopicArn=topic, Message=build_test_alarm(name, topic, function=stack.slack_alerts_function_name))
    if line is None:
        say(f"no picture: {name} was not delivered in time, or its destination is a webhook, which gets none")
    elif line.outcome == "no picture":
        advice = ADVICE.get(line.detail, f"read the log: aws logs tail {log.group}")
        raise CommandFailed(f"delivered, but without its picture: {line.reason} ({line.detail})", advice)
    else:
        say(f"picture posted: {name}")


def _wait(log: FunctionLog, message_id: str, since: float, sleep: Callable[[float], None]) -> Line | None:
    waited, ends = 0.0, DELIVERED_WITHIN
    while waited < ends:
        sleep(READ_EVERY)
        waited += READ_EVERY
        lines = log.about(message_id, since, OUTCOMES | PICTURES)
        if found := [line for line in lines if line.outcome in PICTURES]:
            return found[-1]
        if ends == DELIVERED_WITHIN and any(line.outcome == "delivered" for line in lines):
            ends = waited + POSTED_WITHIN
    return None
