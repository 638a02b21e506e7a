"""Parse a CloudWatch alarm's state change."""

import re
from urllib.parse import quote

from aws_events.alarm import Alarm, AlarmState, NotAnAlarm, Trigger, parse_alarm
from aws_events.envelope import Record
from notifications.models import Kind, Notification, Status

STATUS = {
    AlarmState.ALARM: Status.FIRING,
    AlarmState.OK: Status.RESOLVED,
    AlarmState.INSUFFICIENT_DATA: Status.NO_DATA,
}
CONSOLES = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}
OPERATORS = {
    "GreaterThanOrEqualToThreshold": "≥",
    "GreaterThanThreshold": ">",
    "LessThanOrEqualToThreshold": "≤",
    "LessThanThreshold": "<",
    "GreaterThanUpperThreshold": "above",
    "LessThanLowerThreshold": "below",
    "LessThanLowerOrGreaterThanUpperThreshold": "outside",
}
ALARM_ARN = re.compile(r"arn:([a-z-]+):cloudwatch:([a-z0-9-]+):[0-9]{12}:alarm:")


def parse_cloudwatch_alarm(record: Record) -> Notification | None:
    """Return the notification; None if the text is no alarm."""
    try:
        alarm = parse_alarm(record.text)
    except NotAnAlarm:
        return None
    return Notification(
        record=record,
        kind=Kind.ALARM,
        status=STATUS[alarm.state],
        label=alarm.state.value,
        title=alarm.name,
        reason=alarm.reason,
        description=alarm.description,
        facts=tuple(_facts(alarm)),
        account=alarm.account,
        region=alarm.region,
        identity=alarm.identity,
        occurred_at=alarm.changed_at,
        console=_console(alarm),
    )


def _facts(alarm: Alarm) -> list[tuple[str, str]]:
    facts = [("State", f"{alarm.old_state} → {alarm.state.value}")] if alarm.old_state else []
    if alarm.trigger is not None:
        facts.append(("Rule", _rule(alarm.trigger)))
    facts.append(("Rule", alarm.rule))
    facts.append(("Triggered by", "\n".join(_child(*child) for child in alarm.children)))
    facts += alarm.contributor
    facts += alarm.trigger.dimensions if alarm.trigger is not None else ()
    return [(name, value) for name, value in facts if name and value]


def _rule(trigger: Trigger) -> str:
    """Return a text like: Sum AWS/Lambda Errors > 5 for 2 × 60 s."""
    rule = " ".join(part for part in (trigger.statistic.capitalize(), trigger.namespace, trigger.metric) if part)
    operator = OPERATORS.get(trigger.operator, trigger.operator)
    if trigger.threshold is not None:
        rule += f" {operator} {trigger.threshold:g}"
    elif trigger.band:
        rule += f" {operator} {trigger.band}"
    if trigger.period and trigger.periods:
        rule += f" for {trigger.periods} × {trigger.period} s"
    return rule.strip()


def _child(arn: str, state: str) -> str:
    name = ALARM_ARN.sub("", arn)
    return f"{name}: {state}" if state else name


def _console(alarm: Alarm) -> str:
    """Return the link to the alarm's page in its console; empty if its ARN names no known partition."""
    if (match := ALARM_ARN.match(alarm.arn)) is None or match[1] not in CONSOLES:
        return ""
    host, region = CONSOLES[match[1]], match[2]
    name = quote(alarm.name, safe="", errors="replace")  # a lone surrogate has no bytes
    return f"https://{region}.{host}/cloudwatch/home?region={region}#alarmsV2:alarm/{name}"
