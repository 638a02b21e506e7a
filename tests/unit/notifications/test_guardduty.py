from typing import Any

import pytest

from aws_events.severity import Severity
from holdfast_cli.kinds import SAMPLES, notification_of
from notifications.guardduty import finding
from notifications.guardduty_resource import resource_of
from notifications.models import Notification, Status
from tests.support.samples.notifications import body_of


def parsed(**detail: Any) -> Notification:  # noqa: ANN401 - JSON of any shape
    return finding(body_of(source="aws.guardduty", detail=detail))


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
    assert resource_of(body_of(resource=resource)) == expected


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
