from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws_actions.outcome_message import outcome_message
from aws_actions.parsing import parse
from aws_events.strict_json import Invalid
from notifications.models import Kind
from notifications.parsing import parse as parse_for_slack
from tests.support.samples.notifications import record
from tests.unit.aws_actions.asked import NOON, request

ASKED = replace(request("ecs", "UpdateService", {"service": "web"}), alarm="checkout-errors")


def test_slack_is_told_what_was_called_for_which_alarm_and_what_became_of_it() -> None:
    done = outcome_message(ASKED, "done", request_id="99999999-8888")
    assert done.subject == "AWS call done: ecs UpdateService"
    assert done.text == "ecs UpdateService: done\nAlarm: checkout-errors\nRequest id: 99999999-8888"
    refused = outcome_message(replace(ASKED, alarm=""), "refused", code="ServiceNotFoundException")
    assert refused.text == "ecs UpdateService: refused\nAsked for by a message\nCode: ServiceNotFoundException"


def test_a_subject_is_one_that_sns_takes() -> None:
    asked = request("s" * 63, "O" * 128, {})
    subject = outcome_message(asked, "done").subject
    assert (len(subject), subject.isascii()) == (99, True)


@pytest.mark.parametrize("alarm", ['{"service": "ecs"}', "a\n{}", "\ud800", "x" * 999, "Code: done"])
def test_an_alarms_name_stays_on_its_line(alarm: str) -> None:
    lines = outcome_message(replace(ASKED, alarm=alarm), "done").text.splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("Alarm: ")
    assert lines[1].isprintable()


@given(st.text(), st.sampled_from(["done", "expired", "refused"]), st.text(alphabet="abcXYZ._-"))
def test_what_slack_is_told_is_never_read_as_a_request_again(alarm: str, word: str, code: str) -> None:
    message = outcome_message(replace(ASKED, alarm=alarm), word, code=code)
    told = record(message.text, subject=message.subject)
    with pytest.raises(Invalid, match="must be JSON"):
        parse(told, key="k", sent_at=NOON)
    shown = parse_for_slack(told)
    assert (shown.kind, shown.title, shown.reason) == (Kind.TEXT, message.subject, message.text)


def test_parameters_are_not_told() -> None:
    asked = request("ecs", "UpdateService", {"service": "s3cret-value"})
    assert "s3cret" not in repr(outcome_message(asked, "done"))
