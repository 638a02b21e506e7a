from typing import Any

import pytest

from aws_events.severity import Severity
from notifications.models import Notification, Status
from tests.support.samples.notifications import changed_detail, read_sample

REQUEST = read_sample("incident.json")["detail"]["requestParameters"]


def started(**request: Any) -> Notification:  # noqa: ANN401 - JSON of any shape
    return changed_detail("incident.json", requestParameters=REQUEST | request)


@pytest.mark.parametrize(
    ("impact", "severity", "summary"),
    [
        (1, Severity.CRITICAL, "critical impact, by Admin (jane@example.com)"),
        (4, Severity.LOW, "low impact, by Admin (jane@example.com)"),
        (None, Severity.HIGH, "by Admin (jane@example.com)"),
    ],
)
def test_the_impact_is_the_severity(impact: int | None, severity: Severity, summary: str) -> None:
    said = started(impact=impact)
    assert (said.severity, said.summary, said.status) == (severity, summary, Status.FIRING)


def test_an_incident_without_a_title_is_named_by_its_plan() -> None:
    assert started(title=None).title == "incident checkout"
    assert changed_detail("incident-resolved.json").title == "incident checkout"


def test_an_update_that_resolves_nothing_is_still_an_incident() -> None:
    said = changed_detail("incident-resolved.json", requestParameters={"arn": "x", "impact": 2})
    assert (said.label, said.status, said.severity) == ("UPDATED", Status.FIRING, Severity.HIGH)


@pytest.mark.parametrize("fields", [{"eventName": "CreateTimelineEvent"}, {"errorCode": "AccessDenied"}])
def test_another_call_or_one_that_failed_is_shown_as_a_call(fields: dict[str, str]) -> None:
    assert (
        "SSM-INCIDENTS"
        in changed_detail("incident.json", **fields).label + changed_detail("incident.json", **fields).title
    )
