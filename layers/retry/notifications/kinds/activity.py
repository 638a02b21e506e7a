"""Events of CloudTrail: those of one service before those of all."""

from notifications.kinds.row import Row
from notifications.matching import event, fields

ACTIVITY = (
    Row(
        "DynamoDB table",
        event("aws.dynamodb", "AWS API Call via CloudTrail"),
        "databases.dynamodb_activity",
        ("dynamodb-table.json",),
    ),
    Row(
        "Console sign-in",
        event("aws.signin", "AWS Console Sign*n via CloudTrail"),
        "activity.sign_in",
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
        ),
    ),
    Row(
        "CloudTrail insight",
        fields("detail-type=AWS Insight via CloudTrail"),
        "activity.insight",
        ("cloudtrail-insight.json",),
    ),
)
