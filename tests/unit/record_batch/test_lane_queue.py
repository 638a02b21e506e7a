import json
import re
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from hypothesis import example, given
from hypothesis import strategies as st

from aws_events.message_attributes import SIZE_LIMIT, Attributes, read_facts
from record_batch.lane_queue import LONGEST_HIDDEN, LaneMessage, moved_message, routed_message
from retry_policies import Deadline
from tests.support.samples.notifications import record
from tests.support.steps.virtual_lanes import VirtualLanes, message, messages

DENIED = ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, "SendMessageBatch")


@pytest.fixture
def desk() -> VirtualLanes:
    return VirtualLanes()


def test_messages_are_sent_in_order_and_ten_in_one_call(desk: VirtualLanes) -> None:
    bodies = [f"a{number}" for number in range(25)]
    assert desk.send(*messages(*bodies)) == [True] * 25
    assert [len(names) for _, names in desk.sqs.calls] == [10, 10, 5]
    assert desk.stored() == bodies


def test_no_message_means_no_call(desk: VirtualLanes) -> None:
    assert desk.send() == []
    desk.lanes.delete([], Deadline.after(60))
    assert desk.sqs.calls == []


@pytest.mark.parametrize(
    ("sizes", "pages"),
    [
        ([SIZE_LIMIT], [1]),
        ([SIZE_LIMIT, 1], [1, 1]),
        ([SIZE_LIMIT - 1, 1, 1], [2, 1]),
        ([400_000] * 5, [2, 2, 1]),
        ([1] * 3 + [SIZE_LIMIT], [3, 1]),
    ],
)
def test_one_call_holds_one_mib_at_most(desk: VirtualLanes, sizes: list[int], pages: list[int]) -> None:
    assert desk.send(*(message(chr(97 + number) * size) for number, size in enumerate(sizes))) == [True] * len(sizes)
    assert [len(names) for _, names in desk.sqs.calls] == pages


def test_attributes_and_wide_characters_count_too(desk: VirtualLanes) -> None:
    wide = LaneMessage("a", "é" * 300_000, Attributes({"x": {"DataType": "String", "StringValue": "y" * 400_000}}), "1")
    assert desk.send(wide, replace(wide, body="ü" * 300_000, deduplication_id="2")) == [True, True]
    assert len(desk.sqs.calls) == 2


def test_entries_that_failed_are_sent_again_and_the_others_are_not(desk: VirtualLanes) -> None:
    desk.sqs.failing = {"b1": ["InternalError", "InternalError"]}
    assert desk.send(*messages("a1", "b1", "c1")) == [True, True, True]
    assert [names for _, names in desk.sqs.calls] == [["a1", "b1", "c1"], ["b1"], ["b1"]]
    assert len(desk.slept) == 2


def test_a_lane_stops_at_its_first_failure_and_the_others_go_on(
    desk: VirtualLanes, caplog: pytest.LogCaptureFixture
) -> None:
    desk.sqs.failing = {"a3": ["AccessDenied"]}
    sent = [f"{lane}{number}" for number in range(9) for lane in "ab"]
    taken = dict(zip(sent, desk.send(*messages(*sent)), strict=True))
    assert [body for body in sent if not taken[body]] == ["a3", "a5", "a6", "a7", "a8"]
    assert desk.stored() == [body for body in sent if taken[body]]
    assert [vars(one)["error"] for one in caplog.records if one.getMessage() == "lane message not sent"] == [
        "AccessDenied"
    ]


def test_an_entry_that_keeps_failing_is_not_taken(desk: VirtualLanes) -> None:
    desk.sqs.failing = {"a1": ["InternalError"] * 99}
    assert desk.send(*messages("a1", "b1")) == [False, True]
    assert desk.stored() == ["b1"]


@pytest.mark.parametrize("error", [DENIED, EndpointConnectionError(endpoint_url="https://sqs.example.com")])
def test_a_call_that_fails_as_a_whole_takes_nothing_and_raises_nothing(desk: VirtualLanes, error: Exception) -> None:
    desk.sqs.errors["send_message_batch"] = error
    assert desk.send(*messages("a1", "b1")) == [False, False]
    assert desk.stored() == []


def test_without_time_nothing_is_sent(desk: VirtualLanes) -> None:
    assert desk.send(*messages("a1"), seconds=0.0) == [False]
    assert desk.sqs.calls == []


def test_finished_records_are_deleted_ten_in_one_call_and_failed_entries_again(desk: VirtualLanes) -> None:
    desk.send(*messages(*(f"{chr(97 + number)}1" for number in range(13))))
    records = [*desk.receive(), *desk.receive()]
    assert len(records) == 13
    desk.sqs.calls.clear()
    desk.sqs.failing = {records[0].receipt_handle: ["InternalError"]}
    desk.lanes.delete(records, Deadline.after(60))
    assert [len(names) for _, names in desk.sqs.calls] == [10, 1, 3]
    assert desk.stored() == []


def test_a_pause_hides_the_head_and_shows_the_tail_in_one_call(desk: VirtualLanes) -> None:
    desk.send(*messages("a1", "a2", "a3"))
    records = desk.receive()
    desk.sqs.calls.clear()
    desk.lanes.pause(records, 29.3, Deadline.after(60))
    assert [operation for operation, _ in desk.sqs.calls] == ["change_message_visibility_batch"]
    assert [one.visible_at for one in desk.fifo.messages()] == [30.0, 0.0, 0.0]
    assert desk.bodies() == []
    assert desk.bodies(29.9) == []
    assert desk.bodies(0.1) == ["a1", "a2", "a3"]


