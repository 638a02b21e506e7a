import pytest
from hypothesis import given
from hypothesis import strategies as st

from slack_alerts import parsing
from slack_alerts.models import Status
from slack_alerts.parsing import parse
from tests.support.events import TOPIC_ARN, alarm_message
from tests.support.notifications import record


def test_a_cloudwatch_alarm_is_recognised() -> None:
    assert parse(record(alarm_message())).status is Status.FIRING


def test_what_is_no_alarm_is_shown_as_its_text_under_its_subject() -> None:
    notification = parse(record("disk <full>", subject="Disk", topic_arn=TOPIC_ARN))
    assert (notification.status, notification.title, notification.reason) == (Status.NOTICE, "Disk", "disk <full>")


def test_text_without_a_subject_is_titled_by_its_topic() -> None:
    assert parse(record("x", topic_arn=TOPIC_ARN)).title == "Message from alerts"
    assert parse(record("x")).title == "Message"


def test_a_parser_that_raises_does_not_cost_the_alert(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_record: object) -> None:
        raise KeyError("AlarmName")

    monkeypatch.setattr(parsing, "FAMILIES", (broken,))
    assert parse(record("the alert")).reason == "the alert"


@given(text=st.text())
def test_any_text_becomes_a_notification(text: str) -> None:
    assert parse(record(text)).record.text == text
