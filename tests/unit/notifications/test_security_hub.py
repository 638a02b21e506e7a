import json
from typing import Any

import pytest

from aws_events.severity import Severity
from holdfast_cli.kinds import SAMPLES, notification_of
from notifications.line import line
from notifications.models import Link, Notification, Status
from notifications.parsing import parse
from tests.support.samples.notifications import record

WHERE = "(111122223333, eu-west-1)"
MEMBER = "(444455556666, eu-west-1)"
LINES = {
    "security-hub-finding.json": (
        f"🟠 HIGH S3 general purpose buckets should block public access: invoices-example {MEMBER}"
    ),
    "security-hub-custom-action.json": f"🔴 CRITICAL Public bucket: invoices (+3 more) {WHERE}",
    "security-hub-finding-passed.json": (
        f"🟢 RESOLVED S3 general purpose buckets should block public access: invoices-example {WHERE}"
    ),
    "security-hub-ocsf.json": (
        f"🔴 CRITICAL Potential remote execution on a publicly reachable EC2 instance: web-1 {MEMBER}"
    ),
    "security-hub-ocsf-resolved.json": f"🟢 RESOLVED Lambda function has an outdated runtime: charge {MEMBER}",
    "security-hub-insight.json": (
        f"🔔 INSIGHT Buckets with most findings: invoices-example: 14, logs-example: 9, site-example: 2 {WHERE}"
    ),
}


@pytest.mark.parametrize(("sample", "expected"), LINES.items(), ids=list(LINES))
def test_the_line_of_each_sample(sample: str, expected: str) -> None:
    assert line(notification_of(SAMPLES / sample)) == expected


def changed(**fields: Any) -> Notification:  # noqa: ANN401 - JSON of any shape
    event = json.loads((SAMPLES / "security-hub-finding.json").read_text(encoding="utf-8"))
    event["detail"]["findings"][0] |= fields
    return parse(record(json.dumps(event)))


def test_several_findings_are_one_message_led_by_the_worst() -> None:
    said = notification_of(SAMPLES / "security-hub-custom-action.json")
    assert said.severity is Severity.CRITICAL
    assert said.reason.splitlines() == [
        "CRITICAL Public bucket: invoices",
        "CRITICAL Root user has access keys: Account 111122223333",
        "HIGH Open port: sg-0a1b2c3d",
        "MEDIUM Public snapshot: snap-0a1b2c3d",
    ]
    assert ("Action", "send-to-slack") in said.facts


@pytest.mark.parametrize(
    ("fields", "label", "status"),
    [
        ({"RecordState": "ARCHIVED"}, "ARCHIVED", Status.RESOLVED),
        ({"Workflow": {"Status": "RESOLVED"}}, "RESOLVED", Status.RESOLVED),
        ({"Compliance": {"Status": "PASSED"}}, "PASSED", Status.RESOLVED),
        ({"Workflow": {"Status": "SUPPRESSED"}}, "SUPPRESSED", Status.NOTICE),
        ({"Compliance": {"Status": "WARNING"}}, "HIGH", Status.FIRING),
        ({"Severity": {"Label": "INFORMATIONAL"}}, "INFORMATIONAL", Status.FIRING),
    ],
)
def test_a_finding_that_needs_no_work_is_not_firing(fields: dict[str, object], label: str, status: Status) -> None:
    said = changed(**fields)
    assert (said.label, said.status) == (label, status)


def test_account_and_region_are_those_of_the_finding_not_of_the_administrator() -> None:
    said = changed(AwsAccountId="444455556666", Region="eu-central-1")
    assert (said.account, said.region) == ("444455556666", "eu-central-1")
    assert said.links[0].url.startswith("https://eu-west-1.console.aws.amazon.com/securityhub/")


@pytest.mark.parametrize(
    ("url", "linked"),
    [("https://docs.aws.amazon.com/a", True), ("https://docs.aws.amazon.com.example.com/a", False), ("", False)],
)
def test_only_pages_of_the_aws_documentation_are_linked(url: str, linked: bool) -> None:  # noqa: FBT001 - a case
    said = changed(Remediation={"Recommendation": {"Text": "", "Url": url}})
    assert (Link("How to fix it", url) in said.links) == linked


def test_addresses_and_secrets_in_a_finding_are_hidden() -> None:
    said = changed(Title="Key AKIAIOSFODNN7EXAMPLE leaked", Description="Ask jane@example.com, password=hunter2")
    shown = f"{line(said)} {said.reason}"
    assert not [secret for secret in ("AKIA", "jane@", "hunter2") if secret in shown]


def test_an_event_without_findings_still_says_what_it_is() -> None:
    event = {"source": "aws.securityhub", "detail-type": "Security Hub Findings - Imported", "detail": {"findings": []}}
    assert line(parse(record(json.dumps(event)))) == "🔔 FINDING Security Hub: no finding"