def test_a_pause_of_nothing_gives_the_whole_lane_back_at_once(desk: VirtualLanes) -> None:
    desk.send(*messages("a1", "a2"))
    desk.lanes.pause(desk.receive(), 0.0, Deadline.after(60))
    assert desk.bodies() == ["a1", "a2"]


def test_entries_of_a_pause_that_failed_are_tried_again(desk: VirtualLanes) -> None:
    desk.send(*messages("a1", "a2", "a3"))
    records = desk.receive()
    desk.sqs.failing = {records[2].receipt_handle: ["InternalError"], records[0].receipt_handle: ["InternalError"]}
    desk.lanes.pause(records, 30.0, Deadline.after(60))
    assert [one.visible_at for one in desk.fifo.messages()] == [30.0, 0.0, 0.0]


def test_no_pause_is_longer_than_sqs_accepts(desk: VirtualLanes) -> None:
    desk.send(*messages("a1"))
    desk.lanes.pause(desk.receive(), 1e9, Deadline.after(60))
    assert [one.visible_at for one in desk.fifo.messages()] == [LONGEST_HIDDEN]


@pytest.mark.parametrize("operation", ["delete", "pause"])
def test_where_sqs_denies_the_queue_s_own_visibility_timeout_applies(
    desk: VirtualLanes, operation: str, caplog: pytest.LogCaptureFixture
) -> None:
    desk.send(*messages("a1", "a2"))
    records = desk.receive()
    desk.sqs.errors = {"delete_message_batch": DENIED, "change_message_visibility_batch": DENIED}
    if operation == "delete":
        desk.lanes.delete(records, Deadline.after(60))
    else:
        desk.lanes.pause(records, 5.0, Deadline.after(60))
    assert [vars(one)["error"] for one in caplog.records][-1] == "AccessDenied"
    assert desk.bodies(89.0) == []
    assert desk.bodies(1.0) == ["a1", "a2"]


ALERT = record("disk full", message_id="m1", sns_message_id="sns-1")


def test_a_routed_message_carries_what_slack_alerts_needs_and_the_body_as_it_came(desk: VirtualLanes) -> None:
    desk.send(routed_message(ALERT, "team", identity="alarm-1", mention="<!here>", as_text=True))
    [received] = desk.receive()
    found = read_facts(received)
    assert (received.body, received.lane) == ("disk full", "team")
    assert (found.alert_id, found.hop, found.identity) == ("m1", 0, "alarm-1")
    assert (found.mention, found.note, found.as_text) == ("<!here>", "", True)


def test_a_second_delivery_of_an_alert_is_swallowed_for_five_minutes(desk: VirtualLanes) -> None:
    first = routed_message(ALERT, "team", identity="alarm-1")
    twin = routed_message(replace(ALERT, message_id="m2", body="another envelope"), "team", identity="alarm-1")
    assert desk.send(first, twin) == [True, True]
    assert desk.stored() == ["disk full"]


def test_another_alert_lane_or_hop_is_no_twin(desk: VirtualLanes) -> None:
    again = {"holdfast": {"dataType": "String", "stringValue": json.dumps({"hop": 1})}}
    several = [
        routed_message(ALERT, "team", identity="alarm-1"),
        routed_message(ALERT, "team", identity="alarm-2"),
        routed_message(ALERT, "default", identity="alarm-1"),
        routed_message(replace(ALERT, attributes=again), "team", identity="alarm-1"),
    ]
    assert desk.send(*several) == [True] * 4
    assert len(desk.stored()) == 4


def test_a_move_is_never_swallowed_by_the_message_that_it_replaces_or_by_another_move(desk: VirtualLanes) -> None:
    desk.send(routed_message(ALERT, "team", identity="alarm-1"))
    for turn in range(1, 4):
        [received] = desk.receive()
        assert desk.send(moved_message(received, "team", hop=turn)) == [True]
        desk.lanes.delete([received], Deadline.after(60))
        assert len(desk.stored()) == 1
    [received] = desk.receive()
    desk.send(moved_message(received, "default", note="meant for team: refused"))
    desk.lanes.delete([received], Deadline.after(60))
    [arrived] = desk.receive()
    found = read_facts(arrived)
    assert (arrived.lane, found.hop, found.identity) == ("default", 3, "alarm-1")
    assert (found.alert_id, found.note) == ("m1", "meant for team: refused")


def test_a_move_that_is_sent_twice_arrives_once(desk: VirtualLanes) -> None:
    desk.send(routed_message(ALERT, "team", identity="alarm-1"))
    [received] = desk.receive()
    assert desk.send(moved_message(received, "default"), moved_message(received, "default")) == [True, True]
    assert len(desk.stored()) == 2  # the first one and one copy


@example(identity="\ud800", lane="team")
@given(identity=st.text(st.characters(codec=None)), lane=st.from_regex(r"[a-z0-9-]{1,64}", fullmatch=True))
def test_any_identity_makes_an_id_that_sqs_accepts(identity: str, lane: str) -> None:
    assert re.fullmatch("[0-9a-f]{64}", routed_message(ALERT, lane, identity=identity).deduplication_id)
    desk = VirtualLanes()
    assert desk.send(routed_message(ALERT, lane, identity=identity)) == [True]
    assert read_facts(desk.receive()[0]).identity == identity
