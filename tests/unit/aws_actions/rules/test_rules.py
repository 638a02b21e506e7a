from dataclasses import replace
from datetime import timedelta

import pytest

from aws_actions.models import Call
from aws_actions.rules.rules import Rule
from aws_actions.tokens import idempotency_token
from aws_events.alarm import AlarmState
from aws_events.alarm_match import AlarmMatch
from aws_events.alarm_parsing import parse_alarm
from aws_events.strict_json import Json
from tests.support.samples.events import alarm_message
from tests.unit.aws_actions.builders import NOON

ALARM = parse_alarm(alarm_message(AlarmContributorAttributes={"shard": "7"}))


def rule(parameters: dict[str, Json] | None = None, *, alarm: str = "*", severity: str | None = None) -> Rule:
    call = Call(service="ecs", operation="UpdateService", parameters=parameters or {}, notify=True)
    return Rule(match=AlarmMatch(alarm=alarm, state=AlarmState.ALARM, severity=severity), call=call)


@pytest.mark.parametrize("one", [rule(alarm="checkout-*"), rule(severity="HIGH")])
def test_an_alarm_fits_by_name_state_and_severity(one: Rule) -> None:
    alarm = replace(ALARM, description="Customers cannot pay.\nSeverity: high\nRunbook: x")
    assert one.fits(alarm)
    assert not one.fits(replace(alarm, state=AlarmState.OK))
    assert not one.fits(replace(alarm, name="payment-errors", description=""))


def test_an_alarm_without_a_name_fits_no_rule() -> None:
    assert not rule().fits(replace(ALARM, name=""))


def test_a_request_has_the_facts_of_its_alarm() -> None:
    facts = {
        "alarm.name": "checkout-errors",
        "alarm.state": "ALARM",
        "alarm.account": "123456789012",
        "alarm.region": "eu-west-1",
        "alarm.arn": "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:checkout-errors",
        "dimension.FunctionName": "checkout",
        "contributor.shard": "7",
        "request.key": idempotency_token("k1"),
    }
    request = rule({name: f"${{{name}}}" for name in facts}).request(ALARM, key="k1", sent_at=NOON)
    assert request.call.parameters == facts
    assert (request.alarm, request.key, request.call.notify) == ("checkout-errors", "k1", True)


@pytest.mark.parametrize("name", ["dimension.ServiceName", "contributor.host"])
def test_a_fact_that_the_alarm_does_not_have_is_a_problem_of_the_request(name: str) -> None:
    request = rule({"a": f"${{{name}}}"}).request(ALARM, key="k1", sent_at=NOON)
    assert (request.problem, request.call.notify) == (f"parameters.a: the alarm has no {name}", True)


def test_a_request_expires_by_the_alarms_time_unless_the_message_is_older() -> None:
    changed_at = ALARM.changed_at
    assert changed_at is not None
    for sent_at, alarm, start in [
        (changed_at + timedelta(hours=1), ALARM, changed_at),
        (changed_at - timedelta(hours=1), ALARM, changed_at - timedelta(hours=1)),
        (NOON, replace(ALARM, changed_at=None), NOON),
    ]:
        request = rule().request(alarm, key="k", sent_at=sent_at)
        assert request.expires_at == start + timedelta(minutes=15)
