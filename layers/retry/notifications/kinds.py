"""The kinds of events: how each is recognised, its parser, its sample. This table is the documentation (`make kinds`).

A parser is a function `Body -> Notification` in the module of its family, which is imported when its row matches. To
add a kind, write the function, a row here and a sample in events/kinds/ (docs/adding-a-kind.md).
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from notifications.body import Body
from notifications.matching import Matcher, any_of, event, fields, first_key, text
from notifications.models import Notification


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of event."""

    name: str
    matches: Matcher
    parser: str
    """family.function below `notifications`."""
    samples: tuple[str, ...]
    """Files in events/kinds/."""

    def load(self) -> Callable[[Body], Notification]:
        """Import the family and return the parser."""
        family, _, function = self.parser.partition(".")
        parser: Callable[[Body], Notification] = getattr(import_module(f"notifications.{family}"), function)
        return parser


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
        ),
    ),
    Row(
        "CloudWatch alarm in EventBridge",
        event("aws.cloudwatch", "CloudWatch Alarm State Change", "CloudWatch Alarm Contributor State Change"),
        "alarms.alarm",
        ("alarm-event.json", "alarm-event-ok.json", "alarm-event-composite.json", "alarm-event-contributor.json"),
    ),
    Row("CloudWatch alarm's Lambda action", fields("alarmData.state.value"), "alarms.alarm", ("alarm-action.json",)),
    Row(
        "CloudWatch alarm configuration",
        event("aws.cloudwatch", "CloudWatch Alarm Configuration Change"),
        "alarms.configuration_change",
        ("alarm-configuration.json",),
    ),
)

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
"""Events of CloudTrail: those of one service before those of all."""

