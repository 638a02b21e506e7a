import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from notifications import parsing
from notifications.models import Kind, Notification
from notifications.parsing import parse
from observability import telemetry
from tests.support.samples.events import alarm_message
from tests.support.samples.notifications import record

PUBLISHED = datetime(2026, 1, 31, 12, tzinfo=UTC)
EVENT = {"id": "e-1", "detail-type": "EC2 Instance State-change Notification", "source": "aws.ec2", "detail": {}}


def carrying(**facts: object) -> dict[str, dict[str, str]]:
    return {"holdfast": {"dataType": "String", "stringValue": json.dumps(facts)}}


def identity(text: str, **changes: Any) -> str:  # noqa: ANN401 - each field has its own type
    return parse(record(text, **changes)).identity


@pytest.mark.parametrize(
    ("text", "kind", "title"),
    [
        (alarm_message(), Kind.ALARM, "checkout-errors"),
        ('{"detail-type": "Scheduled Event", "detail": {}}', Kind.EVENT, "Scheduled Event"),
        ("text", Kind.TEXT, "Message"),
        ("null", Kind.TEXT, "Message"),
    ],
)
def test_each_message_has_its_kind(text: str, kind: Kind, title: str) -> None:
    notification = parse(record(text))
    assert (notification.kind, notification.title) == (kind, title)


def test_d15_an_event_without_a_time_has_the_time_of_its_first_publication_also_after_a_redrive() -> None:
    published = PUBLISHED.timestamp()
    for text in ("text", '{"an": "event"}'):
        assert parse(record(text, published_at=published)).occurred_at == PUBLISHED
        redriven = record(text, published_at=time.time(), attributes=carrying(sent_at=published))
        assert parse(redriven).occurred_at == PUBLISHED
        assert parse(record(text)).occurred_at is None
    event = record('{"time": "2026-02-01T00:00:00Z"}', published_at=published)
    assert parse(event).occurred_at == datetime(2026, 2, 1, tzinfo=UTC)


def test_a_record_whose_parsing_failed_in_intake_is_shown_as_text() -> None:
    alarm = record(alarm_message(), sns_message_id="sns-1", published_at=PUBLISHED.timestamp())
    notification = parse(alarm, as_text=True)
    assert (notification.kind, notification.reason) == (Kind.TEXT, alarm.text)
    assert (notification.identity, notification.occurred_at) == ("sns-1", PUBLISHED)


ENVELOPE = {"Type": "Notification", "MessageId": "m", "TopicArn": "t", "UnsubscribeURL": "u"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (json.dumps("disk full\non web-1"), "disk full\non web-1"),
        (json.dumps(json.dumps('"disk" full')), '"disk" full'),
        (json.dumps(["disk full"]), "disk full"),
        (json.dumps(ENVELOPE | {"Message": "disk full"}), "disk full"),
        ('"disk" is full', '"disk" is full'),
        ('" "', '" "'),
    ],
)
def test_a_text_that_is_a_json_string_is_shown_decoded(text: str, shown: str) -> None:
    notification = parse(record(text))
    assert (notification.kind, notification.reason) == (Kind.TEXT, shown)
    assert parse(record(text), as_text=True).reason == text


def test_a_parser_that_raises_does_not_cost_the_alert(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_body: object) -> None:
        raise KeyError("AlarmName")

    monkeypatch.setattr(parsing, "find", broken)
    assert parse(record("the alert")).reason == "the alert"


@pytest.mark.parametrize(
    ("change", "is_same"),
    [
        ({"NewStateReason": "in other words"}, True),
        ({"StateChangeTime": "2026-01-31T13:00:41.123+0100"}, True),
        ({"AlarmName": "other"}, False),
        ({"NewStateValue": "OK"}, False),
        ({"AWSAccountId": "210987654321"}, False),
        ({"AlarmArn": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:checkout-errors"}, False),
        ({"StateChangeTime": "2026-01-31T12:00:41.124+0000"}, False),
        ({"AlarmContributorAttributes": {"InstanceId": "i-1"}}, False),
        ({"AlarmContributorId": "c-1", "AlarmContributorAttributes": {}}, False),
    ],
)
def test_an_alarms_identity_is_its_change_of_state_and_not_its_envelope(
    change: dict[str, object], *, is_same: bool
) -> None:
    first = identity(alarm_message(), sns_message_id="s1", message_id="m1")
    assert (identity(alarm_message(**change), sns_message_id="s2", message_id="m2") == first) == is_same


@pytest.mark.parametrize(
    ("text", "changes", "expected"),
    [
        (alarm_message(AWSAccountId=None), {"sns_message_id": "s1"}, "s1"),
        (alarm_message(StateChangeTime=None), {"sns_message_id": "s1"}, "s1"),
        ("disk full", {"sns_message_id": "s1"}, "s1"),
        ("disk full", {"sns_message_id": "s2"}, "s2"),
        (json.dumps(EVENT), {"message_id": "m1"}, "e-1"),
        (json.dumps(EVENT), {"sns_message_id": "s1"}, "s1"),
        (json.dumps({"id": "1", "order": 7}), {"message_id": "m1"}, "m1"),  # not EventBridge's id
        ("disk full", {"message_id": "m1"}, "m1"),
        ("disk full", {"message_id": "m2", "attributes": carrying(alert_id="m1", hop=1)}, "m1"),  # D3
    ],
)
def test_another_identity_is_the_id_of_sns_or_eventbridge_or_the_first_sqs_id(
    text: str, changes: dict[str, Any], expected: str
) -> None:
    assert identity(text, **changes) == expected


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)
NAMES = st.sampled_from(["AlarmName", "NewStateValue", "Trigger", "Metrics", "TriggeringChildren", "detail", "source"])


@settings(deadline=None)
@given(text=st.text() | JSON.map(json.dumps) | st.dictionaries(NAMES, JSON).map(json.dumps))
@example(text="[" * 100_000)
@example(text='{"a":' * 100_000)
@example(text=f'{{"a": {"9" * 10_000}}}')
def test_any_text_becomes_a_notification_without_a_parser_raising(text: str) -> None:
    def fail(*_: object, **facts: object) -> None:
        raise AssertionError(facts)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(telemetry.logger, "warning", fail)
        assert isinstance(parse(record(text)), Notification)


LEAKING = "DB_PASSWORD=canary and xoxb-canary-1234567890"


@pytest.mark.parametrize(
    "text",
    [
        LEAKING,
        json.dumps(LEAKING),
        alarm_message(NewStateReason=LEAKING, AlarmDescription=LEAKING),
        json.dumps({"source": "custom", "version": "1.0", "content": {"title": LEAKING, "description": "x"}}),
        json.dumps(
            {
                "Records": [
                    {"eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": "b"}, "object": {"key": LEAKING}}}
                ]
            }
        ),
    ],
)
@pytest.mark.parametrize("as_text", [False, True])
def test_no_text_of_a_message_shows_a_secret_by_its_shape(text: str, *, as_text: bool) -> None:
    said = parse(record(text, subject=LEAKING), as_text=as_text)
    assert "canary" not in f"{said.title} {said.summary} {said.reason} {said.description} {said.facts}"
