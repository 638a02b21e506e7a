import pytest

from aws_events.severity import Severity
from intake.routes import Match, Route, choose
from notifications.models import Kind, Status
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


@pytest.mark.parametrize(
    "match",
    [
        Match(),
        Match(topic=TOPIC),
        Match(topic="alarms"),
        Match(account="111122223333"),
        Match(region="eu-west-1"),
        Match(alarm="checkout-*"),
        Match(state=Status.FIRING),
        Match(severity="HIGH"),
        Match(severity="p2"),
        Match(kind=Kind.ALARM),
        Match(source="aws.cloudwatch"),
        Match(detail_type="CloudWatch *"),
        Match(resource="checkout-*"),
        Match(resource="arn:aws:cloudwatch:*:alarm:checkout-errors"),
        Match(tags={"FunctionName": "check*"}),
        Match(topic="alarms", account="111122223333", region="eu-west-1", alarm="*", state=Status.FIRING),
    ],
)
def test_a_notification_fits_what_it_is(match: Match) -> None:
    assert match.fits(ALARM)


@pytest.mark.parametrize(
    "match",
    [
        Match(topic="alarm"),
        Match(topic=TOPIC.replace("eu", "us")),
        Match(account="444455556666"),
        Match(region="eu-west-2"),
        Match(alarm="checkout"),
        Match(state=Status.RESOLVED),
        Match(severity="LOW"),
        Match(kind=Kind.TEXT),
        Match(source="aws.guardduty"),
        Match(detail_type="GuardDuty *"),
        Match(resource="payment-*"),
        Match(tags={"FunctionName": "payment"}),
        Match(tags={"Stage": "*"}),
        Match(topic="alarms", account="111122223333", alarm="payment-*"),
    ],
)
def test_one_field_that_differs_is_enough_not_to_fit(match: Match) -> None:
    assert not match.fits(ALARM)


@pytest.mark.parametrize(
    "match", [Match(topic="alarms"), Match(account="111122223333"), Match(severity="HIGH"), Match(alarm="*")]
)
def test_what_a_notification_does_not_say_does_not_fit(match: Match) -> None:
    assert not match.fits(TEXT)


def test_the_first_route_that_fits_decides() -> None:
    routes = [Route(Match(kind=Kind.TEXT), "a"), Route(Match(kind=Kind.ALARM), "b"), Route(Match(), "c")]
    assert choose(routes, ALARM) == routes[1]
    assert choose(routes, TEXT) == routes[0]
    assert choose(routes[:1], ALARM) is None
    assert choose([], ALARM) is None
