"""The text of the rules document -> rules (docs/actions.md). Unknown fields are refused, because they may be typos."""

import re

from aws_actions.call_fields import CALL_FIELDS, REQUIRED, read_call
from aws_actions.rules.placeholders import check
from aws_actions.rules.rules import Rule
from aws_events.alarm import AlarmState
from aws_events.alarm_match import AlarmMatch, read_pattern
from aws_events.json_fields import Fields, load_list
from aws_events.strict_json import Json

LIMIT = 4096
"""Bytes that a standard SSM parameter holds."""
STATES = {state.value: state for state in AlarmState}
SEVERITY = re.compile(r"[A-Za-z0-9._-]{1,64}")


def parse_rules(text: str) -> tuple[Rule, ...]:
    """Return the rules of a document in their order. Raises Invalid."""
    return tuple(_rule(value, f"rules[{index}]") for index, value in enumerate(load_list(text, "rules", LIMIT)))


def _rule(value: Json, where: str) -> Rule:
    rule = Fields.of(value, where, known=["match", "request"], required=["match", "request"])
    match = Fields.of(
        rule.values["match"],
        rule.at("match"),
        known=["alarm", "state", "severity"],
        required=["alarm", "state"],  # a rule without a state would also act at the end of an alarm
    )
    call = read_call(Fields.of(rule.values["request"], rule.at("request"), known=CALL_FIELDS, required=REQUIRED))
    check(call.parameters, f"{where}.request.parameters")
    return Rule(
        match=AlarmMatch(
            alarm=read_pattern(match),
            state=match.choice("state", STATES),
            severity=match.text("severity", SEVERITY, "a word, like high"),
        ),
        call=call,
    )
