"""Alert -> one line for operations."""

from notifications.line import line
from observability.redaction import redact
from slack_alerts.formatting.mrkdwn import clean
from slack_alerts.models import Alert

LINE_LIMIT = 400
READ_LIMIT = 16_384
"""Characters that are searched for secrets: searching more takes too long, and the line shows fewer."""


def format_line(alert: Alert) -> str:
    """Return state, title and reason for operations, with secrets removed before the text is cut."""
    said = line(alert.notification)
    whole_words = said if len(said) <= READ_LIMIT else said[:READ_LIMIT].rpartition(" ")[0]
    return clean(redact(whole_words), LINE_LIMIT)
