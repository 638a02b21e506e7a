"""Several events in one message."""

import json
from typing import Any

import pytest

from holdfast_cli.kinds import SAMPLES
from notifications.line import line
from notifications.models import Kind, Notification, Status
from notifications.parsing import parse
from tests.support.samples.notifications import record


def event(sample: str) -> Any:  # noqa: ANN401 - JSON of any shape
    return json.loads((SAMPLES / sample).read_text(encoding="utf-8"))


def parsed(*events: object) -> Notification:
    return parse(record(json.dumps(events), sns_message_id="sns-1"))


def test_the_worst_event_leads_and_each_has_its_line() -> None:
    said = parsed(event("ec2-running.json"), event("alarm-ok.json"), event("guardduty-finding.json"))
    assert (said.title, said.status, said.source) == ("GuardDuty", Status.FIRING, "aws.guardduty")
    assert line(said).startswith("🟠 HIGH GuardDuty: EC2 i-0a1b2c3d4e5f60718 port 22 (SSH) probed from 198.51.100.7")
    assert "(+2 more)" in line(said)
    assert [one[0] for one in said.reason.splitlines()] == ["🟠", "🔔", "🟢"]
    assert "i-0a1b2c3d4e5f60718" in said.resources


def test_a_twin_of_one_event_does_not_suppress_the_others() -> None:
    alarms = event("alarm-metric.json"), event("alarm-composite.json")
    assert parsed(*alarms).identity == "sns-1"
    assert parsed(alarms[0]).identity == parse(record(json.dumps(alarms[0]))).identity != "sns-1"


def test_an_array_with_the_test_alarm_is_no_self_test() -> None:
    assert parsed(event("alarm-metric.json"), event("alarm-ok.json")).kind is Kind.EVENT


def test_records_of_pipes_are_read_by_their_bodies() -> None:
    [alarm] = event("alarm-pipes.json")
    said = parsed(alarm, alarm | {"body": "disk full"})
    assert said.title == "shop-cpu"
    assert "disk full" in said.reason


def test_a_firing_event_without_a_severity_is_worse_than_a_high_one() -> None:
    assert parsed(event("guardduty-finding.json"), event("codebuild-failed.json")).title == "CodeBuild shop"


def test_an_element_that_is_no_event_costs_no_other() -> None:
    said = parsed(None, 7, [], {}, event("ec2-stopped.json"))
    assert (said.title, "(+4 more)" in said.summary) == ("EC2 i-0a1b2c3d4e5f60718", True)


@pytest.mark.parametrize("number", [31, 1000])
def test_a_long_list_is_counted(number: int) -> None:
    said = parsed(*[event("ec2-stopped.json")] * number)
    assert said.reason.splitlines()[-1] == f"{number - 30:,} more events"


def test_an_element_without_a_value_does_not_repeat_the_whole_message() -> None:
    said = parsed(event("ec2-stopped.json"), None, [[{"a": 1}, {"b": 2}], "x"])
    assert said.reason.splitlines()[1:] == ["🔔 Message: no values", '🔔 Message: [[{"a": 1}, {"b": 2}], "x"]']


def test_only_the_first_events_of_a_longer_list_are_read() -> None:
    said = parsed(*[event("ec2-running.json")] * 500, event("ec2-stopped.json"))
    assert (said.status, said.reason.splitlines()[-1]) == (Status.NOTICE, "471 more events")
    assert "(+500 more)" in said.summary
