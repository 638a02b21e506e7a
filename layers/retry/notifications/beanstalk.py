"""Elastic Beanstalk: messages of environments, as text and from EventBridge."""

import re

from aws_events.severity import Severity, severity_of
from notifications.body import Body
from notifications.building import job_status, joined, notification
from notifications.hiding import hidden
from notifications.models import Notification, Status

FIELD = re.compile(r"(?m)^[ \t]*([A-Za-z ]{2,24}):(.*)$")
HEALTH = re.compile(r"(?i)health has transitioned from .{1,24}? to (No Data|\w+)")
HEALTHS = {
    "Severe": (Status.FIRING, Severity.CRITICAL),
    "Degraded": (Status.FIRING, Severity.HIGH),
    "Warning": (Status.FIRING, Severity.MEDIUM),
    "No Data": (Status.NO_DATA, None),
    "Unknown": (Status.NO_DATA, None),
    "Suspended": (Status.NO_DATA, None),
    "Ok": (Status.RESOLVED, None),
}
"""Status and severity by the state of enhanced health; the console shows Severe and Degraded in red, Warning in
yellow, and the three states without data in grey."""
BAD = re.compile(r"(?i)fail|error|abort|unhealthy")


def beanstalk_text(body: Body) -> Notification:
    """Return a message of an environment, from the text of Elastic Beanstalk."""
    facts = {name: value.strip() for name, value in FIELD.findall(body.string)}
    return _message(body, facts.get("Message", ""), facts.get("Environment", ""), facts.get("Application", ""), "")


def beanstalk_event(body: Body) -> Notification:
    """Return the same from EventBridge, which has a severity."""
    detail = body.at("detail")
    message = detail.text("Message", "Status")
    return _message(
        body, message, detail.text("EnvironmentName"), detail.text("ApplicationName"), detail.text("Severity")
    )


def _message(body: Body, message: str, environment: str, application: str, word: str) -> Notification:
    health = HEALTH.search(message)
    state = health[1].title() if health else ""
    severity = severity_of(word)
    is_bad = BAD.search(message) is not None or severity in {Severity.CRITICAL, Severity.HIGH}
    status, known = HEALTHS.get(state, (Status.FIRING if is_bad else job_status(message), severity))
    return notification(
        body,
        status=status,
        label=state.upper() or word.upper() or "Beanstalk",
        title=joined("Beanstalk" if state or word else "", environment, by=" "),
        summary=hidden("message", message),
        severity=known if status is Status.FIRING else None,
        severity_word=word or state,
        facts=(("Application", application),),
        resources=(environment,),
        occurred_at=body.time("detail.EventDate"),
    )
