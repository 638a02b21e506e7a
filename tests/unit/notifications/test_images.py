import pytest

from aws_events.severity import Severity
from notifications.models import Status
from tests.support.samples.notifications import changed_detail


@pytest.mark.parametrize(
    ("counts", "state", "label", "status", "severity"),
    [
        ({"CRITICAL": 1, "LOW": 3}, "COMPLETE", "CRITICAL", Status.FIRING, Severity.CRITICAL),
        ({"HIGH": 2}, "COMPLETE", "HIGH", Status.FIRING, Severity.HIGH),
        ({"MEDIUM": 2}, "COMPLETE", "COMPLETE", Status.RESOLVED, Severity.MEDIUM),
        ({}, "COMPLETE", "COMPLETE", Status.RESOLVED, None),
        ({}, "FAILED", "FAILED", Status.FIRING, None),
        ({"CRITICAL": 0}, "COMPLETE", "COMPLETE", Status.RESOLVED, None),
    ],
)
def test_the_worst_finding_of_a_scan_is_its_severity(
    counts: dict[str, int], state: str, label: str, status: Status, severity: Severity | None
) -> None:
    said = changed_detail("ecr-scan.json", **{"finding-severity-counts": counts, "scan-status": state})
    assert (said.label, said.status, said.severity) == (label, status, severity)


def test_a_scan_that_failed_says_so() -> None:
    fields = {"finding-severity-counts": None, "scan-status": "FAILED"}
    assert changed_detail("ecr-scan.json", **fields).summary == "the scan failed"
