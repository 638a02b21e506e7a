"""Notices about an account: Config, Health, Trusted Advisor, certificates, quotas."""

from notifications.kinds.row import Row
from notifications.matching import event, fields

ACCOUNT = (
    Row(
        "Config compliance",
        event("aws.config", "Config Rules Compliance Change"),
        "aws_config.compliance_change",
        ("config-noncompliant.json",),
    ),
    Row(
        "Config compliance in SNS",
        fields("messageType=ComplianceChangeNotification"),
        "aws_config.compliance_change",
        ("config-compliant-sns.json",),
    ),
    Row(
        "Config change",
        event("aws.config", "Config Configuration Item Change"),
        "aws_config.item_change",
        ("config-change.json",),
    ),
    Row(
        "Config change in SNS",
        fields("messageType=ConfigurationItemChangeNotification"),
        "aws_config.item_change",
        ("config-change-sns.json",),
    ),
    Row(
        "Config change of a large resource in SNS",
        fields("messageType=OversizedConfigurationItemChangeNotification"),
        "aws_config.item_change",
        ("config-change-oversized-sns.json",),
    ),
    Row("Service Quotas", fields("source=aws.health", "detail.service=SERVICEQUOTAS"), "quotas.quota", ("quota.json",)),
    Row(
        "Health event",
        event("aws.health", "AWS Health Event"),
        "health.health_event",
        (
            "health-issue.json",
            "health-scheduled-change.json",
            "health-account-notification.json",
            "health-issue-closed.json",
        ),
    ),
    Row(
        "Abuse report",
        event("aws.health", "AWS Health Abuse Event"),
        "health.abuse_event",
        ("health-abuse.json",),
    ),
    Row(
        "Trusted Advisor check",
        event("aws.trustedadvisor", "Trusted Advisor Check Item Refresh Notification"),
        "trusted_advisor.check_item",
        (
            "trusted-advisor-limit.json",
            "trusted-advisor-warn.json",
            "trusted-advisor-ok.json",
        ),
    ),
    Row(
        "ACM certificate",
        event("aws.acm", "ACM Certificate *"),
        "certificates.certificate",
        (
            "acm-approaching.json",
            "acm-expired.json",
            "acm-renewal-action.json",
            "acm-available.json",
        ),
    ),
)
