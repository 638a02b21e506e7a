from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws_actions.models import Call
from aws_actions.rules.placeholders import fill
from aws_actions.rules.rules import Rule
from aws_actions.tokens import token_of
from aws_events.alarm import Alarm, AlarmState
from aws_events.alarm_match import AlarmMatch
from aws_events.alarm_parsing import parse_alarm
from aws_events.strict_json import Json
from tests.support.samples.events import alarm_message
from tests.unit.aws_actions.asked import NOON

ALARM = parse_alarm(alarm_message(AlarmContributorAttributes={"shard": "7"}))


def rule(parameters: dict[str, Json] | None = None, *, alarm: str = "*", severity: str | None = None) -> Rule:
    call = Call(service="ecs", operation="UpdateService", parameters=parameters or {}, notify=True)
    return Rule(match=AlarmMatch(alarm=alarm, state=AlarmState.ALARM, severity=severity), call=call)


def filled(parameters: dict[str, Json], alarm: Alarm = ALARM) -> dict[str, Json]:
    return rule(parameters).request(alarm, key="k1", sent_at=NOON).call.parameters


@pytest.mark.parametrize("one", [rule(alarm="checkout-*"), rule(severity="HIGH")])
def test_an_alarm_fits_by_name_state_and_severity(one: Rule) -> None:
    alarm = replace(ALARM, description="Customers cannot pay.\nSeverity: high\nRunbook: x")
    assert one.fits(alarm)
    assert not one.fits(replace(alarm, state=AlarmState.OK))
    assert not one.fits(replace(alarm, name="payment-errors", description=""))


def test_an_alarm_without_a_name_fits_no_rule() -> None:
    assert not rule(alarm="*").fits(replace(ALARM, name=""))


def test_placeholders_take_what_the_alarm_has() -> None:
    parameters: dict[str, Json] = {
        "whole": "${dimension.FunctionName}",
        "part": "arn:aws:x:${alarm.region}:${alarm.account}:${alarm.name}/${contributor.shard}",
        "list": ["${alarm.state}", {"deep": "${alarm.arn}"}, 5, True, None, 1.5],
        "token": "${request.key}",
    }
    assert filled(parameters) == {
        "whole": "checkout",
        "part": "arn:aws:x:eu-west-1:123456789012:checkout-errors/7",
        "list": [
            "ALARM",
            {"deep": "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:checkout-errors"},
            5,
            True,
            None,
            1.5,
        ],
        "token": token_of("k1"),
    }
    assert UUID(token_of("k1")).version == 5


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("${dimension.ServiceName}", "parameters.a: the alarm has no dimension.ServiceName"),
        ("${contributor.host}", "parameters.a: the alarm has no contributor.host"),
    ],
)
def test_what_the_alarm_does_not_have_is_refused_by_its_name(text: str, problem: str) -> None:
    asked = rule({"a": text}).request(ALARM, key="k1", sent_at=NOON)
    assert (asked.problem, asked.call.notify, asked.key) == (problem, True, "k1")


@pytest.mark.parametrize("name", ["web; reboot", 'web", "x": "', "a b", "$(id)", "`id`", "a|b", "a\\b", "ü"])
def test_beside_other_text_stands_nothing_that_a_shell_or_json_would_read(name: str) -> None:
    alarm = replace(ALARM, name=name)
    assert filled({"a": "${alarm.name}"}, alarm) == {"a": name}
    problem = "parameters.a: alarm.name has characters that may not stand beside other text"
    assert rule({"a": "systemctl restart ${alarm.name}"}).request(alarm, key="k1", sent_at=NOON).problem == problem


@pytest.mark.parametrize("name", ["a\nb", "a\x00b", "\ud800"])
def test_what_is_no_text_is_not_filled_in(name: str) -> None:
    asked = rule({"a": "${alarm.name}"}).request(replace(ALARM, name=name), key="k1", sent_at=NOON)
    assert asked.problem == "parameters.a: alarm.name has characters that are not text"


@given(st.text(alphabet="${}abc.name% ()[]_\\1", min_size=1).filter(str.isprintable))
def test_what_is_filled_in_is_never_read_again(value: str) -> None:
    assert fill("${alarm.name}", "x", {"alarm.name": value, "alarm.arn": "no"}) == value


def test_a_rule_expires_by_the_alarms_time_unless_the_message_is_older() -> None:
    assert ALARM.changed_at is not None
    late = rule().request(ALARM, key="k", sent_at=ALARM.changed_at + timedelta(hours=1))
    early = rule().request(ALARM, key="k", sent_at=ALARM.changed_at - timedelta(hours=1))
    timeless = rule().request(replace(ALARM, changed_at=None), key="k", sent_at=NOON)
    assert late.expires_at == ALARM.changed_at + timedelta(minutes=15)
    assert early.expires_at == ALARM.changed_at - timedelta(minutes=45)
    assert timeless.expires_at == NOON + timedelta(minutes=15)


def test_a_rules_request_names_its_alarm_and_its_key() -> None:
    asked = rule().request(ALARM, key="k1", sent_at=NOON)
    assert (asked.alarm, asked.key, asked.call.notify) == ("checkout-errors", "k1", True)
