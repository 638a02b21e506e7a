import json
from datetime import UTC, datetime
from typing import Any

import pytest
from notifications.event import INDENT_LIMIT, parse_event

from notifications.models import Kind, Notification, Status
from tests.support.samples.events import TOPIC_ARN, sample
from tests.support.samples.notifications import record

EVENT: dict[str, Any] = json.loads(json.loads(sample("eventbridge-in-sns")["Records"][0]["body"])["Message"])


def parsed(text: str, **changes: object) -> Notification:
    notification = parse_event(record(text, **changes))
    assert notification is not None
    return notification


def test_an_eventbridge_event_says_what_it_says_of_itself() -> None:
    notification = parsed(json.dumps(EVENT), subject="AWS Notification Message")
    assert (notification.kind, notification.status, notification.severity) == (Kind.EVENT, Status.NOTICE, "")
    assert notification.title == "ECS Task State Change"
    assert (notification.account, notification.region) == ("123456789012", "eu-west-1")
    assert notification.occurred_at == datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
    assert notification.facts == (("Source", "aws.ecs"), ("Resources", EVENT["resources"][0]))
    assert json.loads(notification.reason) == EVENT["detail"]
    assert '\n  "lastStatus": "STOPPED",\n' in notification.reason


def test_other_json_is_shown_whole_and_indented_under_its_subject() -> None:
    notification = parsed('{"disk": {"full": true}}', subject="Disk")
    assert (notification.title, notification.facts) == ("Disk", ())
    assert notification.reason == '{\n  "disk": {\n    "full": true\n  }\n}'
    assert parsed("[1, 2]", topic_arn=TOPIC_ARN).title == "Message from alerts"


@pytest.mark.parametrize("text", ["", "text", "null", "5", '"text"', "true", "{", "NaN", "[" * 100_000, "1" * 5000])
def test_d5_what_is_neither_object_nor_list_is_left_to_the_text(text: str) -> None:
    assert parse_event(record(text)) is None


@pytest.mark.parametrize("field", ["source", "detail-type", "account", "region", "resources", "time", "detail", "id"])
@pytest.mark.parametrize("value", [None, 5, True, "", "text", [], [None, 5], {}, {"a": [1]}])
def test_d6_any_field_of_an_event_may_be_missing_or_odd(field: str, value: object) -> None:
    whole = parsed(json.dumps(EVENT | {field: value}))
    missing = parsed(json.dumps({key: one for key, one in EVENT.items() if key != field}))
    for notification in (whole, missing):
        assert notification.title
        assert all(name and text for name, text in notification.facts)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1" * 5000, "1e999", "-0.0", "0.1"])
def test_d9_any_number_is_shown_and_none_is_lost(number: str) -> None:
    reason = parsed(f'{{"value": {number}}}').reason
    assert number in reason


@pytest.mark.parametrize("depth", [200, 1000, 8000])
def test_d9_what_is_nested_too_deep_to_be_indented_is_shown_as_it_came(depth: int) -> None:
    text = "[" * depth + "]" * depth
    assert parsed(text).reason == text


def test_d7_what_is_too_long_to_be_indented_is_shown_as_it_came() -> None:
    text = json.dumps(EVENT | {"detail": {"words": ["x"] * INDENT_LIMIT}})
    notification = parsed(text)
    assert (notification.title, notification.reason) == ("ECS Task State Change", text)
