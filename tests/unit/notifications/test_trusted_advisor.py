import json

import pytest

from aws_events.severity import Severity
from holdfast_cli.kinds import SAMPLES, notification_of
from notifications.line import line
from notifications.models import Status
from notifications.parsing import parse
from tests.support.samples.notifications import record

WHERE = "(111122223333, eu-west-1)"
GLOBAL = "(111122223333, us-east-1)"
LINES = {
    "trusted-advisor-limit.json": f"🟠 ERROR Trusted Advisor VPC: 5 of 5 VPCs used {WHERE}",
    "trusted-advisor-warn.json": (
        "🟡 WARN Trusted Advisor Low Utilization Amazon EC2 Instances: i-0a1b2c3d4e5f60718, would save "
        f"$60.74 a month {GLOBAL}"
    ),
    "trusted-advisor-ok.json": (
        f"🟢 OK Trusted Advisor MFA on Root Account: MFA is enabled on the root account {GLOBAL}"
    ),
}


@pytest.mark.parametrize(("sample", "expected"), LINES.items(), ids=list(LINES))
def test_the_line_of_each_sample(sample: str, expected: str) -> None:
    assert line(notification_of(SAMPLES / sample)) == expected


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
    event = json.loads((SAMPLES / "trusted-advisor-warn.json").read_text(encoding="utf-8"))
    event["detail"]["status"] = state
    said = parse(record(json.dumps(event)))
    assert (said.label, said.status, said.severity) == (state, status, severity)


def test_values_that_are_null_are_omitted_and_eight_are_enough() -> None:
    said = notification_of(SAMPLES / "trusted-advisor-warn.json")
    assert "Day 1" not in dict(said.facts)
    assert len(said.facts) <= 9
