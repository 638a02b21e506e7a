"""The page shows the facts of the real functions and of the Slack stand-in, in virtual time."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from demo.console.console import Console
from demo.console.hub import Hub
from tests.support.demo.virtual_demo import VirtualDemo
from tests.support.virtual.world import World


@pytest.fixture
def demo() -> Iterator[VirtualDemo]:
    with World() as world:
        yield VirtualDemo(world)


@pytest.fixture
def console() -> Console:
    return Console(Hub())


def look_each_second(demo: VirtualDemo, console: Console, until: float) -> None:
    for second in range(int(demo.world.now), int(until) + 1):
        demo.world.at(float(second), lambda: console.look(demo.watch, demo.standin, demo.watch.poll()))
    demo.world.run(until)


def kept(console: Console) -> dict[str, Any]:
    """Return what a page that connects now gets."""
    text = next(console.hub.feed())
    found: dict[str, Any] = json.loads(text.split("data: ", 1)[1])
    return found


def test_a_delivered_alert_is_a_message_in_its_channel_with_its_facts(demo: VirtualDemo, console: Console) -> None:
    demo.send("alert-1 says <b>", "sns-1")
    look_each_second(demo, console, 5.0)
    [message] = kept(console)["messages"]
    assert message["channel"] == "default"
    assert "alert-1 says &lt;b&gt;" in message["html"]
    assert "<dt>SNS id</dt><dd>sns-1</dd>" in message["html"]
    assert [line["word"] for line in kept(console)["lines"]] == ["published", "posted"]


def test_a_waiting_alert_is_in_the_counters_and_in_its_lane(demo: VirtualDemo, console: Console) -> None:
    demo.standin.switch("outage", on=True, channel="default")
    demo.send("alert-1", "sns-1")
    look_each_second(demo, console, 5.0)
    found = kept(console)
    assert (found["messages"], found["state"]["totals"]["in_line"]) == ([], 1)
    assert found["state"]["faults"] == [{"fault": "outage", "channel": "default"}]
    waiting = {one["name"]: one["waiting"] for one in found["state"]["lanes"]}
    assert waiting["default"] == 1
    demo.standin.switch("outage", on=False)
    look_each_second(demo, console, 120.0)
    assert (
        kept(console)["state"]["totals"] | {"published": 1, "delivered": 1, "in_line": 0}
        == kept(console)["state"]["totals"]
    )


def test_a_reset_empties_the_channels_and_keeps_the_counters(demo: VirtualDemo, console: Console) -> None:
    demo.send("alert-1", "sns-1")
    look_each_second(demo, console, 5.0)
    demo.standin.reset()
    demo.send("alert-2", "sns-2")
    look_each_second(demo, console, 10.0)
    found = kept(console)
    assert ["alert-2" in one["html"] for one in found["messages"]] == [True]
    assert found["state"]["totals"]["delivered"] == 2


def test_the_page_has_commands_only_after_the_controls_are_open(console: Console) -> None:
    assert console.commands() == {}
    console.say("sam build")
    assert [line["text"] for line in kept(console)["lines"]] == ["sam build"]
