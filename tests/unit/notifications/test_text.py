import pytest

from notifications.models import Kind, Status
from notifications.text import parse_text
from tests.support.samples.events import TOPIC_ARN, alarm_message
from tests.support.samples.notifications import record


@pytest.mark.parametrize("text", ["disk <full>", alarm_message()])
def test_any_text_is_shown_unchanged(text: str) -> None:
    notification = parse_text(record(text))
    assert (notification.kind, notification.status, notification.reason) == (Kind.TEXT, Status.NOTICE, text)


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({"subject": "Disk", "topic_arn": TOPIC_ARN}, "Disk"),
        ({"topic_arn": TOPIC_ARN}, "Message from alerts"),
        ({}, "Message"),
    ],
)
def test_the_title_is_the_subject_or_the_topic(changes: dict[str, str], title: str) -> None:
    assert parse_text(record("x", **changes)).title == title


def test_the_envelope_with_its_link_to_unsubscribe_is_not_shown() -> None:
    notification = parse_text(record("full", body='{"Message": "full", "UnsubscribeURL": "canary"}'))
    assert "canary" not in f"{notification.title} {notification.reason} {notification.description}"
