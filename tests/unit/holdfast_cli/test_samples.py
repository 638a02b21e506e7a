from datetime import UTC, datetime, timedelta

import pytest

from aws_events.record import Record, Source
from holdfast_cli.samples import ACTIONS, ALERTS, EVENTS, fresh, samples
from notifications.models import Notification
from notifications.parsing import parse

NOW = datetime(2031, 5, 4, 3, 2, 1, 123000, tzinfo=UTC)
CARRY_NO_MESSAGE = {"notices.json", "redrive-dry-run.json"}
"""Events of functions that no topic invokes."""


def parsed(message: str, message_id: str = "m") -> Notification:
    return parse(Record(source=Source.SQS, message_id=message_id, text=message, body=message))


def test_each_file_of_events_is_a_sample_with_a_line_to_search() -> None:
    files = {path.relative_to(EVENTS).as_posix() for path in EVENTS.rglob("*") if path.is_file()}
    assert samples().keys() == files - CARRY_NO_MESSAGE
    assert all(one.line for one in samples().values())
    assert "ALARM shop-cpu" in samples()["kinds/alarm-metric.json"].line


@pytest.mark.parametrize(
    ("name", "topics"),
    [
        ("kinds/alarm-metric.json", [ALERTS]),
        ("action-request.json", [ACTIONS]),
        ("sns-alarm.json", [ALERTS]),
        ("malformed-body.json", [ALERTS]),
    ],
)
def test_a_sample_goes_to_the_topic_that_it_names(name: str, topics: list[str]) -> None:
    assert [topic for topic, _ in samples()[name].messages] == topics


def test_a_fresh_message_happens_now_and_is_otherwise_the_same() -> None:
    for name, sample in samples().items():
        for _, message in sample.messages:
            before, now = parsed(message), parsed(fresh(message, NOW))
            assert (now.title, now.label, now.severity) == (before.title, before.label, before.severity), name
            if before.occurred_at:
                assert now.occurred_at
                assert abs(now.occurred_at - NOW) < timedelta(seconds=1), name


def test_a_sample_that_is_sent_twice_is_two_alerts() -> None:
    moments = (NOW, NOW + timedelta(seconds=1))
    for name, sample in samples().items():
        for _, message in sample.messages:
            first, second = (parsed(fresh(message, one), f"message at {one}").identity for one in moments)
            assert first != second, name
