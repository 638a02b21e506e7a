import json
from typing import Any

import pytest

from aws_events.severity import Severity
from holdfast_cli.kinds import SAMPLES, notification_of
from notifications.body import read_body
from notifications.guardduty import finding
from notifications.guardduty_resource import resource_of
from notifications.line import line
from notifications.models import Notification, Status
from tests.support.samples.notifications import record

WHERE = "(111122223333, eu-west-1)"
MEMBER = "(444455556666, eu-west-1)"
LINES = {
    "guardduty-finding.json": (
        "🟠 HIGH GuardDuty: EC2 i-0a1b2c3d4e5f60718 port 22 (SSH) probed from 198.51.100.7, "
        f"Recon:EC2/PortProbeUnprotectedPort {WHERE}"
    ),
    "guardduty-finding-api-call.json": (
        "🟡 MEDIUM GuardDuty: IAM user deploy-bot called iam CreateAccessKey from 203.0.113.77 "
        f"(AccessDenied), Persistence:IAMUser/AnomalousBehavior {MEMBER}"
    ),
    "guardduty-finding-dns.json": (
        "🟠 HIGH GuardDuty: EC2 i-0b2c3d4e5f6071829 queried pool.example.com, "
        f"CryptoCurrency:EC2/BitcoinTool.B!DNS {WHERE}"
    ),
    "guardduty-finding-network.json": (
        "🟠 HIGH GuardDuty: EC2 i-0c3d4e5f60718293a connected to 198.51.100.66 port 4444, "
        f"Backdoor:EC2/C&CActivity.B {WHERE}"
    ),
    "guardduty-finding-eks.json": (
        "🔵 LOW GuardDuty: EKS prod / deployments api: system:anonymous called create "
        "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews from 203.0.113.9, "
        f"Discovery:Kubernetes/AnomalousBehavior.PermissionChecked {WHERE}"
    ),
    "guardduty-finding-rds.json": (
        "🟠 HIGH GuardDuty: RDS orders-db login of report from 203.0.113.140, "
        f"CredentialAccess:RDS/AnomalousBehavior.SuccessfulBruteForce {WHERE}"
    ),
    "guardduty-finding-runtime.json": (
        f"🟠 HIGH GuardDuty: ECS prod / api ran /usr/bin/bash, Execution:Runtime/ReverseShell {WHERE}"
    ),
    "guardduty-finding-ebs-malware.json": (
        "🟠 HIGH GuardDuty: EC2 i-0d4e5f60718293a4b contains Linux.Miner.Generic in 6 files, "
        f"Execution:EC2/MaliciousFile {WHERE}"
    ),
    "guardduty-finding-s3-malware.json": (
        "🟠 HIGH GuardDuty: S3 uploads-example/in/invoice.exe contains EICAR-Test-File (not a virus), "
        f"Object:S3/MaliciousFile {WHERE}"
    ),
    "guardduty-finding-attack-sequence.json": (
        "🔴 CRITICAL GuardDuty: customers-example, invoices-example attacked, 3 signals, "
        f"AttackSequence:S3/CompromisedData {WHERE}"
    ),
}


@pytest.mark.parametrize(("sample", "expected"), LINES.items(), ids=list(LINES))
def test_the_line_of_each_sample(sample: str, expected: str) -> None:
    assert line(notification_of(SAMPLES / sample)) == expected


def parsed(**detail: Any) -> Notification:  # noqa: ANN401 - JSON of any shape
    return finding(read_body(record(json.dumps({"source": "aws.guardduty", "detail": detail}))))


@pytest.mark.parametrize(
    ("number", "severity", "label"),
    [
        (9, Severity.CRITICAL, "CRITICAL"),
        (8.9, Severity.HIGH, "HIGH"),
        (7, Severity.HIGH, "HIGH"),
        (6.9, Severity.MEDIUM, "MEDIUM"),
        (4, Severity.MEDIUM, "MEDIUM"),
        (3.9, Severity.LOW, "LOW"),
        (1, Severity.LOW, "LOW"),
        (0.5, None, "FINDING"),
        (None, None, "FINDING"),
    ],
)
def test_the_number_decides_the_severity(number: float | None, severity: Severity | None, label: str) -> None:
    said = parsed(severity=number, title="Probed")
    assert (said.severity, said.label, said.status) == (severity, label, Status.FIRING)


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ({"instanceDetails": {"instanceId": "i-0a"}}, "EC2 i-0a"),
        ({"s3BucketDetails": [{"name": "up", "s3ObjectDetails": [{"key": "a/b"}]}]}, "S3 up/a/b"),
        ({"lambdaDetails": {"functionName": "charge"}}, "Lambda charge"),
        ({"rdsLimitlessDbDetails": {"dbShardGroupIdentifier": "orders"}}, "RDS orders"),
        ({"ebsSnapshotDetails": {"snapshotArn": "arn:aws:ec2:eu-west-1::snapshot/snap-0a"}}, "snapshot snap-0a"),
        ({"containerDetails": {"name": "api"}}, "container api"),
        ({"accessKeyDetails": {"userName": "jane", "userType": "IAMUser"}}, "IAM user jane"),
        ({"accessKeyDetails": {"userName": "Admin", "userType": "AssumedRole"}}, "IAM role Admin"),
        ({"accessKeyDetails": {"userName": "Root", "userType": "Root"}}, "root user"),
        ({}, ""),
    ],
)
def test_the_resource_is_named_with_its_service(resource: object, expected: str) -> None:
    assert resource_of(read_body(record(json.dumps({"resource": resource})))) == expected


def test_a_call_on_a_bucket_names_the_caller_too() -> None:
    said = parsed(
        type="Exfiltration:S3/AnomalousBehavior",
        resource={
            "s3BucketDetails": [{"name": "invoices"}],
            "accessKeyDetails": {"userName": "jane", "userType": "IAMUser"},
        },
        service={"action": {"actionType": "AWS_API_CALL", "awsApiCallAction": {"api": "GetObject"}}},
    )
    assert said.summary == "S3 invoices: IAM user jane called GetObject, Exfiltration:S3/AnomalousBehavior"


def test_an_unknown_action_gives_way_to_the_title_of_the_finding() -> None:
    assert parsed(title="Something new happened.", type="New:Kind/Of").summary == "Something new happened."


def test_no_access_key_is_shown() -> None:
    said = notification_of(SAMPLES / "guardduty-finding-api-call.json")
    assert "AKIA" not in str((said.summary, said.reason, said.facts, said.resources))
