"""The identity of an alert, which is the same by each path and at each delivery."""

import json
from typing import Any

import pytest

from notifications.parsing import parse
from tests.support.samples.events import alarm_message
from tests.support.samples.notifications import record

EVENT = {"id": "e-1", "detail-type": "EC2 Instance State-change Notification", "source": "aws.ec2", "detail": {}}


def identity(text: str, **facts: Any) -> str:  # noqa: ANN401 - each field has its own type
    return parse(record(text, **facts)).identity


def test_an_alarm_is_known_by_what_changed_and_when_not_by_its_envelope() -> None:
    assert identity(alarm_message(), sns_message_id="s1", message_id="m1") == identity(
        alarm_message(NewStateReason="said otherwise"), sns_message_id="s2", message_id="m2"
    )


def test_one_moment_is_one_moment_in_any_zone() -> None:
    other = alarm_message(StateChangeTime="2026-01-31T13:00:41.123+0100")
    assert identity(other) == identity(alarm_message())


@pytest.mark.parametrize(
    "change",
    [
        {"AlarmName": "other"},
        {"NewStateValue": "OK"},
        {"AWSAccountId": "210987654321"},
        {"AlarmArn": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:checkout-errors"},
        {"StateChangeTime": "2026-01-31T12:00:41.124+0000"},
        {"AlarmContributorAttributes": {"InstanceId": "i-1"}},
        {"AlarmContributorId": "c-1", "AlarmContributorAttributes": {}},
    ],
)
def test_another_change_is_another_alert(change: dict[str, object]) -> None:
    assert identity(alarm_message(**change)) != identity(alarm_message())


@pytest.mark.parametrize("missing", ["AWSAccountId", "StateChangeTime"])
def test_an_alarm_that_does_not_say_enough_is_known_by_its_envelope(missing: str) -> None:
    assert identity(alarm_message(**{missing: None}), sns_message_id="s1") == "s1"


def test_the_same_text_twice_is_two_alerts() -> None:
    assert identity("disk full", sns_message_id="s1") == "s1"
    assert identity("disk full", sns_message_id="s2") == "s2"


def test_an_event_is_known_by_its_own_id_where_no_envelope_has_one() -> None:
    assert identity(json.dumps(EVENT), message_id="m1") == "e-1"
    assert identity(json.dumps(EVENT), sns_message_id="s1") == "s1"


def test_an_id_of_anything_else_is_not_taken_for_an_events() -> None:
    assert identity(json.dumps({"id": "1", "order": 7}), message_id="m1") == "m1"


def test_d3_a_raw_body_is_known_by_its_first_stay() -> None:
    assert identity("disk full", message_id="m1") == "m1"
    ours = {"dataType": "String", "stringValue": json.dumps({"alert_id": "m1", "hop": 1})}
    assert identity("disk full", message_id="m2", attributes={"holdfast": ours}) == "m1"
