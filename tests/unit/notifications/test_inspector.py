import pytest

from aws_events.severity import Severity
from notifications.models import Status
from tests.support.samples.notifications import changed_detail


@pytest.mark.parametrize(
    ("state", "label", "status"),
    [
        ("ACTIVE", "CRITICAL", Status.FIRING),
        ("CLOSED", "CLOSED", Status.RESOLVED),
        ("SUPPRESSED", "SUPPRESSED", Status.NOTICE),
    ],
)
def test_a_closed_or_suppressed_finding_is_not_firing(state: str, label: str, status: Status) -> None:
    said = changed_detail("inspector-finding-image.json", status=state)
    assert (said.label, said.status) == (label, status)


def test_a_finding_that_nobody_has_rated_has_no_severity() -> None:
    said = changed_detail("inspector-finding-image.json", severity="UNTRIAGED")
    assert (said.label, said.severity) == ("UNTRIAGED", None)


@pytest.mark.parametrize("fixed", ["NotAvailable", "", None])
def test_a_package_without_a_fix_says_so(fixed: str | None) -> None:
    details = {"vulnerablePackages": [{"name": "zlib", "version": "1.2", "fixedInVersion": fixed}]}
    said = changed_detail("inspector-finding-image.json", packageVulnerabilityDetails=details, exploitAvailable="NO")
    assert said.summary == "zlib 1.2 (no fix) in image shop/api:1.4"


@pytest.mark.parametrize(
    ("counts", "summary", "severity", "status"),
    [
        ({"HIGH": 2, "TOTAL": 2}, "2 high", Severity.HIGH, Status.FIRING),
        ({"MEDIUM": 1200, "LOW": 1, "TOTAL": 1201}, "1,200 medium, 1 low", Severity.MEDIUM, Status.FIRING),
        ({"TOTAL": 4}, "4 findings", None, Status.FIRING),
        ({"TOTAL": 0}, "no findings", None, Status.RESOLVED),
        ({}, "no findings", None, Status.RESOLVED),
    ],
)
def test_a_scan_is_as_bad_as_its_worst_finding(
    counts: dict[str, int], summary: str, severity: Severity | None, status: Status
) -> None:
    said = changed_detail("inspector-scan.json", **{"finding-severity-counts": counts})
    assert (said.summary, said.severity, said.status) == (summary, severity, status)
