from dataclasses import fields

import pytest

from aws_events.severity import Severity
from notifications.models import Kind, Status
from routes.mute import MuteOnce
from routes.muted_lane import MutedLane
from routes.route import Match, Route, choose
from tests.support.samples.notifications import notification, record

TOPIC = "arn:aws:sns:eu-west-1:111122223333:alarms"
ALARM = notification(
    kind=Kind.ALARM,
    title="checkout-errors",
    status=Status.FIRING,
    record=record(topic_arn=TOPIC),
    account="111122223333",
    region="eu-west-1",
    severity=Severity.HIGH,
    severity_word="P2",
    source="aws.cloudwatch",
    detail_type="CloudWatch Alarm State Change",
    resources=("arn:aws:cloudwatch:eu-west-1:111122223333:alarm:checkout-errors",),
    tags=(("FunctionName", "checkout"),),
)
TEXT = notification(kind=Kind.TEXT, title="checkout-errors", status=Status.NOTICE, record=record())


def test_a_notification_fits_a_match_of_its_own_values_only() -> None:
    every = {"topic": TOPIC, "account": "111122223333", "region": "eu-west-1", "alarm": "checkout-errors"} | {
        "state": Status.FIRING,
        "severity": "HIGH",
        "kind": Kind.ALARM,
        "source": "aws.cloudwatch",
        "detail_type": "CloudWatch *",
        "resource": "checkout-*",
        "tags": {"FunctionName": "check*"},
    }
    others = {"topic": "alarm", "account": "444455556666", "region": "eu-west-2", "alarm": "Checkout-*"} | {
        "state": Status.RESOLVED,
        "severity": "LOW",
        "kind": Kind.TEXT,
        "source": "aws.guardduty",
        "detail_type": "GuardDuty *",
        "resource": "payment-*",
        "tags": {"Stage": "*"},
    }
    assert every.keys() == others.keys() == {field.name for field in fields(Match)}
    assert Match().fits(ALARM)
    assert Match(**every).fits(ALARM)  # type: ignore[arg-type] # a field of each type
    assert Match(topic="alarms").fits(ALARM)
    assert Match(severity="p2").fits(ALARM)
    assert Match(resource="arn:aws:cloudwatch:*:alarm:checkout-errors").fits(ALARM)
    assert not Match(tags={"FunctionName": "payment"}).fits(ALARM)
    assert not Match(topic=TOPIC.replace("eu", "us")).fits(ALARM)
    for name, value in others.items():
        assert not Match(**every | {name: value}).fits(ALARM), name  # type: ignore[arg-type] # as above


@pytest.mark.parametrize(
    "match", [Match(topic="alarms"), Match(account="111122223333"), Match(severity="HIGH"), Match(alarm="*")]
)
def test_a_match_of_a_value_does_not_fit_a_notification_without_it(match: Match) -> None:
    assert not match.fits(TEXT)


def test_the_first_route_that_fits_decides() -> None:
    routes = [Route(Match(kind=Kind.TEXT), "a"), Route(Match(kind=Kind.ALARM), "b"), Route(Match(), "c")]
    assert choose(routes, ALARM) == routes[1]
    assert choose(routes, TEXT) == routes[0]
    assert choose(routes[:1], ALARM) is None
    assert choose([], ALARM) is None


@pytest.mark.parametrize(
    ("below", "severity", "is_muted"),
    [
        (None, Severity.CRITICAL, True),
        (Severity.HIGH, Severity.CRITICAL, False),
        (Severity.HIGH, Severity.HIGH, False),
        (Severity.HIGH, Severity.MEDIUM, True),
        (Severity.HIGH, None, True),
        (Severity.LOW, Severity.INFO, True),
    ],
)
def test_a_mute_is_for_alerts_below_its_severity_and_for_those_without_one(
    below: Severity | None, severity: Severity | None, *, is_muted: bool
) -> None:
    route = Route(Match(), "ops", mute=MuteOnce(100.0, 200.0), mute_below=below)
    one = notification(severity=severity)
    assert route.muted_lane(one, 150.0) == (MutedLane("ops", 200, 0) if is_muted else None)
    assert (route.muted_lane(one, 250.0), Route(Match(), "ops").muted_lane(one, 150.0)) == (None, None)
