"""SES: bounces, complaints and failures. Recipients are masked."""

from notifications.arns import name_of
from notifications.body import Body
from notifications.building import joined, notification, words
from notifications.hiding import masked
from notifications.models import Notification, Status

GOOD = frozenset({"Delivery", "Send", "Open", "Click"})
SUBJECT_LIMIT = 120


def ses(body: Body) -> Notification:
    """Return type, recipients and diagnostic of a message; both spellings of SES, from SNS or EventBridge."""
    event = body.at("detail") if body.has("detail.mail") else body
    kind = event.text("notificationType", "eventType")
    facts = event.at({"Reject": "reject", "Rendering Failure": "failure"}.get(kind, kind[:1].lower() + kind[1:]))
    people = [
        one.text("emailAddress")
        for name in ("bouncedRecipients", "complainedRecipients", "delayedRecipients")
        for one in facts.items(name)
    ]
    diagnostic = next((one.text("diagnosticCode") for one in facts.items("bouncedRecipients")), "")
    subtype = joined(
        facts.text("bounceType", "complaintFeedbackType", "delayType"), facts.text("bounceSubType"), by="/"
    )
    recipients = ", ".join(masked(one) for one in people or event.texts("mail.destination"))
    return notification(
        body,
        status=Status.NOTICE if kind in GOOD else Status.FIRING,
        label=kind.upper(),
        title=joined("SES", masked(event.text("mail.source")), by=" "),
        summary=joined(
            joined(words(subtype), recipients, by=": "), masked(diagnostic or facts.text("errorMessage", "reason"))
        )
        or kind.lower(),
        facts=(
            ("Recipients", recipients),
            ("Subject", masked(event.text("mail.commonHeaders.subject"))[:SUBJECT_LIMIT]),
            ("Diagnostic", masked(diagnostic)),
            ("Message", event.text("mail.messageId")),
            ("Configuration set", next(iter(event.texts("mail.tags.ses:configuration-set")), "")),
        ),
        resources=(event.text("mail.sourceArn"), name_of(event.text("mail.sourceArn"))),
        account=event.text("mail.sendingAccountId"),
        occurred_at=facts.time("timestamp") or event.time("mail.timestamp"),
    )
