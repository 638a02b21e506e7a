"""Messages of other tools."""

from notifications.kinds.row import Row
from notifications.matching import any_of, fields, text

OTHER_TOOLS = (
    Row(
        "Alertmanager or Grafana alerts",
        fields("alerts.0.labels", "status"),
        "alertmanager.alerts",
        ("alertmanager.json", "alertmanager-resolved.json", "grafana.json"),
    ),
    Row(
        "Managed Prometheus text",
        text(r"(?s).*?Alerts (Firing|Resolved):\s+Labels:"),
        "alertmanager.managed_prometheus_text",
        ("managed-prometheus.txt", "managed-prometheus-resolved.txt"),
    ),
    Row(
        "Amazon Q custom notification",
        fields("source=custom", "content.description"),
        "custom_notification.custom_notification",
        ("custom-notification.json",),
    ),
    Row(
        "message made for Slack",
        any_of("blocks.0.type", "attachments.0", "text"),
        "slack_message.slack_message",
        ("slack-message.json",),
    ),
)
