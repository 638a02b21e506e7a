import pytest

from aws_events.severity import Severity
from notifications.models import Status
from tests.support.samples.notifications import changed


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
    fields = {"detail-type": f"ACM Certificate {kind}", "detail": {"DaysToExpiry": days}}
    said = changed("acm-approaching.json", **fields)
    assert (said.label, said.severity, said.status) == (kind.upper(), severity, status)
