"""Mail that SES sent."""

from notifications.kinds.row import Row
from notifications.matching import event, fields

MAIL = (
    Row("SES notification", fields("mail.source", "notificationType"), "mail.message", ("ses-bounce.json",)),
    Row("SES event", fields("mail.source", "eventType"), "mail.message", ("ses-complaint.json",)),
    Row("SES event in EventBridge", event("aws.ses", "Email *"), "mail.message", ("ses-event.json",)),
    Row(
        "SES reputation",
        event("aws.ses", "Sending Status *", "Advisor Recommendation Status *"),
        "mail.reputation",
        ("ses-sending-paused.json", "ses-recommendation.json"),
    ),
)
