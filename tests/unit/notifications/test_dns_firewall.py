import pytest

from aws_events.severity import Severity
from tests.support.samples.notifications import changed_detail


@pytest.mark.parametrize(
    ("fields", "summary", "severity"),
    [
        ({}, "query of i-0a1b2c3d4e5f60718 in vpc-0a1b2c3d was blocked, looks like DGA", Severity.HIGH),
        (
            {"firewall-rule-action": "ALERT", "firewall-protection": None},
            "query of i-0a1b2c3d4e5f60718 in vpc-0a1b2c3d was reported",
            Severity.MEDIUM,
        ),
        ({"resources": []}, "query of 10.0.4.17 in vpc-0a1b2c3d was blocked, looks like DGA", Severity.HIGH),
    ],
)
def test_a_query_says_who_asked_and_what_the_rule_did(
    fields: dict[str, object], summary: str, severity: Severity
) -> None:
    said = changed_detail("dns-firewall.json", **fields)
    assert (said.summary, said.severity, said.title) == (summary, severity, "DNS Firewall kq3v9x7z1.example.com")
