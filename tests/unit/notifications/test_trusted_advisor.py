import pytest

from aws_events.severity import Severity
from holdfast_cli.kinds import SAMPLES, notification_of
from notifications.models import Status
from tests.support.samples.notifications import changed_detail


@pytest.mark.parametrize(
    ("state", "status", "severity"),
    [
        ("ERROR", Status.FIRING, Severity.HIGH),
        ("WARN", Status.FIRING, Severity.MEDIUM),
        ("OK", Status.RESOLVED, None),
        ("NOT_AVAILABLE", Status.NOTICE, None),
    ],
)
def test_the_state_of_the_check_decides(state: str, status: Status, severity: Severity | None) -> None:
    said = changed_detail("trusted-advisor-warn.json", status=state)
    assert (said.label, said.status, said.severity) == (state, status, severity)


def test_values_that_are_null_are_omitted_and_eight_are_enough() -> None:
    said = notification_of(SAMPLES / "trusted-advisor-warn.json")
    assert "Day 1" not in dict(said.facts)
    assert len(said.facts) <= 9
