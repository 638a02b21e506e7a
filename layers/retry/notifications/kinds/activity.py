"""Events of CloudTrail: those of one service before those of all."""

from notifications.kinds.row import Row
from notifications.matching import event, fields

ACTIVITY = (
    Row(
        "Incident Manager incident",
        event("aws.ssm-incidents", "AWS API Call via CloudTrail"),
        "incidents.incident",
        ("incident.json", "incident-resolved.json"),
    ),
    Row(
        "Console sign-in",
        event("aws.signin", "AWS Console Sign*n via CloudTrail"),
        "sign_in.sign_in",
        (
            "sign-in-failed.json",
            "sign-in-unknown-user.json",
            "sign-in-without-mfa.json",
            "sign-in-root.json",
            "sign-in.json",
        ),
    ),
    Row(
        "API call",
        fields("detail-type=AWS API Call via CloudTrail"),
        "activity.api_call",
        (
            "cloudtrail-call-denied.json",
            "cloudtrail-call-stop-logging.json",
            "cloudtrail-call-create-key.json",
            "cloudtrail-call.json",
            "dynamodb-table.json",
        ),
    ),
    Row(
        "CloudTrail insight",
        fields("detail-type=AWS Insight via CloudTrail"),
        "cloudtrail_insight.insight",
        ("cloudtrail-insight.json",),
    ),
)
