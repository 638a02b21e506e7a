"""Messages of other tools."""

from notifications.kinds.row import Row
from notifications.matching import any_of, fields

OTHER_TOOLS = (
    Row(
        "Alertmanager or Grafana alerts",
        fields("alerts.0.labels", "status"),
        "other_tools.alertmanager",
        ("alertmanager.json", "alertmanager-resolved.json", "grafana.json"),
    ),
    Row(
        "Amazon Q custom notification",
        fields("source=custom", "content.description"),
        "other_tools.custom_notification",
        ("custom-notification.json",),
    ),
    Row(
        "message made for Slack",
        any_of("blocks.0.type", "attachments.0", "text"),
        "other_tools.slack_json",
        ("slack-message.json",),
    ),
)
