import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aws_events.message_attributes import IDENTITY_LIMIT, read_facts
from aws_events.sqs_attributes import SIZE_LIMIT
from notifications.parsing import parse
from record_batch.lane_message import moved_message, own_message, routed_message
from retry_policies import Deadline
from tests.support.samples.notifications import record
from tests.support.steps.virtual_lanes import VirtualLanes

ALERT = record("disk full", message_id="m1", sns_message_id="sns-1")
SOON = Deadline.after(3600)


@pytest.fixture
def lanes() -> VirtualLanes:
    return VirtualLanes()


def test_a_routed_message_carries_the_facts_and_the_unchanged_body(lanes: VirtualLanes) -> None:
    lanes.send(routed_message(ALERT, "team", identity="alarm-1", mention="<!here>", as_text=True))
    [received] = lanes.receive()
    found = read_facts(received)
    assert (received.body, received.lane) == ("disk full", "team")
    assert (found.alert_id, found.hop, found.identity) == ("m1", 0, "alarm-1")
    assert (found.mention, found.note, found.as_text) == ("<!here>", "", True)


def test_a_moved_message_keeps_the_facts_of_its_route(lanes: VirtualLanes) -> None:
    facts: dict[str, Any] = {"mention": "<!here>", "follow": "thread", "remind_after": 4.0, "account_name": "prod"}
    lanes.send(routed_message(ALERT, "team", identity="alarm-1", **facts))
    lanes.send(moved_message(lanes.receive()[0], "default"))
    found = next(read_facts(one) for one in lanes.receive() if one.lane == "default")
    assert {name: getattr(found, name) for name in facts} == facts


def test_a_message_of_our_own_is_a_notification_with_its_identity(lanes: VirtualLanes) -> None:
    sent = own_message("team", "Muted until noon", "Alerts wait.", identity="mute-1")
    assert lanes.send(sent, sent, own_message("team", "Other", "Alerts wait.", identity="mute-2")) == [True] * 3
    first, second = lanes.receive()  # SQS drops a second copy
    said = parse(first)
    assert (first.lane, said.title, said.summary, said.label) == ("team", "Muted until noon", "Alerts wait.", "")
    assert [read_facts(one).identity for one in (first, second)] == ["mute-1", "mute-2"]


@pytest.mark.parametrize("length", [IDENTITY_LIMIT, IDENTITY_LIMIT + 1, 900_000])
def test_an_identity_from_outside_may_have_any_length(length: int) -> None:
    """A field of the body may become the identity; the facts of a full message must fit into a row."""
    full = replace(ALERT, body="x" * (SIZE_LIMIT - 10))
    one, same, other = (routed_message(full, "ops", identity=letter * length) for letter in "aab")
    kept = [json.loads(message.attributes.overflow)["identity"] for message in (one, same, other)]
    assert kept[0] == kept[1] != kept[2]
    assert (kept[0] == "a" * length) == (length <= IDENTITY_LIMIT)
    assert len(kept[0]) <= IDENTITY_LIMIT
    assert one.deduplication_id == same.deduplication_id != other.deduplication_id


def test_a_routed_message_has_no_facts_of_an_earlier_routing_or_of_a_publisher(lanes: VirtualLanes) -> None:
    earlier = {"mention": "<!here>", "account_name": "prod", "note": "meant for team", "as_text": True, "hop": 2}
    ours = {"holdfast": {"dataType": "String", "stringValue": json.dumps(earlier)}}
    lanes.send(routed_message(replace(ALERT, attributes=ours), "team", identity="alarm-1"))
    found = read_facts(lanes.receive()[0])
    assert (found.mention, found.account_name, found.note, found.as_text, found.hop) == ("", "", "", False, 2)


def test_sqs_drops_a_second_delivery_of_an_alert_but_not_another_alert_lane_or_hop(lanes: VirtualLanes) -> None:
    redriven = replace(ALERT, attributes={"holdfast": {"dataType": "String", "stringValue": json.dumps({"hop": 1})}})
    sent = [
        routed_message(ALERT, "team", identity="alarm-1"),
        routed_message(replace(ALERT, message_id="m2", body="another envelope"), "team", identity="alarm-1"),
        routed_message(ALERT, "team", identity="alarm-2"),
        routed_message(ALERT, "default", identity="alarm-1"),
        routed_message(redriven, "team", identity="alarm-1"),
    ]
    assert lanes.send(*sent) == [True] * 5
    assert lanes.stored() == ["disk full"] * 4


def test_sqs_never_drops_a_move_for_the_message_that_it_replaces_or_for_another_move(lanes: VirtualLanes) -> None:
    lanes.send(routed_message(ALERT, "team", identity="alarm-1"))
    for hop in range(1, 4):
        [received] = lanes.receive()
        assert lanes.send(moved_message(received, "team", hop=hop)) == [True]
        lanes.lanes.delete([received], SOON)
        assert len(lanes.stored()) == 1
    [received] = lanes.receive()
    move = moved_message(received, "default", note="meant for team: refused")
    assert lanes.send(move, move) == [True, True]
    lanes.lanes.delete([received], SOON)
    [arrived] = lanes.receive()
    found = read_facts(arrived)
    assert (arrived.lane, found.hop, found.identity) == ("default", 3, "alarm-1")
    assert (found.alert_id, found.note) == ("m1", "meant for team: refused")


@example(identity="\ud800", lane="team")
@given(identity=st.text(st.characters(codec=None)), lane=st.from_regex(r"[a-z0-9-]{1,64}", fullmatch=True))
def test_any_identity_makes_an_id_that_sqs_accepts(identity: str, lane: str) -> None:
    routed = routed_message(ALERT, lane, identity=identity)
    assert re.fullmatch("[0-9a-f]{64}", routed.deduplication_id)
    lanes = VirtualLanes()
    assert lanes.send(routed) == [True]
    assert read_facts(lanes.receive()[0]).identity == identity
