"""The pages that help with an alarm: the alarm, its runbook, its metric and its logs around the change of state."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from aws_events.alarm import Alarm, Query
from notifications.arns import name_of, region_of
from notifications.links import console, log_group, partition_of, starred
from notifications.models import Link

RUNBOOK = re.compile(r"(?i)runbook\s{0,9}[:=]?\s{0,9}(https://[^\s<>|\"']+)")
BEFORE, AFTER = timedelta(hours=3), timedelta(minutes=30)
"""The window of graph and logs around the change of state."""
URL_LIMIT = 600
"""A longer URL becomes no button."""


def pages(one: Alarm) -> tuple[Link, ...]:
    """Return the alarm's page, its runbook, its children or its metric, and its logs."""
    return (
        *alarm_page(one.region, one.name),
        *_runbook(one),
        *_children(one),
        *_graph(one),
        *_query(one),
        *_resource(one),
    )


def alarm_page(region: str, name: str, words: str = "Open in CloudWatch") -> tuple[Link, ...]:
    return console(region, "cloudwatch/home?region={region}#alarmsV2:alarm/{name}", words, name=name)


def _children(one: Alarm) -> Iterator[Link]:
    """Yield the pages of the alarms that triggered a composite alarm."""
    for child in one.children:
        name = name_of(child.arn)
        yield from alarm_page(region_of(child.arn) or one.region, name, f"Open {name}")


def _runbook(one: Alarm) -> tuple[Link, ...]:
    found = RUNBOOK.search(one.description)
    return (Link("Runbook", found[1].rstrip(".,;)")),) if found else ()


def _graph(one: Alarm) -> tuple[Link, ...]:
    """Return the link to the graph of all queries in the window; if that is too long, of the first metric only."""
    if one.trigger is None or one.changed_at is None:
        return ()
    plain = [query for query in one.trigger.queries if query.metric]
    for queries in (one.trigger.queries, plain[:1]):
        metrics = "".join(map(_metric, queries))
        graph = f"~(metrics~({metrics})~view~'timeSeries~region~'{one.region}~{_window(one.changed_at)})"
        found = console(one.region, f"cloudwatch/home?region={{region}}#metricsV2:graph={graph}", "Metric")
        if metrics and found and len(found[0].url) <= URL_LIMIT:
            return found
    return ()


def _metric(query: Query) -> str:
    """Return a metric or an expression as the console writes it: `~(~'AWS*2fEC2~'CPUUtilization~'InstanceId~'i-0a)`."""
    options = {"id": query.id, "label": query.label, "stat": _statistic(query), "accountId": query.account}
    named = "".join(f"~{name}~'{starred(value)}" for name, value in options.items() if value)
    named += f"~period~{query.period}" if query.period else ""
    if query.expression:
        return f"~(~(expression~'{starred(query.expression)}{named}))"
    if not query.metric:
        return ""
    names = [query.namespace, query.metric, *(part for pair in query.dimensions for part in pair)]
    path = "~'".join(map(starred, names))
    return f"~(~'{path}{f'~({named[1:]})' if named else ''})"


def _statistic(query: Query) -> str:
    return query.statistic.capitalize() if query.statistic.isupper() else query.statistic


def _query(one: Alarm) -> tuple[Link, ...]:
    """Return the link to the log query of a log alarm, with its groups and its window."""
    if not one.log_query or not one.log_groups or one.changed_at is None:
        return ()
    groups = "".join(f"~'{starred(name_of(group))}" for group in one.log_groups)
    detail = f"~({_window(one.changed_at)}~timeType~'ABSOLUTE~tz~'UTC~editorString~'{starred(one.log_query)}"
    page = "cloudwatch/home?region={region}#logsV2:logs-insights$3FqueryDetail$3D"
    return console(one.region, f"{page}{detail}~source~({groups}))", "Log query")


def _resource(one: Alarm) -> tuple[Link, ...]:
    """Return the links to the logs of the things that the dimensions name; to the log groups of a log alarm."""
    dimensions = dict(one.trigger.dimensions) if one.trigger else {}
    function = dimensions.get("FunctionName", "")
    groups = [*map(name_of, one.log_groups), f"/aws/lambda/{function}" if function else ""]
    return (*log_group(one.region, groups[0]), *_pages(one, dimensions))


def _pages(one: Alarm, dimensions: dict[str, str]) -> Iterator[Link]:
    """Yield the page of a queue, and the pages of logs whose log group cannot be named."""
    region = one.region
    if (queue := dimensions.get("QueueName", "")) and one.account:
        domain = "amazonaws.com.cn" if partition_of(region) == "aws-cn" else "amazonaws.com"
        url = f"https://sqs.{region}.{domain}/{one.account}/{queue}"
        yield from console(region, "sqs/v3/home?region={region}#/queues/{url}", "Queue", url=url)
    database = "rds/home?region={region}#database:id={id};is-cluster=%s;tab=logs-and-events"
    for name, is_cluster in (("DBInstanceIdentifier", "false"), ("DBClusterIdentifier", "true")):
        yield from console(region, database % is_cluster, "Database logs", id=dimensions.get(name, ""))
    if {"ClusterName", "ServiceName"} <= dimensions.keys():
        service = "ecs/v2/clusters/{cluster}/services/{service}/logs?region={region}"
        cluster, name = dimensions["ClusterName"], dimensions["ServiceName"]
        yield from console(region, service, "Service logs", cluster=cluster, service=name)
    if {"ApiName", "ApiId"} & dimensions.keys():
        groups = "cloudwatch/home?region={region}#logsV2:log-groups$3FlogGroupNameFilter$3DAPI-Gateway-Execution-Logs_"
        yield from console(region, groups, "API logs")


def _window(changed_at: datetime) -> str:
    return f"start~'{_iso(changed_at - BEFORE)}~end~'{_iso(changed_at + AFTER)}"


def _iso(moment: datetime) -> str:
    return starred(f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000Z}")
