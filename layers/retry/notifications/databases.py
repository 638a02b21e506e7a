"""Databases and data jobs: RDS, ElastiCache, DMS, Redshift, Glue, DynamoDB."""

import re

from notifications.arns import name_of
from notifications.body import Body
from notifications.building import finished, joined, notification, words
from notifications.links import console
from notifications.models import Notification, Status

BAD = re.compile(
    r"(?i)fail(?!over)|error|low storage|out of|shutdown|recovery of|crash|incompatible|cannot|could not|lost"
)
GOOD = re.compile(r"(?i)completed|restarted|recovered|available|finished|back to normal|restored")
PAGES = {
    "DB_INSTANCE": "rds/home?region={region}#database:id={id};is-cluster=false",
    "DB_CLUSTER": "rds/home?region={region}#database:id={id};is-cluster=true",
}
"""Pages of the RDS console; snapshots and groups have none of their own."""


def status_of(message: str) -> Status:
    return Status.FIRING if BAD.search(message) else Status.RESOLVED if GOOD.search(message) else Status.NOTICE


def rds_event(body: Body) -> Notification:
    """Return an event of an instance, a cluster, a snapshot or a group, from EventBridge."""
    detail = body.at("detail")
    return _database(
        body,
        name=detail.text("SourceIdentifier") or name_of(detail.text("SourceArn")),
        kind=detail.text("SourceType"),
        message=detail.text("Message"),
        event_id=detail.text("EventID"),
        categories=", ".join(detail.texts("EventCategories")),
    )


def rds_message(body: Body) -> Notification:
    """Return the same from an event subscription in SNS."""
    return _database(
        body,
        name=body.text("Source ID"),
        kind=body.text("Event Source").replace("-", "_").upper().replace("DB_", "").join(("DB_", "")),
        message=body.text("Event Message"),
        event_id=body.text("Event ID").rpartition("#")[2],
        categories="",
    )


def _database(body: Body, *, name: str, kind: str, message: str, event_id: str, categories: str) -> Notification:  # noqa: PLR0913
    status = status_of(message)
    service = {"DB_INSTANCE": "RDS", "DB_CLUSTER": "RDS cluster"}.get(
        kind, joined("RDS", words(kind).removeprefix("db "), by=" ")
    )
    label = {Status.FIRING: "FAILED", Status.RESOLVED: "OK"}.get(status, service)
    arn = body.text("Source ARN", "detail.SourceArn")
    return notification(
        body,
        status=status,
        label=label,
        title=name if label == service else joined(service, name, by=" "),
        summary=message.rstrip(".")[:1].lower() + message.rstrip(".")[1:],
        facts=(("Event", event_id), ("Categories", categories), ("Kind", words(kind))),
        resources=(arn, name),
        links=console(
            _region(body, arn), PAGES.get(kind, "rds/home?region={region}#events:"), "Open in RDS", **_id(kind, name)
        ),
    )


def _id(kind: str, name: str) -> dict[str, str]:
    return {"id": name} if kind in PAGES else {}


def _region(body: Body, arn: str) -> str:
    return body.text("region") or (arn.split(":")[3] if arn.count(":") > 3 else "")  # noqa: PLR2004 - the Region's place


def elasticache_message(body: Body) -> Notification:
    """Return the event of a cache, whose key is the event's name."""
    event, name = next(iter(body.value.items()))
    what = words(event.partition(":")[2])
    return notification(
        body,
        status=status_of(what),
        label="ElastiCache",
        title=str(name),
        summary=what,
        facts=(("Event", event),),
        resources=(str(name),),
    )


def dms_event(body: Body) -> Notification:
    """Return the state of a replication task or instance."""
    detail = body.at("detail")
    event = detail.text("eventType")
    name = name_of(next(iter(body.texts("resources")), ""))
    return notification(
        body,
        status=finished(event),
        label=event.removeprefix("REPLICATION_TASK_"),
        title=joined("DMS", name, by=" "),
        summary=detail.text("detailMessage") or words(event),
        facts=(("Type", detail.text("type")), ("Category", detail.text("category")), ("Event", detail.text("eventId"))),
    )


def redshift_event(body: Body) -> Notification:
    """Return the end of a statement of the Data API, or an event of a cluster."""
    detail = body.at("detail")
    state = detail.text("state")
    cluster = name_of(detail.text("clusterIdentifier", "principal")) or name_of(next(iter(body.texts("resources")), ""))
    return notification(
        body,
        status=finished(state),
        label=state,
        title=joined("Redshift", cluster, by=" "),
        summary=joined("statement", detail.text("statementName", "statementId"), state.lower(), by=" "),
        facts=(("Rows", detail.text("rows")), ("Database", detail.text("database"))),
    )


def redshift_message(body: Body) -> Notification:
    """Return an event of a cluster, from an event subscription in SNS."""
    message = body.text("Message", "About this Event")
    return notification(
        body,
        status=status_of(message),
        label=body.text("Severity") or "Redshift",
        title=joined("Redshift" if body.text("Severity") else "", body.text("Resource"), by=" "),
        summary=message,
        facts=(("Event", body.text("Event ID")), ("Category", body.text("Event Category"))),
        resources=(body.text("Resource"),),
    )


def glue_job(body: Body) -> Notification:
    """Return the state of a Glue job, a crawler or a data quality run."""
    detail = body.at("detail")
    state = detail.text("state", "result.State", "resultState")
    name = detail.text("jobName", "crawlerName", "rulesetNames.0", "tableName")
    return notification(
        body,
        status=finished(state),
        label=state.upper(),
        title=joined("Glue", name, by=" "),
        summary=detail.text("errorMessage", "message", "warningMessage")
        or joined(words(body.text("detail-type").removeprefix("Glue ")), state.lower(), by=": "),
        facts=(("Run", detail.text("jobRunId")), ("Severity", detail.text("severity"))),
        resources=(name,),
        links=console(
            body.text("region"),
            "gluestudio/home?region={region}#/editor/job/{name}/runs",
            "Open job",
            name=detail.text("jobName"),
        ),
    )


def dynamodb_activity(body: Body) -> Notification:
    """Return a change of a table, as CloudTrail records it for other stores of events."""
    detail = body.at("detail")
    return notification(
        body,
        status=Status.FIRING if detail.text("errorCode") else Status.NOTICE,
        label=detail.text("errorCode") or "DynamoDB",
        title=joined(
            "DynamoDB" if detail.text("errorCode") else "", detail.text("requestParameters.tableName"), by=" "
        ),
        summary=joined(words(detail.text("eventName")), name_of(detail.text("userIdentity.arn")), by=" by "),
        resources=(detail.text("requestParameters.tableName"),),
    )
