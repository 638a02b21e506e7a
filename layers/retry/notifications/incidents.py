"""Incident Manager: incidents that start, change and end. Its events are calls that CloudTrail records."""

from aws_events.severity import Severity
from notifications.activity import api_call
from notifications.activity_actor import actor_of
from notifications.arns import name_of
from notifications.body import Body
from notifications.building import joined, notification
from notifications.hiding import hidden
from notifications.links import console
from notifications.models import Link, Notification, Status

IMPACTS = {
    "1": (Severity.CRITICAL, "critical impact"),
    "2": (Severity.HIGH, "high impact"),
    "3": (Severity.MEDIUM, "medium impact"),
    "4": (Severity.LOW, "low impact"),
    "5": (Severity.INFO, "no impact"),
}
"""From: https://docs.aws.amazon.com/incident-manager/latest/APIReference/API_IncidentRecord.html"""
LABELS = {"StartIncident": "STARTED", "UpdateIncidentRecord": "UPDATED"}


def incident(body: Body) -> Notification:
    """Return the start or the change of an incident and its actor; any other call as a CloudTrail call."""
    detail = body.at("detail")
    asked, call = detail.at("requestParameters"), detail.text("eventName")
    if call not in LABELS or detail.has("errorCode"):
        return api_call(body)
    is_over = asked.text("status") == "RESOLVED"
    record = detail.text("responseElements.incidentRecordArn") or asked.text("arn")
    plan = name_of(asked.text("responsePlanArn")) or _plan(record)
    severity, impact = IMPACTS.get(asked.text("impact"), (Severity.HIGH, ""))
    return notification(
        body,
        status=Status.RESOLVED if is_over else Status.FIRING,
        label="RESOLVED" if is_over else LABELS[call],
        title=joined("incident", hidden("title", asked.text("title")) or plan, by=" "),
        summary=joined(impact, hidden("summary", asked.text("summary")), f"by {actor_of(detail)}"),
        severity=None if is_over else severity,
        severity_word=asked.text("impact"),
        facts=(
            ("Response plan", plan),
            ("Trigger", name_of(asked.text("triggerDetails.triggerArn"))),
            ("Source", asked.text("triggerDetails.source")),
        ),
        resources=(record,),
        links=_page(body.text("region"), record),
    )


def _plan(record: str) -> str:
    """Return the response plan in arn:…:incident-record/plan/id."""
    return record.partition("incident-record/")[2].partition("/")[0]


def _page(region: str, record: str) -> tuple[Link, ...]:
    return console(region, "systems-manager/incidents/home?region={region}", "Open incidents") if record else ()
