import json
from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aws_actions.call_fields import LONGEST
from aws_actions.models import Call, Request
from aws_actions.parsing import LIMIT, parse
from aws_events.alarm import Alarm
from aws_events.envelope import Record, read_event
from aws_events.strict_json import Invalid
from record_batch.redelivery import QUICK_RECEIVES
from tests.support.samples.events import alarm_message, sample
from tests.support.samples.notifications import record
from tests.support.virtual.timing import timing
from tests.unit.aws_actions.asked import NOON, UPDATE, message


def read(text: str) -> Request | Alarm:
    return parse(record(text), key="alert-1", sent_at=NOON)


def refused(text: str) -> str:
    with pytest.raises(Invalid) as caught:
        read(text)
    return str(caught.value)


def test_a_message_is_a_request() -> None:
    assert read(message()) == Request(
        call=Call(service="ecs", operation="UpdateService", parameters={"service": "web", "forceNewDeployment": True}),
        key="alert-1",
        alarm="",
        expires_at=NOON + timedelta(minutes=15),
    )


def test_a_message_may_say_its_key_its_time_and_whether_slack_is_told() -> None:
    asked = read(message(idempotency_key="deploy-7", expires_after=90.5, notify=True))
    assert isinstance(asked, Request)
    assert (asked.key, asked.expires_at, asked.call.notify) == ("deploy-7", NOON + timedelta(seconds=90.5), True)


def test_a_request_expires_at_an_instant() -> None:
    asked = read(message(expires_after=60))
    assert isinstance(asked, Request)
    assert not asked.is_expired(NOON + timedelta(seconds=59.999))
    assert asked.is_expired(NOON + timedelta(seconds=60))


def test_an_alarm_is_an_alarm() -> None:
    asked = read(alarm_message())
    assert isinstance(asked, Alarm)
    assert asked.name == "checkout-errors"


@pytest.mark.parametrize(("name", "kind"), [("action-request", Request), ("action-alarm", Alarm)])
def test_the_sample_events_are_read(name: str, kind: type) -> None:
    [one] = read_event(sample(name))
    assert isinstance(one, Record)
    assert isinstance(parse(one, key="k", sent_at=NOON), kind)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"service": ...}, "message.service: is missing"),
        ({"operation": ...}, "message.operation: is missing"),
        ({"parameters": ...}, "message.parameters: is missing"),
        ({"service": "ECS"}, "message.service: must be the name of a boto3 client, like ecs"),
        ({"service": "../ecs"}, "message.service: must be the name of a boto3 client, like ecs"),
        ({"service": 5}, "message.service: must be the name of a boto3 client, like ecs"),
        (
            {"operation": "update_service"},
            "message.operation: must be the API's name of an operation, like UpdateService",
        ),
        ({"parameters": []}, "message.parameters: must be an object"),
        ({"parameters": None}, "message.parameters: must be an object"),
        ({"idempotency_key": ""}, "message.idempotency_key: must be 1 to 128 visible ASCII characters"),
        ({"idempotency_key": "x" * 129}, "message.idempotency_key: must be 1 to 128 visible ASCII characters"),
        ({"notify": "yes"}, "message.notify: must be true or false"),
        ({"notify": 1}, "message.notify: must be true or false"),
        ({"expires_after": 0}, "message.expires_after: must be a number of seconds, more than 0 and at most 13200"),
        ({"expires_after": 13201}, "message.expires_after: must be a number of seconds, more than 0 and at most 13200"),
        ({"expires_after": True}, "message.expires_after: must be a number of seconds, more than 0 and at most 13200"),
        ({"expires_after": "90"}, "message.expires_after: must be a number of seconds, more than 0 and at most 13200"),
        ({"parameter": {}}, "message.parameter: is not a field; there are service, operation, parameters, "),
        ({"a secret, by mistake": 1}, "message.?: is not a field; there are service, operation, parameters, "),
    ],
)
def test_a_request_against_a_rule_is_refused_by_the_fields_name(changes: dict[str, object], problem: str) -> None:
    assert refused(message(**changes)).startswith(problem)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "message: must be JSON (line 1, column 1)"),
        ("Backup finished", "message: must be JSON (line 1, column 1)"),
        ('"text"', "message: must be an object"),
        ("[]", "message: must be an object"),
        ('{"service": "ecs", "service": "ec2"}', "message: has an object with the same field twice"),
        ('{"a": NaN}', "message: has a number that is not finite"),
        ('{"a": -Infinity}', "message: has a number that is not finite"),
        ('{"a": 1e999}', "message: has a number that is not finite"),
        ('{"a": ' + "9" * 5000 + "}", "message: has a number with too many digits"),
        ('{"a": ' + "[" * 100 + "]" * 100 + "}", "message: nested too deep"),
        ("[" * 30_000 + "]" * 30_000, "message: nested too deep"),
        ('{"a": "\\ud800"}', "message: must be Unicode text"),
        ('{"\\ud800": 1}', "message: must be Unicode text"),
        ("\ud800", "message: must be Unicode text"),
        (json.dumps("x" * LIMIT), f"message: must be at most {LIMIT} bytes"),
    ],
)
def test_what_is_no_request_is_refused(text: str, problem: str) -> None:
    assert refused(text) == problem


def test_dynamodbs_deepest_item_can_be_said() -> None:
    value: object = {"S": "deep"}
    for _ in range(31):
        value = {"L": [value]} if _ % 2 else {"M": {"a": value}}
    assert isinstance(read(message(parameters={"TableName": "t", "Item": {"id": value}})), Request)


NAMES = st.text() | st.sampled_from([*UPDATE, "idempotency_key", "expires_after", "notify", "AlarmName"])
VALUES = st.recursive(
    NAMES | st.none() | st.booleans() | st.integers() | st.floats(),
    lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner),
    max_leaves=20,
)
REQUESTS = st.fixed_dictionaries(
    {"service": st.just("ecs"), "operation": st.just("UpdateService"), "parameters": VALUES},
    optional={"idempotency_key": VALUES, "expires_after": VALUES, "notify": VALUES},
)


@given(st.text() | VALUES.map(json.dumps) | REQUESTS.map(json.dumps))
@example("\x00")
@example('{"AlarmName": "x", "NewStateValue": "ALARM", "Trigger": {"Dimensions": [null]}}')
def test_any_text_is_a_request_an_alarm_or_refused_by_a_field(text: str) -> None:
    asked: Request | Alarm | Invalid
    try:
        asked = read(text)
    except Invalid as problem:
        asked = problem
    if isinstance(asked, Invalid):
        assert asked.field.startswith("message")
        assert asked.rule
        assert len(str(asked)) < 200


def test_the_longest_request_expires_before_its_last_receive() -> None:
    """Whatever keeps it from being carried out: what would be dead is parked, expired, and Slack is told."""
    given = timing()
    soon = QUICK_RECEIVES * given["FirstDelay"] / 6
    rest = range(QUICK_RECEIVES, int(given["Receives"]) - 1)
    assert soon + sum(min(given["DelayCap"], given["FirstDelay"] * 2**n) for n in rest) > LONGEST
