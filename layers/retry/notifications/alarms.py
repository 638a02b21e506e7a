"""CloudWatch alarms -> Notification, from every message format."""

from collections.abc import Iterator
from datetime import UTC

from aws_events.alarm import Alarm, AlarmState, Child, NotAnAlarm
from aws_events.alarm_parsing import read_alarm
from aws_events.severity import severity_of
from notifications.alarm_links import alarm_page, pages
from notifications.alarm_rule import inputs, rule
from notifications.alarm_units import sparkline
from notifications.alarm_words import said
from notifications.arns import name_of
from notifications.body import Body
from notifications.building import joined, notification
from notifications.generic import unknown
from notifications.models import Kind, Notification, Status

STATUS = {
    AlarmState.ALARM: Status.FIRING,
    AlarmState.OK: Status.RESOLVED,
    AlarmState.INSUFFICIENT_DATA: Status.NO_DATA,
}
OPERATIONS = {"create": "CREATED", "update": "UPDATED", "delete": "DELETED"}
OMITTED = frozenset({"timestamp", "alarmName", "metrics"})
"""Fields of a configuration whose changes are not shown."""


def alarm(body: Body) -> Notification:
    """Return the notification of a state change; the generic one for another message with these fields."""
    try:
        one = read_alarm(body.value)
    except NotAnAlarm:
        return unknown(body)
    metric = one.trigger.watched if one.trigger else None
    return notification(
        body,
        kind=Kind.ALARM,
        status=STATUS[one.state],
        label=one.state.value,
        title=one.name,
        summary=said(one),
        reason=one.reason,
        description=one.description,
        facts=_facts(one),
        severity=severity_of(one.severity),
        severity_word=one.severity,
        resources=(one.arn,),
        tags=(*one.contributor, *(one.trigger.dimensions if one.trigger else ())),
        account=(metric.account if metric else "") or one.account,
        region=one.region,
        occurred_at=one.changed_at,
        identity=one.identity,
        subject=one.subject,
        links=pages(one),
    )


def configuration_change(body: Body) -> Notification:
    """Return the notification of an alarm that was created, updated or deleted."""
    detail = body.at("detail")
    before, after = detail.at("previousConfiguration"), detail.at("configuration")
    changes = [
        f"{name} {before.text(name) or '–'} → {after.text(name) or '–'}"
        for name in after.value
        if before.value and name not in OMITTED and before.text(name) != after.text(name)
    ]
    operation = detail.text("operation")
    return notification(
        body,
        status=Status.NOTICE,
        label=OPERATIONS.get(operation, operation.upper()),
        title=joined("alarm", detail.text("alarmName", "configuration.alarmName"), by=" "),
        summary=", ".join(changes) or f"alarm {OPERATIONS.get(operation, 'changed').lower()}",
        description=after.text("description"),
        facts=(("State", detail.text("state.value")),),
        links=alarm_page(body.text("region"), detail.text("alarmName")),
    )


def _facts(one: Alarm) -> Iterator[tuple[str, str]]:
    yield "State", f"{one.old_state} → {one.state.value}" if one.old_state else ""
    yield "Rule", rule(one)
    yield "Datapoints", sparkline(one)
    yield "Triggered by", "\n".join(map(_child, one.children))
    yield from one.contributor
    if one.trigger is not None:
        yield from inputs(one.trigger) or one.trigger.dimensions
    yield "Log groups", ", ".join(map(name_of, one.log_groups))


def _child(child: Child) -> str:
    """Return `shop-cpu: ALARM, 02:13:00 UTC`."""
    time = f"{child.changed_at.astimezone(UTC):%H:%M:%S} UTC" if child.changed_at else ""
    return joined(joined(name_of(child.arn), child.state, by=": "), time)
