"""EventBridge: schedules, and targets that a schedule or a rule could not invoke."""

from notifications.arns import name_of
from notifications.body import Body
from notifications.building import joined, notification
from notifications.hiding import hidden
from notifications.models import Notification, Status


def scheduled(body: Body) -> Notification:
    """Return the event that a schedule or a scheduled rule sends by default."""
    arn = next(iter(body.texts("resources")), "")
    kind = "rule" if body.text("source") == "aws.events" else "schedule"
    return notification(
        body,
        status=Status.NOTICE,
        label="SCHEDULE",
        title=name_of(arn) or "Scheduled event",
        summary=f"the {kind} ran",
    )


def dead_letter(body: Body) -> Notification:
    """Return the target that failed and the reason, from a dead-letter queue; the event itself is not shown."""
    attributes = body.at("messageAttributes")
    found = {name: attributes.text(f"{name}.stringValue") for name in attributes.value}
    owner, target = found.get("SCHEDULE_ARN") or found.get("RULE_ARN", ""), found.get("TARGET_ARN", "")
    code, problem = found.get("ERROR_CODE", ""), hidden("message", found.get("ERROR_MESSAGE", ""))
    kind = "schedule" if "SCHEDULE_ARN" in found else "rule"
    return notification(
        body,
        status=Status.FIRING,
        label="FAILED",
        title=joined(kind, name_of(owner), by=" "),
        summary=joined(joined("target", name_of(target), "not invoked", by=" "), problem or code, by=": "),
        facts=(
            ("Error", code),
            ("Attempts after the first", found.get("RETRY_ATTEMPTS", "")),
            ("Gave up after", found.get("EXHAUSTED_RETRY_CONDITION", "")),
            ("Scheduled for", found.get("SCHEDULED_TIME", "")),
        ),
        resources=(owner, target),
        occurred_at=body.time("attributes.SentTimestamp"),
    )
