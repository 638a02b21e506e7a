"""Findings of the security services."""

from notifications.kinds.row import Row
from notifications.matching import event

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
)