SECURITY = (
    Row(
        "GuardDuty finding",
        event("aws.guardduty", "GuardDuty Finding"),
        "guardduty.finding",
        (
            "guardduty-finding.json",
            "guardduty-finding-api-call.json",
            "guardduty-finding-dns.json",
            "guardduty-finding-network.json",
            "guardduty-finding-eks.json",
            "guardduty-finding-rds.json",
            "guardduty-finding-runtime.json",
            "guardduty-finding-ebs-malware.json",
            "guardduty-finding-s3-malware.json",
            "guardduty-finding-attack-sequence.json",
        ),
    ),
    Row(
        "GuardDuty malware scan of an S3 object",
        event("aws.guardduty", "GuardDuty Malware Protection Object Scan Result"),
        "malware_protection.object_scan",
        (
            "guardduty-object-scan-threat.json",
            "guardduty-object-scan-denied.json",
            "guardduty-object-scan-clean.json",
        ),
    ),
    Row(
        "GuardDuty malware protection of a bucket",
        event("aws.guardduty", "GuardDuty Malware Protection *"),
        "malware_protection.plan_status",
        (
            "guardduty-malware-protection-error.json",
            "guardduty-post-scan-failed.json",
            "guardduty-malware-protection-active.json",
        ),
    ),
    Row(
        "GuardDuty runtime coverage",
        event("aws.guardduty", "GuardDuty Runtime Protection *"),
        "malware_protection.runtime_coverage",
        ("guardduty-runtime-unhealthy.json",),
    ),
    Row(
        "Security Hub finding",
        event("aws.securityhub", "Security Hub Findings - *"),
        "security_hub.asff",
        (
            "security-hub-finding.json",
            "security-hub-custom-action.json",
            "security-hub-finding-passed.json",
        ),
    ),
    Row(
        "Security Hub finding (OCSF)",
        event("aws.securityhub", "Findings Imported V2"),
        "security_hub.ocsf",
        (
            "security-hub-ocsf.json",
            "security-hub-ocsf-resolved.json",
        ),
    ),
    Row(
        "Security Hub insight",
        event("aws.securityhub", "Security Hub Insight Results"),
        "security_hub.insight_results",
        ("security-hub-insight.json",),
    ),
    Row(
        "Inspector finding",
        event("aws.inspector2", "Inspector2 Finding"),
        "inspector.finding",
        (
            "inspector-finding-image.json",
            "inspector-finding-network.json",
            "inspector-finding-code.json",
            "inspector-finding-closed.json",
        ),
    ),
    Row(
        "Inspector scan",
        event("aws.inspector2", "Inspector2 Scan"),
        "inspector.scan",
        (
            "inspector-scan.json",
            "inspector-scan-clean.json",
        ),
    ),
    Row(
        "Inspector coverage",
        event("aws.inspector2", "Inspector2 Coverage"),
        "inspector.coverage",
        ("inspector-coverage.json",),
    ),
    Row(
        "Access Analyzer finding",
        event("aws.access-analyzer", "* Finding", "Unused Access Finding for IAM entities"),
        "data_access.access_finding",
        (
            "access-analyzer-public.json",
            "access-analyzer-unused.json",
            "access-analyzer-error.json",
            "access-analyzer-resolved.json",
        ),
    ),
    Row(
        "Macie finding",
        event("aws.macie", "Macie Finding"),
        "data_access.macie_finding",
        (
            "macie-sensitive-data.json",
            "macie-policy.json",
        ),
    ),
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

COST = (
    Row(
        "AWS Budgets",
        text(r"AWS Budget Notification"),
        "cost.budget",
        (
            "budget-actual.txt",
            "budget-forecast.txt",
            "budget-utilization.txt",
        ),
    ),
    Row(
        "Cost anomaly",
        event("aws.ce", "Anomaly Detected"),
        "cost.anomaly",
        ("cost-anomaly.json",),
    ),
    Row(
        "Cost anomaly in SNS",
        fields("anomalyId", "rootCauses"),
        "cost.anomaly",
        ("cost-anomaly-sns.json",),
    ),
    Row(
        "Savings Plan",
        event("aws.savingsplans", "Savings Plans State Chang*"),
        "cost.savings_plan",
        (
            "savings-plan-failed.json",
            "savings-plan-retiring.json",
            "savings-plan-active.json",
        ),
    ),
)

DEPLOYMENTS = (
    Row(
        "CloudFormation text",
        text(r"StackId='"),
        "cloudformation.text",
        (
            "cloudformation-resource-failed.txt",
            "cloudformation-resource-complete.txt",
            "cloudformation-nested-failed.txt",
            "cloudformation-stack-complete.txt",
        ),
    ),
    Row(
        "CloudFormation drift",
        event("aws.cloudformation", "CloudFormation Drift Detection Status Change"),
        "cloudformation.drift",
        ("cloudformation-drift.json",),
    ),
    Row(
        "CloudFormation stack or resource",
        event("aws.cloudformation", "CloudFormation *"),
        "cloudformation.stack",
        ("cloudformation-event.json", "cloudformation-resource-event.json"),
    ),
    Row(
        "CodePipeline execution",
        event("aws.codepipeline", "CodePipeline *"),
        "code.pipeline",
        ("codepipeline-failed.json", "codepipeline-succeeded.json", "codepipeline-action-failed.json"),
    ),
    Row(
        "CodePipeline approval",
        fields("approval.pipelineName"),
        "code.pipeline_approval",
        ("codepipeline-approval.json",),
    ),
    Row(
        "CodeBuild build",
        event("aws.codebuild", "CodeBuild *"),
        "code.build",
        ("codebuild-failed.json", "codebuild-phase.json"),
    ),
    Row(
        "CodeDeploy deployment",
        event("aws.codedeploy", "CodeDeploy *"),
        "code.deployment",
        ("codedeploy-failed.json",),
    ),
    Row(
        "CodeDeploy trigger in SNS",
        fields("eventTriggerName", "applicationName"),
        "code.deployment_trigger",
        ("codedeploy-trigger.json",),
    ),
    Row(
        "CodeCommit repository",
        event("aws.codecommit", "CodeCommit *"),
        "code.repository",
        ("codecommit-pull-request.json", "codecommit-push.json"),
    ),
    Row("ECR image scan", event("aws.ecr", "ECR Image Scan"), "images.scan", ("ecr-scan.json",)),
    Row("ECR image action", event("aws.ecr", "ECR Image Action"), "images.action", ("ecr-push.json",)),
)

COMPUTE = (
    Row(
        "Auto Scaling event",
        event("aws.autoscaling", "EC2 Instance*"),
        "compute.autoscaling_event",
        ("autoscaling-failed.json",),
    ),
    Row(
        "Auto Scaling message in SNS",
        fields("AutoScalingGroupName", "Event"),
        "compute.autoscaling_message",
        ("autoscaling-terminated.json",),
    ),
    Row(
        "ECS task",
        event("aws.ecs", "ECS Task State Change"),
        "containers.ecs_task",
        ("ecs-task-stopped.json", "ecs-task-running.json"),
    ),
    Row(
        "ECS service or deployment",
        event("aws.ecs", "ECS Service Action", "ECS Deployment State Change"),
        "containers.ecs_service",
        ("ecs-deployment-failed.json", "ecs-service-action.json"),
    ),
    Row("Batch job", event("aws.batch", "Batch Job State Change"), "containers.batch_job", ("batch-failed.json",)),
    Row(
        "Step Functions execution",
        event("aws.states", "Step Functions Execution Status Change"),
        "functions.step_functions",
        ("step-functions-failed.json", "step-functions-succeeded.json"),
    ),
    Row(
        "Lambda destination",
        fields("requestContext.functionArn", "requestContext.condition"),
        "functions.lambda_destination",
        ("lambda-destination.json",),
    ),
    Row(
        "Lambda destination in EventBridge",
        event("lambda", "Lambda Function Invocation Result*"),
        "functions.lambda_destination",
        ("lambda-destination-event.json",),
    ),
    Row(
        "EC2 instance state",
        event("aws.ec2", "EC2 Instance State-change Notification"),
        "compute.ec2_state",
        ("ec2-stopped.json", "ec2-running.json"),
    ),
    Row(
        "EC2 Spot interruption",
        event("aws.ec2", "EC2 Spot Instance Interruption Warning", "EC2 Instance Rebalance Recommendation"),
        "compute.spot_interruption",
        ("spot-interruption.json",),
    ),
    Row(
        "Elastic Beanstalk text",
        text(r"(?s)Timestamp: .*\nEnvironment: "),
        "compute.beanstalk_text",
        ("beanstalk.txt",),
    ),
)

DATA = (
    Row(
        "RDS event",
        event("aws.rds", "RDS DB *"),
        "databases.rds_event",
        ("rds-failover.json", "rds-cluster-failed.json", "rds-snapshot.json"),
    ),
    Row(
        "RDS message in SNS",
        fields("Event Source", "Source ID", "Event Message"),
        "databases.rds_message",
        ("rds-message.json",),
    ),
    Row(
        "ElastiCache message in SNS", first_key("ElastiCache:"), "databases.elasticache_message", ("elasticache.json",)
    ),
    Row("DMS task", event("aws.dms", "DMS *"), "databases.dms_event", ("dms-failed.json",)),
    Row(
        "Redshift statement",
        event("aws.redshift-data", "Redshift Data *"),
        "databases.redshift_event",
        ("redshift-statement.json",),
    ),
    Row("Glue job", event("aws.glue", "Glue *"), "databases.glue_job", ("glue-failed.json",)),
    Row(
        "Backup job", event("aws.backup", "*"), "storage.backup_event", ("backup-failed.json", "backup-completed.json")
    ),
    Row("Backup text", text(r"An AWS Backup job "), "storage.backup_text", ("backup.txt",)),
    Row("S3 message", fields("Records.0.s3.bucket.name"), "storage.s3_message", ("s3-object.json",)),
    Row("S3 event", event("aws.s3", "Object *"), "storage.s3_event", ("s3-event.json",)),
    Row("S3 test message", fields("Event=s3:TestEvent"), "storage.s3_test", ("s3-test.json",)),
)

MAIL = (
    Row("SES notification", fields("mail.source", "notificationType"), "mail.ses", ("ses-bounce.json",)),
    Row("SES event", fields("mail.source", "eventType"), "mail.ses", ("ses-complaint.json",)),
    Row("SES event in EventBridge", event("aws.ses", "Email *"), "mail.ses", ("ses-event.json",)),
)

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
    Row("Service Quotas request", event("aws.servicequotas", "*"), "operations.quota", ("quota.json",)),
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

KINDS = (*ALARMS, *ACTIVITY, *SECURITY, *COST, *DEPLOYMENTS, *COMPUTE, *DATA, *MAIL, *OPERATIONS, *OTHER_TOOLS)
"""The first row that matches decides."""


def find(body: Body) -> Row | None:
    """Return the row of the body's kind, or None."""
    return next((row for row in KINDS if row.matches(body)), None)
