"""Rules of a standard SQS queue: visibility timeouts, receipt handles, dead letters, retention, double delivery."""

import pytest

from tests.support.virtual.queue import VirtualQueue
from tests.support.virtual.world import World
from tests.unit.support.virtual.queue_script import Script

TEN = " ".join("abcdefghij")
RULES = {
    "a received message is hidden for the visibility timeout": "send a; receive a; at 29.9; receive; at 30; receive a",
    "a batch has ten messages at most": f"send {TEN} k l; receive {TEN}; receive k l",
    "a delayed message is hidden until its delay is over": "send_delayed a 15; receive; at 15; receive a",
    "a changed timeout counts from the call and for this receive only": (
        "send a; receive a; at 20; hide a 100; at 119; receive; at 120; receive a; visible_at 150"
    ),
    "a timeout of zero makes a message visible": "send a; receive a; hide a 0; receive a",
    "a message is hidden for twelve hours after its receive at most": (
        "send a; receive a; hide a 43200; at 1; hide a 43200 = InvalidParameterValue;"
        "hide a -1 = InvalidParameterValue; hide a 43199"
    ),
    "the timeout of a visible message cannot be changed": (
        "send a; receive a; at 30; hide a 60 = MessageNotInflight; receive a"
    ),
    "an old handle changes and deletes nothing": (
        "send a; receive a; at 30; receive a; delete_by_first_handle a;"
        "hide_by_first_handle a 0 = InvalidParameterValue; holds a; visible_at 60; delete a; delete a; holds"
    ),
    "the latest handle deletes a message that is visible again": "send a; receive a; at 40; delete a; receive; holds",
    "a message moves to the dead letters at the receive after the last": (
        "send a; receive a; at 30; receive a; at 60; dead; receive; dead a; holds"
    ),
    "dead letters take no place in a batch": (
        f"send k; receive k; at 30; receive k; at 60; send {TEN}; receive {TEN}; dead k"
    ),
    "a message is deleted when its retention is over": "send a; at 499; holds a; at 500; receive; expired a",
    "a dead letter keeps its age": (
        "send a; receive a; at 30; receive a; at 60; receive; at 999; dead a; at 1000; dead"
    ),
}


def queue(world: World) -> VirtualQueue:
    dead = VirtualQueue("dead", world.scheduler, retention=1000.0)
    return VirtualQueue("alerts", world.scheduler, 30.0, 500.0, 2, dead)


@pytest.mark.parametrize("script", RULES.values(), ids=RULES)
def test_a_standard_queue_follows_the_rule(script: str) -> None:
    world = World()
    Script(queue(world), world).play(script)


def test_each_receive_counts_and_has_its_own_handle() -> None:
    world = World()
    alerts = queue(world)
    alerts.send("a")
    [first] = alerts.receive()
    world.run(until=30.0)
    [second] = alerts.receive()
    assert (first.message_id, first.receipt_handle) != (second.message_id, second.receipt_handle)
    assert [one.system_attributes["ApproximateReceiveCount"] for one in (first, second)] == ["1", "2"]
    for attribute in ("SentTimestamp", "ApproximateFirstReceiveTimestamp"):
        assert first.system_attributes[attribute] == second.system_attributes[attribute] == "1769860800000"


@pytest.mark.parametrize("limit", [1, 10])
def test_a_message_can_be_delivered_twice_under_one_id(limit: int) -> None:
    alerts = queue(World())
    alerts.duplicated.add(1)
    message_id = alerts.send("a")
    first, second = (one for _ in range(2) for one in alerts.receive(limit))
    assert first.message_id == second.message_id == message_id
    alerts.delete(first.receipt_handle)
    assert len(alerts.messages()) == 1
    alerts.delete(second.receipt_handle)
    assert alerts.messages() == []
