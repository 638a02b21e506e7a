"""Operations of systems and clusters."""

from notifications.kinds.row import Row
from notifications.matching import event, fields

OPERATIONS = (
    Row(
        "Systems Manager execution",
        event("aws.ssm", "EC2 Command *", "EC2 Automation *", "Maintenance Window *"),
        "operations.ssm_command",
        ("ssm-command-failed.json", "ssm-automation.json"),
    ),
    Row(
        "Systems Manager command in SNS",
        fields("commandId", "documentName"),
        "operations.ssm_message",
        ("ssm-command-message.json",),
    ),
    Row("Incident Manager incident", event("aws.ssm-incidents", "*"), "operations.incident", ("incident.json",)),
    Row("EKS cluster", event("aws.eks", "EKS *"), "operations.eks", ("eks-addon.json",)),
    Row("Route 53", event("aws.route53", "*"), "operations.route53", ("route53.json",)),
    Row(
        "DevOps Guru insight",
        event("aws.devops-guru", "DevOps Guru *"),
        "operations.devops_guru",
        ("devops-guru.json",),
    ),
    Row(
        "EventBridge Scheduler failure",
        fields("scheduleArn", "errorCode"),
        "operations.scheduler",
        ("schedule-failed.json",),
    ),
)
