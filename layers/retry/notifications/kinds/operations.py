"""Operations of systems, clusters and schedules."""

from notifications.kinds.row import Row
from notifications.matching import event, fields

OPERATIONS = (
    Row(
        "Systems Manager execution",
        event("aws.ssm", "EC2 Command *", "EC2 Automation *", "EC2 State Manager *", "Maintenance Window *"),
        "systems_manager.execution",
        ("ssm-command-failed.json", "ssm-automation.json"),
    ),
    Row(
        "Systems Manager command in SNS",
        fields("commandId", "documentName"),
        "systems_manager.message",
        ("ssm-command-message.json",),
    ),
    Row("EKS cluster", event("aws.eks", "EKS *"), "eks.cluster", ("eks-addon.json",)),
    Row(
        "DNS Firewall query",
        event("aws.route53resolver", "DNS Firewall *"),
        "dns_firewall.query",
        ("dns-firewall.json",),
    ),
    Row("DevOps Guru insight", event("aws.devops-guru", "DevOps Guru *"), "devops_guru.insight", ("devops-guru.json",)),
    Row(
        "DevOps Guru insight in SNS",
        fields("InsightId", "InsightSeverity"),
        "devops_guru.insight",
        ("devops-guru-sns.json",),
    ),
    Row("EventBridge schedule", event("aws.scheduler", "Scheduled Event"), "schedules.scheduled", ("schedule.json",)),
    Row(
        "EventBridge scheduled rule",
        event("aws.events", "Scheduled Event"),
        "schedules.scheduled",
        ("scheduled-rule.json",),
    ),
    Row(
        "EventBridge dead letter in Pipes",
        fields("messageAttributes.ERROR_CODE.stringValue", "messageAttributes.TARGET_ARN.stringValue"),
        "schedules.dead_letter",
        ("schedule-failed.json", "rule-failed.json"),
    ),
)
