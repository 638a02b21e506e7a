"""Mail that SES sent."""

from notifications.kinds.row import Row
from notifications.matching import event, fields

MAIL = (
    Row("SES notification", fields("mail.source", "notificationType"), "mail.ses", ("ses-bounce.json",)),
    Row("SES event", fields("mail.source", "eventType"), "mail.ses", ("ses-complaint.json",)),
    Row("SES event in EventBridge", event("aws.ses", "Email *"), "mail.ses", ("ses-event.json",)),
)
