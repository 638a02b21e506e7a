import json
from datetime import UTC, datetime
from typing import Any

import pytest

from notifications.event import INDENT_LIMIT, parse_event
from notifications.models import Kind, Notification, Status
from tests.support.samples.events import sample
from tests.support.samples.notifications import record

EVENT: dict[str, Any] = json.loads(json.loads(sample("eventbridge-in-sns")["Records"][0]["body"])["Message"])


def parsed(text: str, **changes: object) -> Notification:
    notification = parse_event(record(text, **changes))
    assert notification is not None
    return notification


def test_the_fields_of_an_eventbridge_event_are_shown() -> None:
    notification = parsed(json.dumps(EVENT), subject="AWS Notification Message")
    assert (notification.kind, notification.status, notification.severity) == (Kind.EVENT, Status.NOTICE, "")
    assert notification.title == "ECS Task State Change"
    assert (notification.account, notification.region) == ("123456789012", "eu-west-1")
    assert notification.occurred_at == datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
    assert notification.facts == (("Source", "aws.ecs"), ("Resources", EVENT["resources"][0]))
    assert json.loads(notification.reason) == EVENT["detail"]
    assert '\n  "lastStatus": "STOPPED",\n' in notification.reason


def test_other_json_is_shown_indented_under_its_subject() -> None:
    notification = parsed('{"disk": {"full": true}}', subject="Disk")
    assert (notification.title, notification.facts) == ("Disk", ())
    assert notification.reason == '{\n  "disk": {\n    "full": true\n  }\n}'


@pytest.mark.parametrize("text", ["", "text", "null", "5", '"text"', "true", "{", "NaN", "[" * 100_000, "1" * 5000])
def test_d5_a_text_that_is_neither_object_nor_list_is_no_event(text: str) -> None:
    assert parse_event(record(text)) is None


@pytest.mark.parametrize("field", ["source", "detail-type", "account", "region", "resources", "time", "detail", "id"])
def test_d6_any_field_of_an_event_may_be_missing_or_of_another_type(field: str) -> None:
    others = {key: one for key, one in EVENT.items() if key != field}
    values: list[object] = [None, 5, True, "", "text", [], [None, 5], {}, {"a": [1]}]
    for event in (others, *(others | {field: value} for value in values)):
        notification = parsed(json.dumps(event))
        assert notification.title
        assert all(name and text for name, text in notification.facts)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1" * 5000, "1e999", "-0.0", "0.1"])
def test_d9_any_number_is_shown(number: str) -> None:
    assert number in parsed(f'{{"value": {number}}}').reason


@pytest.mark.parametrize(
    "text",
    [
        *("[" * depth + "]" * depth for depth in (200, 1000, 8000)),
        json.dumps(EVENT | {"detail": {"words": ["x"] * INDENT_LIMIT}}),
    ],
    ids=["200 deep", "1000 deep", "8000 deep", "long"],
)
def test_d7_d9_json_that_is_too_deep_or_too_long_to_indent_is_shown_unchanged(text: str) -> None:
    assert parsed(text).reason == text
