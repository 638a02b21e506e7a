"""Stories of alarms that are followed with a bot token, on the local AWS."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from demo.slack.conversations import ChannelMessage
from notifications.self_tests import HEARTBEAT
from tests.support.local_aws.pipeline import ALERTS, LocalPipeline, unique
from tests.support.local_aws.waiting import wait_for

START = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
CHANNEL = "chat"
SAID = re.compile(r"(ALARM|OK) (bot-[\w-]+):")


def change(pipeline: LocalPipeline, name: str, state: str, minutes: float = 0.0) -> str:
    """Publish a change of an alarm; return its SNS id."""
    moment = f"{START + timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%S}.000+0000"
    return pipeline.publish(name, NewStateValue=state, StateChangeTime=moment)


def tell(pipeline: LocalPipeline, name: str, *states: str, every: float = 1.0, first: float = 0.0) -> None:
    """Publish changes of an alarm, each after the one before was delivered."""
    for number, state in enumerate(states):
        sns_id = change(pipeline, name, state, first + number * every)
        assert pipeline.outcomes(sns_id) == ["delivered, receive 1"]


def history(pipeline: LocalPipeline, *names: str) -> list[ChannelMessage]:
    """Return the messages of the channel about these alarms."""
    found = pipeline.slack.history(CHANNEL)
    return [one for one in found if any(name in one.posting.text for name in names)]


def told(messages: Sequence[ChannelMessage], names: Sequence[str]) -> list[str]:
    """Return each message as its changes; `>` is a reply, `>>` one that the channel shows too."""
    marks = [">> " if one.is_broadcast else "> " if one.thread_ts else "" for one in messages]
    states = [[state for state, name in SAID.findall(one.posting.text) if name in names] for one in messages]
    return [mark + "+".join(state) for mark, state in zip(marks, states, strict=True)]


def headline(pipeline: LocalPipeline, name: str) -> str:
    """Return the first line of the first message once it has been edited."""
    [root, *_] = wait_for(lambda: [one for one in history(pipeline, name) if one.edits])
    return root.shown.text.splitlines()[0]


@pytest.fixture
def name() -> str:
    return unique("bot")


def test_alarm_ok_and_alarm_are_one_message_that_follows_its_alarm(pipeline: LocalPipeline, name: str) -> None:
    tell(pipeline, name, "ALARM", "OK")
    assert headline(pipeline, name) == f"🟢 OK {name}: resolved after 1 min"
    tell(pipeline, name, "ALARM", first=2.0)
    assert told(history(pipeline, name), [name]) == ["ALARM", "> OK", ">> ALARM"]
    assert wait_for(lambda: headline(pipeline, name).endswith("in ALARM, 2 ALARMs so far"))


def test_an_alarm_that_flaps_is_one_thread_with_its_number_of_changes(pipeline: LocalPipeline, name: str) -> None:
    tell(pipeline, name, *["ALARM", "OK"] * 4, every=0.5)
    assert told(history(pipeline, name), [name]) == ["ALARM", "> OK", *[">> ALARM", "> OK"] * 3]
    assert wait_for(lambda: "flapping: 8 changes in 10 min" in headline(pipeline, name))


def test_alarms_of_a_digest_are_followed_in_its_thread(pipeline: LocalPipeline) -> None:
    names = [unique("bot") for _ in range(3)]
    with pipeline.aws.paused(pipeline.stack, ALERTS):
        published = [change(pipeline, one, "ALARM") for one in names]
        assert wait_for(lambda: len(pipeline.queued(pipeline.stack.lanes_queue_url, "bot-")) == len(names))
    assert all(pipeline.final_outcome(one) == "delivered, receive 1" for one in published)
    for one in names:
        tell(pipeline, one, "OK", first=5.0)
    assert told(history(pipeline, *names), names) == ["ALARM+ALARM+ALARM", "> OK", "> OK", "> OK"]


def test_below_a_deleted_message_the_next_change_begins_a_new_thread(pipeline: LocalPipeline, name: str) -> None:
    tell(pipeline, name, "ALARM")
    [root] = history(pipeline, name)
    pipeline.slack.delete(CHANNEL, root.ts)
    tell(pipeline, name, "ALARM", "OK", first=1.0)
    assert told(history(pipeline, name), [name]) == ["ALARM", "> OK"]


def test_a_heartbeat_corrects_a_headline_that_fell_behind(pipeline: LocalPipeline, name: str) -> None:
    tell(pipeline, name, "ALARM")
    pipeline.slack.script([{"status": 500}], match=f'"ts": "{history(pipeline, name)[0].ts}"')
    tell(pipeline, name, "OK", first=1.0)
    assert wait_for(lambda: pipeline.rows("headlines#"))
    assert not history(pipeline, name)[0].edits
    assert pipeline.outcomes(pipeline.publish_text(HEARTBEAT)) == ["skipped: heartbeat, receive 1"]
    assert headline(pipeline, name) == f"🟢 OK {name}: resolved after 1 min"
