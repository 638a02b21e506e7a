"""CloudWatch alarms."""

from notifications.kinds.row import Row
from notifications.matching import event, fields

ALARMS = (
    Row(
        "CloudWatch alarm in SNS",
        fields("AlarmName", "NewStateValue"),
        "alarms.alarm",
        (
            "alarm-metric.json",
            "alarm-ok.json",
            "alarm-no-data.json",
            "alarm-math.json",
            "alarm-anomaly.json",
            "alarm-composite.json",
            "alarm-contributor.json",
            "alarm-log.json",
            "alarm-pipes.json",
        ),
    ),
    Row(
        "CloudWatch alarm in EventBridge",
        event("aws.cloudwatch", "CloudWatch Alarm State Change", "CloudWatch Alarm Contributor State Change"),
        "alarms.alarm",
        (
            "alarm-event.json",
            "alarm-event-ok.json",
            "alarm-event-composite.json",
            "alarm-event-contributor.json",
            "alarm-promql.json",
        ),
    ),
    Row("CloudWatch alarm's Lambda action", fields("alarmData.state.value"), "alarms.alarm", ("alarm-action.json",)),
    Row(
        "CloudWatch alarm configuration",
        event("aws.cloudwatch", "CloudWatch Alarm Configuration Change"),
        "alarms.configuration_change",
        ("alarm-configuration.json",),
    ),
)
