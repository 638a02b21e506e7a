import json

import pytest

from aws_events.severity import Severity
from holdfast_cli.kinds import SAMPLES, notification_of
from notifications.line import line
from notifications.models import Status
from notifications.parsing import parse
from tests.support.samples.notifications import record

WHERE = "(111122223333, eu-west-1)"
LINES = {
    "acm-approaching.json": (
        f"🟡 APPROACHING EXPIRATION ACM shop.example.com: 12 days left, expires 2026-02-12, in use {WHERE}"
    ),
    "acm-expired.json": f"🔴 EXPIRED ACM shop.example.com: expired 2026-01-30, in use {WHERE}",
    "acm-renewal-action.json": (
        f"🟡 RENEWAL ACTION REQUIRED ACM shop.example.com: 30 days left, expires 2026-03-02, CAA_ERROR, in use {WHERE}"
    ),
    "acm-available.json": f"🟢 AVAILABLE ACM shop.example.com: valid until 2027-03-02, renewal, in use {WHERE}",
}


@pytest.mark.parametrize(("sample", "expected"), LINES.items(), ids=list(LINES))
def test_the_line_of_each_sample(sample: str, expected: str) -> None:
    assert line(notification_of(SAMPLES / sample)) == expected


@pytest.mark.parametrize(
    ("kind", "days", "severity", "status"),
    [
        ("Approaching Expiration", 45, Severity.LOW, Status.FIRING),
        ("Approaching Expiration", 30, Severity.MEDIUM, Status.FIRING),
        ("Approaching Expiration", 7, Severity.HIGH, Status.FIRING),
        ("Renewal Action Required", 3, Severity.MEDIUM, Status.FIRING),
        ("Expired", None, Severity.CRITICAL, Status.FIRING),
        ("Revoked", None, Severity.CRITICAL, Status.FIRING),
        ("Available", 395, None, Status.RESOLVED),
    ],
)
def test_fewer_days_are_worse(kind: str, days: int | None, severity: Severity | None, status: Status) -> None:
    event = json.loads((SAMPLES / "acm-approaching.json").read_text(encoding="utf-8"))
    event["detail-type"], event["detail"]["DaysToExpiry"] = f"ACM Certificate {kind}", days
    said = parse(record(json.dumps(event)))
    assert (said.label, said.severity, said.status) == (kind.upper(), severity, status)
