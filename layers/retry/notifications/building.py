"""Build a Notification from a body: the fields that every EventBridge event has are filled in here."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime

from aws_events.severity import Severity
from notifications.arns import account_of, region_of, with_names
from notifications.body import Body
from notifications.models import Kind, Link, Notification, Status
from notifications.negation import is_negated


def notification(  # noqa: PLR0913 - the fields of a Notification, by name
    body: Body,
    *,
    status: Status,
    label: str,
    title: str,
    summary: str = "",
    reason: str = "",
    description: str = "",
    facts: Iterable[tuple[str, str]] = (),
    severity: Severity | None = None,
    severity_word: str = "",
    resources: Iterable[str] = (),
    tags: Iterable[tuple[str, str]] = (),
    account: str = "",
    region: str = "",
    occurred_at: datetime | None = None,
    identity: str = "",
    subject: str = "",
    links: Iterable[Link] = (),
    kind: Kind = Kind.EVENT,
) -> Notification:
    """Return the notification; account, Region, time and identity default to those of the EventBridge envelope.

    Facts without a value are omitted. If the event names no account or Region, those of the first ARN
    or of the topic count.
    """
    named = tuple(filter(None, (*resources, *body.texts("resources"))))
    return Notification(
        record=body.record,
        kind=kind,
        status=status,
        label=label,
        title=title,
        summary=with_names(summary),
        reason=reason,
        description=description,
        facts=tuple((name, value) for name, value in facts if value),
        severity=severity,
        severity_word=severity_word,
        source=body.text("source"),
        detail_type=body.text("detail-type", "detailType"),
        resources=tuple(dict.fromkeys(named)),
        tags=tuple(tags),
        account=account or body.text("account") or _first(account_of, named, body),
        region=region or body.text("region") or _first(region_of, named, body),
        identity=identity or _identity(body),
        subject=subject,
        occurred_at=occurred_at or body.time("time"),
        links=tuple(links),
    )


def _first(part_of: Callable[[str], str], named: Iterable[str], body: Body) -> str:
    """Return account or Region of the first ARN that has one; else of the topic."""
    return next(filter(None, map(part_of, (*named, body.record.topic_arn))), "")


def _identity(body: Body) -> str:
    """Return EventBridge's id if SNS gave none: a rule may send to the queue directly.

    A replay from an archive has the id of its original. Somebody asked for it, so it is posted again.
    """
    is_event = body.has("detail-type") and body.has("source") and not body.record.sns_message_id
    return joined(body.text("id"), body.text("replay-name"), by="/") if is_event else ""


def joined(*parts: str, by: str = ", ") -> str:
    """Join the parts that are not empty."""
    return by.join(part for part in parts if part)


def counted(names: Iterable[str], shown: int = 1) -> str:
    """Return the first names, and the number of the others: `orders (+3 more)`."""
    every = [name for name in names if name]
    more = len(every) - shown
    return ", ".join(every[:shown]) + (f" (+{more:,} more)" if more > 0 else "")


FAILED = (
    "FAIL",
    "ROLLBACK",
    "STOPPED",
    "FAULT",
    "TIMED_OUT",
    "TIMEDOUT",
    "TIMEOUT",
    "ABANDON",
    "ABORT",
    "ERROR",
    "DENIED",
    "REJECTED",
    "EXPIRED",
)
DONE = (
    "SUCCEEDED",
    "SUCCESS",
    "SUCCESSFUL",
    "COMPLETE",
    "COMPLETED",
    "READY",
    "APPROVED",
    "MERGED",
    "AVAILABLE",
    "RESOLVED",
)


def job_status(state: str) -> Status:
    """Return the status for a state of a job or a deployment; a completed rollback is a failure too."""
    is_bad, state = is_negated(state), state.upper().replace("-", "_").replace(" ", "_")
    if is_bad or any(word in state for word in FAILED):
        return Status.FIRING
    return Status.RESOLVED if state.endswith(DONE) else Status.NOTICE


def words(name: str) -> str:
    """Return `pull request created` for pullRequestCreated."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_-]", " ", name).lower()


def resource_type(word: str) -> str:
    """Return `EC2 SecurityGroup` for AWS::EC2::SecurityGroup."""
    return " ".join(word.removeprefix("AWS::").split("::"))
