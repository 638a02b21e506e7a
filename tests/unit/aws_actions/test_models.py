from dataclasses import replace
from datetime import timedelta

from tests.unit.aws_actions.builders import NOON, request

REQUEST = request("ecs", "UpdateService", {})


def test_a_request_expires_at_an_instant() -> None:
    expiring = replace(REQUEST, expires_at=replace(REQUEST.call, expires_after=60).expires_at(NOON))
    assert not expiring.is_expired(NOON + timedelta(seconds=59.999))
    assert expiring.is_expired(NOON + timedelta(seconds=60))


def test_a_call_expires_after_15_minutes_by_default() -> None:
    assert REQUEST.call.expires_at(NOON) == NOON + timedelta(minutes=15)


def test_the_scope_of_an_alarm_is_independent_of_its_rule() -> None:
    assert REQUEST.scope == "action:ecs.UpdateService"
    assert replace(REQUEST, alarm="web-unhealthy").scope == "action:alarm"
