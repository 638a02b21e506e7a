"""SES: bounces, complaints and failures of messages, and the reputation of the account. Recipients are masked."""

from aws_events.severity import Severity, severity_of
from notifications.arns import name_of
from notifications.body import Body
from notifications.building import joined, notification, words
from notifications.hiding import hidden, masked
from notifications.models import Notification, Status

GOOD = frozenset({"Delivery", "Send", "Open", "Click", "Subscription"})
FACTS = {"Reject": "reject", "Rendering Failure": "failure", "DeliveryDelay": "deliveryDelay"}
"""The field with the facts of a kind, if it is not named like the kind."""
SEVERITIES = {
    "Transient": Severity.LOW,
    "DeliveryDelay": Severity.LOW,
    "Bounce": Severity.MEDIUM,
    "Complaint": Severity.MEDIUM,
    "Reject": Severity.MEDIUM,
    "Rendering Failure": Severity.HIGH,
}
"""SES has no severities: one recipient is less than a template that fails for all."""
SUBJECT_LIMIT = 120


def message(body: Body) -> Notification:
    """Return type, recipients and diagnostic of a message; both spellings of SES, from SNS or EventBridge."""
    event = body.at("detail") if body.has("detail.mail") else body
    kind = event.text("notificationType", "eventType")
    facts = event.at(FACTS.get(kind, kind[:1].lower() + kind[1:]))
    subtype = joined(
        facts.text("bounceType", "complaintFeedbackType", "delayType"), facts.text("bounceSubType"), by="/"
    )
    recipients, diagnostic = _recipients(event, facts), masked(_diagnostic(facts))
    problem = diagnostic or hidden("message", facts.text("errorMessage", "reason"))
    return notification(
        body,
        status=Status.NOTICE if kind in GOOD else Status.FIRING,
        label=kind.upper(),
        title=joined("SES", masked(event.text("mail.source")), by=" "),
        summary=joined(joined(words(subtype), recipients, by=": "), problem) or kind.lower(),
        severity=SEVERITIES.get(subtype.partition("/")[0], SEVERITIES.get(kind)),
        facts=(
            ("Recipients", recipients),
            ("Subject", masked(event.text("mail.commonHeaders.subject"))[:SUBJECT_LIMIT]),
            ("Diagnostic", diagnostic),
            ("Message", event.text("mail.messageId")),
            ("Configuration set", next(iter(event.texts("mail.tags.ses:configuration-set")), "")),
        ),
        resources=(event.text("mail.sourceArn"), name_of(event.text("mail.sourceArn"))),
        account=event.text("mail.sendingAccountId"),
        occurred_at=facts.time("timestamp") or event.time("mail.timestamp"),
    )


def _recipients(event: Body, facts: Body) -> str:
    """Return the recipients whom the event is about, else all."""
    lists = ("bouncedRecipients", "complainedRecipients", "delayedRecipients")
    people = [one.text("emailAddress") for name in lists for one in facts.items(name)]
    return ", ".join(masked(one) for one in people or event.texts("mail.destination"))


def _diagnostic(facts: Body) -> str:
    failed = (*facts.items("bouncedRecipients"), *facts.items("delayedRecipients"))
    return next((one.text("diagnosticCode") for one in failed), "")


def reputation(body: Body) -> Notification:
    """Return a pause or resumption of sending, or a problem with the reputation."""
    detail, kind = body.at("detail"), body.text("detail-type")
    arn = detail.text("resourceArn", "reputationEntityReference") or next(iter(body.texts("resources")), "")
    word, is_over = detail.text("impact"), kind.endswith(("Enabled", "Closed", "Resolved"))
    what = "sending is paused" if "Disabled" in kind else "sending is allowed again" if "Enabled" in kind else ""
    said = detail.text("description", "cause") or joined(words(detail.text("type")), "recommendation", by=" ")
    return notification(
        body,
        status=Status.RESOLVED if is_over else Status.FIRING,
        label=kind.rpartition(" ")[2].upper(),
        title=joined("SES", _tenant(arn), by=" "),
        summary=joined(what, hidden("description", said), by=": "),
        severity=None if is_over else severity_of(word) or (Severity.CRITICAL if what else Severity.MEDIUM),
        severity_word=word,
        facts=(("Kind", words(detail.text("type"))), ("Impact", word), ("Status", detail.text("sendingStatus"))),
        resources=(arn,),
    )


def _tenant(arn: str) -> str:
    """Return the tenant or the identity: `arn:…:tenant/shop/tn-1a2b` has its id behind the name."""
    return arn.partition(":tenant/")[2].partition("/")[0] or name_of(arn)
