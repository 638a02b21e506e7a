from typing import Any

import pytest

from notifications.line import line
from notifications.models import Link, Notification, Status
from tests.support.samples.notifications import changed_detail, parse_json, read_sample


def changed_finding(**fields: Any) -> Notification:  # noqa: ANN401 - JSON of any shape
    finding = read_sample("security-hub-finding.json")["detail"]["findings"][0] | fields
    return changed_detail("security-hub-finding.json", findings=[finding])


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
    said = changed_finding(**fields)
    assert (said.label, said.status) == (label, status)


def test_account_and_region_are_those_of_the_finding_not_of_the_administrator() -> None:
    said = changed_finding(AwsAccountId="444455556666", Region="eu-central-1")
    assert (said.account, said.region) == ("444455556666", "eu-central-1")
    assert said.links[0].url.startswith("https://eu-west-1.console.aws.amazon.com/securityhub/")


@pytest.mark.parametrize(
    ("url", "linked"),
    [("https://docs.aws.amazon.com/a", True), ("https://docs.aws.amazon.com.example.com/a", False), ("", False)],
)
def test_only_pages_of_the_aws_documentation_are_linked(url: str, linked: bool) -> None:  # noqa: FBT001 - a case
    said = changed_finding(Remediation={"Recommendation": {"Text": "", "Url": url}})
    assert (Link("How to fix it", url) in said.links) == linked


def test_addresses_and_secrets_in_a_finding_are_hidden() -> None:
    said = changed_finding(
        Title="Key AKIAIOSFODNN7EXAMPLE leaked", Description="Ask jane@example.com, password=hunter2"
    )
    shown = f"{line(said)} {said.reason}"
    assert not [secret for secret in ("AKIA", "jane@", "hunter2") if secret in shown]


def test_an_event_without_findings_still_says_what_it_is() -> None:
    event = {"source": "aws.securityhub", "detail-type": "Security Hub Findings - Imported", "detail": {"findings": []}}
    assert line(parse_json(event)) == "🔔 FINDING Security Hub: no finding"
