import pytest

from aws_events.severity import Severity
from notifications.models import Status
from tests.support.samples.notifications import changed_detail


@pytest.mark.parametrize(
    ("fields", "label", "status", "severity"),
    [
        ({}, "ACTIVE", Status.FIRING, Severity.HIGH),
        ({"isPublic": False}, "ACTIVE", Status.FIRING, Severity.MEDIUM),
        ({"status": "RESOLVED"}, "RESOLVED", Status.RESOLVED, None),
        ({"status": "ARCHIVED"}, "ARCHIVED", Status.NOTICE, None),
        ({"isDeleted": True}, "DELETED", Status.RESOLVED, None),
    ],
)
def test_state_and_severity_of_an_access_finding(
    fields: dict[str, object], label: str, status: Status, severity: Severity | None
) -> None:
    said = changed_detail("access-analyzer-public.json", **fields)
    assert (said.label, said.status, said.severity) == (label, status, severity)


def test_a_principal_is_named_without_its_arn() -> None:
    principal = {"AWS": "arn:aws:iam::777788889999:role/partner"}
    said = changed_detail("access-analyzer-public.json", isPublic=False, principal=principal)
    assert said.summary == "shared with partner for s3:GetObject, s3:GetObjectVersion"


def test_an_archived_macie_finding_is_not_firing() -> None:
    assert changed_detail("macie-policy.json", archived=True).status is Status.NOTICE
