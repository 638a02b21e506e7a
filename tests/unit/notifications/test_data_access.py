import pytest

from aws_events.severity import Severity
from holdfast_cli.kinds import SAMPLES, notification_of
from notifications.line import line
from notifications.models import Status
from tests.support.samples.notifications import changed_detail

MEMBER = "(444455556666, eu-west-1)"
LINES = {
    "access-analyzer-public.json": (
        f"🟠 ACTIVE Access Analyzer S3 Bucket invoices-example: public for s3:GetObject, s3:GetObjectVersion {MEMBER}"
    ),
    "access-analyzer-unused.json": (
        f"🔵 ACTIVE Access Analyzer IAM Role old-deploy: unused permissions, 17 actions {MEMBER}"
    ),
    "access-analyzer-error.json": f"🟡 ACTIVE Access Analyzer SQS Queue orders: not analyzed: ACCESS_DENIED {MEMBER}",
    "access-analyzer-resolved.json": (
        "🟢 RESOLVED Access Analyzer IAM Role partner-upload: no longer shared with 777788889999 for "
        f"sts:AssumeRole {MEMBER}"
    ),
    "macie-sensitive-data.json": (
        "🟠 HIGH Macie exports-example/2026/customers.csv: The S3 object contains personal information: "
        f"1,200 name, 280 passport number {MEMBER}"
    ),
    "macie-policy.json": (
        f"🟡 MEDIUM Macie exports-example: Block Public Access settings are disabled for the S3 bucket {MEMBER}"
    ),
}


@pytest.mark.parametrize(("sample", "expected"), LINES.items(), ids=list(LINES))
def test_the_line_of_each_sample(sample: str, expected: str) -> None:
    assert line(notification_of(SAMPLES / sample)) == expected


@pytest.mark.parametrize(
    ("fields", "label", "status", "severity"),
    [
        ({}, "ACTIVE", Status.FIRING, Severity.HIGH),
        ({"isPublic": False}, "ACTIVE", Status.FIRING, Severity.MEDIUM),
        ({"status": "RESOLVED"}, "RESOLVED", Status.RESOLVED, None),
        ({"status": "ARCHIVED"}, "ARCHIVED", Status.NOTICE, None),
        ({"isDeleted": True}, "DELETED", Status.RESOLVED, None),
    ],
)
def test_state_and_severity_of_an_access_finding(
    fields: dict[str, object], label: str, status: Status, severity: Severity | None
) -> None:
    said = changed_detail("access-analyzer-public.json", **fields)
    assert (said.label, said.status, said.severity) == (label, status, severity)


def test_a_principal_is_named_without_its_arn() -> None:
    principal = {"AWS": "arn:aws:iam::777788889999:role/partner"}
    said = changed_detail("access-analyzer-public.json", isPublic=False, principal=principal)
    assert said.summary == "shared with partner for s3:GetObject, s3:GetObjectVersion"


def test_the_account_is_that_of_the_bucket() -> None:
    assert notification_of(SAMPLES / "macie-sensitive-data.json").account == "444455556666"


def test_an_archived_macie_finding_is_not_firing() -> None:
    assert changed_detail("macie-policy.json", archived=True).status is Status.NOTICE


def test_a_macie_policy_finding_says_who_changed_the_bucket() -> None:
    assert ("Actor", "DataAdmin, 192.0.2.18") in notification_of(SAMPLES / "macie-policy.json").facts
