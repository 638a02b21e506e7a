import pytest

from aws_events.severity import Severity
from holdfast_cli.kinds import SAMPLES, notification_of
from notifications.line import line
from notifications.models import Status
from tests.support.samples.notifications import changed_detail


@pytest.mark.parametrize(
    ("fields", "status", "severity"),
    [
        ({"eventName": "DescribeInstances"}, Status.NOTICE, None),
        ({"eventName": "DescribeInstances", "errorCode": "AccessDenied"}, Status.FIRING, None),
        ({"eventName": "DeleteTrail"}, Status.FIRING, Severity.HIGH),
        ({"eventName": "PutRolePolicy"}, Status.FIRING, Severity.MEDIUM),
        ({"eventName": "DescribeInstances", "userIdentity": {"type": "Root"}}, Status.FIRING, Severity.HIGH),
    ],
)
def test_calls_that_end_an_audit_or_give_access_are_bad(
    fields: dict[str, object], status: Status, severity: Severity | None
) -> None:
    said = changed_detail("cloudtrail-call.json", **fields)
    assert (said.status, said.severity) == (status, severity)


@pytest.mark.parametrize(
    ("kind", "result", "mfa", "severity"),
    [
        ("IAMUser", "Success", "Yes", None),
        ("IAMUser", "Success", "No", Severity.MEDIUM),
        ("IAMUser", "Failure", "No", Severity.MEDIUM),
        ("Root", "Success", "Yes", Severity.HIGH),
        ("Root", "Failure", "No", Severity.HIGH),
        ("AssumedRole", "Success", "No", None),
        ("SAMLUser", "Success", None, None),
    ],
)
def test_a_sign_in_is_bad_if_it_failed_lacks_mfa_or_is_roots(
    kind: str, result: str, mfa: str | None, severity: Severity | None
) -> None:
    said = changed_detail(
        "sign-in.json",
        userIdentity={"type": kind, "userName": "jane"},
        responseElements={"ConsoleLogin": result},
        additionalEventData={"MFAUsed": mfa},
    )
    assert (said.label, said.severity) == (result.upper(), severity)
    assert said.status is (Status.FIRING if severity else Status.NOTICE)
    assert ("without MFA" in said.summary) == (result == "Success" and mfa == "No" and kind != "AssumedRole")


def test_a_switch_of_role_says_to_which() -> None:
    said = changed_detail(
        "sign-in.json",
        eventName="SwitchRole",
        responseElements={"SwitchRole": "Success"},
        additionalEventData={"SwitchTo": "arn:aws:iam::111122223333:role/Admin"},
    )
    assert said.summary == "switched to Admin, from 192.0.2.18"


def test_responses_and_access_keys_are_not_shown() -> None:
    said = notification_of(SAMPLES / "cloudtrail-call-create-key.json")
    assert not [secret for secret in ("AKIA", "ASIA") if secret in str((line(said), said.reason, said.facts))]


def test_the_end_of_unusual_activity_resolves_it() -> None:
    details = {"state": "End", "eventSource": "sts.amazonaws.com", "eventName": "AssumeRole"}
    said = changed_detail("cloudtrail-insight.json", insightDetails=details)
    assert (said.status, said.summary) == (Status.RESOLVED, "unusual calls")
