import pytest

from aws_events.severity import Severity
from notifications.models import Status
from tests.support.samples.notifications import changed

ENTITY = "Service: {} | Quota Name: {} | Utilization: {}%"


@pytest.mark.parametrize(("used", "severity"), [("95.0", Severity.HIGH), ("80", Severity.MEDIUM)])
def test_the_fullest_quota_leads_and_decides_the_severity(used: str, severity: Severity) -> None:
    entities = [ENTITY.format("s3", "Buckets", "10"), ENTITY.format("vpc", "VPCs per Region", used)]
    said = changed("quota.json", resources=entities, detail={"service": "SERVICEQUOTAS", "statusCode": "open"})
    assert said.summary.startswith(f"vpc VPCs per Region is {used} % used")
    assert (said.severity, said.status) == (severity, Status.FIRING)


def test_an_event_without_entities_names_its_kind() -> None:
    code = {"service": "SERVICEQUOTAS", "eventTypeCode": "AWS_SERVICEQUOTAS_INCREASE_REQUEST_FAILED"}
    assert changed("quota.json", resources=[], detail=code).summary == "increase request failed"


def test_a_closed_event_is_over() -> None:
    said = changed("quota.json", detail={"service": "SERVICEQUOTAS", "statusCode": "closed"})
    assert (said.label, said.status) == ("CLOSED", Status.RESOLVED)
