import io
import json
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest

from demo.channels import CHANNELS
from demo.console.controls import KILLER, MOST_ALERTS, Controls
from demo.slack.standin import SlackStandin
from holdfast_cli.stack import Stack


@dataclass
class Aws:
    """The services that the controls call."""

    endpoint: str = "http://127.0.0.1:1"

    published: list[tuple[str, str]] = field(default_factory=list)
    invoked: list[Any] = field(default_factory=list)
    report: dict[str, object] = field(default_factory=lambda: {"moved": 2, "waiting": 0, "stopped": "done"})

    def client(self, _service: str) -> "Aws":
        return self

    def publish(self, *, TopicArn: str, Message: str) -> None:
        self.published.append((TopicArn, Message))

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:
        self.invoked.append((FunctionName, json.loads(Payload)))
        return {"Payload": io.BytesIO(json.dumps(self.report).encode())}


@pytest.fixture
def aws() -> Aws:
    return Aws()


@pytest.fixture
def controls(aws: Aws, stack: Stack) -> Controls:
    return Controls(aws, SlackStandin(), stack, say=lambda _: None)


def test_a_sample_is_published_to_its_topic(controls: Controls, aws: Aws) -> None:
    assert controls.send("kinds/alarm-metric.json") == "sent kinds/alarm-metric.json"
    assert controls.send("action-request.json") == "sent action-request.json"
    assert [arn for arn, _ in aws.published] == ["arn:alerts", "arn:actions"]
    assert json.loads(aws.published[0][1])["AlarmName"] == "shop-cpu"


def test_a_storm_is_spread_over_its_channels(controls: Controls, aws: Aws) -> None:
    assert controls.storm(9, 2) == f"published 9 alarms for {CHANNELS[0]}, {CHANNELS[1]}"
    names = [json.loads(message)["AlarmName"] for _, message in aws.published]
    assert len(set(names)) == 9
    assert Counter(name.partition("-")[0] for name in names) == {"storm": 5, "orders": 4}


@pytest.mark.parametrize(("alerts", "channels"), [(0, 1), (MOST_ALERTS + 1, 1), (1, 0), (1, len(CHANNELS) + 1)])
def test_a_storm_has_limits(controls: Controls, aws: Aws, alerts: int, channels: int) -> None:
    with pytest.raises(ValueError, match="1 to 1000 alerts over 1 to 5 channels"):
        controls.storm(alerts, channels)
    assert not aws.published


def test_redrive_says_what_it_moved(controls: Controls, aws: Aws) -> None:
    assert controls.redrive("parking") == "redrive of parking: 2 moved, done"
    assert aws.invoked == [("redrive", {"queue": "parking", "dry_run": False})]


def test_a_redrive_that_fails_says_so(controls: Controls, aws: Aws) -> None:
    aws.report = {"errorMessage": "no such queue", "errorType": "ClientError"}
    with pytest.raises(ValueError, match="redrive of parking failed: no such queue"):
        controls.redrive("parking")


def test_an_unknown_sample_or_queue_is_refused(controls: Controls) -> None:
    with pytest.raises(ValueError, match="there is no sample nothing"):
        controls.send("nothing")
    with pytest.raises(ValueError, match="use one of dead_letters, parking"):
        controls.redrive("nothing")


def test_a_reset_switches_all_faults_off(controls: Controls) -> None:
    controls.slack.switch("outage", on=True)
    controls.reset()
    assert controls.slack.faults() == []


def test_a_reset_cancels_a_kill_that_waits_for_its_post(controls: Controls) -> None:
    controls.kill()
    [killer] = [one for one in threading.enumerate() if one.name == KILLER]
    controls.reset()
    killer.join(10)
    assert not killer.is_alive()
