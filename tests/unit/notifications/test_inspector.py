import pytest

from aws_events.severity import Severity
from holdfast_cli.kinds import SAMPLES, notification_of
from notifications.line import line
from notifications.models import Status
from tests.support.samples.notifications import changed_detail

WHERE = "(111122223333, eu-west-1)"
LINES = {
    "inspector-finding-image.json": (
        "🔴 CRITICAL Inspector CVE-2026-0001: openssl-libs 3.0.8 (fixed in 1:3.0.8-2.amzn2023) (+1 more) "
        f"in image shop/api:1.4, exploit available {WHERE}"
    ),
    "inspector-finding-network.json": (
        f"🟡 MEDIUM Inspector: TCP port 22 reachable on i-0a1b2c3d4e5f60718 (bastion) {WHERE}"
    ),
    "inspector-finding-code.json": f"🟠 HIGH Inspector: SQL injection, app/queries.py:41 in Lambda report {WHERE}",
    "inspector-finding-closed.json": (
        f"🟢 CLOSED Inspector CVE-2026-0002: requests 2.31.0 (fixed in 2.32.4) in Lambda charge {WHERE}"
    ),
    "inspector-scan.json": f"🔴 INITIAL_SCAN_COMPLETE Inspector shop/api:1.4: 1 critical, 3 high, 12 medium {WHERE}",
    "inspector-scan-clean.json": f"🟢 INITIAL_SCAN_COMPLETE Inspector shop/api:1.5: no findings {WHERE}",
    "inspector-coverage.json": f"🔵 INACTIVE Inspector coverage of i-0a1b2c3d4e5f60718: unmanaged ec2 instance {WHERE}",
}


@pytest.mark.parametrize(("sample", "expected"), LINES.items(), ids=list(LINES))
def test_the_line_of_each_sample(sample: str, expected: str) -> None:
    assert line(notification_of(SAMPLES / sample)) == expected


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
