import json

import pytest

from holdfast_cli.kinds import SAMPLES, notification_of
from notifications.line import line
from notifications.models import Status
from notifications.parsing import parse
from tests.support.samples.notifications import record

WHERE = "(111122223333, eu-west-1)"
GLOBAL = "(111122223333, us-east-1)"
LINES = {
    "config-noncompliant.json": (
        "🔴 NON_COMPLIANT Config s3-bucket-public-read-prohibited: S3 Bucket invoices-example, was "
        f"COMPLIANT, The S3 bucket policy allows public read access {WHERE}"
    ),
    "config-compliant-sns.json": (
        f"🟢 COMPLIANT Config s3-bucket-public-read-prohibited: S3 Bucket invoices-example, was NON_COMPLIANT {WHERE}"
    ),
    "config-change.json": (
        "🔔 UPDATE Config EC2 SecurityGroup web: IpPermissions.0 added: fromPort 22, toPort 22, "
        f"ipProtocol tcp, cidrIp 0.0.0.0/0, ipRanges 0.0.0.0/0 {WHERE}"
    ),
    "config-change-sns.json": (
        "🔔 UPDATE Config EC2 Instance i-0a1b2c3d4e5f60718: InstanceType: t3.micro → t3.large; "
        f"State.code: 80 → 16 (+2 more) {WHERE}"
    ),
    "config-change-oversized-sns.json": f"🔔 DELETE Config IAM Role old-deploy: deleted {GLOBAL}",
}


@pytest.mark.parametrize(("sample", "expected"), LINES.items(), ids=list(LINES))
def test_the_line_of_each_sample(sample: str, expected: str) -> None:
    assert line(notification_of(SAMPLES / sample)) == expected


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("NON_COMPLIANT", Status.FIRING),
        ("COMPLIANT", Status.RESOLVED),
        ("NOT_APPLICABLE", Status.NOTICE),
        ("INSUFFICIENT_DATA", Status.NOTICE),
    ],
)
def test_compliance_decides_the_status(state: str, status: Status) -> None:
    message = json.loads((SAMPLES / "config-compliant-sns.json").read_text(encoding="utf-8"))
    message["newEvaluationResult"]["complianceType"] = state
    said = parse(record(json.dumps(message)))
    assert (said.label, said.status) == (state, status)


def test_the_event_and_the_sns_message_of_one_evaluation_are_twins() -> None:
    event = json.loads((SAMPLES / "config-noncompliant.json").read_text(encoding="utf-8"))
    first, second = (parse(record(json.dumps(message))) for message in (event, event["detail"]))
    assert first.identity
    assert (first.identity, line(first)) == (second.identity, line(second))


def test_all_changes_of_a_resource_are_listed_in_the_long_text() -> None:
    assert notification_of(SAMPLES / "config-change-sns.json").reason.splitlines() == [
        "InstanceType: t3.micro → t3.large",
        "State.code: 80 → 16",
        "State.name: stopped → running",
        (
            "Relationships.0 removed: resourceId sg-0a1b2c3d, resourceType AWS::EC2::SecurityGroup, "
            "name Is associated with SecurityGroup"
        ),
    ]


def test_an_old_message_with_a_list_of_items_is_read() -> None:
    message = {
        "messageType": "ConfigurationItemChangeNotification",
        "configurationItems": [
            {"resourceType": "AWS::EC2::Volume", "resourceId": "vol-0a", "accountId": "111122223333"}
        ],
    }
    said = line(parse(record(json.dumps(message))))
    assert said == "🔔 CHANGE Config EC2 Volume vol-0a: changed, details are in the console (111122223333)"
