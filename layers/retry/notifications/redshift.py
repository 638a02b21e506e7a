"""Redshift: statements of the Data API, and events of clusters."""

from aws_events.severity import severity_of
from notifications.arns import name_of
from notifications.body import Body
from notifications.building import job_status, joined, notification
from notifications.database_words import status_of
from notifications.hiding import hidden
from notifications.models import Notification, Status


def statement(body: Body) -> Notification:
    """Return the end of a statement of the Data API."""
    detail = body.at("detail")
    state, actor = detail.text("state"), name_of(detail.text("principal"))
    cluster = name_of(detail.text("clusterIdentifier") or next(iter(body.texts("resources")), ""))
    name = detail.text("statementName", "statementId")
    return notification(
        body,
        status=job_status(state),
        label=state,
        title=joined("Redshift", cluster, by=" "),
        summary=joined(f"statement {name} {state.lower()}", f"by {actor}" if actor else "", by=" "),
        facts=(
            ("Rows", detail.text("rows")),
            ("Database", detail.text("database")),
            ("Statement", detail.text("statementId")),
        ),
        resources=(cluster,),
    )


def message(body: Body) -> Notification:
    """Return an event of a cluster, from an event subscription in SNS."""
    text, word = body.text("Event Message"), body.text("Severity")
    cluster = body.text("Resource")
    severity = severity_of(word)
    is_bad = word == "ERROR"
    return notification(
        body,
        status=Status.FIRING if is_bad else status_of(text),
        label=word or "Redshift",
        title=joined("Redshift" if word else "", cluster, by=" "),
        summary=hidden("message", text.rstrip(".")),
        severity=severity if is_bad else None,
        severity_word=word,
        facts=(
            ("Event", body.text("About this Event").rpartition("#")[2]),
            ("Category", ", ".join(body.texts("Category"))),
        ),
        resources=(cluster,),
    )
