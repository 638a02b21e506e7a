import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notices.models import QueuedMessage
from notices.naming import READ_LIMIT, TEXT_LIMIT, one_line, queued_message
from record_batch.overflow import Overflow
from shared_state.memory_rows import MemoryRows
from tests.support.samples.events import alarm_action, alarm_message, sns_body, sns_event

SECRET = f"https://hooks.slack.com/services/T0001/B0001/{'k' * 24}"


def named(body: str, **ours: object) -> QueuedMessage:
    attributes = {"holdfast": {"DataType": "String", "StringValue": json.dumps(ours)}} if ours else {}
    message: dict[str, Any] = {"MessageId": "m1", "ReceiptHandle": "r1", "Body": body, "MessageAttributes": attributes}
    overflow = Overflow(MemoryRows())
    return queued_message(message | {"Attributes": {"SentTimestamp": "1769860800500"}}, overflow)


def test_an_alarm_has_its_own_name_and_a_parked_one_its_reason() -> None:
    parked = named(sns_body(alarm_message(), subject="ALARM"), reason="destination_refused", detail="no_service")
    assert (parked.name, parked.reason) == ("checkout-errors", "destination_refused: no_service")
    assert (parked.message_id, parked.sent_at) == ("m1", 1769860800.5)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (sns_body("free disk space", subject="disk"), "disk"),
        (sns_body("free disk space"), "m1"),
        ("free disk space", "m1"),
        (alarm_message(AlarmName="raw"), "raw"),
        (sns_body(alarm_message(AlarmName="")), "m1"),
        (sns_body(alarm_message(AlarmName="\ud800\0\u202e")), "m1"),
        (json.dumps({"requestContext": {}, "requestPayload": sns_event(alarm_message(AlarmName="direct"))}), "direct"),
        (json.dumps({"requestContext": {}, "requestPayload": alarm_action("of an action")}), "of an action"),
    ],
    ids=["subject", "no subject", "raw", "raw alarm", "empty name", "unprintable name", "direct topic", "direct alarm"],
)
def test_a_message_is_named_by_its_alarm_else_by_its_subject_else_by_its_id(body: str, name: str) -> None:
    assert (named(body).name, named(body).reason) == (name, "")


@pytest.mark.parametrize("ours", [{"reason": 7}, {"reason": None, "detail": ["x"]}, {"hop": 2}])
def test_a_message_without_a_readable_reason_has_none(ours: dict[str, object]) -> None:
    assert named("x", **ours).reason == ""


def test_a_secret_in_a_name_or_a_reason_is_redacted() -> None:
    seen = named(sns_body("x", subject=f"see {SECRET}"), reason=f"says {SECRET}", detail="xoxb-1-2-secret")
    assert "kkk" not in str(seen)
    assert "secret" not in str(seen)
    assert seen.name.startswith("see ")


def test_a_name_is_one_line_of_limited_length() -> None:
    line = named(sns_body("x", subject="a\r\nb\t" + "c" * 500)).name
    assert line.startswith("a b c")
    assert (len(line), line[-1]) == (TEXT_LIMIT, "…")


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    assert one_line("\0" * READ_LIMIT + "x") == ""


@given(
    st.text()
    | st.recursive(st.none() | st.text(), lambda one: st.lists(one) | st.dictionaries(st.text(), one)).map(json.dumps)
)
def test_any_body_gives_a_name_that_sns_accepts(body: str) -> None:
    name = named(body).name
    assert name
    assert name.isprintable()
    name.encode()
