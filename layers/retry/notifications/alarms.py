"""CloudWatch alarms -> Notification, whatever message carried them."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from aws_events.alarm import Alarm, AlarmState, NotAnAlarm
from aws_events.alarm_parsing import parse_alarm
from aws_events.severity import severity_of
from notifications import alarm_words
from notifications.arns import name_of
from notifications.body import Body
from notifications.building import joined, notification
from notifications.generic import unknown
from notifications.links import console, fragment
from notifications.models import Kind, Link, Notification, Status

STATUS = {
    AlarmState.ALARM: Status.FIRING,
    AlarmState.OK: Status.RESOLVED,
    AlarmState.INSUFFICIENT_DATA: Status.NO_DATA,
}
RUNBOOK = re.compile(r"(?i)runbook\s*[:=]?\s*(https://[^\s<>|\"']+)")
WINDOW = timedelta(hours=3)
"""Of the graph: before the change of state."""
OPERATIONS = {"create": "CREATED", "update": "UPDATED", "delete": "DELETED"}
UNTOLD = frozenset({"timestamp", "alarmName", "metrics"})
"""Fields of a configuration whose changes say nothing."""


def alarm(body: Body) -> Notification:
    """Return the notification of a state change; of something else with these fields, the generic one."""
    try:
        one = parse_alarm(body.record.text)
    except NotAnAlarm:
        return unknown(body)
    metric = one.trigger.watched if one.trigger else None
    return notification(
        body,
        kind=Kind.ALARM,
        status=STATUS[one.state],
        label=one.state.value,
        title=one.name,
        summary=alarm_words.said(one),
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
        links=(*_page(one), *_runbook(one), *_graph(one), *_logs(one)),
    )


def configuration_change(body: Body) -> Notification:
    """Return the notification of an alarm that was created, updated or deleted."""
    detail = body.at("detail")
    before, after = detail.at("previousConfiguration"), detail.at("configuration")
    changes = [
        f"{name} {before.text(name) or '–'} → {after.text(name) or '–'}"
        for name in after.value
        if before.value and name not in UNTOLD and before.text(name) != after.text(name)
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
        links=_alarm_page(body.text("region"), detail.text("alarmName")),
    )


def _facts(one: Alarm) -> Iterator[tuple[str, str]]:
    yield "State", f"{one.old_state} → {one.state.value}" if one.old_state else ""
    yield "Rule", alarm_words.rule(one)
    yield "Datapoints", alarm_words.sparkline(one)
    yield "Triggered by", "\n".join(joined(name_of(child.arn), child.state, by=": ") for child in one.children)
    yield from one.contributor
    if one.trigger is not None:
        yield from alarm_words.inputs(one.trigger) or one.trigger.dimensions
    yield "Log groups", ", ".join(map(name_of, one.log_groups))


def _page(one: Alarm) -> tuple[Link, ...]:
    return _alarm_page(one.region, one.name)


def _alarm_page(region: str, name: str) -> tuple[Link, ...]:
    return console(region, "cloudwatch/home?region={region}#alarmsV2:alarm/{name}", "Open in CloudWatch", name=name)


def _runbook(one: Alarm) -> tuple[Link, ...]:
    found = RUNBOOK.search(one.description)
    return (Link("Runbook", found[1].rstrip(".,;)")),) if found else ()


def _graph(one: Alarm) -> tuple[Link, ...]:
    """Return the link to the metric in a window around the change."""
    if one.trigger is None or one.changed_at is None or not (watched := one.trigger.watched).metric:
        return ()
    names = [watched.namespace, watched.metric, *(part for pair in watched.dimensions for part in pair)]
    metric = "~'".join(fragment(name).replace("$", "*") for name in names)
    graph = f"~(metrics~(~(~'{metric}))~start~'{_iso(one.changed_at - WINDOW)}~end~'{_iso(one.changed_at)})"
    path = f"cloudwatch/home?region={{region}}#metricsV2:graph={graph.replace('{', '').replace('}', '')}"
    return console(one.region, path, "Metric")


def _logs(one: Alarm) -> tuple[Link, ...]:
    """Return the link to the logs of the thing, if a dimension names them."""
    dimensions = dict(one.trigger.dimensions) if one.trigger else {}
    groups = [*one.log_groups]
    if function := dimensions.get("FunctionName", ""):
        groups.append(f"/aws/lambda/{function}")
    path = "cloudwatch/home?region={region}#logsV2:log-groups/log-group/" + fragment(groups[0]) if groups else ""
    links = console(one.region, path, "Logs") if path else ()
    if instance := dimensions.get("DBInstanceIdentifier", ""):
        links += console(
            one.region, "rds/home?region={region}#database:id={id};is-cluster=false", "Database", id=instance
        )
    if {"ClusterName", "ServiceName"} <= dimensions.keys():
        links += console(
            one.region,
            "ecs/v2/clusters/{cluster}/services/{service}/logs?region={region}",
            "Logs",
            cluster=dimensions["ClusterName"],
            service=dimensions["ServiceName"],
        )
    return links


def _iso(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H*3a%M*3a%S.000Z}"
