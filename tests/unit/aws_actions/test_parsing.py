import json
from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aws_actions.models import Request
from aws_actions.parsing import LIMIT, parse
from aws_events.alarm import Alarm
from aws_events.event_reading import read_event
from aws_events.record import Record
from aws_events.strict_json import Invalid
from tests.support.samples.events import alarm_message, sample
from tests.support.samples.notifications import record
from tests.unit.aws_actions.builders import NOON, UPDATE, message


def read(text: str) -> Request | Alarm:
    return parse(record(text), key="alert-1", sent_at=NOON)


def test_a_message_is_a_request_with_its_own_key_or_the_records() -> None:
    request, keyed = read(message()), read(message(idempotency_key="deploy-7", expires_after=90.5))
    assert isinstance(request, Request)
    assert isinstance(keyed, Request)
    assert (request.call.service, request.alarm) == ("ecs", "")
    assert (request.key, request.expires_at) == ("alert-1", NOON + timedelta(minutes=15))
    assert (keyed.key, keyed.expires_at) == ("deploy-7", NOON + timedelta(seconds=90.5))


def test_an_alarm_is_an_alarm() -> None:
    alarm = read(alarm_message())
    assert isinstance(alarm, Alarm)
    assert alarm.name == "checkout-errors"


@pytest.mark.parametrize(("name", "kind"), [("action-request", Request), ("action-alarm", Alarm)])
def test_the_sample_events_are_read(name: str, kind: type) -> None:
    [one] = read_event(sample(name))
    assert isinstance(one, Record)
    assert isinstance(parse(one, key="k", sent_at=NOON), kind)


FIELDS = "is not a field; the fields are service, operation, parameters, expires_after, notify, idempotency_key"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (message(operation=...), "message.operation: is missing"),
        (message(idempotency_key=""), "message.idempotency_key: must be 1 to 128 visible ASCII characters"),
        (message(idempotency_key="x" * 129), "message.idempotency_key: must be 1 to 128 visible ASCII characters"),
        (message(**{"a secret, by mistake": 1}), f"message.?: {FIELDS}"),
        ("", "message: must be JSON (line 1, column 1)"),
        ("[]", "message: must be an object"),
        ("[" * 30_000 + "]" * 30_000, "message: nested too deep"),
        (json.dumps("x" * LIMIT), f"message: must be at most {LIMIT} bytes"),
    ],
)
def test_an_invalid_message_is_refused_with_the_field(text: str, problem: str) -> None:
    with pytest.raises(Invalid) as caught:
        read(text)
    assert str(caught.value) == problem


def test_the_deepest_item_of_dynamodb_is_accepted() -> None:
    value: object = {"S": "deep"}
    for level in range(31):
        value = {"L": [value]} if level % 2 else {"M": {"a": value}}
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
def test_any_text_is_a_request_an_alarm_or_refused_with_a_field(text: str) -> None:
    try:
        read(text)
    except Invalid as problem:
        assert problem.field.startswith("message")  # noqa: PT017 - a valid text raises nothing
        assert len(str(problem)) < 200  # noqa: PT017 - the same
