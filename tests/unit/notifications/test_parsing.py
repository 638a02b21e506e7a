import json
import time
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from notifications import parsing
from notifications.models import Kind, Notification, Status
from notifications.parsing import parse
from observability import telemetry
from tests.support.samples.events import alarm_message
from tests.support.samples.notifications import record


def test_a_cloudwatch_alarm_is_recognised() -> None:
    assert parse(record(alarm_message())).status is Status.FIRING


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


def test_d15_what_names_no_time_has_that_of_its_first_publication_also_after_a_redrive() -> None:
    published = datetime(2026, 1, 31, 12, tzinfo=UTC)
    ours: dict[str, str] = {"dataType": "String", "stringValue": json.dumps({"sent_at": published.timestamp()})}
    for text in ("text", '{"an": "event"}'):
        assert parse(record(text, published_at=published.timestamp())).occurred_at == published
        assert parse(record(text, published_at=time.time(), attributes={"holdfast": ours})).occurred_at == published
        assert parse(record(text)).occurred_at is None
    event = record('{"time": "2026-02-01T00:00:00Z"}', published_at=published.timestamp())
    assert parse(event).occurred_at == datetime(2026, 2, 1, tzinfo=UTC)


def test_a_record_whose_parsing_failed_in_intake_is_shown_as_text() -> None:
    published = datetime(2026, 1, 31, 12, tzinfo=UTC)
    alarm = record(alarm_message(), sns_message_id="sns-1", published_at=published.timestamp())
    notification = parse(alarm, as_text=True)
    assert (notification.kind, notification.reason) == (Kind.TEXT, alarm.text)
    assert (notification.identity, notification.occurred_at) == ("sns-1", published)


def test_a_parser_that_raises_does_not_cost_the_alert(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_body: object) -> None:
        raise KeyError("AlarmName")

    monkeypatch.setattr(parsing, "find", broken)
    assert parse(record("the alert")).reason == "the alert"


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
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(telemetry.logger, "warning", raised)
        assert isinstance(parse(record(text)), Notification)


def raised(*_: object, **facts: object) -> None:
    raise AssertionError(facts)
