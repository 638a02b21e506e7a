from notifications.models import Kind, Status
from notifications.text import parse_text, title_of
from tests.support.samples.events import TOPIC_ARN, alarm_message
from tests.support.samples.notifications import record


def test_a_text_is_shown_as_it_came_under_its_subject() -> None:
    notification = parse_text(record("disk <full>", subject="Disk", topic_arn=TOPIC_ARN))
    assert (notification.kind, notification.status) == (Kind.TEXT, Status.NOTICE)
    assert (notification.title, notification.reason) == ("Disk", "disk <full>")


def test_anything_can_be_shown_as_text() -> None:
    alarm = record(alarm_message())
    assert parse_text(alarm).reason == alarm.text


def test_the_envelope_which_has_a_link_to_unsubscribe_is_not_shown() -> None:
    notification = parse_text(record("full", body='{"Message": "full", "UnsubscribeURL": "canary"}'))
    assert "canary" not in f"{notification.title} {notification.reason} {notification.description}"


def test_text_without_a_subject_is_titled_by_its_topic() -> None:
    assert title_of(record("x", topic_arn=TOPIC_ARN)) == "Message from alerts"
    assert title_of(record("x")) == "Message"
